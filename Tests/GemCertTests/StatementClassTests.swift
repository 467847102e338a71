import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("the classes of statements")
struct StatementClassTests {
    static let bodies: [Statement.Body] = [
        .examination(Laboratory.examination), .check(Laboratory.check), .external(Laboratory.external),
    ]

    @Test("each class is written with the members of the contract and passes the linter", arguments: bodies)
    func bytes(body: Statement.Body) throws {
        let bytes = try Laboratory.usual.approved(Laboratory.statement(body)).bytes

        let facts = try StatementLinter.check(bytes)

        #expect(facts.certificateClass == body.certificateClass)
        #expect(facts.needsTimestamp == body.certificateClass.needsTimestamp)
        let json = try JSON(parsing: bytes)
        #expect(json["timestamp"]?.string == (body.certificateClass == .external ? "none" : "required"))
        #expect((json["approvals"] != nil) == (body.certificateClass != .external))
    }

    @Test("the end of a certificate is written")
    func expires() throws {
        var statement = Council.statement()
        statement.expiresAt = CivilTime(text: "2027-11-21T09:30:00.250Z")!.date

        #expect(try JSON(parsing: statement.bytes)["expiresAt"] == "2027-11-21T09:30:00.250Z")
        _ = try StatementLinter.check(statement.bytes)
    }

