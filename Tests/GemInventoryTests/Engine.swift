import Foundation
import PostgresCluster

@testable import GemInventory

/// The engines that keep the promises of ``Database``. A new one is a case here and passes all that runs on every case.
enum Engine: CaseIterable {
    case sqlite
    case postgres

    static let allCases: [Engine] = {
        if let reason = postgresIsMissing {
            print("skipped on PostgreSQL: \(reason)")
            return [.sqlite]
        }
        return [.sqlite, .postgres]
    }()

    /// Why nothing can be tried on PostgreSQL here; nil when it can.
    static var postgresIsMissing: String? {
        #if PostgreSQL
        PostgresCluster.programs == nil ? "it is not installed (apt-get install postgresql)" : nil
        #else
        "built without the trait PostgreSQL"
        #endif
    }

    /// A fresh store of its own, gone when the test ends.
    func open() throws -> OpenStore {
        switch self {
        case .sqlite: try OpenStore()
        case .postgres: try OpenStore(in: PostgresCluster.shared.get())
        }
    }
}

/// A store of one test, and how to look at it anew.
final class OpenStore: Sendable {
    let directory: String
    let database: any Database
    private let cluster: PostgresCluster?
    private let schema: String

    init() throws {
        directory = try Self.folder()
        cluster = nil
        schema = ""
        database = try SQLiteDatabase(path: directory + "/gemd.db", onSyncFailure: { fatalError($0) })
    }

    init(in cluster: PostgresCluster) throws {
        directory = try Self.folder()
        self.cluster = cluster
        schema = try cluster.makeSchema()
        #if PostgreSQL
        database = try PostgresDatabase(url: cluster.url(schema: schema), onTakeover: { fatalError($0) })
        #else
        preconditionFailure("Engine.allCases has no postgres")
        #endif
    }

    private static func folder() throws -> String {
        let directory = NSTemporaryDirectory() + "gemd-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    /// The same store, opened again beside the first.
    func reopened() throws -> any Database {
        #if PostgreSQL
        if let cluster {
            return try PostgresDatabase(
                url: cluster.url(schema: schema), access: .reading, onTakeover: { fatalError($0) })
        }
        #endif
        return try SQLiteDatabase(path: directory + "/gemd.db", onSyncFailure: { fatalError($0) })
    }

    /// A schema or directory left over harms nobody: the one goes with its server, the other the system clears.
    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
