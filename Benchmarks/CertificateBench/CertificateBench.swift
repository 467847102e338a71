import Foundation
import GemCert
import GemCrypto
import GemModel
import GemPrint

/// What checking and printing a certificate costs without a daemon, on one thread.
///
///     CertificateBench verify SECONDS VECTORS      checks per second, and the signatures that each must check
///     CertificateBench paper SECONDS VECTORS JPEG  pages per second: ours, then cairo writing the same pages again
///
/// `offline.py` asks it and says what each figure holds.
@main
struct CertificateBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let seconds = Double(arguments[2]) else { usage() }
        let set = Vectors(folder: arguments[3])
        switch arguments[1] {
        case "verify": try verify(set, seconds)
        case "paper" where arguments.count == 5: try paper(set, seconds, photograph: arguments[4])
        default: usage()
        }
    }

    private static func usage() -> Never {
        print("usage: CertificateBench verify|paper SECONDS VECTORS [JPEG]")
        exit(2)
    }

    struct Vectors {
        let folder: String

        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
    }

    /// How often each is done in a second, by turns, so that what else the machine does meets all alike.
    private static func rates(_ seconds: Double, _ bodies: [() throws -> Void]) throws -> [Double] {
        let clock = ContinuousClock()
        let turns = 4.0
        var done = bodies.map { _ in (count: 0, time: 0.0) }
        // Once before: chains are kept, fonts are open.
        for body in bodies { try body() }
        for _ in 0..<Int(turns) {
            for (index, body) in bodies.enumerated() {
                let begin = clock.now
                repeat {
                    try body()
                    done[index].count += 1
                } while clock.now - begin < .seconds(seconds / turns)
                done[index].time += (clock.now - begin) / .seconds(1)
            }
        }
        return done.map { Double($0.count) / $0.time }
    }

    // MARK: - Checking

    /// JSON and signature file, all steps; the log's proof and today's status are not part of it.
    private static func verify(_ set: Vectors, _ seconds: Double) throws {
        let keys = NoteKey.keys(text: String(decoding: try set.bytes("pki/log.vkey"), as: UTF8.self)) ?? []
        let verifier = try Verifier(
            root: set.bytes("pki/root.pem"),
            revocationLists: [set.bytes("pki/root.crl"), set.bytes("pki/issuing.crl")], logKeys: keys)
        // The vectors' day; a later one is no more work.
        let now = Date(timeIntervalSince1970: 1_795_348_800)
        for name in ["declaration", "examination"] {
            let json = try set.bytes("\(name)/certificate.json")
            let artefacts = Verifier.Artefacts(json: json, signature: try set.bytes("\(name)/certificate.json.p7s"))
            let verdict = verifier.verify(artefacts, now: now)
            guard verdict.outcome == .genuine else {
                print("\(name): \(verdict.headline)")
                exit(1)
            }
            let rate = try rates(seconds, [{ _ = verifier.verify(artefacts, now: now) }])
            let checks = try Signatures(of: JSON(parsing: json))
            print("\(name) \(rate[0]) \(checks.p256) \(checks.ed25519)")
        }
    }

    /// How many signatures no verifier can leave unchecked, the chain being known.
    private struct Signatures {
        var p256 = 1
        var ed25519 = 0

        init(of statement: JSON) {
            if statement["timestamp"]?.string == "required" { p256 += 1 }
            for approval in statement["approvals"]?.elements ?? [] {
                if approval["key"]?.string?.hasPrefix("ssh-ed25519 ") == true { ed25519 += 1 } else { p256 += 1 }
            }
        }
    }

    // MARK: - Printing

    /// Each paper is another report: what a press keeps of the last one must not be the whole of the next.
    private static func paper(_ set: Vectors, _ seconds: Double, photograph: String) throws {
        let statement = try JSON(parsing: set.bytes("examination/certificate.json"))
        let photograph = Array(try Data(contentsOf: URL(filePath: photograph)))
        let papers = (0..<400).map { number in
            Paper(
                statement: statement.report(number), photograph: photograph,
                // As many modules as a code has (version 11), half of them black.
                symbol: (0..<61).map { y in (0..<61).map { x in (x * 7 + y * 13 + number) % 5 < 2 || (x ^ y) % 3 == 0 }
                },
                rootFingerprint: [UInt8](repeating: 0xA5, count: 32))
        }
        for (name, language) in [("english", Disclosure.Language.english), ("urdu", .urdu)] {
            let press = Press()
            let drawn = papers.prefix(16).map { press.record($0, form: .a4, language: language) }
            var (next, again) = (0, 0)
            let rates = try rates(
                seconds,
                [
                    {
                        _ = try press.print(papers[next % papers.count], form: .a4, language: language)
                        next += 1
                    },
                    {
                        _ = try drawn[again % drawn.count].write()
                        again += 1
                    },
                ])
            let sizes = try (press.print(papers[0], form: .a4, language: language).count, drawn[0].write().count)
            print("\(name) \(rates[0]) \(rates[1]) \(sizes.0) \(sizes.1)")
        }
    }
}

extension JSON {
    /// Another report by the same laboratory: its number, days, people, title and every measure are others.
    fileprivate func report(_ number: Int) -> JSON {
        var next = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15
        func digit() -> Character {
            next = next &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Character(String(1 + next >> 60 % 9))
        }
        func other(_ text: String) -> String { String(text.map { $0.isNumber ? digit() : $0 }) }
        func report(_ json: JSON, _ name: String, in parent: String = "") -> JSON {
            switch json {
            case .string(let text):
                switch name {
                case "weightCt", "value", "length", "width", "depth", "number", "verify", "publicSha256":
                    return .string(other(text))
                // The year stays; so does what calendars allow.
                case "issuedAt": return .string(text.prefix(15) + "\(digit()):1\(digit()).000Z")
                case "receivedOn", "examinedOn", "calibratedOn", "dueOn": return .string("\(text.dropLast())\(digit())")
                case "name" where parent == "lab" || parent == "issuer" || parent == "instruments": return json
                case "name", "title": return .string("\(text) \(other("000"))")
                default: return json
                }
            case .object(let members):
                return .object(members.map { .init($0.name, report($0.value, $0.name, in: name)) })
            case .array(let elements): return .array(elements.map { report($0, name) })
            default: return json
            }
        }
        return report(self, "")
    }
}
