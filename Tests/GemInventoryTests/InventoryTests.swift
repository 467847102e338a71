import CJPEGSamples
import Foundation
import GemCrypto
import GemModel
import Synchronization
import Testing

@testable import GemInventory

/// Every query of the inventory, on every engine: what it promises its callers, and that the engines agree.
@Suite("The inventory on every engine")
struct InventoryTests {
    @Test("registers a piece once, and finds it by id and by stock number in any case", arguments: Engine.allCases)
    func register(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let key = IdempotencyKey(key: "k", request: [1])

        let first = try await inventory.register(OpenStore.draft("R-1"), in: dealer.party, by: dealer, key: key) {
            Answer(status: 201, body: $0.record.id)
        }
        let second = try await inventory.register(OpenStore.draft("R-1"), in: dealer.party, by: dealer, key: key) {
            Answer(status: 201, body: $0.record.id)
        }
        let byID = try await inventory.piece(.id(first.body), in: .party(dealer.party))
        let byStock = try await inventory.piece(#require(PieceName("stock:r-1")), in: .party(dealer.party))
        let foreign = try await inventory.piece(.id(first.body), in: .party("other"))

        #expect(first == second)
        #expect(byID?.stockNumber == "R-1" && byStock?.id == first.body)
        #expect(foreign == nil)
        await #expect(throws: InventoryError.duplicate(field: "stockNumber", value: "R-1")) {
            try await inventory.register(OpenStore.draft("R-1"), in: dealer.party, by: dealer, key: nil) { _ in
                Answer(status: 201, body: "")
            }
        }
        await #expect(throws: InventoryError.keyReused) {
            try await inventory.register(
                OpenStore.draft("R-2"), in: dealer.party, by: dealer, key: IdempotencyKey(key: "k", request: [2])
            ) { _ in Answer(status: 201, body: "") }
        }
    }

    @Test("registers many in one commit, each for itself, and a dry run keeps nothing", arguments: Engine.allCases)
    func bulk(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let drafts =
            try (0..<30).map { try OpenStore.draft("B-\($0 % 20)", title: "Stone \($0)") } + [try OpenStore.draft(nil)]

        let dry = try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: true)
        let kept = try await inventory.search(PieceSearch(), in: .all).pieces.count
        let wet = try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: false)

        #expect(dry.count { (try? $0.get()) != nil } == 21 && kept == 0)
        #expect(wet.count { (try? $0.get()) != nil } == 21)
    }

    @Test(
        "of many who register the same number at once one has it, and the others lose nothing",
        arguments: Engine.allCases)
    func sameNumberAtOnce(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()

        for round in 0..<3 {
            let outcomes = await withTaskGroup(of: Result<Answer, any Error>.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // Every fourth is somebody else's idea of the same number.
                        let stock = number % 4 == 0 ? "S-\(round)" : "S-\(round)-\(number)"
                        do {
                            return .success(
                                try await inventory.register(
                                    OpenStore.draft(stock, title: "Stone \(number)"), in: dealer.party, by: dealer,
                                    key: nil
                                ) { Answer(status: 201, body: $0.record.stockNumber) })
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }

            let made = outcomes.compactMap { try? $0.get().body }
            #expect(made.count == 31 && Set(made).count == 31)
            for case .failure(let error) in outcomes {
                #expect(
                    error as? InventoryError == .duplicate(field: "stockNumber", value: "S-\(round)"), "\(error)")
            }
        }
        #expect(try await inventory.eventFindings().isEmpty)
    }

    @Test("a piece that changes while its statement is made is certified as it is then", arguments: Engine.allCases)
    func changedMeanwhile(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let id = try await inventory.registered("C-1", by: dealer)
        let prepared = Mutex<[Int64]>([])

        let outcome = try await inventory.reserve(
            .declaration, for: .id(id), in: dealer.party, by: dealer, key: nil, series: "certificate/26D"
        ) { subject in
            let isFirst = prepared.withLock { versions in
                versions.append(subject.record.version)
                return versions.count == 1
            }
            if isFirst {
                // The dealer's other hand, while the first makes the statement; on the writer's thread.
                let done = DispatchSemaphore(value: 0)
                store.database.enqueue(
                    WriteCombiner.Job(
                        run: { tx in
                            guard let record = try inventory.record(.id(id), in: .party(dealer.party), tx: tx) else {
                                return
                            }
                            _ = try inventory.change(record, by: .object(["title": "Another"]), actor: dealer, tx: tx)
                        }, settle: { _ in done.signal() }))
                done.wait()
            }
            let title = subject.record.document
            return { subject in
                Reservation(number: "N-\(subject.serial)", serial: "S-\(subject.serial)", statement: Array(title.utf8))
            }
        }

        guard case .reserved(let certificate) = outcome else { throw InventoryError.notFound }
        #expect(prepared.withLock { $0 } == [1, 2])
        #expect(String(decoding: certificate.statement, as: UTF8.self).contains("Another"))
        #expect(certificate.serial == "S-1", "what was said in vain took no number")
    }

    @Test("many at once end as they would one by one, in that order", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let drafts = [
            try OpenStore.draft("P-000001"), try OpenStore.draft(nil), try OpenStore.draft("X-1"),
            try OpenStore.draft("X-1"), try OpenStore.draft("x-1", title: "Another"), try OpenStore.draft("X-2"),
            try OpenStore.draft("P-000001", title: "Another"), try OpenStore.draft(nil),
        ]
        func outcomes(_ results: [Result<Registration, InventoryError>]) -> [String] {
            results.map { result in
                switch result {
                case .success(.created(let record)): "created \(record.stockNumber)"
                case .success(.unchanged(let record)): "unchanged \(record.stockNumber)"
                case .failure(let error): "\(error)"
                }
            }
        }

        let first = try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: false)
        let again = try await inventory.register(
            drafts.filter { $0.piece.stockNumber != nil }, in: dealer.party, by: dealer, dryRun: false)

        let refusals = ["x-1", "P-000001"].map { "\(InventoryError.duplicate(field: "stockNumber", value: $0))" }
        #expect(
            outcomes(first) == [
                "created P-000001", "created P-000002", "created X-1", "unchanged X-1", refusals[0], "created X-2",
                refusals[1], "created P-000003",
            ])
        #expect(
            outcomes(again) == [
                "unchanged P-000001", "unchanged X-1", "unchanged X-1", refusals[0], "unchanged X-2", refusals[1],
            ])
        #expect(try await inventory.eventFindings().isEmpty)
        #expect(try await inventory.search(PieceSearch(), in: .party(dealer.party)).pieces.count == 5)
    }

    @Test(
        "pages through every sort without losing or repeating a piece", arguments: Engine.allCases,
        PieceSearch.Sort.allCases)
    func search(engine: Engine, sort: PieceSearch.Sort) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let drafts = try ["b-2", "B-10", "a-1", "Z-1", "a_1", "a/1", "9-9", "C-1", "c.1"].enumerated().map {
            try OpenStore.draft($1, weight: "\($0 % 3 + 1).50", price: $0 % 4 == 0 ? nil : "\($0 % 2 + 1)00.00")
        }
        _ = try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: false)

        for isDescending in [false, true] {
            var search = PieceSearch()
            search.sort = sort
            search.isDescending = isDescending
            let all = try await inventory.search(search, in: .party(dealer.party)).pieces.map(\.stockNumber)
            search.limit = 2
            var paged: [String] = []
            repeat {
                let page = try await inventory.search(search, in: .party(dealer.party))
                paged += page.pieces.map(\.stockNumber)
                search.after = page.next
            } while search.after != nil

            #expect(paged == all)
            #expect(all.count == (sort == .price ? 6 : 9))
        }
    }

    @Test("sorts stock numbers by code point, whatever the server's language", arguments: Engine.allCases)
    func collation(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let drafts = try ["b00", "B-1", "a_1", "a-1", "Z00", "a.1", "000", "a11", "aa1"].map { try OpenStore.draft($0) }
        _ = try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: false)
        var search = PieceSearch()
        search.sort = .stockNumber

        let sorted = try await inventory.search(search, in: .party(dealer.party)).pieces.map(\.stockNumber)

        let folded = try sorted.map { try StockNumber($0).folded }
        #expect(folded == folded.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test("counts, filters and groups alike", arguments: Engine.allCases)
    func facets(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, _) = try await store.fill()
        var search = PieceSearch()
        search.total = .exact
        search.facets = PieceSearch.Term.allCases
        search.terms = [.kind: "stone", .species: "beryl"]
        search.weight = 0...1_000_000
        search.price = 0...10_000_000
        var certified = search
        certified.certified = true
        certified.total = .estimate
        var uncertified = search
        uncertified.certified = false

        let all = try await inventory.search(search, in: .all)
        let with = try await inventory.search(certified, in: .all)
        let without = try await inventory.search(uncertified, in: .all)

        #expect(all.total?.value == 3 && all.total?.isExact == true)
        #expect(with.total?.value == 1 && with.total?.isExact == true)
        #expect(without.total?.value == 2)
        #expect(all.facets.first { $0.term == .variety }?.counts.map(\.count) == [3])
    }

    @Test("changes, and refuses a change of an older version", arguments: Engine.allCases)
    func change(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let id = try await inventory.registered("R-1", by: dealer)
        let patch = JSON.object(["title": "Another title", "stockNumber": .null])

        let changed = try await inventory.change(
            .id(id), in: .party(dealer.party), by: dealer, ifVersion: 1, patch: patch, key: nil
        ) { Answer(status: 200, body: "\($0.version) \($0.stockNumber)") }

        #expect(changed.body == "2 R-1")
        await #expect(throws: InventoryError.stale(current: 2)) {
            try await inventory.change(
                .id(id), in: .party(dealer.party), by: dealer, ifVersion: 1, patch: patch, key: nil
            ) { _ in Answer(status: 200, body: "") }
        }
        try await inventory.remove(.id(id), in: .party(dealer.party), by: dealer, ifVersion: 2)
        #expect(try await inventory.piece(.id(id), in: .all) == nil)
        #expect(try await inventory.events(of: id, in: .all, after: 0, limit: 9).count == 3)
    }

    @Test("a store that went through every flow is found sound, and damage is found", arguments: Engine.allCases)
    func findings(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, _) = try await store.fill()

        let integrity = try await store.database.integrityFindings()
        let sound = try await inventory.eventFindings() + inventory.pieceFindings() + inventory.certificateFindings()
        try await store.database.write { tx in
            try tx.run("UPDATE piece SET doc = '{}' WHERE stock_key = (SELECT min(stock_key) FROM piece)")
            try tx.run("DELETE FROM event WHERE seq = 2")
        }
        let damaged = try await inventory.eventFindings() + inventory.pieceFindings()

        #expect(integrity == [] && sound == [])
        #expect(damaged.contains { $0.contains("not the one its last event recorded") })
        #expect(damaged.contains { $0.contains("number 2 is missing") })
    }

    @Test("one number a certificate, however many ask at once", arguments: Engine.allCases)
    func series(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let pieces = try await (0..<12).asyncMap { try await inventory.registered("R-\($0)", by: dealer) }

        let serials = try await withThrowingTaskGroup(of: String.self) { group in
            for piece in pieces {
                group.addTask { try await inventory.reserved(piece, by: dealer, key: nil).serial }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(Set(serials) == Set((1...12).map { "GGAPCP-26D-\($0)" }))
        #expect(try await inventory.certificateSeries() == ["certificate/26D": 12])
        #expect(try await inventory.unfinishedCertificates().count == 12)
    }

    @Test("a log that was extended by somebody else is not extended twice", arguments: Engine.allCases)
    func compareAndSwap(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        try await inventory.beginLog(origin: "o", root: [0], checkpoint: [0])
        let old = try await inventory.logState()
        try await inventory.logged([], from: old, by: dealer)

        await #expect(throws: (any Error).self) {
            try await inventory.logged([], from: old, by: dealer)
        }
        #expect(try await inventory.logEntries(of: 1, from: 0, count: 9).count == 1)
    }

    @Test("a text with U+0000 is neither kept nor found", arguments: Engine.allCases)
    func zeroCharacter(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, _) = try await store.dealer()

        await #expect(throws: InventoryError.zeroCharacter) { try await inventory.set("name", to: "a\0b") }
        await #expect(throws: InventoryError.zeroCharacter) { try await inventory.party("a\0b") }
    }

    @Test("members, tokens, consents and their ends", arguments: Engine.allCases)
    func rights(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.dealer()
        let member = try await inventory.addMember(
            to: dealer.party, name: "M", uid: 4_000_000_000, roles: [.admin], isForwarder: false, by: dealer)
        let token = try await inventory.makeToken(for: member, expires: inventory.time, by: dealer)

        #expect(try await inventory.member(uid: 4_000_000_000)?.id == member.id)
        #expect(try await inventory.member(token: token.secret)?.member == member)
        await #expect(throws: InventoryError.duplicate(field: "uid", value: "4000000000")) {
            try await inventory.addMember(
                to: dealer.party, name: "N", uid: 4_000_000_000, roles: [], isForwarder: false, by: dealer)
        }
        #expect(try await inventory.tokens(of: member).count == 1)
        try await inventory.revokeToken(token.id, in: .party(dealer.party), by: dealer)
        #expect(try await inventory.member(token: token.secret) == nil)
        #expect(try await inventory.members(of: dealer.party).map(\.id) == [member.id])
        let party = try #require(try await inventory.parties(after: "", limit: 1).first)
        let renamed = try await inventory.changeParty(
            party.id, ifVersion: 1, patch: .object(["name": "Renamed", "nameUr": "نام"]), personal: nil, by: dealer)
        #expect(renamed.version == 2)
        try await inventory.noteReading(of: "x", by: dealer)
        try await inventory.forgetOldKeys()
        try await inventory.ping()
    }

    @Test("lots, consents, listings and the public page", arguments: Engine.allCases)
    func market(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.fill()
        let council = try #require(try await inventory.party("COUNCIL"))
        let lot = try #require(try await inventory.lots(in: council.id, after: "", limit: 9).first)
        let pieces = Mutex<[LotPiece]>([])

        try await inventory.forEachPiece(of: lot, market: "google") { piece in pieces.withLock { $0.append(piece) } }

        let found = pieces.withLock { $0 }
        #expect(found.map(\.record.stockNumber) == ["A-1"] && found.allSatisfy(\.mayBeListed))
        #expect(found.first?.images.count == 1 && found.first?.certificates.count == 1)
        #expect(try await inventory.liveListings(of: lot, market: "google").count == 1)
        #expect(try await inventory.publicPiece(dealer: "DEALER", stock: "a-1") != nil)
        #expect(try await inventory.account(market: "google", of: council.id) != nil)
        let export = try #require(try await store.database.read { try $0.row("SELECT id FROM export")?.text(0) })
        #expect(try await inventory.export(export, in: council.id)?.bytes == 3)
        let image = try #require(found.first?.images.first?.image)
        #expect(try await inventory.isPublic(derivative: image.derivatives[0].sha256))
        #expect(try await inventory.blob(ofImage: image.sha256, edge: 160, in: .party(dealer.party)) != nil)
        #expect(try await inventory.blobNames(after: "", limit: 9).count == 3)
        let piece = PieceName.id(found[0].record.id)
        #expect(try await inventory.consents(of: piece, in: .all).count == 1)
        #expect(try await inventory.piece(piece, consentedTo: council.id) != nil)

        let admin = Actor(party: council.id, member: "gemd")
        let emptied = try await inventory.take(piece, outOf: lot.id, in: council.id, by: admin)
        try await inventory.revokeConsent(to: piece, in: dealer.party, for: nil, by: dealer)
        let renamed = try await inventory.changeLot(
            lot.id, in: council.id, by: admin, ifVersion: emptied.version, name: "New", patch: .object([]))

        #expect(emptied.pieces.isEmpty && renamed.name == "New")
        #expect(try await inventory.piece(piece, consentedTo: council.id) == nil)
        await #expect(throws: InventoryError.notFound) {
            try await inventory.put(piece, into: lot.id, in: council.id, by: admin)
        }
    }
}

