import GemModel

/// What the commands of several nouns do alike.
extension Client {
    /// Changes a resource by merge patch. Reads its version first, unless one is given, so that
    /// nobody else's change in between is overwritten.
    func change(_ segments: String..., patch: JSON, ifMatch: String?) async throws -> Answer {
        let version = try await version(segments, ifMatch)
        return try await send(
            Request(.PATCH, segments).sending(patch, type: "application/merge-patch+json").adding("If-Match", version))
    }

    func remove(_ segments: String..., ifMatch: String?) async throws {
        let version = try await version(segments, ifMatch)
        _ = try await send(Request(.DELETE, segments).adding("If-Match", version))
    }

    private func version(_ segments: [String], _ ifMatch: String?) async throws -> String {
        if let ifMatch { return ifMatch.hasPrefix("\"") ? ifMatch : "\"\(ifMatch)\"" }
        let answer = try await send(Request(.GET, segments))
        if let etag = answer.etag { return etag }
        guard let version = try answer.json()["version"]?.integer else {
            throw Failure(.failed, "the daemon names no version to change", hint: "check `gemctl version`")
        }
        return "\"\(version)\""
    }

    /// The id of a party named by id, code or name. Who may not look parties up has to know the code.
    func party(_ text: String) async throws -> String {
        if Reference.isUUID(text) { return text }
        do {
            if let id = try await get("parties", text).json()["id"]?.string { return id }
        } catch let failure as Failure where [.notFound, .notAllowed].contains(failure.outcome) {}
        do {
            if let id = try await id(of: text, among: "parties") { return id }
            throw Failure(
                .notFound, "no party is called \"\(text)\"",
                hint: "`gemctl party list` shows those you may see, with their ids")
        } catch let failure as Failure where failure.outcome == .notAllowed {
            return text
        }
    }

    /// The id of a lot named by id or name.
    func lot(_ text: String) async throws -> String {
        if Reference.isUUID(text) { return text }
        if let id = try await id(of: text, among: "lots") { return id }
        throw Failure(
            .notFound, "no lot is called \"\(text)\"",
            hint: "`gemctl lot list` shows those you may see, with their ids")
    }

    private func id(of text: String, among noun: String) async throws -> String? {
        var after: String?
        repeat {
            let page = try await get(noun, query: [("limit", "500"), ("after", after)]).json()
            for item in page["items"]?.elements ?? [] {
                let names = [item["code"]?.string, item["name"]?.string]
                if names.contains(where: { $0?.lowercased() == text.lowercased() }), let id = item["id"]?.string {
                    return id
                }
            }
            after = page["next"]?.string
        } while after != nil
        return nil
    }
}

/// How a person names a piece: by id, `stock:R-17`, or the bare stock number.
enum Reference {
    static func piece(_ text: String) -> String { isUUID(text) || text.hasPrefix("stock:") ? text : "stock:\(text)" }

    static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { index in
            [8, 13, 18, 23].contains(index)
                ? bytes[index] == UInt8(ascii: "-") : bytes[index] &- 0x30 < 10 || (bytes[index] | 0x20) &- 0x61 < 6
        }
    }
}

/// `key=value` pairs as one JSON object.
func object(ofAssignments texts: [String]) throws(Failure) -> JSON {
    var json = JSON.object([])
    for text in texts {
        let (path, value) = try Shorthand.assignment(text)
        json = json.setting(value, at: path[...])
    }
    return json
}