    @Test(
        "each fault of an examination is found where it is",
        arguments: [
            (#""condition":"loose, clean, undamaged""#, #""condition":" ""#, "condition"),
            (#""place":"Peshawar, PK""#, #""place":"""#, "lab.place"),
            (#""examinedOn":"2026-11-20""#, #""examinedOn":"2026-11-31""#, "examinedOn"),
            (#""examinedOn":"2026-11-20""#, #""examinedOn":"2026-11-23""#, "examinedOn"),
            (#""examinedOn":"2026-11-20""#, #""examinedOn":"2026-11-18""#, "examinedOn"),
            (#""receivedOn":"2026-11-19""#, #""receivedOn":"19.11.2026""#, "receivedOn"),
            (#""calibratedOn":"2026-08-01""#, #""calibratedOn":"2026-11-21""#, "instruments[0].calibratedOn"),
            (#""dueOn":"2027-08-01""#, #""dueOn":"2026-11-19""#, "instruments[0].dueOn"),
            (#""methods":["refractometer","#, #""methods":[" ","#, "methods[0]"),
            (#""scope":"The"#, #""scopf":"The"#, "scopf"),
            (#""uncertainty":"weight"#, #""u":"weight"#, "u"),
            (#""opinions":["stone.origin"]"#, #""opinions":[]"#, "opinions"),
            (#""opinions":["stone.origin"]"#, #""opinions":["stone.origin","stone.hue"]"#, "opinions"),
            (#""opinions":["stone.origin"]"#, #""opinions":["stone.origin","stone.origin"]"#, "opinions[1]"),
            (
                #"{"member":"bilal","name":"Bilal Shah"}]"#, #"{"member":"asma","name":"Bilal Shah"}]"#,
                "examiners[1].member"
            ),
            (#","# + #"{"member":"bilal","name":"Bilal Shah"}]"#, "]", "examiners"),
            (#""approver":{"member":"chaman""#, #""approver":{"member":"bilal""#, "approver.member"),
            (#""member":"asma","role":"examiner""#, #""member":"zar","role":"examiner""#, "approvals[0].member"),
            (#""member":"asma","role":"examiner""#, #""member":"asma","role":"approver""#, "approvals[0].role"),
            (#""member":"bilal","role":"examiner""#, #""member":"asma","role":"examiner""#, "approvals[1].member"),
            (#""basis":"measured","code":"OIL""#, #""code":"OIL""#, "piece.stone.treatments[0].basis"),
            (
                #""basis":"measured","code":"OIL""#, #""basis":"estimated","code":"NONE""#,
                "piece.stone.treatments[0].basis"
            ),
            (#"[{"basis":"measured","code":"OIL","degree":"minor"}]"#, "[]", "piece.stone.treatments"),
            (#""shape":"OV""#, #""price":"1","shape":"OV""#, "piece.stone.price"),
            (#""timestamp":"required""#, #""timestamp":"none""#, "timestamp"),
            (#""disclosure":"#, #""declarant":{"name":"x","party":"y"},"disclosure":"#, "declarant"),
        ])
    func examination(part: String, bad: String, at expected: String) throws {
        let good = try text(.examination(Laboratory.examination))
        #expect(good.contains(part), "\(part)")

        #expect(path(good.replacing(part, with: bad)) == expected)
    }

    @Test("an examination may say what a declaration may not: no treatment, measured; a grade, named as an opinion")
    func mayBeSaid() throws {
        var statement = Laboratory.statement(.examination(Laboratory.examination))
        statement.piece = try JSON(
            parsing: String(decoding: Laboratory.piece.canonical(), as: UTF8.self)
                .replacing(
                    #""basis":"measured","code":"OIL","degree":"minor""#, with: #""basis":"measured","code":"NONE""#
                )
                .replacing(#""shape":"OV""#, with: #""clarity":{"basis":"graded","value":"VS"},"shape":"OV""#))

        #expect(Statement.Examination.opinions(in: statement.piece) == ["stone.clarity", "stone.origin"])
        #expect(try path(String(decoding: Laboratory.usual.approved(statement).bytes, as: UTF8.self)) == "opinions")
        var examination = Laboratory.examination
        examination.opinions = Statement.Examination.opinions(in: statement.piece)
        statement.body = .examination(examination)
        #expect(try path(String(decoding: Laboratory.usual.approved(statement).bytes, as: UTF8.self)) == nil)
    }

    @Test(
        "each fault of a check is found where it is",
        arguments: [
            (#""result":"match""#, #""result":"maybe""#, "result"),
            (#""checkedOn":"2026-11-20""#, #""checkedOn":"2026-11-23""#, "checkedOn"),
            (#""compared":{"number":"#, #""compared":{"lab":"x","number":"#, "compared.lab"),
            (#""compared":{"number":"GGAPCP"#, #""compared":{"number":"GGAPCQ"#, "compared.number"),
            (#""basis":"estimated","country""#, #""basis":"graded","country""#, "piece.stone.origin.basis"),
            (#""approver":{"member":"chaman""#, #""approver":{"member":"asma""#, "approver.member"),
            (#""methods":["weight"#, #""methods":["","weight"#, "methods[0]"),
        ])
    func check(part: String, bad: String, at expected: String) throws {
        let good = try text(.check(Laboratory.check))
        #expect(good.contains(part), "\(part)")

        #expect(path(good.replacing(part, with: bad)) == expected)
    }

    @Test(
        "each fault of a copy is found where it is",
        arguments: [
            (#""fields":{"comment":"no oil","identification":"emerald"}"#, #""fields":{}"#, "report.fields"),
            (#""comment":"no oil""#, #""clientPrice":"9""#, "report.fields.clientPrice"),
            (#""number":"085123""#, #""number":85123"#, "report.number"),
            (#""lab":"SSEF""#, #""lab":"""#, "report.lab"),
            (#""checkedOn":"2026-11-20""#, #""checkedOn":"2026-12-20""#, "report.checkedOn"),
            (#""party":"SWATGEMS""#, #""party":"""#, "recordedBy.party"),
            (
                #""basis":"measured","code":"OIL""#, #""basis":"measured","code":"NONE""#,
                "piece.stone.treatments[0].code"
            ),
            (#""basis":"estimated","country""#, #""basis":"measured","country""#, "piece.stone.origin.basis"),
            (#""timestamp":"none""#, #""timestamp":"required""#, "timestamp"),
            (#""class":"#, #""approvals":[],"class":"#, "approvals"),
        ])
    func external(part: String, bad: String, at expected: String) throws {
        var statement = Laboratory.statement(.external(Laboratory.external))
        statement.piece = try JSON(
            parsing: String(decoding: Laboratory.piece.canonical(), as: UTF8.self)
                .replacing(#""basis":"estimated","country""#, with: #""basis":"external","country""#))
        let good = try String(decoding: statement.bytes, as: UTF8.self)
        let part = part.replacing("estimated", with: "external")
        #expect(path(good) == nil)
        #expect(good.contains(part), "\(part)")

        #expect(path(good.replacing(part, with: bad)) == expected)
    }

    @Test("a copy may repeat the report's finding that there is no treatment, as external")
    func externalNone() throws {
        var statement = Laboratory.statement(.external(Laboratory.external))
        statement.piece = try JSON(
            parsing: #"{"stone":{"treatments":[{"basis":"external","code":"NONE"}]}}"#)

        #expect(try path(String(decoding: statement.bytes, as: UTF8.self)) == nil)
    }

    private func text(_ body: Statement.Body) throws -> String {
        String(decoding: try Laboratory.usual.approved(Laboratory.statement(body)).bytes, as: UTF8.self)
    }

    private func path(_ text: String) -> String? {
        do {
            _ = try StatementLinter.check(Array(text.utf8))
            return nil
        } catch { return error.path }
    }
}

@Suite("drafts")
struct DraftTests {
    @Test("a draft is the statement without what comes with the issue, from the value or from the bytes")
    func draft() throws {
        let statement = Laboratory.statement(.examination(Laboratory.examination))
        let draft = try statement.draft

        let json = try JSON(parsing: draft.bytes)

        for name in Draft.issueMembers { #expect(json[name] == nil, "\(name)") }
        #expect(json["class"] == "examination")
        #expect(json["timestamp"] == "required")
        #expect(draft.hash == Hex.encode(SHA256.hash(draft.bytes)))
        #expect(try Draft(of: Laboratory.usual.approved(statement).bytes) == draft)
        #expect(try Draft(of: draft.bytes) == draft)
    }

    @Test("what the issue adds does not change the draft; any other word does")
    func stable() throws {
        let statement = Laboratory.statement(.examination(Laboratory.examination))
        var later = Laboratory.statement(.examination(Laboratory.examination), sequence: 99, issuedAt: Council.today)
        later.nonce = [UInt8](repeating: 1, count: 16)
        later.statusIndex = 1

        #expect(try later.draft == statement.draft)
        later.disclosure += "."
        #expect(try later.draft != statement.draft)
    }

    @Test("a draft made first and issued later gives the statement's very bytes")
    func issued() throws {
        let statement = try Laboratory.usual.approved(Laboratory.statement(.check(Laboratory.check)))
        let draft = try Draft(
            issuer: statement.issuer, piece: statement.piece, images: statement.images,
            disclosure: statement.disclosure, limits: statement.limits, body: statement.body)

        let bytes = try draft.issued(
            .init(
                number: statement.number, issuedAt: statement.issuedAt, nonce: statement.nonce,
                statusList: statement.statusList, statusIndex: statement.statusIndex,
                logOrigin: statement.logOrigin, verify: statement.verify, approvals: statement.approvals))

        #expect(try bytes == statement.bytes)
    }
}
