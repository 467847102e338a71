import Foundation
import GemCert
import Synchronization

/// The files of `DIR/pki` that anybody may have, and the verifier that rests on them: exchanged together when the
/// revocation list is renewed, so that no request sees the one without the other.
final class Published: Sendable {
    private struct State {
        var files: [String: [UInt8]]
        var verifier: Verifier
    }

    private let logKeys: [NoteKey]
    private let state: Mutex<State>

    init(_ files: [String: [UInt8]], logKeys: [NoteKey]) throws {
        self.logKeys = logKeys
        state = Mutex(State(files: files, verifier: try Self.verifier(files, logKeys)))
    }

    var files: [String: [UInt8]] { state.withLock { $0.files } }
    var verifier: Verifier { state.withLock { $0.verifier } }

    func exchange(_ files: [String: [UInt8]]) throws {
        let verifier = try Self.verifier(files, logKeys)
        state.withLock { $0 = State(files: files, verifier: verifier) }
    }

    private static func verifier(_ files: [String: [UInt8]], _ logKeys: [NoteKey]) throws -> Verifier {
        try Verifier(
            root: files["root.pem"]!, revocationLists: [files["root.crl"]!, files["issuing.crl"]!], logKeys: logKeys,
            timestampAuthorities: files[Seal.outsideAuthorities].map { [$0] } ?? [])
    }
}
