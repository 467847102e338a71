import GemCert
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// The commands `gemd backup` and `gemd check`, online. Neither holds up a writer.
enum AdminHandlers {
    static let reprDigest = HTTPField.Name("Repr-Digest")!
    static let archiveBytes = HTTPField.Name("Gemd-Archive-Bytes")!

    /// The answer is the archive itself: whoever asks keeps it on their own machine, and names no path of ours.
    /// Its SHA-256 comes as a trailer (RFC 9530), since it is made while it is sent.
    @Sendable static func backup(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let turn = try daemon.care.turn(for: "backup")
        let scratch = "\(daemon.inventory.blobs.directory)/tmp/backup-\(Hex.encode(randomBytes(8))).db"
        let archive = try await withTaskExecutorPreference(daemon.care) {
            try await BackupArchive(of: daemon.state, scratch: scratch)
        }
        let body = ResponseBody { [care = daemon.care] writer in
            let reader = archive.reader(on: care)
            while let bytes = try await reader.next() { try await writer.write(bytes) }
            archive.close()
            turn.end()
            try await writer.finish([reprDigest: "sha-256=:\(Base64.encode(reader.digest())):"])
        }
        return Reply(status: .ok, headers: [.contentType: "application/x-tar", .trailer: "Repr-Digest"], body: body)
            .with(archiveBytes, String(archive.byteCount))
    }

    /// Hours of silence would look like a broken connection, so an empty line goes out now and then before the
    /// JSON: white space that every parser passes over.
    @Sendable static func check(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let turn = try daemon.care.turn(for: "check")
        let body = ResponseBody { writer in
            let report = try await withThrowingTaskGroup(of: Soundness?.self) { group in
                group.addTask(executorPreference: daemon.care) {
                    try await Soundness(of: daemon.state, isServing: true)
                }
                while true {
                    group.addTask {
                        // Cancelled when the look is over.
                        try? await Task.sleep(for: .seconds(signOfLifeSeconds))
                        return nil
                    }
                    if let report = try await group.next() ?? nil {
                        group.cancelAll()
                        return report
                    }
                    try await writer.write(ByteBuffer(string: "\n"))
                }
            }
            turn.end()
            try await writer.write(ByteBuffer(string: report.json.text))
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: "application/json"], body: body)
    }

    private static let signOfLifeSeconds = 10
}
