import GemModel

/// Prints results on standard output in the format asked for, and notes on standard error.
struct Printer {
    let console: Console
    let format: Format
    let quiet: Bool
    let colour: Bool

    /// A line for people: not in the formats for programs, and not under --quiet.
    func say(_ line: Message) {
        if format == .table, !quiet { console.print(line.text.printable) }
    }

    /// A line on standard error beside the result.
    func note(_ line: Message) {
        if !quiet { console.printError(Message("gemctl: note: \(line)").text.printable) }
    }

    /// What the daemon sent, byte for byte, with a newline at the end.
    func exact(_ bytes: [UInt8]) {
        console.write(bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [UInt8(ascii: "\n")])
    }

    /// A list's items; `whole` is the daemon's answer for `-o json`.
    func list(_ items: [JSON], _ columns: [Column], whole: [UInt8]) {
        switch format {
        case .json: exact(whole)
        case .jsonl: for item in items { exact(item.bytes) }
        case .csv: csv(items, columns)
        case .table:
            if items.isEmpty { return say("nothing found") }
            let rows = items.map { item in columns.map { $0.value(item) } }
            let lines = Table.lines(
                headers: columns.map(\.header.text), alignments: columns.map(\.alignment), rows: rows,
                cutting: console.outputIsTerminal)
            for line in quiet ? lines.dropFirst() : lines[...] { console.print(line) }
        }
    }

    /// The first page carries the header.
    func csv(_ items: [JSON], _ columns: [Column], header: Bool = true) {
        let text = Language.$current.withValue(.en) {
            (header ? CSV.row(columns.map { $0.header.text.lowercased() }) : "")
                + items.map { item in CSV.row(columns.map { $0.value(item) }) }.joined()
        }
        console.write(Array(text.utf8))
    }

    /// One resource: all of it, as a card for people.
    func card(_ json: JSON, whole: [UInt8]) {
        switch format {
        case .json: exact(whole)
        case .jsonl: exact(json.bytes)
        case .csv: pairs(json)
        case .table: for line in Card.lines(json) { console.print(line) }
        }
    }

    /// Running text under a card.
    func paragraph(_ text: String) {
        guard !text.isEmpty else { return }
        console.print("")
        console.print(text.printable)
    }

    /// The result of a change: one sentence for people, the resource for programs; under --quiet only
    /// what was asked for, such as a number.
    func done(_ sentence: Message, _ answer: Answer, asked: String? = nil) throws {
        switch format {
        case .table:
            if quiet, let asked { console.print(asked.printable) } else { say(sentence) }
        case .json: exact(answer.body)
        case .jsonl: if !answer.body.isEmpty { exact(try answer.json().bytes) }
        case .csv: if !answer.body.isEmpty { pairs(try answer.json()) }
        }
        if format == .table, !answer.body.isEmpty { findings(try answer.json()) }
    }

    /// What the daemon finds unusual about a piece it took.
    func findings(_ json: JSON) {
        for finding in json["findings"]?.elements ?? [] {
            guard let message = finding["message"]?.string else { continue }
            let field = finding["field"]?.string.map { "\($0): " } ?? ""
            note(.exactly("\(finding["severity"]?.string ?? "note"): \(field)\(message)"))
        }
    }

    /// Text in a colour, when a person looks on; colour is never the only sign.
    func coloured(_ text: String, _ colour: Colour) -> String {
        self.colour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    private func pairs(_ json: JSON) {
        var text = CSV.row(["name", "value"])
        func add(_ json: JSON, _ path: String) {
            switch json {
            case .object(let members):
                for member in members { add(member.value, path.isEmpty ? member.name : "\(path).\(member.name)") }
            case .array(let elements):
                for (index, element) in elements.enumerated() { add(element, "\(path)[\(index)]") }
            default: text += CSV.row([path, json.plain])
            }
        }
        Language.$current.withValue(.en) { add(json, "") }
        console.write(Array(text.utf8))
    }
}
