import Foundation
import GemModel
import RandomPieces
import Testing

@testable import gemd

/// What a buyer must be told, on every way out of the daemon, in both languages.
@Suite("Disclosure over the socket")
struct DisclosureRouteTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
    }

    private func register(_ text: String) throws -> String {
        try #require(try daemon.register(Samples.json(text), token: dealer.token)["id"]?.string)
    }

    private static let strand = """
        {"kind":"strand","stockNumber":"S-1","title":"Akoya cultured pearls","strand":{"pieces":47,
         "pearl":{"variety":"Akoya","identification":"bead_cultured","environment":"saltwater",
                  "treatments":[{"code":"BLE"}]}},
         "price":{"total":{"amount":"900.00","currency":"USD"}}}
        """
    private static let ring = """
        {"kind":"jewellery","stockNumber":"J-1","title":"18K gold ring with natural emerald",
         "jewellery":{"type":"ring","metals":[{"metal":"gold","karat":18}],
                      "stones":[{"piece":"R-17","role":"centre"}]},
         "price":{"total":{"amount":"900.00","currency":"USD"}}}
        """

    private func disclosure(_ piece: String, query: String = "", urdu: Bool = false) throws -> Response {
        try daemon.request(
            "GET", "/v1/pieces/\(piece)/disclosure\(query)", headers: urdu ? ["Accept-Language": "ur-PK"] : [:],
            token: dealer.token)
    }

    @Test("is English unless Urdu is asked for, by query or header")
    func languages() throws {
        let piece = try register(Self.strand)

        let english = try disclosure(piece)
        let urdu = try disclosure(piece, query: "?lang=ur")
        let header = try disclosure(piece, urdu: true)

        #expect(english.json["text"]?.string?.hasPrefix("Disclosure: Akoya cultured pearl, grown") == true)
        #expect(english.json["complete"] == .bool(true) && english.json["language"] == "en")
        #expect(urdu.json["text"]?.string?.contains("پرورش کردہ اکویا موتی") == true)
        #expect(urdu.body == header.body && header.headers["content-language"] == "ur")
        #expect(try disclosure(piece, query: "?lang=ur", urdu: false).json["stones"]?.elements?.count == 1)
        #expect(try disclosure(piece, query: "?lang=fr").status == 422)
        #expect(try disclosure(piece, query: "?language=ur").status == 400)
    }

    @Test("names a stone that is a piece of its own, of the same party alone")
    func mounted() throws {
        let other = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        _ = try daemon.register(Samples.emerald("R-17"), token: other.token)
        let ring = try register(Self.ring)

        let foreign = try disclosure(ring)
        _ = try daemon.register(Samples.emerald("R-17"), token: dealer.token)
        let own = try disclosure(ring)

        #expect(foreign.json["complete"] == .bool(false) && foreign.text.contains("whose facts are not here"))
        #expect(own.json["complete"] == .bool(true))
        #expect(own.text.contains("Centre stone: natural emerald. Fissures are filled"))
    }

    @Test("a declaration of jewellery discloses the pieces set in it; its bytes pass the linter and verify")
    func declared() throws {
        _ = try daemon.register(Samples.emerald("R-17"), token: dealer.token)
        for document in [Self.ring, Self.strand] {
            let answer = try daemon.declare(try register(document), token: dealer.token)

            #expect(answer.status == 201, "\(answer.text)")
            let text = answer.json["statement"]?["disclosure"]?.string ?? ""
            #expect(text.contains(document == Self.ring ? "natural emerald. Fissures" : "Akoya cultured pearl, grown"))
            let page = try daemon.visit("/c/\(answer.number)?lang=ur")
            #expect(page.status == 200 && page.text.contains("<html lang=\"ur\" dir=\"rtl\">"))
            // What the ring names is not in the signed facts: there the signed words stand alone.
            #expect(page.text.contains("دستخط شدہ متن") == (document == Self.strand))
            #expect(page.text.contains("verdict genuine"), "\(page.text)")
        }
    }

    @Test(
        "a pearl is declared as what is known of it; natural only from a laboratory's report",
        arguments: [
            (#""non_bead_cultured""#, 201), (#""undetermined""#, 201), (#""imitation""#, 201), (#""natural""#, 422),
            (#"{"value":"natural","basis":"measured"}"#, 422), (#"{"value":"natural","basis":"external"}"#, 201),
        ])
    func pearls(identification: String, status: Int) throws {
        let piece = try register(
            #"{"kind":"pearl","pearl":{"identification":\#(identification),"treatments":[{"code":"NT"}]}}"#)

        let answer = try daemon.declare(piece, token: dealer.token)

        #expect(answer.status == status, "\(answer.text)")
        if status == 422 { #expect(answer.json["field"] == "pearl.identification") }
    }

    @Test("a lot's readiness and feed take pearls, and stones that are pieces of their own")
    func listed() throws {
        let pieces = [try register(Self.strand), try register(Self.ring)]
        for (index, piece) in pieces.enumerated() {
            // Google wants 250 pixels of jewellery.
            _ = try daemon.request(
                "POST", "/v1/pieces/\(piece)/images",
                bytes: Samples.photograph(grey: UInt8(100 + index), width: 640, height: 480),
                headers: ["Content-Type": "image/jpeg"], token: dealer.token)
        }
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: dealer.token).id
        for piece in pieces { _ = try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: dealer.token) }
        func blockers() throws -> [String] {
            let ready = try daemon.request("GET", "/v1/lots/\(lot)/readiness?market=google", token: dealer.token)
            return (ready.json["markets"]?.elements?.first?["pieces"]?.elements ?? []).flatMap {
                $0["findings"]?.elements ?? []
            }
            .filter { $0["severity"] == "blocker" }.compactMap { $0["code"]?.string }
        }

        #expect(try blockers().contains("stone-unknown"))
        _ = try daemon.register(Samples.emerald("R-17"), token: dealer.token)
        #expect(try blockers() == [])
        let export = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), token: dealer.token)
        #expect(export.json["pieces"]?.integer == 2, "\(export.text)")
        let feed = try daemon.request("GET", "/v1/exports/\(export.id)/file", token: dealer.token).text
        #expect(feed.contains("Akoya cultured pearl, grown in a saltwater mollusc around a bead"))
        #expect(feed.contains("Centre stone: natural emerald. Fissures are filled"))
        let page = try daemon.visit("/p/NAMAK/S-1?lang=ur").text
        #expect(page.contains("پرورش کردہ اکویا موتی") && page.contains("dir=\"rtl\""))
        #expect(try daemon.visit("/p/NAMAK/J-1").text.contains("Centre stone: natural emerald"))
    }

    @Test("random pieces of every kind come back through the bulk endpoint", arguments: DaemonEngine.allCases)
    func bulk(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
        var random = RandomPiece(seed: 11)
        var documents: [JSON] = []
        for kind in Piece.Kind.allCases {
            for round in 0..<20 { documents.append(random.piece(kind, stockNumber: "\(kind.rawValue)-\(round)")) }
        }

        let answer = try daemon.request(
            "POST", "/v1/pieces", bytes: Array(documents.map { $0.text + "\n" }.joined().utf8),
            headers: ["Content-Type": "application/x-ndjson"], token: dealer.token)

        #expect(answer.lines.last?["created"]?.integer == documents.count, "\(answer.text.suffix(300))")
        let wire = try Wire(unix: daemon.socket)
        for (line, document) in zip(answer.lines, documents) {
            let id = line["id"]?.string ?? ""
            let kept = try wire.request(
                "GET", "/v1/pieces/\(id)", bytes: nil, headers: [:], token: dealer.token)
            let own = kept.json.members?.filter { !Piece.systemMembers.contains($0.name) } ?? []
            #expect(JSON.object(own).text == document.text)
            let told = try wire.request(
                "GET", "/v1/pieces/\(id)/disclosure?lang=ur", bytes: nil, headers: [:], token: dealer.token)
            #expect(told.status == 200)
        }
    }
}
