import GemModel
import Glibc
import NIOCore

/// What could not be sent for want of a link: requests on the dealer's own disk, in the order they were made.
///
/// A request is one file: a line of JSON (where to, what, with which Idempotency-Key), then its body. It is whole
/// and synced before it has its name, so a power cut leaves all of it or none; it goes when the daemon has
/// answered. A request sent twice, because the power failed in between, bears the same key and is done once.
/// What the daemon refuses is kept aside with its reason.
struct Outbox {
    struct Item {
        var number: Int
        var header: JSON
        var path: String
        var isRefused: Bool

        var summary: String { header["summary"]?.string ?? "" }
    }

    let folder: String

    /// GEMD_OUTBOX, else the place the XDG base directory specification gives to state.
    init(setting: (String) -> String?) throws(Failure) {
        if let folder = setting("GEMD_OUTBOX") {
            self.folder = folder
        } else if let state = setting("XDG_STATE_HOME") {
            folder = state + "/gemctl/outbox"
        } else if let home = setting("HOME") {
            folder = home + "/.local/state/gemctl/outbox"
        } else {
            throw Failure(.failed, "there is no place for an outbox", hint: "set HOME or GEMD_OUTBOX")
        }
    }

    // MARK: - Keeping

    /// Keeps a request for later; durable when it returns.
    func keep(_ request: Request, to endpoint: Endpoint, summary: String) async throws -> Int {
        try makeFolder()
        return try await locked {
            let number = (try items().map(\.number).max() ?? 0) + 1
            let part = "\(folder)/.part"
            let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw failed(.open, part) }
            defer { close(descriptor) }
            var type: String?
            if case .bytes(_, let given) = request.body { type = given }
            if case .stream(let given, _, _) = request.body { type = given }
            let header = JSON.object([
                "v": .integer(1), "endpoint": .string(endpoint.description), "method": .string(request.method.rawValue),
                "target": .string(request.target),
                "headers": .object(request.headers.map { .init($0.0, .string($0.1)) }), "type": type.map(JSON.string),
                "summary": .string(summary), "at": .string(Self.now.description),
            ])
            try write(header.bytes + [10], to: descriptor, part)
            switch request.body {
            case .none: break
            case .bytes(let bytes, _): try write(bytes, to: descriptor, part)
            case .stream(_, _, let open):
                let next = try open()
                while let piece = try await next() { try write(Array(piece.readableBytesView), to: descriptor, part) }
            }
            guard fsync(descriptor) == 0 else { throw failed(.sync, part) }
            try rename(part, to: name(number))
            return number
        }
    }

    // MARK: - Sending

    /// Sends what waits for `endpoint`, oldest first, until all is sent or the link fails.
    func send(
        over client: Client, _ report: (Item, Result<Answer, Failure>) -> Void
    ) async throws -> (sent: Int, refused: Int) {
        try makeFolder()
        return try await locked {
            var counts = (sent: 0, refused: 0)
            for item in try items()
            where !item.isRefused && item.header["endpoint"]?.string == client.endpoint.description {
                do {
                    let answer = try await client.send(try request(of: item))
                    guard unlink(item.path) == 0 else { throw failed(.remove, item.path) }
                    try syncFolder()
                    counts.sent += 1
                    report(item, .success(answer))
                } catch let failure as Failure where failure.problem != nil && failure.isFinal {
                    try note(failure, on: item)
                    counts.refused += 1
                    report(item, .failure(failure))
                }
            }
            return counts
        }
    }

    /// Whether something waits for this endpoint; cheap where there is no outbox.
    func isWaiting(for endpoint: Endpoint) -> Bool {
        // A folder that is not there holds nothing.
        ((try? items()) ?? []).contains { !$0.isRefused && $0.header["endpoint"]?.string == endpoint.description }
    }

    private func request(of item: Item) throws(Failure) -> Request {
        guard let method = item.header["method"]?.string.flatMap(Request.Method.init(rawValue:)),
            let target = item.header["target"]?.string, let headers = item.header["headers"]?.members
        else { throw Failure(.failed, "\(item.path) is damaged", hint: "move it away and send again") }
        var request = Request(method, [])
        request.target = target
        request.headers = headers.map { ($0.name, $0.value.string ?? "") }
        guard let type = item.header["type"]?.string else { return request }
        let path = item.path
        let start = item.header.bytes.count + 1
        request.body = .stream(type: type, length: try FileReader(path: path, from: start).remainingBytes) {
            let reader = try FileReader(path: path, from: start)
            return { try await reader.next() }
        }
        return request
    }

    private func note(_ failure: Failure, on item: Item) throws {
        let reason = item.path + ".reason"
        let descriptor = open(reason, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed(.open, reason) }
        defer { close(descriptor) }
        try write(failure.json, to: descriptor, reason)
        guard fsync(descriptor) == 0 else { throw failed(.sync, reason) }
        try rename(item.path, to: item.path + ".refused")
    }

    // MARK: - Looking

    /// Oldest first.
    func items() throws(Failure) -> [Item] {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw failed(.open, folder)
        }
        defer { closedir(directory) }
        var items: [Item] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let isRefused = name.hasSuffix(".refused")
            guard let number = Int(isRefused ? name.dropLast(8) : name[...]) else { continue }
            let path = "\(folder)/\(name)"
            // A file that cannot be read is shown as what it is, not hidden.
            let header = (try? Self.header(of: path)) ?? .object(["summary": .string(Message("damaged file").text)])
            items.append(Item(number: number, header: header, path: path, isRefused: isRefused))
        }
        return items.sorted { $0.number < $1.number }
    }

    /// Why the daemon refused it.
    func reason(of item: Item) -> JSON? {
        // Absent or damaged: the item itself is still shown.
        try? JSON(parsing: FileReader.bytes(of: String(item.path.dropLast(8)) + ".reason", limit: 1 << 20))
    }

    func drop(_ item: Item) throws {
        guard unlink(item.path) == 0 else { throw failed(.remove, item.path) }
        if item.isRefused { unlink(String(item.path.dropLast(8)) + ".reason") }
        try syncFolder()
    }

    private static func header(of path: String) throws -> JSON {
        let reader = try FileReader(path: path)
        return try JSON(parsing: reader.firstLine(limit: 64 << 10))
    }

    // MARK: - Files

    private func name(_ number: Int) -> String {
        let digits = String(number)
        return "\(folder)/" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }

    private func makeFolder() throws(Failure) {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failed(.make, path) }
        }
    }

    /// One gemctl at a time numbers and sends.
    private func locked<T>(_ body: () async throws -> T) async throws -> T {
        let path = "\(folder)/.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed(.open, path) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(
                .conflict, "another gemctl is working on the outbox", hint: "wait until it has ended")
        }
        return try await body()
    }

    private func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed(.write, path) }
            rest = rest.dropFirst(count)
        }
    }

    private func rename(_ old: String, to new: String) throws(Failure) {
        guard Glibc.rename(old, new) == 0 else { throw failed(.rename, old) }
        try syncFolder()
    }

    private func syncFolder() throws(Failure) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed(.open, folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed(.sync, folder) }
    }

    private func failed(_ verb: FileVerb, _ path: String) -> Failure {
        Failure(.failed, verb.failed(path, systemError()), hint: "GEMD_OUTBOX names another place")
    }

    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

