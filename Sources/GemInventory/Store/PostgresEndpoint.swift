#if PostgreSQL
import CPostgres

/// Where a PostgreSQL server is, as libpq's URL says it, and the password that came apart from it.
struct PostgresEndpoint: Sendable {
    private let url: String
    private let password: String?

    /// - Throws: `.store` for a text that is no such URL; it is not repeated, since it may hold a password.
    init(url: String, password: String?) throws {
        // Before libpq's first use anywhere: every connection begins with an endpoint.
        if let reason = gem_postgres_load() { throw InventoryError.store(String(cString: reason)) }
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://"),
            let options = PQconninfoParse(url, nil)
        else {
            throw InventoryError.store(
                "the database's URL is not of the form postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full")
        }
        PQconninfoFree(options)
        self.url = url
        self.password = password
    }

    /// The password inside the URL itself, if somebody put one there.
    var passwordInURL: String? {
        guard let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "password", let value = option.pointee.val { return String(cString: value) }
            option += 1
        }
        return nil
    }

    /// What no message may repeat.
    var secrets: [String] { [password, passwordInURL].compactMap { $0 }.filter { !$0.isEmpty } }

    /// A connection, established or failed: the caller asks it, and ends it.
    func open() throws -> OpaquePointer {
        // Later words win. What stands before the URL are defaults, what stands after it is not the URL's to say:
        // of several hosts only the one that takes writes is asked, since a standby would answer from the past.
        let words: [(String, String?)] = [
            ("connect_timeout", "10"), ("fallback_application_name", "gemd"), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "20000"),
            ("dbname", url), ("target_session_attrs", "read-write"), ("client_encoding", "UTF8"),
            ("password", password),
        ]
        let texts = words.map { ($0.0.utf8CString, $0.1?.utf8CString) }
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        var memory: [UnsafeMutablePointer<CChar>] = []
        func keep(_ text: ContiguousArray<CChar>) -> UnsafePointer<CChar> {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
            copy.initialize(from: Array(text), count: text.count)
            memory.append(copy)
            return UnsafePointer(copy)
        }
        defer { for copy in memory { copy.deallocate() } }
        for (keyword, value) in texts {
            guard let value else { continue }
            keywords.append(keep(keyword))
            values.append(keep(value))
        }
        keywords.append(nil)
        values.append(nil)
        guard let raw = PQconnectdbParams(keywords, values, 1) else {
            throw PostgresError(state: "53200", message: "no memory for a connection")
        }
        return raw
    }
}
#endif