extension Registration {
    var record: PieceRecord {
        switch self {
        case .created(let record), .unchanged(let record): record
        }
    }
}

extension Sequence {
    func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

extension Inventory {
    fileprivate func registered(_ stockNumber: String, by dealer: Actor) async throws -> String {
        try await register(OpenStore.draft(stockNumber), in: dealer.party, by: dealer, key: nil) {
            Answer(status: 201, body: $0.record.id)
        }.body
    }

    fileprivate func reserved(
        _ piece: String, by dealer: Actor, key: IdempotencyKey?
    ) async throws -> CertificateRecord {
        let outcome = try await reserve(
            .declaration, for: .id(piece), in: dealer.party, by: dealer, key: key, series: "certificate/26D"
        ) { _ in
            { subject in
                let serial = "GGAPCP-26D-\(subject.serial)"
                return Reservation(number: serial + "-X", serial: serial, statement: Array(serial.utf8))
            }
        }
        guard case .reserved(let certificate) = outcome else { throw InventoryError.notFound }
        return certificate
    }

    /// Appends certificates, or an entry of its own, to a log that only counts.
    @discardableResult
    fileprivate func logged(
        _ certificates: [CertificateRecord], from state: LogState, by dealer: Actor
    ) async throws -> [CertificateRecord] {
        let appends = certificates.map { certificate in
            var signed = certificate
            signed.signature = [1, 2, 3]
            return LogAppend(
                serial: signed.serial, data: signed.statement, leafHash: SHA256.hash(signed.statement),
                certificate: signed)
        }
        let entry = LogAppend(serial: "note", data: random(8), leafHash: random(32))
        return try await append(
            appends + [entry], from: state,
            entry: {
                LogAppend(serial: $0.serial, data: $0.event, leafHash: SHA256.hash($0.event))
            },
            grow: { state, leaves in
                LogGrowth(
                    size: state.size + leaves.count, root: leaves[leaves.count - 1], checkpoint: [9],
                    tiles: [LogGrowth.Tile(level: 0, index: 0, hashes: leaves.flatMap(\.self))])
            }, answer: { certificate, _ in Answer(status: 201, body: certificate.number) }
        ).issued
    }
}

extension OpenStore {
    static func draft(
        _ stockNumber: String?, title: String = "Natural emerald", weight: String = "1.58", price: String? = "4200.00"
    ) throws -> Draft {
        let document = try JSON(
            parsing: """
                {"kind":"stone","title":"\(title)","stone":{"nature":"natural","species":"beryl","variety":"emerald",
                 "weightCt":"\(weight)","shape":"OV"}}
                """)
        return try Draft(
            document: document.merging(
                .object([
                    "stockNumber": stockNumber.map(JSON.string),
                    "price": price.map {
                        .object(["total": .object(["amount": .string($0), "currency": "USD"])])
                    },
                ])))
    }

