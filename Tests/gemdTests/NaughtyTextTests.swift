import Foundation
import GemModel
import RandomPieces
import Testing

/// Hostile texts in every text member of every kind: they come back as they were, or are refused by name.
@Suite("Naughty texts")
struct NaughtyTextTests {
    /// Odd, but a person's own words: kept byte for byte.
    static let kept: [String] = [
        "'; DROP TABLE piece; --", "\" OR \"\"=\"", "$1 $2 :name ?", "<script>alert(1)</script>",
        "<!-- --><![CDATA[ ]]>", "&amp;&#0;&lt;", "{{title}}{{{title}}}", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd",
        "+1-1", "\\u0000 \\ud800 \\", "../../../etc/passwd", "%00%n%s%x", "null", "undefined", "NaN", "true", "-0",
        "1e309", "0x0", "\u{FEFF}mark", "zero\u{200B}width\u{200D}", "left\u{200E}right\u{200F}", "زمرد سوات ۵ قیراط",
        "שלום", "e\u{301} and \u{E9}", "Z" + String(repeating: "\u{335}\u{301}", count: 15), "👩‍👩‍👧‍👦🏳️‍🌈💎", "İıßſKÅ",
        "\u{E000}\u{FFFD}\u{10FFFD}", "ﷺ", "  spaces  ", "$(touch /tmp/x) `id`", "a,b;c\"d|e", "\u{1F1F5}\u{1F1F0}",
    ]

