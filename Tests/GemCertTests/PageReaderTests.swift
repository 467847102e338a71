import Foundation
import GemCrypto
import GemModel
import PageScript
import Testing

@testable import GemCert

/// Codes and status lists as gemd makes them, read by the page's own script under node: WebCrypto is the judge.
@Suite("The page's script reads gemd's codes and lists")
struct PageReaderTests {
    /// Of today, since the script looks at its own clock.
    private static let council = try! Council(
        founded: Date().addingTimeInterval(-20 * 86_400), issued: Date().addingTimeInterval(-86_400))

    private static let judge = """
        const { keySet, codes, lists, place } = question;
        const root = bytes(question.root);
        const keys = await page.provenKeys(keySet, root);
        answer = { codes: [], lists: [] };
        for (const code of codes) answer.codes.push(await said(() => page.readCode(page.codeOfFragment('#' + code), keys)));
        for (const list of lists) {
          answer.lists.push(await said(() => page.readStatusList(bytes(list), 'https://gems.example/status/1', place, keySet, root)));
        }
        """

    /// Nil, and said so, where there is no node.
    private static func answers(codes: [String], lists: [[UInt8]]) throws -> JSON? {
        let ceremony = council.ceremony
        return try PageScript.answer(
            judge,
            to: .object([
                "root": PageScript.base64(ceremony.certificate("root").der),
                "keySet": JSON(parsing: ceremony.file("keys.json")), "place": .integer(4172),
                "codes": .array(codes.map { .string($0) }), "lists": .array(lists.map(PageScript.base64)),
            ]))
    }

    @Test("a code is read as it was signed, a changed one is refused")
    func codes() throws {
        let statement = try SlimStatement(of: JSON(parsing: Self.council.json), bytes: SHA256.hash(Self.council.json))
        let code = try COSESign1(signing: statement, with: Self.council.ceremony.key("cose"))
        var changed = code.bytes
        changed[changed.count - 70] ^= 1
        guard
            let read = try Self.answers(
                codes: [QRText(publicURL: "https://gems.example", code).digits, QRText.decimal([1] + changed)],
                lists: [])?[
                    "codes"]?.elements
        else { return }

        #expect(read[0]["number"]?.string == Self.council.number.description, "\(read[0])")
        #expect(read[0]["weight"]?.integer == 158_000)
        #expect(read[0]["sha256"]?.string == Hex.encode(SHA256.hash(Self.council.json)))
        #expect(read[1].string?.hasPrefix("notGenuine: the code ") == true, "\(read[1])")
    }

    @Test("a status is read from its place, a changed list is refused")
    func lists() throws {
        func list(_ changed: [Int: CertificateStatus]) throws -> [UInt8] {
            try StatusList.sign(
                changed, address: "https://gems.example/status/1", issuer: "GGAPCP", at: Date(),
                with: Self.council.ceremony.key("cose"))
        }
        var changed = try list([:])
        changed[changed.count - 20] ^= 1
        guard
            let read = try Self.answers(
                codes: [], lists: [list([:]), list([4172: .stolen, 4173: .withdrawn]), changed])?["lists"]?.elements
        else { return }

        #expect(read[0]["value"]?.integer == 0, "\(read[0])")
        #expect(read[1]["value"]?.integer == Int(CertificateStatus.stolen.rawValue), "\(read[1])")
        #expect(read[2] == "notGenuine: the status list is not signed by the issuer", "\(read[2])")
    }

    /// A list that says these times, in seconds, signed with the council's own key for lists.
    private static func list(issued: Int, expires: Int) throws -> [UInt8] {
        let list = try StatusList.sign(
            [:], address: "https://gems.example/status/1", issuer: "GGAPCP", at: Date(),
            with: council.ceremony.key("cose")
        )
        let parts = list.split(separator: UInt8(ascii: "."))
        let claims = try JSON(parsing: #require(Base64.decodeURL(parts[1]))).merging(
            .object([.init("iat", .integer(issued)), .init("exp", .integer(expires))]))
        let signed = Array(parts[0]) + [UInt8(ascii: ".")] + Array(Base64.encodeURL(claims.bytes).utf8)
        let signature = try ECDSASpelling.plain(council.ceremony.key("cose").sign(signed))
        return signed + Array(".\(Base64.encodeURL(signature))".utf8)
    }

    @Test("times that no list can have are refused, by the verifier and by the page, however large they are")
    func timesOfLists() throws {
        let now = Int(Date().timeIntervalSince1970)
        let (bound, most) = (1 << 40, 1 << 53 - 1)
        let lacks = "the status list lacks what it must say"
        let notInUse = "the status list was signed when its key was not in use"
        let cases: [(issued: Int, expires: Int, problem: String?, page: String)] = [
            (now, now + 60, nil, ""), (now, bound - 1, nil, ""),
            (now, bound, lacks, "damaged"), (now, most, lacks, "damaged"), (bound, bound + 60, lacks, "damaged"),
            (most - 1, most, lacks, "damaged"), (now, now, lacks, "damaged"), (now, now - 60, lacks, "damaged"),
            (-1, now + 60, lacks, "damaged"), (-most, now + 60, lacks, "damaged"),
            (0, now + 60, notInUse, "not in use"), (bound - 60, bound - 1, notInUse, "not in use"),
        ]
        let lists = try cases.map { try Self.list(issued: $0.issued, expires: $0.expires) }
        let ceremony = Self.council.ceremony
        let (verifier, keys) = (try ceremony.verifier(), try KeySet(ceremony.file("keys.json")))
        for (each, list) in zip(cases, lists) {
            let finding = verifier.status(in: list, of: Self.council.json, keys: keys, now: Date())
            #expect(finding.problem == each.problem, "\(each)")
            #expect(finding.status == (each.problem == nil ? .valid : nil), "\(each)")
        }
        guard let read = try Self.answers(codes: [], lists: lists)?["lists"]?.elements else { return }

        for (each, answer) in zip(cases, read) {
            if each.problem == nil {
                #expect(answer["value"]?.integer == 0, "\(each): \(answer.text)")
            } else {
                #expect(answer.string?.contains(each.page) == true, "\(each): \(answer.text)")
            }
        }
    }
}
