import Foundation

/// A PostgreSQL server of the tests' own, on a socket in a temporary folder, gone when the process ends.
///
/// A shell keeps it: it ends the server and removes its folder when its standard input ends, so also after a
/// crash of the tests. The server refuses to run as root, so then it runs as `postgres`, else as `nobody`.
package final class PostgresCluster: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// The one most tests share, each in a schema of its own.
    package static let shared = Result { try PostgresCluster() }

    /// Where Debian has the programs of a server, newest first; nil when there is none.
    package static let programs: String? = {
        let versions = "/usr/lib/postgresql"
        // An absent folder means that nothing is installed.
        let found = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
        return found.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(versions)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    package let directory: String
    private let programs: String
    private let keeper: Pipe
    private let output: Pipe

    /// - Parameter settings: lines of postgresql.conf.
    /// - Throws: ``Failure`` with the server's own words.
    package init(settings: [String] = []) throws {
        guard let programs = Self.programs else { throw Failure(description: "PostgreSQL is not installed") }
        self.programs = programs
        directory = NSTemporaryDirectory() + "gemd-pg-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try (settings.joined(separator: "\n") + "\n").write(
            toFile: directory + "/settings", atomically: true, encoding: .utf8)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", Self.script, "sh", directory, programs]
        keeper = Pipe()
        // Only this process holds it open; another's child would keep the server beyond our end.
        guard fcntl(keeper.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw Failure(description: "fcntl: \(String(cString: strerror(errno)))")
        }
        output = Pipe()
        shell.standardInput = keeper
        shell.standardOutput = output
        try shell.run()
        let word = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard word == "ready\n" else {
            // Says more, if it is there.
            let log = (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "no log"
            throw Failure(description: "PostgreSQL did not start: \(log)")
        }
    }

    deinit { try? keeper.fileHandleForWriting.close() }  // already closed is ended too

    /// English sorting, so that a column which forgot `COLLATE "C"` shows; `keyed` must give its password.
    private static let script = """
        exec 2>>"$1/log"
        set -e
        as=
        if [ "$(id -u)" = 0 ]; then
            user=nobody
            if id postgres >/dev/null; then user=postgres; fi
            as="setpriv --reuid=$user --regid=$(id -g $user) --clear-groups"
            chown $user "$1" "$1/log"
        fi
        cd "$1"
        trap 'rm -rf "$1"' EXIT
        $as "$2/initdb" -D "$1/data" -U gemd -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en \
            --no-sync --no-instructions >&2
        cat >>"$1/data/postgresql.conf" <<END
        listen_addresses = ''
        unix_socket_directories = '$1'
        max_connections = 400
        shared_buffers = 32MB
        wal_level = minimal
        max_wal_senders = 0
        autovacuum = off
        END
        cat "$1/settings" >>"$1/data/postgresql.conf"
        printf 'local all keyed scram-sha-256\\nlocal all all trust\\n' >"$1/data/pg_hba.conf"
        $as "$2/pg_ctl" -D "$1/data" -l "$1/log" -w start >&2
        echo ready
        while read -r word; do
            $as "$2/pg_ctl" -D "$1/data" -l "$1/log" -m immediate -w restart >&2
            echo ready
        done
        $as "$2/pg_ctl" -D "$1/data" -m immediate stop || true
        """

    /// The URL of a database of this server, as seen by `user`.
    package func url(schema: String, user: String = "gemd") -> String {
        let host = directory.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? directory
        return "postgres://\(user)@\(host)/postgres?options=-csearch_path%3D\(schema)"
    }

    /// A fresh schema.
    package func makeSchema() throws -> String {
        let name = "t" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        try sql("CREATE SCHEMA \(name)")
        return name
    }

    /// Runs statements from outside, as an administrator would; answers their rows, unaligned.
    @discardableResult
    package func sql(_ statements: String) throws -> String {
        try run(
            "psql",
            ["-h", directory, "-U", "gemd", "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statements])
    }

    /// Ends the server as a crash would, and starts it again.
    package func crash() throws {
        try keeper.fileHandleForWriting.write(contentsOf: Data("restart\n".utf8))
        guard String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "ready\n" else {
            throw Failure(description: "PostgreSQL did not start again")
        }
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(programs)/\(program)")
        process.arguments = arguments
        let answer = Pipe()
        process.standardOutput = answer
        process.standardError = answer
        try process.run()
        let text = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "\(program): \(text)") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
