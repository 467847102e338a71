import FoundationEssentials
import Testing

@testable import GemCert

@Suite("civil time")
struct CivilTimeTests {
    @Test(
        "moments and their texts",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_253_400.25, "2026-11-21T09:30:00.250Z"),
            (951_782_399.999, "2000-02-28T23:59:59.999Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.000Z"), (253_402_300_799.999, "9999-12-31T23:59:59.999Z"),
        ] as [(Double, String)])
    func texts(seconds: Double, text: String) throws {
        #expect(CivilTime(Date(timeIntervalSince1970: seconds)).text == text)
        #expect(try #require(CivilTime(text: text)).date == Date(timeIntervalSince1970: seconds))
    }

    @Test("every millisecond of a second goes out and comes back")
    func milliseconds() throws {
        for millisecond in 0..<1000 {
            let date = Date(timeIntervalSince1970: Double(1_795_253_400_000 + millisecond) / 1000)
            let back = try #require(CivilTime(text: CivilTime(date).text)).date
            #expect(back == date)
        }
    }

    @Test(
        "what is no such time is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T09:30:00Z", "2026-11-21T09:30:00.250z", "2026-11-21t09:30:00.250Z",
            "2026-11-21T09:30:00.250+00:00", "2026-11-21T24:00:00.000Z", "2026-11-21T23:59:60.000Z",
            "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
            "2026-11-00T00:00:00.000Z", "+026-11-21T09:30:00.250Z", "２026-11-21T09:30:00.250Z",
        ])
    func refused(text: String) {
        #expect(CivilTime(text: text) == nil)
    }

    @Test(
        "months are added by the calendar",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2027-12-31", 2, "2028-02-29"), ("2026-11-21", 13, "2027-12-21"),
            ("2026-12-01", 420, "2061-12-01"),
        ])
    func months(from: String, months: Int, to: String) throws {
        let start = try #require(CivilTime(text: "\(from)T00:00:00.000Z"))

        #expect(start.adding(months: months).dayText == to)
    }

    @Test("ASN.1 times: two digits of a year mean 1950 to 2049")
    func asn1() {
        func day(_ digits: String, _ isUTCTime: Bool) -> String? {
            CivilTime(asn1: Array(digits.utf8)[...], isUTCTime: isUTCTime)?.dayText
        }

        #expect(day("491231235959Z", true) == "2049-12-31")
        #expect(day("500101000000Z", true) == "1950-01-01")
        #expect(day("20610101000000Z", false) == "2061-01-01")
        #expect(day("4912312359Z", true) == nil)
        #expect(day("20610101000000.5Z", false) == nil)
        #expect(day("", true) == nil)
    }
}

@Suite("DER")
struct DERReaderTests {
    @Test("one element at a time, to the end")
    func reads() throws {
        var reader = DERReader([0x30, 3, 0x02, 1, 5, 0x04, 0][...])

        var inside = try reader.readInside(0x30)
        let number = try inside.read(0x02)
        try inside.end()
        let nothing = try reader.read(0x04)
        try reader.end()

        #expect(Array(number) == [5])
        #expect(nothing.isEmpty)
    }

    @Test(
        "what is not DER is refused",
        arguments: [
            [], [0x30], [0x30, 1], [0x30, 0x80, 0, 0], [0x30, 0x81, 1, 0], [0x30, 0x81, 0x7F],
            [0x30, 0x82, 0, 0x80], [0x30, 0x84, 0, 0, 0, 1, 0], [0x30, 0xFF, 0], [0x31, 0], [0x1F, 0x81, 0, 0],
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) {
        #expect(throws: DERReader.Malformed.self) {
            var reader = DERReader(bytes[...])
            _ = try reader.read(bytes.first == 0x1F ? 0x1F : 0x30)
        }
    }

    @Test("the longest short length and the shortest long one")
    func lengths() throws {
        var short = DERReader(([0x04, 0x7F] + [UInt8](repeating: 1, count: 0x7F))[...])
        var long = DERReader(([0x04, 0x81, 0x80] + [UInt8](repeating: 1, count: 0x80))[...])

        #expect(try short.read(0x04).count == 0x7F)
        #expect(try long.read(0x04).count == 0x80)
    }
}

@Suite("Base 64")
struct Base64Tests {
    @Test(
        "known answers of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func known(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test("the URL alphabet, without padding")
    func url() {
        #expect(Base64.encodeURL([0xFB, 0xFF, 0xFE, 0xFF]) == "-__-_w")
    }

    @Test(
        "any other spelling is refused",
        arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", " Zm9", "-__-", "Zg=a"])
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
