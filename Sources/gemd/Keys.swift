import ArgumentParser
import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

/// What is done with the keys that sign, by whoever holds the issuing key.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make the next keys that sign, and destroy the old. Stop gemd first.",
        subcommands: [Renew.self])

    struct Renew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "renew",
            abstract:
                "Make the next keys for certificates, QR codes and time stamps, and destroy the old. Stop gemd first.",
            discussion: """
                The keys that sign are used for 13 months. This makes the next with the issuing key, whose
                passphrase comes from $CREDENTIALS_DIRECTORY/key-passphrase, and destroys the old private ones.
                What was issued stays good. Within 60 days before their end; --early makes them sooner. After a
                crash in between, the next start finishes it.

                Where a key may be in other hands, --stolen does it at once and takes the old certificates back:
                what was signed before holds by the proof of the public log, what is signed after does not.

                EXAMPLES
                  gemd keys renew --state /var/lib/gemd
                  gemd keys renew --state /var/lib/gemd --early
                  gemd keys renew --state /var/lib/gemd --stolen
                  gemd keys renew --state /var/lib/gemd --stolen --also former-signer.pem
                """)

        @OptionGroup var state: StateOption
        @Flag(help: "Also while the present ones are good for more than 60 days.") var early = false
        @Flag(help: "A key may be in other hands: take the old certificates back, as of now.") var stolen = false
        @Option(
            help: "With --stolen: take back this certificate (PEM) too, of a key that signed before. Repeatable.")
        var also: [String] = []
        @Flag(help: "Give up certificates that have a number but no signature yet.") var abandon = false

        func validate() throws {
            guard also.isEmpty || stolen else {
                throw ValidationError("--also says what else was stolen: give --stolen")
            }
        }

        func run() async throws {
            let directory = state.directory
            try directory.mustBeInitialised()
            let lock = try directory.lock()
            defer { close(lock) }
            let exchange = KeyExchange(state: directory)
            if try exchange.finish() {
                let words = "a renewal that had been broken off is finished; the keys are the new ones"
                // Which were stolen, those before it or these, only people know.
                guard !stolen else {
                    throw StartError(
                        "\(words); give --stolen again where these too may be in other hands, with --also and the "
                            + "certificates of the ones before")
                }
                return print(words)
            }
            let inventory = try Daemon.openInventory(directory)
            let now = Date(timeIntervalSince1970: Double(inventory.time.microseconds / 1000) / 1000)
            func read(_ name: String) throws -> [UInt8] {
                guard let data = FileManager.default.contents(atPath: "\(directory.path)/\(name)") else {
                    throw StartError("\(directory.path)/\(name) is missing; put it back first")
                }
                return Array(data)
            }
            let certificates = try Dictionary(
                uniqueKeysWithValues: KeyRenewal.names.map { ($0, try read("pki/\($0).pem")) })
            try checkIsDue(certificates, now)
            try await checkNothingWaits(inventory)
            let issuingKey = try read("keys/issuing.key")
            let settings = try await Settings.read(inventory, directory)
            let passphrase = try Seal.passphrase()
            let others = try also.map { path in
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw StartError("--also \(path): there is no such file")
                }
                return Array(data)
            }
            let renewal: KeyRenewal
            var lists: [Ceremony.File] = []
            do {
                renewal = try KeyRenewal(
                    certificates: certificates, issuing: read("pki/issuing.pem"),
                    issuingKey: PrivateKey(pem: issuingKey, passphrase: passphrase), keySet: read("pki/keys.json"),
                    publicURL: settings.publicURL, passphrase: passphrase, now: now)
                if stolen {
                    let list = try KeyRenewal.takingBack(
                        KeyRenewal.names.compactMap { certificates[$0] } + others, list: read("pki/issuing.crl"),
                        issuing: read("pki/issuing.pem"),
                        issuingKey: PrivateKey(pem: issuingKey, passphrase: passphrase), now: now)
                    lists = try Ceremony.files(ofList: list, root: read("pki/root.pem"), rootCRL: read("pki/root.crl"))
                }
            } catch let refusal as KeyRenewal.Refusal { throw Self.words(refusal, directory) } catch is OpenSSLError {
                throw StartError(
                    "\(directory.keys)/issuing.key does not open; give its passphrase as the credential key-passphrase")
            }
            try exchange.decide(renewal, lists: lists)
            try exchange.finish()
            try await inventory.noteKeys(
                of: settings.issuer, renewal.fingerprints.map { ($0.name, $0.text) },
                usedUntil: CivilTime(renewal.keysUsedUntil).dayText, takingBackTheOld: stolen)
            report(renewal, directory, isPlain: passphrase == nil)
        }

        private func checkIsDue(_ certificates: [String: [UInt8]], _ now: Date) throws {
            guard !early, !stolen else { return }
            let ends = try certificates.values.map { try KeyRenewal.keyPeriod(of: $0).upperBound }
            guard let end = ends.min(), end.timeIntervalSince(now) > Seal.noticeSeconds else { return }
            throw StartError(
                "the keys are good until \(CivilTime(end).dayText); renew them within 60 days before, or give --early")
        }

        /// A number that was given under the old key must be signed with it.
        private func checkNothingWaits(_ inventory: Inventory) async throws {
            let waiting = try await inventory.unfinishedCertificates().map(\.serial)
            guard let first = waiting.first, !abandon else { return }
            throw StartError(
                "\(waiting.count) certificates have a number but no signature yet, such as \(first); start gemd once, "
                    + "so that it finishes them, or give --abandon: they are never issued then")
        }

        private static func words(_ refusal: KeyRenewal.Refusal, _ directory: StateDirectory) -> StartError {
            switch refusal {
            case .notTheIssuingKey:
                StartError("\(directory.keys)/issuing.key is not the key of \(directory.pki)/issuing.pem")
            case .issuingHasEnded:
                StartError("the issuing authority's certificate has ended; a new state with new keys is due")
            case .notByTheIssuingAuthority:
                StartError("--also: only certificates that \(directory.pki)/issuing.pem issued can be taken back")
            case .keySet: StartError("\(directory.pki)/keys.json cannot be read; restore it from a backup")
            }
        }

        private func report(_ renewal: KeyRenewal, _ directory: StateDirectory, isPlain: Bool) {
            print("fingerprints (SHA-256) of the new certificates; write them into the ceremony's record:")
            for fingerprint in renewal.fingerprints { print("  \(fingerprint.name): \(fingerprint.text)") }
            print("used until: \(CivilTime(renewal.keysUsedUntil).dayText)")
            print(
                "the old private keys are destroyed here; destroy them in the safe too, and take \(directory.keys) there"
            )
            if stolen {
                print("the old certificates are on the revocation list from now on: start gemd, which publishes it")
                print("look through the public log for what you did not issue; papers are made anew when asked for")
                print("QR codes made with the old key now say: ask for the whole certificate")
            }
            if isPlain {
                Gemd.say(
                    "gemd: warning: the signing keys are kept without a passphrase; give one as the credential "
                        + "key-passphrase")
            }
        }
    }
}
