import Foundation
import GemModel

/// Documents and photographs that tests register, each as small as its meaning allows.
enum Samples {
    static func emerald(_ stockNumber: String? = nil, with more: JSON = .object([])) -> JSON {
        let document = json(
            """
            {"kind":"stone","title":"Natural emerald, oval",
             "stone":{"nature":"natural","species":"beryl","variety":"emerald","weightCt":"1.58",
                      "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"shape":"OV","cut":"mixed",
                      "colour":{"text":"vivid green"},"clarity":"moderately_included","transparency":"transparent",
                      "treatments":[{"code":"OIL","degree":"minor","basis":"declared"}]},
             "price":{"total":{"amount":"4200.00","currency":"USD"}}}
            """
        ).merging(more)
        return stockNumber.map { document.setting("stockNumber", to: .string($0)) } ?? document
    }

    /// What only its dealer may see, and words to find it by.
    static let secrets = json(
        """
        {"cost":{"total":{"amount":"1234.56","currency":"USD"}},"landedCost":{"total":{"amount":"1234.56","currency":"USD"}},
         "memoPrice":{"perCarat":{"amount":"1234.56","currency":"USD"}},"minimumPrice":{"total":{"amount":"1234.56","currency":"USD"}},
         "location":"safe-word-location",
         "notes":{"public":"seen by all","private":"safe-word-private"}}
        """)

    static func json(_ text: String) -> JSON {
        do { return try JSON(parsing: text) } catch { preconditionFailure("a sample is no JSON: \(error)") }
    }

    /// A baseline JPEG of one grey: each block is its mean and nothing else.
    ///
    /// Two greys make two photographs whose derivatives differ as well.
    static func photograph(grey: UInt8 = 128, width: Int = 320, height: Int = 240) -> [UInt8] {
        func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
            [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 0xFF)] + content
        }
        let size = [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)]
        var file: [UInt8] = [0xFF, 0xD8]
        file += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        file += segment(0xC0, [8] + size + [1, 1, 0x11, 0])
        // DC: twelve codes of four bits, code = category. AC: one code, a single 0, ends the block.
        file += segment(0xC4, [0x00, 0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + Array(0..<12))
        file += segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
        file += segment(0xDA, [1, 1, 0x00, 0, 63, 0])
        var bits: [Bool] = []
        func put(_ value: Int, _ count: Int) {
            for bit in (0..<count).reversed() { bits.append(value >> bit & 1 == 1) }
        }
        for block in 0..<((width + 7) / 8 * ((height + 7) / 8)) {
            let mean = block == 0 ? (Int(grey) - 128) * 8 : 0
            let category = mean == 0 ? 0 : Int.bitWidth - mean.magnitude.leadingZeroBitCount
            put(category, 4)
            put(mean >= 0 ? mean : mean + (1 << category) - 1, category)
            put(0, 1)
        }
        while bits.count % 8 != 0 { bits.append(true) }
        for start in stride(from: 0, to: bits.count, by: 8) {
            let byte = bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
            file.append(byte)
            if byte == 0xFF { file.append(0) }
        }
        return file + [0xFF, 0xD9]
    }

    /// A UUID of version 7, as a client makes it.
    static func clientID() -> String {
        let text = UUID().uuidString.lowercased()
        return text.prefix(14) + "7" + text.dropFirst(15)
    }
}

extension TestDaemon {
    /// Registers and returns the piece.
    func register(_ document: JSON, token: String, query: String = "") throws -> JSON {
        let answer = try request("POST", "/v1/pieces" + query, document, token: token)
        guard answer.status == 201 else { throw Failure("register: \(answer.status) \(answer.text)") }
        return answer.json
    }

    func photograph(
        _ piece: String, token: String, grey: UInt8 = 128, role: String = "face_up"
    ) throws -> Response {
        try request(
            "POST", "/v1/pieces/\(piece)/images?role=\(role)", bytes: Samples.photograph(grey: grey),
            headers: ["Content-Type": "image/jpeg"], token: token)
    }

    func declare(_ piece: String, token: String, key: String? = nil) throws -> Response {
        try request(
            "POST", "/v1/pieces/\(piece)/certificates", .object(["class": "declaration"]),
            headers: key.map { ["Idempotency-Key": $0] } ?? [:], token: token)
    }

    /// The rows of one statement, run on the database by another program; values as text, blobs in hexadecimal.
    @discardableResult
    func sql(_ statement: String, state: String? = nil) throws -> [[String]] {
        let program = """
            import json, sqlite3, sys
            store = sqlite3.connect(sys.argv[1], timeout=10)
            rows = store.execute(sys.argv[2]).fetchall()
            store.commit()
            print(json.dumps([[v.hex() if isinstance(v, bytes) else str(v) for v in row] for row in rows]))
            """
        let result = try Self.run("python3", ["-c", program, (state ?? self.state) + "/gemd.db", statement])
        guard result.status == 0 else { throw Failure("sql: \(result.error)") }
        return (try JSON(parsing: result.output.trimmingCharacters(in: .whitespacesAndNewlines))).elements!.map {
            $0.elements!.map { $0.string! }
        }
    }

    /// Runs the stopped daemon's `gemd check`.
    func check(state: String? = nil) throws -> (status: Int32, output: String, error: String) {
        try Self.run(Self.gemd, ["check", "--state", state ?? self.state])
    }

    /// Sends every request before it reads any answer, each on its own connection.
    func together(
        _ count: Int, _ method: String, token: String, _ make: (Int) -> (path: String, body: JSON, key: String?)
    ) throws -> [Response] {
        let wires = try (0..<count).map { index in
            let wire = try Wire(unix: socket)
            let (path, body, key) = make(index)
            let bytes = body.bytes
            var head = "\(method) \(path) HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(token)\r\n"
            if let key { head += "Idempotency-Key: \(key)\r\n" }
            head += "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n\r\n"
            try wire.send(Array(head.utf8) + bytes)
            return wire
        }
        return try wires.map { try $0.response() }
    }
}

extension Response {
    var id: String { json["id"]?.string ?? "no id in \(text)" }
    var number: String { json["number"]?.string ?? "no number in \(text)" }
}

/// The statuses of several answers, to be compared at once.
func statuses(_ answers: Response...) -> [Int] { answers.map(\.status) }
