import Testing

@testable import GemModel

@Suite("certificate numbers")
struct CertificateNumberTests {
    @Test(
        "ISO 7064 MOD 37,36 gives the check characters published for GRid and ISAN",
        arguments: [("A12425GABC1234002", "M"), ("00000000D07A0090", "Q"), ("00000000D07A009000000000", "X")])
    func iso7064(body: String, check: String) {
        let made = CertificateNumber.checkCharacter(over: Array(body.utf8))

        #expect(String(decoding: [made], as: UTF8.self) == check)
    }

    @Test("a fresh number has the shape of the contract and reads back")
    func fresh() throws {
        var state: UInt8 = 0
        for sequence in [1, 417, 999_999, 1_000_000] {
            let number = try #require(
                CertificateNumber(issuer: "GGAPCP", year: 26, certificateClass: .examination, sequence: sequence) {
                    (0..<$0).map { _ in
                        state = state &* 181 &+ 7
                        return state
                    }
                })

            #expect(number.description.wholeMatch(of: /GGAPCP-26E-[0-9]{6,}-[0-9A-HJKMNP-TV-Z]{5}/) != nil)
            #expect(CertificateNumber(number.description) == number)
        }
    }

    @Test("the number printed in the contract reads")
    func contract() throws {
        let number = try #require(CertificateNumber("GGAPCP-26E-000417-7QXKD"))

        #expect(number.description == "GGAPCP-26E-000417-7QXKD")
        #expect(number.certificateClass == .examination)
    }

    @Test("the serial is the number without its random part")
    func serial() throws {
        let number = try #require(
            CertificateNumber(issuer: "GGAPCP", year: 6, certificateClass: .declaration, sequence: 417) { _ in
                [0, 1, 2, 3]
            })

        #expect(number.serial == "GGAPCP-06D-000417")
    }

    @Test("the random part is drawn again while the check character would be I, L, O or U")
    func redraw() throws {
        var draws = 0
        for first in UInt8(0)..<64 {
            var calls = 0
            _ = CertificateNumber(issuer: "AB", year: 26, certificateClass: .check, sequence: 1) { _ in
                calls += 1
                return [first, 0, 0, UInt8(calls)]
            }
            draws += calls
        }

        #expect(draws > 64)
    }

    @Test(
        "spaces, hyphens and case do not matter",
        arguments: [
            "A1B2-26D-000042-0123", "a1b226d0000420123", " A1B2 26d 000042 0123", "a-1-b-2-2-6-d-000042-0123",
            "A1B2\u{2011}26D\u{2013}000042\u{A0}0123",
        ])
    func tolerant(spelling: String) throws {
        let check = CertificateNumber.checkCharacter(over: Array("A1B226D0000420123".utf8))

        let number = try #require(CertificateNumber(spelling + String(decoding: [check], as: UTF8.self)))

        #expect(number.issuer == "A1B2")
        #expect(number.year == 26)
        #expect(number.certificateClass == .declaration)
        #expect(number.sequence == 42)
    }

    @Test("any one character mistyped, and any two neighbours swapped, are caught")
    func slips() throws {
        let number = try #require(
            CertificateNumber(issuer: "GGAPCP", year: 26, certificateClass: .examination, sequence: 417) { _ in
                [7, 22, 27, 18]
            })
        let good = Array(number.description.utf8)

        for i in good.indices where good[i] != UInt8(ascii: "-") {
            for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8 where other != good[i] {
                var slip = good
                slip[i] = other
                #expect(CertificateNumber(String(decoding: slip, as: UTF8.self)) == nil)
            }
        }
        for i in good.indices.dropLast() where good[i] != good[i + 1] {
            var slip = good
            slip.swapAt(i, i + 1)
            let read = CertificateNumber(String(decoding: slip, as: UTF8.self))
            #expect(read == nil || read == number)  // a hyphen that moved changes nothing
        }
    }

    @Test(
        "what is no number is refused",
        arguments: [
            "", "-", "GGAPCP", "GGAPCP-26Q-000417-7QXKD", "GGAPCP-26E-00417-7QXKD", "G-26E-000417-7QXKD",
            "GGAPCP-26E-000417-7QXK", "GGAPCP/26E/000417/7QXKD", "ＧＧAPCP-26E-000417-7QXKD",
            "GGAPCP-26E-000417-ÀQXKD", "ABCDEFGHIJKLM-26E-000417-7QXKD",
            String(repeating: "1", count: 100_000),
        ])
    func refused(text: String) {
        #expect(CertificateNumber(text) == nil)
    }

    @Test("a source of randomness that is stuck makes no number")
    func stuck() {
        let stuck = (0...255).map { byte in
            CertificateNumber(issuer: "AB", year: 26, certificateClass: .check, sequence: 1) { _ in
                [UInt8(byte), 0, 0, 0]
            }
        }

        #expect(stuck.contains(nil))
        #expect(!stuck.allSatisfy { $0 == nil })
    }

    @Test("a serial has one spelling: no zeros before seven digits")
    func oneSpelling() {
        let body = Array("GGAPCP26E00004170123".utf8)

        let text = String(decoding: body + [CertificateNumber.checkCharacter(over: body)], as: UTF8.self)

        #expect(CertificateNumber(text) == nil)
    }

    @Test(
        "issuer codes of another shape make no number", arguments: ["", "A", "ggapcp", "AB-C", "ABCDEFGHIJKLM", "ÄB"])
    func issuerCodes(code: String) {
        #expect(
            CertificateNumber(issuer: code, year: 26, certificateClass: .check, sequence: 1) { _ in [0, 0, 0, 0] }
                == nil)
    }
}

@Suite("certificate classes")
struct CertificateClassTests {
    @Test("each letter names one class")
    func letters() {
        #expect(String(CertificateClass.allCases.map(\.letter)) == "DECX")
        for each in CertificateClass.allCases { #expect(CertificateClass(letter: each.letter) == each) }
        #expect(CertificateClass(letter: "d") == nil)
    }

    @Test("a dealer's declaration is never headed like a laboratory's report")
    func headlines() {
        #expect(
            CertificateClass.declaration.headline == "Authentic dealer declaration: no laboratory examined this stone")
        #expect(Set(CertificateClass.allCases.map(\.headline)).count == 4)
    }
}
