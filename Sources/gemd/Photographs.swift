import Foundation
import GemInventory
import GemModel
import GemTable
import HTTPTypes
import NIOCore
import NIOPosix

/// The photographs of a ZIP, each named by its piece: `R-17.jpg`, `R-17_2.jpg`, `R-17-face_up.jpg`.
///
/// They go the way of single uploads, image workers and all; what matches no piece is refused by its name.
struct Photographs: Sendable {
    let archive: ZipArchive
    let entries: [ZipArchive.Entry]

    private enum Read: Sendable {
        case passed
        case refused(Problem)
        case image(ImageRecord?, role: String, piece: String?)
    }

    /// `after` is the number of the table's last row; each photograph is a row behind it.
    func attach(
        _ importing: Importing, after last: Int, announced: Set<String>, _ counts: inout ImportRecord.Counts
    ) async throws {
        let atOnce = max(1, importing.daemon.config.images.workers)
        for start in stride(from: 0, to: entries.count, by: atOnce) {
            try Task.checkCancellation()
            let some = Array(entries[start..<min(start + atOnce, entries.count)])
            let reads = try await withThrowingTaskGroup(of: (Int, Read).self) { group in
                for (offset, entry) in some.enumerated() {
                    let row = last + 1 + start + offset
                    group.addTask { (offset, try await read(entry, row: row, importing, announced)) }
                }
                var reads = [Read](repeating: .passed, count: some.count)
                for try await (offset, read) in group { reads[offset] = read }
                return reads
            }
            for (offset, read) in reads.enumerated() {
                let row = last + 1 + start + offset
                try await settle(read, named: some[offset].name, row: row, importing, &counts)
            }
        }
    }

    private func read(
        _ entry: ZipArchive.Entry, row: Int, _ importing: Importing, _ announced: Set<String>
    ) async throws -> Read {
        if let record = importing.record, row <= record.done { return .passed }
        let inventory = importing.daemon.inventory
        do {
            if let problem = entry.problem { throw Problem(problem) }
            let candidates = try Self.candidates(entry.name)
            let keys = candidates.map { $0.stock.folded }
            let ids = try await inventory.ids(ofStock: keys, in: importing.party)
            guard
                let found = candidates.first(where: {
                    ids[$0.stock.folded] != nil || announced.contains($0.stock.folded)
                })
            else {
                throw Problem(
                    .notFound, "no piece has the stock number \(candidates.last?.stock.text ?? entry.name)",
                    hint: "name the photograph by its piece, such as R-17.jpg or R-17_2.jpg", field: "photograph")
            }
            let limit = Photograph.Limits.standard.bytes
            guard importing.record != nil else {
                var head: [UInt8] = []
                try archive.read(entry, limit: limit) { if head.isEmpty { head = Array($0.prefix(3)) } }
                guard head == [0xFF, 0xD8, 0xFF] else { throw Problem(PhotographError.notJPEG(detected: nil)) }
                return .image(nil, role: found.role, piece: nil)
            }
            let draft = try LocalBlobs.Draft(in: inventory.blobs)
            try archive.read(entry, limit: limit) { try draft.append($0) }
            let image = try await importing.daemon.imageWorkers.runIfActive { try inventory.keep(draft) }
            return .image(image, role: found.role, piece: ids[found.stock.folded])
        } catch let problem as Problem {
            return .refused(problem)
        } catch let error as TableError {
            return .refused(Problem(error))
        } catch let error as PhotographError {
            return .refused(Problem(error))
        }
    }

    private func settle(
        _ read: Read, named name: String, row: Int, _ importing: Importing, _ counts: inout ImportRecord.Counts
    ) async throws {
        func answer(_ status: Int, _ more: KeyValuePairs<String, JSON?>) throws {
            let head = JSON.object(["row": .integer(row), "photograph": .string(name), "status": .integer(status)])
            try importing.answer(.object((head.members ?? []) + (JSON.object(more).members ?? [])))
        }
        let inventory = importing.daemon.inventory
        switch read {
        case .passed:
            counts.unchanged += 1
            try answer(200, [:])
        case .refused(let problem):
            counts.refused += 1
            if let record = importing.record {
                try await inventory.settlePhotograph(
                    row: row, of: record.id, in: importing.party, piece: nil, isNew: false,
                    refusal: importing.refusal(problem, cells: [name], sealing: []))
            }
            try answer(problem.code.status.code, ["problem": importing.json(of: problem)])
        case .image(let image, let role, let piece):
            guard let record = importing.record, let image, let piece else {
                counts.created += 1
                return try answer(201, ["role": .string(role)])
            }
            let before = try await inventory.piece(.id(piece), in: .party(importing.party))?.images.count
            _ = try await inventory.attach(
                image, role: role, to: .id(piece), in: .party(importing.party), by: importing.call.caller.actor,
                key: nil)
            let after = try await inventory.piece(.id(piece), in: .party(importing.party))?.images.count
            let isNew = before != after
            try await inventory.settlePhotograph(
                row: row, of: record.id, in: importing.party, piece: piece, isNew: isNew, refusal: nil)
            if isNew { counts.created += 1 } else { counts.unchanged += 1 }
            try answer(
                isNew ? 201 : 200,
                ["id": .string(piece), "sha256": .string(image.sha256), "role": .string(role)])
        }
    }

    /// The pieces a name may mean, the whole name first: `R-17_2` may itself be a stock number.
    static func candidates(_ name: String) throws -> [(stock: StockNumber, role: String)] {
        guard !name.contains("/"), !name.contains("\\"), !name.hasPrefix(".") else {
            throw Problem(
                .invalidValue, "the name has a path",
                hint: "put the photographs themselves into the ZIP, not their folder",
                field: "photograph")
        }
        guard let dot = name.lastIndex(of: ".") else {
            throw Problem(.image, "the name has no ending", hint: "name it like R-17.jpg", field: "photograph")
        }
        switch name[dot...].lowercased() {
        case ".jpg", ".jpeg": break
        case ".zip":
            throw Problem(
                .image, "this is a ZIP within the ZIP", hint: "put its photographs into this one", field: "photograph")
        default:
            throw Problem(
                .image, "this is neither a photograph nor a list", hint: "send JPEG photographs and one CSV or .xlsx",
                field: "photograph")
        }
        let stem = name[..<dot]
        var found: [(StockNumber, String)] = []
        func add(_ text: Substring, _ role: String) {
            // What cannot be a stock number names no piece.
            if let stock = try? StockNumber(String(text)) { found.append((stock, role)) }
        }
        add(stem, "face_up")
        for role in PhotographRole.allCases.map(\.rawValue).sorted(by: { $0.utf8.count > $1.utf8.count }) {
            for mark in ["-", "_"] where stem.lowercased().hasSuffix(mark + role) {
                add(stem.dropLast(mark.count + role.count), role)
            }
        }
        if let mark = stem.lastIndex(where: { $0 == "_" || $0 == "-" }) {
            let number = stem[stem.index(after: mark)...]
            if (1...3).contains(number.utf8.count), number.allSatisfy(\.isNumber) { add(stem[..<mark], "face_up") }
        }
        guard !found.isEmpty else {
            throw Problem(
                .notFound, "\"\(stem.prefix(40))\" cannot be a stock number", hint: "name it like R-17.jpg",
                field: "photograph")
        }
        return found.map { (stock: $0.0, role: $0.1) }
    }
}