    /// An inventory over this store, with the files of its own and a clock that only goes on.
    func inventory() throws -> Inventory {
        let clock = Atomic<Int64>(1_790_000_000_000_000)
        return Inventory(
            database: database, blobs: try LocalBlobs(directory: directory + "/blobs"),
            now: { Timestamp(microseconds: clock.add(1000, ordering: .relaxed).newValue) },
            random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
    }

    fileprivate func dealer() async throws -> (inventory: Inventory, dealer: Actor) {
        let inventory = try inventory()
        let party = try await inventory.add(kind: .dealer, name: "Dealer", nameUr: "جوہری", code: "DEALER", by: nil)
        return (inventory, Actor(party: party.id, member: "gemd"))
    }

    /// Something in every table, through every flow.
    @discardableResult
    func fill() async throws -> (inventory: Inventory, dealer: Actor) {
        let (inventory, dealer) = try await dealer()
        let council = try await inventory.add(kind: .council, name: "Council", nameUr: nil, code: "COUNCIL", by: dealer)
        let admin = Actor(party: council.id, member: "gemd")
        try await inventory.set("country", to: "PK")
        let member = try await inventory.addMember(
            to: dealer.party, name: "M", uid: nil, roles: [.admin], isForwarder: true, by: nil)
        _ = try await inventory.makeToken(for: member, expires: inventory.time, by: dealer)
        let piece = try await inventory.registered("A-1", by: dealer)
        _ = try await inventory.registered("A-2", by: dealer)
        _ = try await inventory.register(OpenStore.draft(nil, price: "7.00"), in: dealer.party, by: dealer, key: nil) {
            Answer(status: 201, body: $0.record.id)
        }
        let image = ImageRecord(
            sha256: String(repeating: "a", count: 64), width: 2, height: 1, bytes: 9, isSuspect: false,
            derivatives: [.init(edge: 160, sha256: String(repeating: "b", count: 64), width: 2, height: 1, bytes: 5)],
            likeness: Likeness(bits: 0xA5A5_1234_FFFF_0001))
        for _ in 0..<2 {
            _ = try await inventory.attach(
                image, role: "face_up", to: .id(piece), in: .party(dealer.party), by: dealer, key: nil)
        }
        try await inventory.beginLog(origin: "o", root: [0], checkpoint: [0])
        let certificate = try await inventory.reserved(piece, by: dealer, key: IdempotencyKey(key: "c", request: [7]))
        try await inventory.logged([certificate], from: inventory.logState(), by: dealer)
        _ = try await inventory.changeStatus(
            of: certificate.number, .suspend, because: .fraudSuspected, text: nil, successor: nil, office: "COUNCIL",
            by: admin, key: nil)
        let examiner = try await inventory.addMember(
            to: council.id, name: "E", uid: nil, roles: [.examiner], isForwarder: false, by: nil)
        let draft = try await inventory.requestDraft(
            .examination, of: .id(piece), at: council.id, document: .object([]), reissue: nil, in: dealer.party,
            by: dealer, key: nil
        ) { Answer(status: 201, body: $0.id) }
        _ = try await inventory.examine(
            draft.body, as: examiner, findings: .object(["findings": .object([])]), key: nil, fix: { _, _ in nil }
        ) { Answer(status: 201, body: $0.id) }
        _ = try await inventory.countPrint(
            of: certificate.number, form: "a4", language: "ur", by: admin, key: nil
        ) { copy, _ in Answer(status: 201, body: String(copy)) }
        _ = try await inventory.keep(
            PaperRecord(
                number: certificate.number, form: "a4", language: "ur", sha256: String(repeating: "c", count: 64),
                bytes: 5))
        _ = try await inventory.consent(
            to: .id(piece), in: dealer.party, for: council.id, markets: ["google"], until: nil, by: dealer)
        let lot = try await inventory.addLot(
            name: "Lot", document: .object([]), in: council.id, by: admin, key: IdempotencyKey(key: "l", request: [])
        ) { Answer(status: 201, body: $0.id) }
        _ = try await inventory.put(.id(piece), into: lot.body, in: council.id, by: admin)
        _ = try await inventory.begin(
            Movement(kind: .hold, to: .init(name: "Dubai"), until: .init(microseconds: .max)), of: [.id(piece)],
            details: .object([]), in: dealer.party, by: dealer, key: nil
        ) { Answer(status: 201, body: $0[0].id) }
        let parcel = try Draft(
            document: JSON(parsing: #"{"kind":"parcel","stockNumber":"B-4","parcel":{"totalWeightCt":"10.00"}}"#))
        _ = try await inventory.register(parcel, in: dealer.party, by: dealer, key: nil) { _ in
            Answer(status: 201, body: "")
        }
        _ = try await inventory.split(
            .stock("b-4"), into: [Part(weight: Carat("6.20"))], remainder: .left, Weighing(loss: nil, reason: nil),
            in: dealer.party, by: dealer, key: nil
        ) { _, _ in Answer(status: 201, body: "") }
        _ = try await inventory.setRates(
            DayRates([.currency("USD"): .currency(Rate("281.40"))]), on: Day("2026-09-21"), by: admin, ifVersion: nil)
        let report = JSON.object(["scheme": "GIA", "id": "2141438171"])
        for actor in [dealer, admin] {
            let stone = try Draft(
                document: .object(["kind": "stone", "stone": .object([]), "externalIds": .array([report])]))
            _ = try await inventory.register(stone, in: actor.party, by: actor, key: nil) {
                Answer(status: 201, body: $0.record.id)
            }
        }
        try await inventory.setAccount(.object(["id": "1"]), market: "google", of: council.id, by: admin)
        let export = ExportRecord(
            id: inventory.makeID(), party: council.id, lot: lot.body, market: "google",
            sha256: String(repeating: "c", count: 64), bytes: 3, json: .object([]))
        _ = try await inventory.journal(
            export, mode: "full",
            lines: [JournalLine(party: dealer.party, piece: piece, listing: "L", operation: .list, sha256: nil)],
            by: admin, key: nil, answer: Answer(status: 201, body: ""))
        let brought = try await inventory.beginImport(
            .pieces, sha256: String(repeating: "d", count: 64), options: "{}", rows: 1, document: .object([]),
            in: dealer.party, by: dealer)
        _ = try await inventory.importPieces(
            [
                ImportRow(number: 2, cells: [], reference: "ref", thing: OpenStore.draft("A-2")),
                ImportRow(number: 3, cells: [], thing: nil, refusal: "{}"),
            ], into: brought.id, in: dealer.party, by: dealer, refusal: { _, _ in "{}" })
        try await inventory.keep(mapping: .object([]), of: "h", for: .pieces, in: dealer.party)
        return (inventory, dealer)
    }
}