extension Failure {
    /// Whether asking again would get the same answer. Who may not ask today may be let in tomorrow.
    fileprivate var isFinal: Bool {
        ![.notAllowed, .unreachable].contains(outcome)
            && !["unavailable", "disk-full", "too-costly", "quota", "in-flight", "internal"].contains(code ?? "")
    }
}

extension Client {
    /// Sends a request, or keeps it in the outbox when there is no link; nil then, and the person is told.
    ///
    /// What already waits goes first: a photograph must not overtake its piece.
    func submit(_ request: Request, as summary: Message, _ printer: Printer) async throws -> Answer? {
        guard keepsOutbox else { return try await send(request) }
        let outbox = try Outbox(setting: Console.current.setting)
        do {
            if outbox.isWaiting(for: endpoint) {
                _ = try await outbox.send(over: self) { item, result in OutboxCommand.tell(item, result, printer) }
            }
            return try await send(request)
        } catch let failure as Failure where ["unreachable", "connection-lost", "timeout"].contains(failure.code) {
            let number = try await outbox.keep(request, to: endpoint, summary: summary.text)
            printer.note("no link: \(failure.title)")
            printer.note("kept in the outbox as \(number): \(summary); send it with `gemctl outbox send`")
            return nil
        }
    }
}

extension UUIDv7 {
    /// A fresh one, of this moment.
    static func made() -> UUIDv7 {
        var generator = SystemRandomNumberGenerator()
        return UUIDv7(
            milliseconds: Outbox.now.microseconds / 1000,
            random: (0..<10).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
