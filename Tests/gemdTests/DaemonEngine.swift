import Foundation
import PostgresCluster

/// Where a daemon of the tests keeps its rows. What must hold on every engine is run on each.
enum DaemonEngine: CaseIterable {
    case sqlite
    case postgres

    static let allCases: [DaemonEngine] = {
        #if PostgreSQL
        if PostgresCluster.programs != nil { return [.sqlite, .postgres] }
        print("skipped on PostgreSQL: it is not installed (apt-get install postgresql)")
        #endif
        return [.sqlite]
    }()

    /// A daemon over a store of its own.
    func start(_ arguments: [String] = []) throws -> TestDaemon {
        switch self {
        case .sqlite: return try TestDaemon(arguments: arguments)
        case .postgres:
            let cluster = try PostgresCluster.shared.get()
            return try TestDaemon(arguments: arguments, database: cluster.url(schema: cluster.makeSchema()))
        }
    }
}
