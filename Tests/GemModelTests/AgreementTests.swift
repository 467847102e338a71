import Testing

@testable import GemModel

/// Whether two examiners found the same (domain §3.2).
@Suite("Agreement of examiners")
struct AgreementTests {
    static func json(_ text: String) -> JSON { try! JSON(parsing: text) }

    static let stone = json(
        """
        {"species":"beryl","variety":"emerald","weightCt":"1.58","measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},
         "clarity":{"value":"moderately_included","basis":"graded"},"treatments":[{"code":"OIL","degree":"minor","basis":"measured"}],
         "origin":{"country":"PK","confidence":"consistent_with"},"tests":{"ri":["1.577","1.584"]},"comments":"fine"}
        """)

    @Test(
        "within the tolerances, and in what is each examiner's own, they agree",
        arguments: [
            #"{"weightCt":"1.585"}"#, #"{"weightCt":{"value":"1.58","basis":"measured"}}"#, #"{"weightCt":"1.580"}"#,
            #"{"measurementsMm":{"length":"9.15"}}"#, #"{"tests":{"ri":["1.578","1.585"]}}"#, #"{"comments":null}"#,
            #"{"clarity":"moderately_included"}"#, #"{"treatments":[{"degree":"minor","code":"OIL"}]}"#,
        ])
    func agree(patch: String) {
        #expect(Agreement.differences(Self.stone, Self.stone.merging(Self.json(patch))) == [])
    }

    @Test(
        "beyond them they differ, and it is named in what",
        arguments: [
            (#"{"weightCt":"1.59"}"#, "weightCt"), (#"{"measurementsMm":{"depth":"4.84"}}"#, "measurementsMm.depth"),
            (#"{"species":"corundum"}"#, "species"), (#"{"treatments":[]}"#, "treatments"),
            (#"{"treatments":[{"code":"OIL","degree":"moderate"}]}"#, "treatments"),
            (#"{"origin":{"country":"CO"}}"#, "origin.country"), (#"{"clarity":"eye_clean"}"#, "clarity"),
            (#"{"shape":"OV"}"#, "shape"), (#"{"weightCt":null}"#, "weightCt"),
        ])
    func differ(patch: String, path: String) {
        #expect(Agreement.differences(Self.stone, Self.stone.merging(Self.json(patch))) == [path])
    }

    @Test("two agree, two differ, a third decides, or nobody agrees")
    func outcomes() {
        let other = Self.stone.setting("species", to: "corundum")
        let third = Self.stone.setting("species", to: "topaz")

        #expect(Agreement.outcome(of: [Self.stone]) == .waiting)
        #expect(Agreement.outcome(of: [Self.stone, Self.stone]) == .agreed(0, 1))
        #expect(Agreement.outcome(of: [Self.stone, other]) == .differ(["species"]))
        #expect(Agreement.outcome(of: [Self.stone, other, Self.stone]) == .agreed(0, 2))
        #expect(Agreement.outcome(of: [Self.stone, other, other]) == .agreed(1, 2))
        #expect(Agreement.outcome(of: [Self.stone, other, third]) == .undecided)
    }
}
