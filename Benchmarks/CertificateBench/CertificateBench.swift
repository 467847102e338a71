import Foundation
import GemCert
import GemCrypto
import GemModel
import GemPrint

/// What checking and printing a certificate costs without a daemon, on one thread, beside the bare work in the same run.
///
///     CertificateBench verify SECONDS VECTORS      checks per second: a declaration, a report with its time stamp
///     CertificateBench paper SECONDS VECTORS JPEG  pages per second: ours, and cairo writing the same page once drawn
@main
struct CertificateBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let seconds = Double(arguments[2]) else {
            print("usage: CertificateBench verify|paper SECONDS VECTORS [JPEG]")
            exit(2)
        }
        let set = Vectors(folder: arguments[3])
        switch arguments[1] {
        case "verify": try verify(set, seconds)
        case "paper" where arguments.count == 5: try paper(set, seconds, photograph: arguments[4])
        default: exit(2)
        }
    }

    struct Vectors {
        let folder: String

        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
    }

    private static func rate(_ seconds: Double, _ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        // Once before: chains are kept, fonts are open.
        try body()
        let begin = clock.now
        var count = 0
        while clock.now - begin < .seconds(seconds) {
            try body()
            count += 1
        }
        return Double(count) / ((clock.now - begin) / .seconds(1))
    }

    private static func verify(_ set: Vectors, _ seconds: Double) throws {
        let keys = NoteKey.keys(text: String(decoding: try set.bytes("pki/log.vkey"), as: UTF8.self)) ?? []
        let verifier = try Verifier(
            root: set.bytes("pki/root.pem"),
            revocationLists: [set.bytes("pki/root.crl"), set.bytes("pki/issuing.crl")], logKeys: keys)
        // The vectors' day; a later one is no more work.
        let now = Date(timeIntervalSince1970: 1_795_348_800)
        for name in ["declaration", "examination"] {
            let artefacts = Verifier.Artefacts(
                json: try set.bytes("\(name)/certificate.json"),
                signature: try set.bytes("\(name)/certificate.json.p7s"))
            let verdict = verifier.verify(artefacts, now: now)
            guard verdict.outcome == .genuine else {
                print("\(name): \(verdict.headline)")
                exit(1)
            }
            let rate = rate(seconds) { _ = verifier.verify(artefacts, now: now) }
            print("\(name) \(rate)")
        }
    }

    private static func paper(_ set: Vectors, _ seconds: Double, photograph: String) throws {
        let statement = try JSON(parsing: set.bytes("examination/certificate.json"))
        let paper = Paper(
            statement: statement, photograph: Array(try Data(contentsOf: URL(filePath: photograph))),
            // As many modules as a code has (version 11), half of them black.
            symbol: (0..<61).map { y in (0..<61).map { x in (x * 7 + y * 13) % 5 < 2 || (x ^ y) % 3 == 0 } },
            rootFingerprint: [UInt8](repeating: 0xA5, count: 32))
        let press = Press()
        for (name, language) in [("english", Disclosure.Language.english), ("urdu", .urdu)] {
            let ours = try rate(seconds) { _ = try press.print(paper, form: .a4, language: language) }
            print("\(name) \(ours)")
        }
    }
}
