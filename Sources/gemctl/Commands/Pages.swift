import GemModel

/// Lists as the protocol pages them: `{items, next}`.
enum Pages {
    static func one(
        _ noun: String, query: [(String, String?)], _ columns: [Column], _ client: Client, _ printer: Printer
    ) async throws {
        let answer = try await client.get(noun, query: query)
        let page = try answer.json()
        printer.list(try items(answer), columns, whole: answer.body)
        counts(page, printer)
        if let next = page["next"]?.string, printer.format != .json {
            printer.note("there is more: --all, or --after \(next)")
        }
    }

    /// Page by page; nothing but the page at hand is kept, except for the widths of a table.
    static func all(
        _ noun: String, query: [(String, String?)], limit: Int?, after: String?, _ columns: [Column], _ client: Client,
        _ printer: Printer
    ) async throws {
        var after = after
        var first = true
        var kept: [JSON] = []
        if printer.format == .json { printer.console.write(Array("{\"items\":[".utf8)) }
        repeat {
            let answer = try await client.get(noun, query: query + [("limit", String(limit ?? 500)), ("after", after)])
            let page = try answer.json()
            let items = try items(answer)
            switch printer.format {
            case .table: kept += items
            case .csv: printer.csv(items, columns, header: first)
            case .jsonl: for item in items { printer.exact(item.bytes) }
            case .json:
                // One document of all pages, written as they come.
                var text: [UInt8] = []
                for (index, item) in items.enumerated() {
                    if !first || index > 0 { text.append(UInt8(ascii: ",")) }
                    item.write(to: &text)
                }
                printer.console.write(text)
            }
            if first, printer.format != .json { counts(page, printer) }
            if !items.isEmpty || printer.format == .csv { first = false }
            after = page["next"]?.string
        } while after != nil
        switch printer.format {
        case .table:
            printer.list(kept, columns, whole: [])
            printer.say(kept.count == 1 ? "1 item" : "\(kept.count) items")
        case .json: printer.console.print("]}")
        default: break
        }
    }

    /// The items of `{items}`, of a bare array, or of NDJSON.
    static func items(_ answer: Answer) throws -> [JSON] {
        if answer.isLines {
            return try answer.body.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Array($0)) }
        }
        let json = try answer.json()
        return json["items"]?.elements ?? json.elements ?? []
    }

    private static func counts(_ page: JSON, _ printer: Printer) {
        if let total = page["total"], let value = total["value"]?.plain {
            printer.note(total["exact"] == .bool(false) ? "about \(value) in all" : "\(value) in all")
        }
        for facet in page["facets"]?.members ?? [] {
            let counts = (facet.value.members ?? []).map { "\($0.name) \($0.value.plain)" }
            printer.note("\(Words.name(of: facet.name).words): \(counts.joined(separator: ", "))")
        }
    }
}
