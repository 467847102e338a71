import Foundation
import GemModel
import Testing

/// Parcels divided and put together, stones cut again and set, as a dealer's client sends it.
@Suite("Dividing and putting together over the socket")
struct DivisionRouteTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
    }

    static func parcel(_ stock: String, _ weight: String = "10.00", pieces: Int = 100) -> JSON {
        Samples.json(
            """
            {"kind":"parcel","stockNumber":"\(stock)","title":"Swat emeralds",
             "parcel":{"nature":"natural","species":"beryl","variety":"emerald","pieces":\(pieces),
                       "totalWeightCt":"\(weight)","treatments":[{"code":"OIL","degree":"minor"}]},
             "price":{"perCarat":{"amount":"100.00","currency":"USD"}}}
            """)
    }

    static let ring = Samples.json(
        """
        {"kind":"jewellery","stockNumber":"RG-9","jewellery":{"type":"ring","grossWeightG":"4.10",
         "metals":[{"metal":"gold","karat":18}]}}
        """)

    private func register(_ document: JSON) throws -> String {
        try #require(try daemon.register(document, token: dealer.token)["id"]?.string)
    }

    private func post(_ piece: String, _ verb: String, _ body: String = "{}", key: String? = nil) throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces/\(piece)/\(verb)", JSON(parsing: body),
            headers: key.map { ["Idempotency-Key": $0] } ?? [:], token: dealer.token)
    }

    private func get(_ piece: String, _ tail: String = "") throws -> JSON {
        try daemon.request("GET", "/v1/pieces/\(piece)\(tail)", token: dealer.token).json
    }

    private func checkIsSound() throws {
        _ = daemon.stop()
        let checked = try daemon.check()
        #expect(checked.status == 0, "\(checked.output)\(checked.error)")
    }

    @Test("a parcel is divided whole: its parts name it, and it is no more")
    func split() throws {
        let parcel = try register(Self.parcel("B-4"))
        let body = """
            {"into":[{"weightCt":"6.20","pieces":60,"stockNumber":"B-4/1"},
                     {"weightCt":"3.75","pieces":40,"piece":{"location":"safe/3"}}],"lossCt":"0.05"}
            """

        let answer = try post(parcel, "split", body, key: "k1")

        #expect(answer.status == 201 && answer.json["piece"]?["status"]?.string == "split", "\(answer.text)")
        #expect(try post(parcel, "split", body, key: "k1").body == answer.body)
        let parts = answer.json["into"]?.elements ?? []
        #expect(parts.map { $0["parent"]?.string } == [parcel, parcel])
        #expect(parts[0]["parcel"]?["treatments"]?.elements?.first?["code"]?.string == "OIL")
        #expect(parts[1]["location"]?.string == "safe/3" && parts[1]["parcel"]?["totalWeightCt"]?.string == "3.75")
        #expect(try daemon.declare(parcel, token: dealer.token).problem == "state")
        let again = try post(parcel, "split", #"{"into":[{"weightCt":"10.00"}]}"#)
        #expect(again.problem == "state" && again.text.contains("B-4: it was split"), "\(again.text)")
        let lineage = try get(parcel, "/lineage")["items"]?.elements ?? []
        #expect(Set(lineage.map { $0["stockNumber"]?.string }) == ["B-4/1", "P-000001"])
        #expect(lineage.allSatisfy { $0["way"]?.string == "into" && $0["how"]?.string == "split" })
        let back = try get("stock:B-4%2F1", "/lineage")["items"]?.elements?.first
        #expect(back?["way"]?.string == "from" && back?["piece"]?.string == parcel)
        try checkIsSound()
    }

    @Test("a parcel keeps what is left, and weights or counts that do not add up need a reason")
    func remainder() throws {
        let parcel = try register(Self.parcel("B-4"))

        let missing = try post(parcel, "split", #"{"into":[{"weightCt":"6.20"},{"weightCt":"3.00"}]}"#)
        #expect(missing.status == 422 && missing.json["field"]?.string == "reason", "\(missing.text)")
        let counts = try post(
            parcel, "split", #"{"into":[{"weightCt":"6.20","pieces":60},{"weightCt":"3.80","pieces":39}]}"#)
        #expect(counts.json["field"]?.string == "reason" && counts.text.contains("99 pieces"), "\(counts.text)")
        let over = try post(parcel, "split", #"{"into":[{"weightCt":"10.00"}],"remainder":{}}"#)
        #expect(over.status == 422 && over.text.contains("nothing is left"), "\(over.text)")
        #expect(try get(parcel)["version"]?.integer == 1)
        let taken = try post(parcel, "split", #"{"into":[{"weightCt":"2.50","pieces":20}],"remainder":{}}"#)
        #expect(taken.json["piece"]?["parcel"]?["totalWeightCt"]?.string == "7.50", "\(taken.text)")
        #expect(taken.json["piece"]?["parcel"]?["pieces"]?.integer == 80)
        #expect(taken.json["piece"]?["status"]?.string == "in_stock")
        let reasoned = try post(
            parcel, "split",
            #"{"into":[{"weightCt":"2.00"}],"remainder":{"weightCt":"5.00"},"reason":"the first weighing was wrong"}"#)
        #expect(reasoned.status == 201 && reasoned.json["piece"]?["parcel"]?["totalWeightCt"]?.string == "5.00")
        let events = try get(parcel, "/events")["items"]?.elements ?? []
        #expect(events.map { $0["kind"]?.string } == ["piece-registered", "piece-split", "piece-split"])
        #expect(events.last?["reason"]?.string == "the first weighing was wrong")
        try checkIsSound()
    }

    @Test("a stone that cannot be registered undoes the whole division")
    func wholeOrNothing() throws {
        let parcel = try register(Self.parcel("B-4"))
        _ = try register(Samples.emerald("R-17"))

        let taken = try post(
            parcel, "split", #"{"into":[{"weightCt":"6.20"},{"weightCt":"3.80","stockNumber":"r-17"}]}"#)
        let wrong = try post(
            parcel, "split", #"{"into":[{"weightCt":"6.20"},{"weightCt":"3.80","piece":{"parcel":{"pices":3}}}]}"#)

        #expect(taken.status == 409 && taken.problem == "duplicate", "\(taken.text)")
        #expect(wrong.json["field"]?.string == "into[1].piece.parcel.pices", "\(wrong.text)")
        let all = try daemon.request("GET", "/v1/pieces?total=exact", token: dealer.token)
        #expect(all.json["total"]?["value"]?.integer == 2)
        #expect(try get(parcel)["status"]?.string == "in_stock")
    }

    @Test("rough is cut into stones that weigh no more than it did")
    func cut() throws {
        let rough = try register(
            Samples.json(
                #"{"kind":"rough","stockNumber":"RO-1","rough":{"species":"topaz","weightG":"8.400","treatments":[{"code":"NT"}]}}"#
            ))
        let stones = { (weight: String, loss: String) in
            #"{"into":[{"weightCt":"\#(weight)","piece":{"kind":"stone","stone":{"shape":"OV"}}}],"lossCt":"\#(loss)"}"#
        }

        let grown = try post(rough, "split", stones("43.00", "0.01"))
        let cut = try post(rough, "split", stones("12.40", "29.60"))

        #expect(grown.status == 422 && grown.json["field"]?.string == "into", "\(grown.text)")
        #expect(cut.status == 201, "\(cut.text)")
        let stone = cut.json["into"]?.elements?.first
        #expect(stone?["kind"]?.string == "stone" && stone?["stone"]?["weightCt"]?.string == "12.40")
        #expect(stone?["stone"]?["species"]?.string == "topaz" && stone?["parent"]?.string == rough)
    }

    @Test("a promised piece is neither divided, mixed, cut nor set")
    func promised() throws {
        let parcel = try register(Self.parcel("B-4"))
        let other = try register(Self.parcel("B-5"))
        let ring = try register(Self.ring)
        let stone = try register(Samples.emerald("R-17"))
        for piece in [parcel, ring, stone] {
            _ = try post(piece, "memo", #"{"to":"GGAPCP","due":"2099-12-31"}"#)
        }

        let refused = [
            try post(parcel, "split", #"{"into":[{"weightCt":"10.00"}]}"#),
            try post(parcel, "merge", #"{"from":["\#(other)"]}"#),
            try post(other, "merge", #"{"from":["\#(parcel)"]}"#),
            try post(stone, "recut", #"{"weightCt":"1.50"}"#),
            try post(ring, "assemble", #"{"stones":[{"piece":"\#(other)"}]}"#),
        ]

        #expect(refused.allSatisfy { $0.status == 409 && $0.problem == "promised" }, "\(refused.map(\.text))")
        #expect(try get(other)["version"]?.integer == 1)
    }

    @Test("a hold that has lapsed stands in nobody's way")
    func lapsed() throws {
        let parcel = try register(Self.parcel("B-4"))
        _ = try post(parcel, "hold", #"{"until":"2099-12-31"}"#)
        try daemon.sql("UPDATE movement SET until = 1")

        let taken = try post(parcel, "split", #"{"into":[{"weightCt":"1.00"}],"remainder":{}}"#)

        #expect(taken.json["piece"]?["status"]?.string == "in_stock", "\(taken.text)")
        try checkIsSound()
    }

    @Test("several parcels are put into one, which weighs what they weighed")
    func merge() throws {
        let target = try register(Self.parcel("B-4"))
        let others = try ["B-5", "B-6"].map { try register(Self.parcel($0, "5.00", pieces: 40)) }
        let odd = try register(
            Samples.json(#"{"kind":"parcel","stockNumber":"B-7","parcel":{"species":"topaz","totalWeightCt":"5.00"}}"#))

        let mixed = try post(target, "merge", #"{"from":["\#(odd)"]}"#)
        #expect(mixed.status == 422 && mixed.json["field"]?.string?.hasPrefix("piece.parcel.") == true, "\(mixed.text)")
        let twice = try post(target, "merge", #"{"from":["stock:B-5","\#(others[0])"]}"#)
        #expect(twice.json["field"]?.string == "from[1]")
        #expect(try post(target, "merge", #"{"from":["stock:B-4"]}"#).json["field"]?.string == "from[0]")
        let merged = try post(target, "merge", #"{"from":["stock:B-5","stock:B-6"],"lossCt":"0.10"}"#)

        #expect(merged.json["parcel"]?["totalWeightCt"]?.string == "19.90", "\(merged.text)")
        #expect(merged.json["parcel"]?["pieces"]?.integer == 180)
        #expect(try others.map { try get($0)["status"]?.string } == ["merged", "merged"])
        #expect(try get(target, "/lineage")["items"]?.elements?.map { $0["way"]?.string } == ["from", "from"])
        #expect(try post(others[0], "sell").text.contains("it was put into B-4"))
        try checkIsSound()
    }

    @Test("a stone cut again is lighter, and its certificate no longer stands for it")
    func recut() throws {
        let stone = try register(Samples.emerald("R-17"))
        _ = try daemon.photograph(stone, token: dealer.token)
        let number = try daemon.declare(stone, token: dealer.token).number

        #expect(try post(stone, "recut", #"{"weightCt":"1.60"}"#).json["field"]?.string == "weightCt")
        #expect(try post(stone, "recut", #"{"weightCt":"1.50","title":"x"}"#).problem == "unknown-member")
        let cut = try post(
            stone, "recut",
            #"{"weightCt":"1.51","measurementsMm":{"length":"8.90","width":"6.98","depth":"4.80"},"reason":"chip on the girdle"}"#
        )

        #expect(cut.status == 200 && cut.json["stone"]?["weightCt"]?.string == "1.51", "\(cut.text)")
        #expect(cut.json["certificates"]?.elements?.first?["live"] == .bool(false))
        let events = try get(stone, "/events")["items"]?.elements ?? []
        let event = events.last { $0["kind"]?.string == "piece-recut" }
        #expect(events.last?["kind"]?.string == "certificate-suspended" && event?["lossCt"]?.string == "0.07")
        #expect(event?["certificatesEnded"]?.elements?.first?.string == number)
        let search = try daemon.request("GET", "/v1/pieces?certified=true", token: dealer.token)
        #expect(search.json["items"]?.elements?.isEmpty == true)
        #expect(try daemon.declare(stone, token: dealer.token).status == 201)
        #expect(try daemon.request("GET", "/v1/certificates/\(number)").json["status"]?.string == "suspended")
        try checkIsSound()
    }

    @Test("a change of weight by hand ends a certificate beyond the tolerance, not within it")
    func patched() throws {
        let stone = try register(Samples.emerald("R-17"))
        _ = try daemon.photograph(stone, token: dealer.token)
        _ = try daemon.declare(stone, token: dealer.token)
        func patch(_ weight: String) throws -> JSON? {
            let version = try get(stone)["version"]?.integer ?? 0
            return try daemon.request(
                "PATCH", "/v1/pieces/\(stone)", .object(["stone": .object(["weightCt": .string(weight)])]),
                headers: ["If-Match": "\"\(version)\""], token: dealer.token
            ).json["certificates"]?.elements?.first?["live"]
        }

        #expect(try patch("1.584") == nil)
        #expect(try patch("1.57") == .bool(false))
    }

    @Test("stones are set into a ring with their facts, and come out again")
    func assemble() throws {
        let ring = try register(Self.ring)
        let stone = try register(Samples.emerald("R-17"))
        let melee = try register(Self.parcel("M-1", "0.40", pieces: 12))

        let set = try post(
            ring, "assemble",
            #"{"stones":[{"piece":"stock:R-17","role":"centre","setting":"prong"},{"piece":"\#(melee)","role":"side"}],"grossWeightG":"4.50"}"#
        )

        #expect(set.status == 200 && set.json["jewellery"]?["grossWeightG"]?.string == "4.50", "\(set.text)")
        let entries = set.json["jewellery"]?["stones"]?.elements ?? []
        #expect(entries.map { $0["piece"]?.string } == [stone, melee])
        #expect(
            entries[0]["treatments"]?.elements?.first?["code"]?.string == "OIL" && entries[1]["count"]?.integer == 12)
        #expect(try get(stone)["status"]?.string == "in_work")
        #expect(try post(stone, "sell").text.contains("R-17: it is set in RG-9"))
        #expect(try post(stone, "return").problem == "state")
        let twice = try post(ring, "assemble", #"{"stones":[{"piece":"stock:R-17"}]}"#)
        #expect(twice.status == 409 && twice.problem == "state")
        let removal = try daemon.request(
            "DELETE", "/v1/pieces/\(ring)", headers: ["If-Match": "\"2\""], token: dealer.token)
        #expect(removal.status == 409 && removal.text.contains("stones are set in it"), "\(removal.text)")

        let out = try post(ring, "disassemble", #"{"stones":["stock:R-17"],"grossWeightG":"4.18"}"#)
        #expect(out.json["piece"]?["jewellery"]?["stones"]?.elements?.count == 1, "\(out.text)")
        #expect(try get(stone)["status"]?.string == "in_stock")
        #expect(try post(ring, "disassemble", #"{"stones":["stock:R-17"]}"#).problem == "state")
        let rest = try post(ring, "disassemble")
        #expect(rest.json["stones"]?.elements?.count == 1 && rest.json["piece"]?["jewellery"]?["stones"] == nil)
        try checkIsSound()
    }

    @Test("of a parcel on memo a part comes back and the rest is sold where it is")
    func partialReturn() throws {
        let shop = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        let parcel = try register(Self.parcel("B-4"))
        _ = try post(
            parcel, "memo",
            #"{"to":"SARAFA","due":"2099-12-31","price":{"perCarat":{"amount":"95.00","currency":"USD"}}}"#)

        let unclear = try post(parcel, "return", #"{"weightCt":"6.20"}"#)
        #expect(unclear.problem == "unknown-member" && unclear.json["field"]?.string == "weightCt")
        let back = try post(parcel, "return", #"{"part":{"weightCt":"6.20","pieces":62,"stockNumber":"B-4/R"}}"#)
        #expect(back.status == 201 && back.json["state"]?.string == "open", "\(back.text)")
        #expect(back.json["returned"]?["stockNumber"]?.string == "B-4/R")
        #expect(try get("stock:B-4%2FR")["status"]?.string == "in_stock")
        let out = try get(parcel)
        #expect(out["status"]?.string == "on_memo_out" && out["parcel"]?["totalWeightCt"]?.string == "3.80")
        let sold = try post(parcel, "sell")

        #expect(sold.json["to"]?["party"]?.string == shop.party, "\(sold.text)")
        #expect(sold.json["price"]?["total"]?["amount"]?.string == "361.00", "\(sold.text)")
        #expect(try get("stock:B-4%2FR", "/lineage")["items"]?.elements?.first?["piece"]?.string == parcel)
        try checkIsSound()
    }

    @Test("of a parcel a part is sold, from stock or from a memo, and the rest stays where it is")
    func partialSale() throws {
        let shop = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        let parcel = try register(Self.parcel("B-4"))

        let first = try post(parcel, "sell", #"{"to":"Haji Aslam","part":{"weightCt":"1.00","pieces":10}}"#)
        #expect(first.status == 201 && first.json["price"]?["total"]?["amount"]?.string == "100.00", "\(first.text)")
        #expect(try get(parcel)["status"]?.string == "in_stock")
        _ = try post(parcel, "memo", #"{"to":"SARAFA","due":"2099-12-31"}"#)
        let other = try post(parcel, "sell", #"{"to":"Haji Aslam","part":{"weightCt":"1.00"}}"#)
        #expect(other.problem == "promised", "\(other.text)")
        let second = try post(
            parcel, "sell",
            #"{"part":{"weightCt":"3.80"},"price":{"total":{"amount":"350.00","currency":"USD"}}}"#)

        #expect(second.json["to"]?["party"]?.string == shop.party && second.json["piece"]?.string != parcel)
        #expect(second.json["price"]?["total"]?["amount"]?.string == "350.00", "\(second.text)")
        let rest = try get(parcel)
        #expect(rest["status"]?.string == "on_memo_out" && rest["parcel"]?["totalWeightCt"]?.string == "5.20")
        let whole = try post(parcel, "sell", #"{"part":{"weightCt":"5.20"}}"#)
        #expect(whole.status == 422 && whole.text.contains("nothing is left"), "\(whole.text)")
        try checkIsSound()
    }

    static let refusals: [(verb: String, body: String, field: String?, problem: String)] = [
        ("split", "{}", "into", "invalid-value"), ("split", #"{"into":[]}"#, "into", "invalid-value"),
        ("split", #"{"into":{}}"#, "into", "invalid-value"), ("split", "[]", nil, "bad-json"),
        ("split", #"{"into":[{"weightCt":"1"}],"rest":{}}"#, "rest", "unknown-member"),
        ("split", #"{"into":[{"weightCt":"1"}],"lossCt":"0"}"#, "lossCt", "invalid-value"),
        ("split", #"{"into":[{"weightCt":"1"}],"lossCt":"-9"}"#, "lossCt", "invalid-value"),
        ("split", #"{"into":[{"weightCt":"1"}],"remainder":{"pieces":3}}"#, "remainder.weightCt", "invalid-value"),
        ("split", #"{"into":[{"weightCt":"1000001"}]}"#, "into[0].weightCt", "invalid-value"),
        (
            "split", #"{"into":[{"weightCt":"1","piece":{"status":"sold"}}],"remainder":{}}"#, "into[0].piece.status",
            "invalid-value"
        ),
        (
            "split", #"{"into":[{"weightCt":"1","piece":{"parent":"x"}}],"remainder":{}}"#, "into[0].piece.parent",
            "invalid-value"
        ),
        ("merge", "{}", "from", "invalid-value"), ("merge", #"{"from":["B-9"]}"#, "from[0]", "invalid-value"),
        ("merge", #"{"from":["stock:B-9"]}"#, "from[0]", "invalid-value"),
        ("merge", #"{"from":[7]}"#, "from[0]", "invalid-value"), ("recut", "{}", "weightCt", "invalid-value"),
        ("recut", #"{"weightCt":"1"}"#, "kind", "invalid-value"),
        ("assemble", #"{"stones":[{"piece":"stock:B-4"}]}"#, nil, "state"),
        ("assemble", #"{"stones":[{}]}"#, "stones[0].piece", "invalid-value"),
        ("assemble", #"{"stones":[{"piece":"x","role":"top"}]}"#, "stones[0].role", "invalid-value"),
        ("disassemble", "{}", nil, "state"), ("return", #"{"part":{"weightCt":"1"}}"#, nil, "state"),
        ("sell", #"{"part":{"weightCt":"1"},"to":"NAMAK"}"#, "to", "invalid-value"),
        ("sell", #"{"part":{"weightCt":"1"},"remainder":{},"weightCt":"1"}"#, "weightCt", "unknown-member"),
    ]

    @Test("what cannot be is refused by its field and changes nothing", arguments: refusals)
    func refused(verb: String, body: String, field: String?, problem: String) throws {
        let piece = try register(Self.parcel("B-4"))
        let before = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token).body

        let answer = try post(piece, verb, body)

        #expect(answer.problem == problem && answer.json["field"]?.string == field, "\(answer.text)")
        #expect(try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token).body == before)
    }
}
