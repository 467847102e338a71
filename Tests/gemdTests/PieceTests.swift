import Foundation
import GemModel
import Testing

@testable import gemd

/// Registering, reading, changing and finding pieces, as docs/protocol.md promises it.
@Suite("Pieces")
struct PieceTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    func post(_ document: JSON, key: String? = nil) throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces", document, headers: key.map { ["Idempotency-Key": $0] } ?? [:], token: dealer.token)
    }

    func get(_ path: String, headers: [String: String] = [:]) throws -> Response {
        try daemon.request("GET", path, headers: headers, token: dealer.token)
    }

    func patch(_ piece: String, _ patch: JSON, version: Int?, key: String? = nil) throws -> Response {
        var headers: [String: String] = [:]
        if let version { headers["If-Match"] = "\"\(version)\"" }
        if let key { headers["Idempotency-Key"] = key }
        return try daemon.request("PATCH", "/v1/pieces/\(piece)", patch, headers: headers, token: dealer.token)
    }

    // MARK: - Codes and kinds

    @Test("the coded lists are one text for everybody, and not sent twice")
    func codes() throws {
        let first = try daemon.request("GET", "/v1/codes")
        let tag = try #require(first.headers["etag"])
        let again = try daemon.request("GET", "/v1/codes", headers: ["If-None-Match": tag])

        #expect(first.status == 200)
        #expect(first.headers["cache-control"]?.contains("max-age") == true)
        #expect(first.json["shapes"]?.elements?.first { $0["code"] == "OV" }?["en"] == "oval")
        #expect(first.json["shapes"]?.elements?.first { $0["code"] == "OV" }?["ur"] == "بیضوی")
        #expect(again.status == 304 && again.body.isEmpty)
    }

    @Test("a parcel is found by its total weight and certified, and so is a cultured pearl; NONE is not")
    func kinds() throws {
        let parcel = try post(
            Samples.json(
                """
                {"kind":"parcel","stockNumber":"B-4","parcel":{"nature":"natural","species":"corundum","pieces":120,
                 "totalWeightCt":"36.40","priceBasis":"per_carat","treatments":[{"code":"HT","basis":"declared"}]},
                 "price":{"perCarat":{"amount":"50.00","currency":"USD"}}}
                """))
        let found = try get("/v1/pieces?kind=parcel&weightCt=36..37&facets=kind,species")
        let pair = try post(Samples.json(#"{"kind":"pair","pair":{"stones":[{"treatments":[{"code":"NONE"}]}]}}"#))
        let pearl = try post(Samples.json(#"{"kind":"pearl","pearl":{"identification":"bead_cultured"}}"#))
        let certified = try daemon.declare(parcel.id, token: dealer.token)
        let unfounded = try daemon.declare(pair.id, token: dealer.token)
        let cultured = try daemon.declare(pearl.id, token: dealer.token)

        #expect(statuses(parcel, pair, pearl, certified, unfounded, cultured) == [201, 201, 201, 201, 422, 201])
        #expect(found.json["items"]?.elements?.map { $0["stockNumber"]?.string } == ["B-4"])
        #expect(found.json["facets"]?["species"]?["corundum"]?.integer == 1)
        let stated = certified.json["statement"]?["piece"]?["parcel"]
        #expect(stated?["totalWeightCt"] == "36.40")
        #expect(stated?["priceBasis"] == nil)
        #expect(unfounded.json["field"] == "pair.stones[0].treatments")
        #expect(
            cultured.json["statement"]?["disclosure"]?.string?.hasPrefix("Disclosure: Cultured pearl, grown") == true)
    }

    // MARK: - Registering and reading

    @Test("a registered piece is read back as it was written")
    func register() throws {
        let document = Samples.emerald("R-17", with: Samples.secrets)

        let made = try post(document)
        let read = try get("/v1/pieces/\(made.id)")

        #expect(made.status == 201)
        #expect(made.headers["location"] == "/v1/pieces/\(made.id)")
        #expect(made.headers["etag"] == "\"1\"" && read.headers["etag"] == "\"1\"")
        #expect(made.json["version"]?.integer == 1 && made.json["status"]?.string == "in_stock")
        let wrong = try document.members!.filter { try read.json[$0.name]?.canonical() != $0.value.canonical() }.map(
            \.name)
        #expect(wrong == [])
        #expect(made.json == read.json)
    }

    @Test("a piece is found by its stock number in either case")
    func byStockNumber() throws {
        let made = try post(Samples.emerald("R-17/a"))

        let found = try get("/v1/pieces/stock:r-17%2FA")

        #expect(found.status == 200 && found.id == made.id)
    }

    @Test("a stock number is made where none is given, and is never a taken one")
    func madeStockNumber() throws {
        _ = try post(Samples.emerald("P-000001"))

        let made = try post(Samples.emerald())

        #expect(made.status == 201)
        #expect(made.json["stockNumber"]?.string == "P-000002")
    }

    @Test("a taken stock number is refused, also in another case")
    func duplicate() throws {
        _ = try post(Samples.emerald("R-17"))

        let again = try post(Samples.emerald("r-17", with: .object(["title": "another"])))

        #expect(again.status == 409 && again.problem == "duplicate")
        #expect(again.json["field"]?.string == "stockNumber")
    }

    @Test("two dealers may use the same stock number")
    func stockNumbersAreOnesOwn() throws {
        let other = try daemon.dealer("Other", code: "OTHER")
        _ = try post(Samples.emerald("R-17"))

        let theirs = try daemon.request("POST", "/v1/pieces", Samples.emerald("R-17"), token: other.token)

        #expect(theirs.status == 201)
    }

    @Test("a client's own UUIDv7 makes the request repeatable")
    func clientID() throws {
        let document = Samples.emerald("R-17").setting("id", to: .string(Samples.clientID()))

        let first = try post(document)
        let second = try post(document)
        let other = try post(document.setting("title", to: "another"))

        #expect(statuses(first, second, other) == [201, 200, 409])
        #expect(first.json == second.json)
    }

    @Test("only a UUID of version 7 is an id", arguments: ["x", "0198c000-0000-4000-8000-000000000000", ""])
    func badID(id: String) throws {
        let answer = try post(Samples.emerald().setting("id", to: .string(id)))

        #expect(answer.status == 422)
        #expect(answer.json["field"]?.string == "id")
    }

    @Test("the council's registrar registers for a dealer")
    func registrar() throws {
        let registrar = try daemon.token(for: .registrar)

        let made = try daemon.request("POST", "/v1/pieces?party=DEALER", Samples.emerald("R-17"), token: registrar)
        let seen = try get("/v1/pieces/stock:R-17")

        #expect(made.status == 201 && seen.status == 200)
        #expect(seen.id == made.id)
    }

    // MARK: - Refusals

    static let refusals: [(name: String, change: String, status: Int, code: String, field: String?)] = [
        ("an unknown member", #"{"stone":{"karats":"1"}}"#, 400, "unknown-member", "stone.karats"),
        ("an unknown member on top", #"{"prize":"1"}"#, 400, "unknown-member", "prize"),
        ("a member gemd sets", #"{"status":"sold"}"#, 422, "invalid-value", "status"),
        ("a weight as a number", #"{"stone":{"weightCt":1.58}}"#, 422, "invalid-value", "stone.weightCt"),
        ("a comma for a point", #"{"stone":{"weightCt":"1,58"}}"#, 422, "invalid-value", "stone.weightCt"),
        ("six decimals", #"{"stone":{"weightCt":"1.580000"}}"#, 422, "invalid-value", "stone.weightCt"),
        ("an exponent", #"{"stone":{"weightCt":"1e2"}}"#, 422, "invalid-value", "stone.weightCt"),
        ("a sign", #"{"stone":{"weightCt":"-1"}}"#, 422, "invalid-value", "stone.weightCt"),
        ("a weight of nothing", #"{"stone":{"weightCt":"0.00"}}"#, 422, "invalid-value", "stone.weightCt"),
        ("Urdu digits", #"{"stone":{"weightCt":"۱.۵۸"}}"#, 422, "invalid-value", "stone.weightCt"),
        (
            "a dimension of zero", #"{"stone":{"measurementsMm":{"depth":"0.00"}}}"#, 422, "invalid-value",
            "stone.measurementsMm.depth"
        ),
        ("a species nobody knows", #"{"stone":{"species":"kryptonite"}}"#, 422, "invalid-value", "stone.species"),
        ("a stock number with a space", #"{"stockNumber":"R 17"}"#, 422, "invalid-value", "stockNumber"),
        ("text that runs backwards", #"{"title":"9.1\u202E"}"#, 422, "invalid-value", "title"),
        ("a bare ratti", #"{"stone":{"weightCt":null,"weight":"2 ratti"}}"#, 422, "invalid-value", "stone.weight"),
        ("two weights", #"{"stone":{"weight":"316 mg"}}"#, 422, "invalid-value", "stone.weight"),
        ("a country of three letters", #"{"origin":{"country":"PAK"}}"#, 422, "invalid-value", "origin.country"),
    ]

    @Test("what cannot be is refused by its place, in one go for the whole table")
    func refused() throws {
        let wrong = try Self.refusals.compactMap { refusal -> String? in
            let answer = try post(Samples.emerald("R-17").merging(Samples.json(refusal.change)))
            let fits =
                answer.status == refusal.status && answer.problem == refusal.code
                && answer.json["field"]?.string == refusal.field
            return fits ? nil : "\(refusal.name): \(answer.text)"
        }

        #expect(wrong == [])
        #expect(try get("/v1/pieces").json["items"]?.elements == [])
    }

    @Test(
        "an amount that cannot be is refused by its whole path",
        arguments: [
            (#"{"amount":"1.234","currency":"USD"}"#, "price.total.amount"),
            (#"{"amount":"1","currency":"XXX"}"#, "price.total.currency"),
        ])
    func refusedAmount(total: String, field: String) throws {
        let answer = try post(Samples.emerald(with: Samples.json(#"{"price":{"total":\#(total)}}"#)))

        #expect(answer.status == 422)
        #expect(answer.json["field"]?.string == field)
    }

    @Test("a refusal says what happened and what to do, as RFC 9457 has it")
    func problemShape() throws {
        let answer = try post(Samples.emerald(with: Samples.json(#"{"stone":{"weightCt":"1,58"}}"#)))

        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(answer.json["type"]?.string == "urn:gemd:invalid-value" && answer.json["status"]?.integer == 422)
        #expect(answer.json["title"]?.string?.contains("1,58") == true)
        #expect(answer.json["hint"]?.string?.isEmpty == false)
        #expect(answer.json["requestId"]?.string == answer.headers["gemd-request-id"])
    }

    @Test("in Urdu when asked for, with the same type and field")
    func urdu() throws {
        let document = Samples.emerald(with: Samples.json(#"{"stone":{"weightCt":"1,58"}}"#))

        let answer = try daemon.request(
            "POST", "/v1/pieces", document, headers: ["Accept-Language": "ur-PK,ur;q=0.9,en;q=0.5"],
            token: dealer.token)

        #expect(answer.problem == "invalid-value" && answer.json["field"]?.string == "stone.weightCt")
        let isUrdu = answer.json["title"]?.string?.unicodeScalars.contains { (0x600...0x6FF).contains($0.value) }
        #expect(isUrdu == true)
    }

    @Test(
        "a body that is no JSON is refused",
        arguments: ["", "{", "{}x", #"{"kind":"stone","kind":"stone"}"#, "\u{FEFF}{}"])
    func badJSON(body: String) throws {
        let answer = try daemon.request(
            "POST", "/v1/pieces", bytes: Array(body.utf8), headers: ["Content-Type": "application/json"],
            token: dealer.token)

        #expect(answer.status == 400 && answer.problem == "bad-json")
    }

    @Test("in a POST a null member is absent")
    func nullIsAbsent() throws {
        let made = try post(Samples.emerald(with: .object([])).setting("brand", to: .null))

        #expect(made.status == 201)
        #expect(made.json["brand"] == nil)
    }

    @Test(
        "a weight in the trade's units is kept in carats, the decimals that were measured",
        arguments: [
            ("684 mg", "3.42"), ("316 mg", "1.58"), ("1.58 ct", "1.58"), ("2.50 ct", "2.50"), ("158 points", "1.58"),
        ])
    func units(written: String, carats: String) throws {
        let stone = Samples.json(#"{"stone":{"weightCt":null,"weight":"\#(written)"}}"#)

        let made = try post(Samples.emerald(with: stone))

        #expect(made.json["stone"]?["weightCt"]?.string == carats, "\(made.text)")
        #expect(made.json["stone"]?["weight"] == nil)
    }

    @Test("the hint for a bare ratti quotes both readings")
    func ratti() throws {
        let answer = try post(Samples.emerald(with: Samples.json(#"{"stone":{"weightCt":null,"weight":"2 ratti"}}"#)))

        #expect(answer.json["hint"]?.string?.contains("121.5") == true)
        #expect(answer.json["hint"]?.string?.contains("182.25") == true)
    }

    @Test("the count of decimals is kept")
    func decimals() throws {
        let made = try post(Samples.emerald(with: Samples.json(#"{"stone":{"weightCt":"2.50"}}"#)))

        #expect(try get("/v1/pieces/\(made.id)").json["stone"]?["weightCt"]?.string == "2.50")
    }

    @Test("an odd weight is a finding, not a refusal")
    func finding() throws {
        let made = try post(Samples.emerald(with: Samples.json(#"{"stone":{"weightCt":"15.8"}}"#)))

        #expect(made.status == 201)
        #expect(made.json["findings"]?.elements?.first?["severity"]?.string == "implausible")
    }

    // MARK: - Changing

    @Test("a merge patch changes, adds and removes, and nothing else")
    func mergePatch() throws {
        let made = try post(Samples.emerald("R-17", with: Samples.secrets))

        let change = Samples.json(#"{"title":"changed","location":null,"stone":{"comments":"added"}}"#)
        let changed = try patch(made.id, change, version: 1)

        #expect(changed.status == 200 && changed.headers["etag"] == "\"2\"")
        #expect(changed.json["title"]?.string == "changed" && changed.json["location"] == nil)
        #expect(changed.json["stone"]?["comments"]?.string == "added")
        #expect(changed.json["stone"]?["weightCt"] == made.json["stone"]?["weightCt"])
        #expect(changed.json["cost"] == made.json["cost"])
        #expect(try get("/v1/pieces/\(made.id)").json == changed.json)
    }

    @Test("a change needs the version that was seen")
    func ifMatch() throws {
        let made = try post(Samples.emerald())

        let blind = try patch(made.id, .object(["title": "a"]), version: nil)
        let first = try patch(made.id, .object(["title": "b"]), version: 1)
        let stale = try patch(made.id, .object(["title": "c"]), version: 1)

        #expect(statuses(blind, first, stale) == [428, 200, 412])
        #expect([blind.problem, stale.problem] == ["if-match-required", "stale"])
        #expect(try get("/v1/pieces/\(made.id)").json["title"]?.string == "b")
    }

    @Test("a removal needs the version that was seen")
    func removal() throws {
        let made = try post(Samples.emerald("R-17"))
        let path = "/v1/pieces/\(made.id)"

        let blind = try daemon.request("DELETE", path, token: dealer.token)
        let stale = try daemon.request("DELETE", path, headers: ["If-Match": "\"2\""], token: dealer.token)
        let gone = try daemon.request("DELETE", path, headers: ["If-Match": "\"1\""], token: dealer.token)

        #expect(statuses(blind, stale, gone) == [428, 412, 204])
        #expect(try get(path).status == 404)
        #expect(try post(Samples.emerald("R-17")).status == 201)
    }

    @Test("of changes that saw the same version one wins")
    func race() throws {
        let made = try post(Samples.emerald())
        let wires = try (0..<8).map { index in
            let wire = try Wire(unix: daemon.socket)
            let body = #"{"title":"from \#(index)"}"#
            try wire.send(
                """
                PATCH /v1/pieces/\(made.id) HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
                If-Match: "1"\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
                """)
            return wire
        }

        let statuses = try wires.map { try $0.response().status }

        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 412 }.count == 7)
    }

    @Test("a patch that would make the piece impossible changes nothing")
    func badPatch() throws {
        let made = try post(Samples.emerald())

        let answer = try patch(made.id, Samples.json(#"{"title":"x","stone":{"weightCt":"0"}}"#), version: 1)

        #expect(answer.status == 422)
        #expect(try get("/v1/pieces/\(made.id)").json == made.json)
    }

    // MARK: - Idempotency

    @Test("the same key and body get the same answer, another body does not")
    func idempotency() throws {
        let first = try post(Samples.emerald(), key: "k-1")
        let second = try post(Samples.emerald(), key: "k-1")
        let other = try post(Samples.emerald(with: .object(["title": "x"])), key: "k-1")
        let third = try post(Samples.emerald(), key: "k-2")

        #expect(statuses(first, second, other, third) == [201, 201, 422, 201])
        #expect(first.body == second.body && first.headers["etag"] == second.headers["etag"])
        #expect(other.problem == "key-reused")
        #expect(third.id != first.id)
    }

    @Test("the same key gets the same answer after a crash")
    func idempotencyAfterKill() throws {
        let first = try post(Samples.emerald(), key: "k-1")
        _ = daemon.stop(SIGKILL)
        try daemon.start()

        let second = try post(Samples.emerald(), key: "k-1")

        #expect(first.status == 201 && second.body == first.body)
        #expect(try get("/v1/pieces?total=exact").json["total"]?["value"]?.integer == 1)
    }

    @Test("a hundred requests with one key at once make one piece")
    func idempotencyTogether() throws {
        let answers = try daemon.together(100, "POST", token: dealer.token) { _ in
            ("/v1/pieces", Samples.emerald(), "k-1")
        }

        #expect(Set(answers.filter { $0.status == 201 }.map(\.body)).count == 1)
        #expect(answers.allSatisfy { $0.status == 201 || $0.problem == "in-flight" })
        #expect(try get("/v1/pieces?total=exact").json["total"]?["value"]?.integer == 1)
    }

    @Test("two parties may use the same key")
    func keysAreOnesOwn() throws {
        let other = try daemon.dealer("Other", code: "OTHER")
        let first = try post(Samples.emerald(), key: "k-1")

        let theirs = try daemon.request(
            "POST", "/v1/pieces", Samples.emerald(with: .object(["title": "x"])), headers: ["Idempotency-Key": "k-1"],
            token: other.token)

        #expect(theirs.status == 201 && theirs.id != first.id)
    }

    @Test("a repeated patch with its key is not stale")
    func patchIdempotency() throws {
        let made = try post(Samples.emerald())

        let first = try patch(made.id, .object(["title": "b"]), version: 1, key: "k-1")
        let second = try patch(made.id, .object(["title": "b"]), version: 1, key: "k-1")

        #expect(statuses(first, second) == [200, 200])
        #expect(first.body == second.body)
    }

    @Test("a key is 1 to 64 printable characters", arguments: ["a b", String(repeating: "k", count: 65)])
    func badKey(key: String) throws {
        #expect(try post(Samples.emerald(), key: key).status == 400)
    }

    // MARK: - Lists

    @Test(
        "pages follow one another without gaps or repeats, also when prices are equal",
        arguments: [
            "createdAt", "-createdAt", "weightCt", "-weightCt", "price", "-price", "stockNumber", "-stockNumber",
        ])
    func paging(sort: String) throws {
        var expected: [String] = []
        for index in 0..<7 {
            let facts = Samples.json(
                #"{"stone":{"weightCt":"1.\#(9 - index)"},"price":{"total":{"amount":"\#(100 * (index / 2))","currency":"USD"}}}"#
            )
            expected.append(try post(Samples.emerald("R-\(index)x", with: facts)).id)
        }
        // Made in order of time, stock number and price; weights go down. Equal prices go by id, which is by time.
        if sort == "weightCt" || sort.hasPrefix("-") && sort != "-weightCt" { expected.reverse() }

        var seen: [String] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try get("/v1/pieces?limit=3&sort=\(sort)" + (cursor.map { "&after=\($0)" } ?? "")).json
            seen += page["items"]!.elements!.map { $0["id"]!.string! }
            cursor = page["next"]?.string
            pages += 1
        } while cursor != nil && pages < 10

        #expect(seen == expected)
        #expect(pages == 3)
    }

    @Test("a piece registered while somebody pages is not lost from the end")
    func pagingWhileWriting() throws {
        for index in 0..<4 { _ = try post(Samples.emerald("R-\(index)x")) }
        let first = try get("/v1/pieces?limit=2").json

        let late = try post(Samples.emerald("A-new")).id
        let second = try get("/v1/pieces?limit=5&after=\(first["next"]!.string!)").json

        #expect(second["items"]?.elements?.last?["id"]?.string == late)
        #expect(second["items"]?.elements?.count == 3)
    }

    @Test("filters, totals and facets count the same pieces")
    func facets() throws {
        for (index, clarity) in ["VS", "VS", "SI1", "eye_clean"].enumerated() {
            let facts = Samples.json(#"{"stone":{"clarity":"\#(clarity)","weightCt":"\#(index + 1).00"}}"#)
            _ = try post(Samples.emerald(with: facts))
        }

        let all = try get("/v1/pieces?total=exact&facets=clarity,species&limit=1").json
        let heavy = try get("/v1/pieces?weightCt=2..&total=exact&facets=clarity").json
        let priced = try get("/v1/pieces?price=..500&total=estimate").json

        #expect(all["facets"]?["clarity"] == Samples.json(#"{"SI1":1,"VS":2,"eye_clean":1}"#))
        #expect(all["facets"]?["species"] == Samples.json(#"{"beryl":4}"#))
        #expect(all["total"] == Samples.json(#"{"value":4,"exact":true}"#))
        #expect(heavy["facets"]?["clarity"] == Samples.json(#"{"SI1":1,"VS":1,"eye_clean":1}"#))
        #expect(heavy["total"]?["value"]?.integer == 3 && heavy["items"]?.elements?.count == 3)
        #expect(priced["total"]?["value"]?.integer == 0)
    }

    @Test(
        "queries that mean nothing are refused",
        arguments: [
            ("colr=D", 400), ("limit=0", 422), ("limit=501", 422), ("limit=x", 422), ("sort=colour", 422),
            ("facets=price", 422), ("weightCt=5..2", 422), ("weightCt=a..b", 422), ("after=x", 422), ("total=1", 422),
            ("limit=1&limit=2", 400), ("species=%FF", 400), ("certified=maybe", 422), ("q=", 422), ("q=-oiled", 422),
            ("origin=--", 422),
        ])
    func badQuery(query: String, status: Int) throws {
        let answer = try get("/v1/pieces?\(query)")

        #expect(answer.status == status, "\(answer.text)")
    }

    @Test("finds a piece by words in two languages and by its origin, as soon as it is answered")
    func words() throws {
        let origin: JSON = .object(["country": "PK", "region": "Swat"])
        _ = try post(Samples.emerald("R-17", with: .object(["stone": .object(["origin": origin])])))
        _ = try post(Samples.emerald("R-18", with: .object(["title": "گلابی پکھراج"])))

        for (query, number) in [
            ("q=r-18", "R-18"), ("q=%DA%AF%D9%84%D8%A7%D8%A8%DB%8C", "R-18"), ("q=r-17%20-pukhraj&origin=Swat", "R-17"),
            ("q=r-17&origin=pakistan", "R-17"),
        ] {
            let answer = try get("/v1/pieces?\(query)")
            #expect(answer.json["items"]?.elements?.map { $0["stockNumber"]?.string } == [number], "\(answer.text)")
        }
    }

    @Test("a query no address knows is refused by all of them")
    func unknownQueries() throws {
        let piece = try post(Samples.emerald("R-17")).id
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: dealer.token).id
        let paths = [
            "/v1", "/v1/health/live", "/v1/whoami", "/v1/pieces", "/v1/pieces/\(piece)", "/v1/pieces/\(piece)/events",
            "/v1/pieces/\(piece)/consents", "/v1/lots", "/v1/lots/\(lot)", "/v1/lots/\(lot)/readiness",
        ]

        let taken = try paths.filter { try get($0 + "?nonsense=1").problem != "unknown-query" }

        #expect(taken == [])
    }

    // MARK: - HTTP

    @Test(
        "HEAD says what GET would, without the body",
        arguments: ["/v1/pieces", "/v1/pieces/stock:R-17", "/v1", "/v1/none"])
    func head(path: String) throws {
        _ = try post(Samples.emerald("R-17"))
        let wire = try Wire(unix: daemon.socket)

        let full = try wire.request("GET", path, bytes: nil, headers: [:], token: dealer.token)
        let head = try wire.request("HEAD", path, bytes: nil, headers: [:], token: dealer.token)
        let next = try wire.request("GET", "/v1", bytes: nil, headers: [:], token: dealer.token)

        #expect(head.status == full.status && head.headers["etag"] == full.headers["etag"])
        #expect(head.headers["content-type"] == full.headers["content-type"])
        #expect(next.json["name"]?.string == "gemd")
    }

    // MARK: - Events

    @Test("events form a chain that anybody can recompute")
    func chain() throws {
        let made = try post(Samples.emerald())
        _ = try patch(made.id, .object(["title": "b"]), version: 1)
        _ = try daemon.photograph(made.id, token: dealer.token)

        let rows = try daemon.sql("SELECT data, hash FROM event WHERE party_id = '\(dealer.party)' ORDER BY seq")

        // SHA-256 of the previous hash and the data, by another program than the daemon's.
        let program = """
            import hashlib, json, sys
            before, broken = b"", 0
            for data, mark in json.load(sys.stdin):
                before_and_data = hashlib.sha256(before + data.encode()).hexdigest()
                broken += before_and_data != mark
                before = bytes.fromhex(mark)
            print(broken)
            """
        let input = JSON.array(rows.map { .array($0.map(JSON.string)) }).text
        let result = try TestDaemon.run("python3", ["-c", program], input: input)
        #expect(result.output == "0\n")
        #expect(rows.count == 6)  // party, member, token, then the piece's three
    }

    @Test("a piece's events tell its story in order, with the hash of each document")
    func events() throws {
        let made = try post(Samples.emerald())
        _ = try patch(made.id, .object(["title": "b"]), version: 1)

        let first = try get("/v1/pieces/\(made.id)/events?limit=1").json
        let second = try get("/v1/pieces/\(made.id)/events?limit=1&after=\(first["next"]!.string!)").json

        #expect(first["items"]?.elements?.map { $0["kind"]?.string } == ["piece-registered"])
        #expect(second["items"]?.elements?.map { $0["kind"]?.string } == ["piece-changed"])
        #expect(second["next"] == .null)
        #expect(second["items"]?.elements?.first?["sha256"]?.string?.count == 64)
    }

    // MARK: - Photographs

    @Test("a photograph is listed with its three derivatives, and the original comes back byte for byte")
    func photograph() throws {
        let made = try post(Samples.emerald())

        let answer = try daemon.photograph(made.id, token: dealer.token)

        let sha256 = answer.json["sha256"]?.string ?? ""
        let original = try get("/v1/images/\(sha256)")
        let small = try get("/v1/images/\(sha256)?edge=160")
        #expect(answer.status == 201)
        #expect(answer.json["suspect"] == .bool(false))
        #expect(answer.json["thumbnails"]?.elements?.map { $0["edge"]?.integer } == [160, 480, 1200])
        #expect(original.body == Samples.photograph())
        #expect(small.status == 200 && small.body.starts(with: [0xFF, 0xD8]))
        #expect(try get("/v1/pieces/\(made.id)").json["images"]?.elements?.first?["sha256"]?.string == sha256)
    }

    @Test("the same photograph again changes nothing")
    func samePhotograph() throws {
        let made = try post(Samples.emerald())
        _ = try daemon.photograph(made.id, token: dealer.token)
        let before = try get("/v1/pieces/\(made.id)")

        let again = try daemon.photograph(made.id, token: dealer.token)

        #expect(again.status == 201)
        #expect(try get("/v1/pieces/\(made.id)").body == before.body)
    }

    @Test("a photograph that is cut off is taken and marked")
    func suspectPhotograph() throws {
        let made = try post(Samples.emerald())

        let answer = try daemon.request(
            "POST", "/v1/pieces/\(made.id)/images", bytes: Array(Samples.photograph().prefix(400)),
            headers: ["Content-Type": "image/jpeg"], token: dealer.token)

        #expect(answer.status == 201 && answer.json["suspect"] == .bool(true))
    }

    @Test(
        "what is no photograph is refused and leaves nothing",
        arguments: [
            [], Array("not a photograph".utf8), Array(Samples.photograph().prefix(100)),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
        ] as [[UInt8]])
    func noPhotograph(bytes: [UInt8]) throws {
        let made = try post(Samples.emerald())

        let answer = try daemon.request(
            "POST", "/v1/pieces/\(made.id)/images", bytes: bytes, headers: ["Content-Type": "image/jpeg"],
            token: dealer.token)

        #expect(answer.status == 422 && answer.problem == "image", "\(answer.text)")
        #expect(try get("/v1/pieces/\(made.id)").json["version"]?.integer == 1)
        _ = daemon.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/blobs/tmp") == [])
    }
}
