import GemModel
import Testing

@Suite("Banks of parties")
struct BankTests {
    @Test(
        "an IBAN is taken in groups and in small letters",
        arguments: ["PK36 SCBL 0000 0011 2345 6702", "gb82west12345698765432"])
    func taken(text: String) throws {
        let iban = try IBAN(text)

        #expect(iban.text == text.uppercased().filter { $0 != " " })
    }

    @Test(
        "a wrong digit, two exchanged ones and what is none are refused, and never repeated",
        arguments: [
            "PK36SCBL0000001123456703", "PK36SCBL0000001123457602", "PK36", "", "36PKSCBL0000001123456702",
            "PK36SCBL00000011234567٠2", "PKXXSCBL0000001123456702",
        ])
    func refused(text: String) {
        let error = #expect(throws: InvalidInput.self) { try IBAN(text) }

        #expect(text.isEmpty || error.map { "\($0)".contains(text) } == false)
    }
}
