/// Where a store keeps its rows; the one place that knows every engine.
package enum StoreLocation: Sendable {
    /// A file of SQLite.
    case file(String)
    /// A PostgreSQL database, by a URL as libpq knows it. The password comes apart from it, or as libpq finds one.
    case server(url: String, password: String?)

    package enum Use: Sendable {
        /// The one daemon that may write, or a command in its place.
        case writing
        /// Beside the daemon that serves.
        case reading
    }

    package static func isURL(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Whether the URL itself holds a password, which everybody could read from the process list or a file.
    /// - Throws: `.store` when the text is no URL of a database.
    package func hasPasswordInside() throws -> Bool {
        guard case .server(let url, _) = self else { return false }
        #if PostgreSQL
        return try PostgresEndpoint(url: url, password: nil).passwordInURL != nil
        #else
        throw Self.missing
        #endif
    }

    /// Opens the store, made if it is new, and brings its schema up to date.
    ///
    /// `onLoss` is called when what this process knows is no longer what is stored, and must end it: `.syncFailed`
    /// after a disk refused a sync, `.inUse` when another daemon took the database over.
    package func open(
        for use: Use, synchronous: SQLiteDatabase.Synchronous = .full,
        onLoss: @escaping @Sendable (InventoryError) -> Never
    ) throws -> any Database {
        switch self {
        case .file(let path):
            return try SQLiteDatabase(path: path, synchronous: synchronous, onSyncFailure: { onLoss(.syncFailed($0)) })
        case .server(let url, let password):
            #if PostgreSQL
            return try PostgresDatabase(
                url: url, password: password, access: use == .writing ? .writing : .reading,
                onTakeover: { onLoss(.inUse($0)) })
            #else
            throw Self.missing
            #endif
        }
    }

    #if !PostgreSQL
    private static let missing = InventoryError.store("this gemd was built without PostgreSQL; take one that has it")
    #endif
}
