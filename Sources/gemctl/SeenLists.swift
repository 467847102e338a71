import FoundationEssentials
import GemCert
import GemModel
import Glibc

/// The issue of the newest status list that was seen of each issuer under a root: an older one was set back.
///
/// One small file beside the outbox; replaced whole and synced, by one gemctl at a time. Only a list that held under
/// the root is noted, so that nobody else's can push a time into it.
struct SeenLists: Sendable {
    /// SHA-256 of the root certificate, in hexadecimal.
    let root: String
    let printer: Printer
    private let folder: String?

    private var path: String { (folder ?? "") + "/status-lists.json" }

    init(root: String, printer: Printer) {
        self.root = root
        self.printer = printer
        let setting = printer.console.setting
        folder =
            setting("XDG_STATE_HOME").map { $0 + "/gemctl" } ?? setting("HOME").map { $0 + "/.local/state/gemctl" }
    }

    func lastIssue(of list: [UInt8]) -> Date? {
        // The verifier says what is wrong with a list that cannot be read.
        guard folder != nil, let list = try? StatusList(list) else { return nil }
        return all()[name(of: list)].map { Date(timeIntervalSince1970: Double($0)) }
    }

    func note(_ list: [UInt8], issuedAt: Date) {
        guard let list = try? StatusList(list) else { return }
        do {
            guard folder != nil else {
                throw Failure(.failed, "there is no place for it", hint: "set HOME or XDG_STATE_HOME")
            }
            try keep(name(of: list), Int(issuedAt.timeIntervalSince1970))
        } catch { printer.note("the status list is not remembered: \((error as? Failure)?.title ?? "\(error)")") }
    }

    private func name(of list: StatusList) -> String { "\(root) \(list.issuer) \(list.address)" }

    private func all() -> [String: Int] {
        guard access(path, F_OK) == 0 else { return [:] }
        guard let bytes = try? FileReader.bytes(of: path, limit: 1 << 20), let json = try? JSON(parsing: bytes),
            json["v"]?.integer == 1, let lists = json["lists"]?.members
        else {
            printer.note("\(path) is damaged; which status lists were seen before is forgotten")
            return [:]
        }
        return Dictionary(lists.compactMap { list in list.value.integer.map { (list.name, $0) } }) { max($0, $1) }
    }

    private func keep(_ name: String, _ issuedAt: Int) throws(Failure) {
        let folder = folder ?? ""
        var made = ""
        for part in folder.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw failed(.make, made) }
        }
        let lock = open(folder + "/.status-lists.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw failed(.open, folder) }
        defer { close(lock) }
        var all = all()
        guard all[name] ?? .min < issuedAt else { return }
        all[name] = issuedAt
        let json = JSON.object([
            "v": .integer(1),
            "lists": .object(all.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
        ])
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed(.open, draft) }
        defer { close(descriptor) }
        let bytes = json.bytes + [10]
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw failed(.write, draft) }
        guard fsync(descriptor) == 0 else { throw failed(.sync, draft) }
        guard rename(draft, path) == 0 else { throw failed(.rename, draft) }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failed(.open, folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failed(.sync, folder) }
    }

    private func failed(_ verb: FileVerb, _ path: String) -> Failure {
        Failure(.failed, verb.failed(path, systemError()), hint: "XDG_STATE_HOME names another place")
    }
}
