import Dispatch
import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The running daemon: what handlers reach, wired once at start and never changed.
///
/// A class, so that handing it to each request costs one reference.
final class Daemon: Sendable {
    static let version = "0.1.0"

    let config: Config
    let state: StateDirectory
    let inventory: Inventory
    let access: Access
    let seal: Seal
    let statusLists: StatusLists
    let issuing: Issuing
    let exporting: Exporting
    var examining: Examining {
        Examining(inventory: inventory, issuing: issuing, enrolments: issuing.enrolments)
    }
    let quotas: Quotas
    /// Of numbers, by strangers.
    let lookUps = LookUps { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    /// Decode photographs and sync their files, off the cooperative pool.
    let imageWorkers: NIOThreadPool
    /// Papers, made once each.
    let printing = Printing()
    /// Backups and checks.
    let care = Care()
    /// Imports that are being worked on.
    let liveImports = LiveImports()
    /// Seals the numbers of identity cards; nil where its key is not here.
    let personal: PersonalData?

    private init(
        config: Config, state: StateDirectory, inventory: Inventory, access: Access, seal: Seal,
        statusLists: StatusLists, issuing: Issuing, exporting: Exporting,
        imageWorkers: NIOThreadPool, personal: PersonalData?
    ) {
        self.personal = personal
        self.config = config
        self.state = state
        self.inventory = inventory
        self.access = access
        self.seal = seal
        self.statusLists = statusLists
        self.issuing = issuing
        self.exporting = exporting
        quotas = Quotas(config, inventory: inventory)
        self.imageWorkers = imageWorkers
    }

    /// Opens a state, compares it with its anchor, finishes what a crash left, and wires the daemon over it.
    static func open(_ state: StateDirectory, config: Config, logger: Logger) async throws -> Daemon {
        let inventory = try openInventory(state)
        try inventory.blobs.removeDrafts()
        let settings = try await Settings.read(inventory, state)
        guard let administrator = try await inventory.member(settings.administrator),
            let issuer = try await inventory.party(settings.issuer)
        else { throw StartError("\(state.path): the administrator is missing from the database; restore a backup") }
        if try KeyExchange(state: state).finish() { logger.notice("a renewal of the keys was finished") }
        try Seal.renewRevocationList(state, now: Date())
        if let gap = try await Gap.accepted(inventory), FileManager.default.fileExists(atPath: state.keys) {
            try await gap.open(state, inventory, settings: settings, issuer: issuer)
            logger.notice("the log was closed with a gap; a new one begins", metadata: ["log": "\(gap.name.origin)"])
        }
        let logOrigin = try await inventory.logState().origin
        let seal = try Seal.read(
            state, origin: logOrigin, outside: OutsideAuthority(config.timestamp, "gemd.toml"))
        if seal.signing == nil {
            logger.warning("there are no signing keys, so nothing can be issued", metadata: ["keys": "\(state.keys)"])
        }
        let publicURL = settings.publicURL
        let enrolments = try Enrolments(state)
        let sequencer = seal.signing.map { signing in
            Sequencer(
                inventory: inventory, signing: signing, anchor: settings.anchor, enrolments: enrolments,
                issuer: issuer.code, logger: logger
            ) {
                try Issuing.answer($0, $1, publicURL: publicURL)
            }
        }
        if let sequencer { try await sequencer.recover() } else { _ = try await settings.anchor.check(inventory) }
        let imageWorkers = NIOThreadPool(numberOfThreads: config.images.workers)
        imageWorkers.start()
        return Daemon(
            config: config, state: state, inventory: inventory,
            access: Access(inventory: inventory, administrator: administrator), seal: seal,
            statusLists: StatusLists(
                inventory: inventory, seal: seal, issuer: issuer.code, publicURL: publicURL),
            issuing: Issuing(
                inventory: inventory, seal: seal, enrolments: enrolments, sequencer: sequencer, issuer: issuer,
                country: settings.country, publicURL: publicURL, logOrigin: logOrigin),
            exporting: Exporting(inventory: inventory, publicURL: publicURL), imageWorkers: imageWorkers,
            personal: try await PersonalKey.open(state, inventory, logger: logger))
    }

    static func openInventory(_ state: StateDirectory) throws -> Inventory {
        try inventory(state, openDatabase(state.location(), named: state.databaseName, for: .writing))
    }

    static func openDatabase(
        _ location: StoreLocation, named name: String, for use: StoreLocation.Use
    ) throws -> any Database {
        do {
            return try location.open(for: use, synchronous: synchronous, onLoss: { end(after: $0) })
        } catch InventoryError.inUse(let reason) {
            throw StartError("open store \(name): \(reason); stop it first", exitCode: 75)
        } catch InventoryError.unreachable(let reason) {
            // Later it may be there: the service manager tries again.
            throw StartError("open store \(name): \(reason)", exitCode: 69)
        } catch InventoryError.store(let reason) {
            throw StartError("open store \(name): \(reason)")
        } catch { throw StartError("open store \(name): \(error)") }
    }

    /// The power-cut test must be able to fail: a debug build, and only that, can be told to lose data.
    private static var synchronous: SQLiteDatabase.Synchronous {
        #if DEBUG
        if ProcessInfo.processInfo.environment["GEMD_TEST_SYNCHRONOUS"] == "off" { return .off }
        #endif
        return .full
    }

    static func inventory(_ state: StateDirectory, _ database: any Database) throws -> Inventory {
        Inventory(
            database: database, blobs: try LocalBlobs(directory: state.blobs),
            now: { Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded())) },
            random: { randomBytes($0) })
    }

    /// What this process knows is no longer what is stored: end at once, answer nothing more.
    static func end(after loss: InventoryError) -> Never {
        let (message, code): (String, CInt) =
            switch loss {
            case .inUse(let reason): ("gemd: \(reason)\ngemd: stopping; one gemd a database may run\n", 75)
            // After a failed sync nobody knows what is on the disk.
            case .syncFailed(let reason):
                (
                    "gemd: the disk refused to keep data: \(reason)\ngemd: stopping; check the disk, then start again\n",
                    74
                )
            default: ("gemd: the store was lost: \(loss)\n", 74)
            }
        _ = message.withCString { write(2, $0, strlen($0)) }
        _exit(code)
    }

    /// Serves until SIGTERM or SIGINT, then drains.
    func run(logger: Logger) async throws {
        let manager = ServiceManager()
        var endpoints: [(Route.Listener, Listener.Endpoint)] = ServiceManager.inheritedSockets().map {
            ($0.name.hasPrefix("public") ? .public : .control, .inherited($0.descriptor))
        }
        if !endpoints.contains(where: { $0.0 == .control }) {
            endpoints.append((.control, .unix(path: config.socket, group: config.socketGroup)))
        }
        if !config.public.isEmpty, !endpoints.contains(where: { $0.0 == .public }) {
            endpoints.append((.public, try Self.endpoint(config.public)))
        }
        let expected = endpoints.count
        let readyCount = Atomic(0)
        var services: [any Service] = endpoints.map { kind, endpoint in
            let responder = Responder(daemon: self, listener: kind, logger: logger)
            let connection = Connection(config: config.limits, respond: responder.respond)
            return Listener(endpoint: endpoint, connection: connection, limits: config.limits, logger: logger) {
                address in
                logger.info("listening", metadata: ["listener": "\(kind)", "address": "\(address)"])
                if readyCount.add(1, ordering: .relaxed).newValue == expected {
                    manager.notify("READY=1\nSTATUS=serving")
                }
            }
        }
        if let signing = seal.signing, signing.outside != nil {
            services.append(Finishing(issuing: issuing, logger: logger))
        }
        services.append(Housekeeping(inventory: inventory))
        services.append(ListRenewal(seal: seal, state: state, logger: logger))
        services.append(ServiceManager.Watchdog(manager: manager))
        // Services end last to first: the sequencer outlives the listeners, so that what they wait for is answered.
        if let sequencer = issuing.sequencer { services.insert(sequencer, at: 0) }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(config.limits.drainSeconds)
        try await ServiceGroup(configuration: configuration).run()
    }

    static func endpoint(_ text: String) throws -> Listener.Endpoint {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            throw StartError("public: \"\(text)\" is not HOST:PORT, such as 127.0.0.1:8470")
        }
        return .tcp(host: String(text[..<colon]).trimmingCharacters(in: ["[", "]"]), port: port)
    }
}