    /// What no text may hold.
    static let refused: [(name: String, json: String)] = [
        ("U+0000", #"a\u0000b"#), ("a bell", #"a\u0007b"#), ("escape", #"a\u001b[31m"#), ("delete", "a\u{7F}b"),
        ("next line", "a\u{85}b"), ("line separator", "a\u{2028}b"), ("right-to-left override", "a\u{202E}b"),
        ("isolate", "a\u{2066}b"), ("no character", "a\u{FFFE}b"),
        ("20,001 bytes", String(repeating: "a", count: 20_001)),
    ]

    /// A place in a document: names, and indexes into arrays.
    private enum Step: Hashable {
        case member(String)
        case element(Int)
    }

    private static func leaves(_ json: JSON, _ path: [Step] = []) -> [[Step]] {
        switch json {
        case .string: [path]
        case .object(let members): members.flatMap { leaves($0.value, path + [.member($0.name)]) }
        case .array(let list): list.enumerated().flatMap { leaves($0.element, path + [.element($0.offset)]) }
        default: []
        }
    }

    private static func replacing(_ json: JSON, at path: ArraySlice<Step>, with value: JSON) -> JSON {
        guard let step = path.first else { return value }
        switch (step, json) {
        case (.member(let name), .object(let members)):
            return .object(
                members.map {
                    $0.name == name ? .init(name, replacing($0.value, at: path.dropFirst(), with: value)) : $0
                })
        case (.element(let index), .array(let list)):
            return .array(
                list.enumerated().map {
                    $0.offset == index ? replacing($0.element, at: path.dropFirst(), with: value) : $0.element
                })
        default: return json
        }
    }

    private static func field(_ path: [Step]) -> String {
        path.reduce(into: "") { text, step in
            switch step {
            case .member(let name): text += (text.isEmpty ? "" : ".") + name
            case .element(let index): text += "[\(index)]"
            }
        }
    }

    /// A document with all members of its kind, and where a person's own words stand in it.
    private static func whole(_ kind: Piece.Kind) -> (document: JSON, texts: [[Step]]) {
        var random = RandomPiece(seed: 5)
        let document = random.piece(kind, stockNumber: "N-0", isWhole: true)
        let texts = leaves(document).filter { path in
            (try? Piece(document: replacing(document, at: path[...], with: "plain words"))) != nil
        }
        return (document, texts)
    }

    @Test("every member of text is among those that are tried")
    func covered() {
        let documents = Piece.Kind.allCases.map(Self.whole)
        let names = documents.reduce(into: Set<String>()) { names, each in
            for path in each.texts {
                for case .member(let name) in path.suffix(2) { names.insert(name) }
            }
        }

        // The generator knows every name of the dictionary (another test compares them); of these some are text.
        let some: Set = [
            "title", "description", "variety", "comments", "public", "private", "term", "claimedBy", "filler", "clasp",
            "maker", "text", "mine", "licence", "grade", "document", "scheme", "id", "by", "instrument", "office",
            "packagingText", "location", "brand", "number", "authority", "sealNumber", "inscriptions", "piece",
        ]
        #expect(some.subtracting(names) == [])
        #expect(documents.allSatisfy { $0.texts.count > 30 })
    }

    @Test("odd texts come back byte for byte from every member of every kind", arguments: DaemonEngine.allCases)
    func comeBack(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let wire = try Wire(unix: daemon.socket)
        for kind in Piece.Kind.allCases {
            let (document, texts) = Self.whole(kind)
            for (number, text) in Self.kept.enumerated() {
                var naughty = document.setting("stockNumber", to: .string("\(kind.rawValue)-\(number)"))
                for path in texts { naughty = Self.replacing(naughty, at: path[...], with: .string(text)) }
                let bytes = naughty.bytes

                let made = try wire.request(
                    "POST", "/v1/pieces", bytes: bytes, headers: ["Content-Type": "application/json"],
                    token: dealer.token)
                guard made.status == 201 else {
                    Issue.record("\(kind) \(text): \(made.text.prefix(300))")
                    continue
                }
                let kept = try wire.request(
                    "GET", "/v1/pieces/\(made.id)", bytes: nil, headers: [:], token: dealer.token)
                let own = kept.json.members?.filter { !Piece.systemMembers.contains($0.name) } ?? []
                #expect(JSON.object(own).bytes == bytes, "\(kind) \(text)")
            }
        }
    }

    @Test(
        "what hides or reorders text is refused by name in every member of every kind", arguments: DaemonEngine.allCases
    )
    func refusedByName(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        for kind in Piece.Kind.allCases {
            let (document, texts) = Self.whole(kind)
            let tries = texts.flatMap { path in Self.refused.map { (path, $0) } }
            // The hostile text is put in as it is written in JSON, so that nothing of ours spells it.
            let mark = "plain-words-here"
            let lines = tries.map { path, hostile in
                Self.replacing(document, at: path[...], with: .string(mark)).text.replacing(mark, with: hostile.json)
            }

            let answer = try daemon.request(
                "POST", "/v1/pieces", bytes: Array(lines.map { $0 + "\n" }.joined().utf8),
                headers: ["Content-Type": "application/x-ndjson"], token: dealer.token)

            let wrong = zip(tries, answer.lines).compactMap { pair, line -> String? in
                let ((path, hostile), field) = (pair, line["problem"]?["field"]?.string ?? "")
                let expected = Self.field(path)
                let isNamed = [expected, expected + ".value"].contains(field) || expected == field + ".value"
                return line["status"]?.integer == 422 && isNamed
                    ? nil : "\(expected), \(hostile.name): \(line.text.prefix(200))"
            }
            #expect(wrong.prefix(3) == [])
            #expect(answer.lines.last?["refused"]?.integer == tries.count)
        }
        #expect(
            try daemon.request("GET", "/v1/pieces?total=exact", token: dealer.token).json["total"]?["value"]?.integer
                == 0)
    }

    @Test("half a character is no JSON, wherever it stands", arguments: Piece.Kind.allCases)
    func surrogates(kind: Piece.Kind) throws {
        let daemon = try DaemonEngine.sqlite.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let (document, texts) = Self.whole(kind)
        for half in [#"\ud800"#, #"a\udc00b"#, #"\udc00\ud800"#, "a\\u12"] {
            let lines = texts.map { path in
                Self.replacing(document, at: path[...], with: "half").text.replacing("\"half\"", with: "\"\(half)\"")
            }

            let answer = try daemon.request(
                "POST", "/v1/pieces", bytes: Array(lines.map { $0 + "\n" }.joined().utf8),
                headers: ["Content-Type": "application/x-ndjson"], token: dealer.token)

            let codes = Set(answer.lines.dropLast().map { $0["problem"]?["type"]?.string ?? "none" })
            #expect(codes == ["urn:gemd:bad-json"])
            #expect(answer.lines.count == lines.count + 1)
        }
    }
}
