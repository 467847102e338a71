import GemCrypto
import GemInventory
import GemMarket
import GemModel
import Synchronization

/// From a lot to a market's feed file: streamed from one snapshot, deterministic, journalled.
struct Exporting: Sendable {
    let inventory: Inventory
    let publicURL: String

    /// What each piece of a lot still lacks for a market.
    func readiness(of lot: LotRecord, in market: any Market) async throws -> JSON {
        let account = try await inventory.account(market: market.name, of: lot.party) ?? .object([])
        let rates = try await inventory.rateBook()
        let found = Mutex<(pieces: [JSON], ready: Int)>(([], 0))
        try await inventory.forEachPiece(of: lot, market: market.name) { piece in
            guard piece.mayBeListed, let listing = listing(piece, account: account, rates: rates) else { return }
            let entry = market.entry(for: listing)
            found.withLock { found in
                if entry.bytes != nil { found.ready += 1 }
                found.pieces.append(
                    .object([
                        "piece": .string(piece.record.id), "stockNumber": .string(piece.record.stockNumber),
                        "dealer": .string(piece.dealer.code), "ready": .bool(entry.bytes != nil),
                        "findings": .array(entry.findings.map(\.json)),
                    ]))
            }
        }
        let (pieces, ready) = found.withLock { $0 }
        return .object([
            "market": .string(market.name), "pieces": .array(pieces), "ready": .integer(ready),
            "held": .integer(pieces.count - ready),
        ])
    }

    /// Writes the feed file and the journal. The file is durable before the journal names it.
    func export(_ lot: LotRecord, to market: any Market, readyOnly: Bool, by actor: Actor, key: IdempotencyKey?)
        async throws -> Answer
    {
        guard !publicURL.hasSuffix(".invalid") else {
            throw Problem(
                .publicURLNotSet, "the public address is not set, so no link in the feed could work",
                hint: "stop gemd and run `gemd init --public-url https://HOST --state DIR`")
        }
        guard let owner = try await inventory.party(lot.party) else { throw InventoryError.notFound }
        let account = try await inventory.account(market: market.name, of: lot.party) ?? .object([])
        let channel = Channel(
            title: "\(owner.name): \(lot.name)", link: publicURL, description: "Pieces offered by \(owner.name)")
        let rates = try await inventory.rateBook()
        let file = try LocalBlobs.Draft(in: inventory.blobs)
        let run = Mutex(Run(writer: FeedWriter(market)))
        try append(run.withLock { $0.writer.begin(channel) }, to: file)
        try await inventory.forEachPiece(of: lot, market: market.name) { piece in
            guard let listing = listing(piece, account: account, rates: rates) else {
                throw InventoryError.store("piece \(piece.record.id) is damaged")
            }
            try run.withLock { run in
                let line = { (operation: JournalLine.Operation, bytes: [UInt8]?) in
                    JournalLine(
                        party: piece.record.party, piece: piece.record.id, listing: listing.sku ?? piece.record.id,
                        operation: operation,
                        sha256: bytes.map { SHA256.hash($0) })
                }
                guard piece.mayBeListed else {
                    run.lines.append(line(.withdraw, nil))
                    run.withdrawn.append(Self.named(piece))
                    return
                }
                switch try run.writer.add(listing) {
                case .listed(let bytes, _):
                    run.lines.append(line(.list, bytes))
                    run.listed.append(Self.named(piece).merging(.object(["price": listing.quote?.price])))
                    for rate in listing.quote?.rates ?? [] where !run.rates.contains(rate) { run.rates.append(rate) }
                    try append(bytes, to: file)
                case .held(let findings):
                    run.lines.append(line(.hold, nil))
                    run.held.append(Self.named(piece).setting("findings", to: .array(findings.map(\.json))))
                case .withdrawn(let bytes):
                    run.lines.append(line(.withdraw, nil))
                    run.withdrawn.append(Self.named(piece))
                    try append(bytes, to: file)
                }
            }
        }
        var result = run.withLock { $0 }
        if !readyOnly, !result.held.isEmpty {
            throw Problem(
                .notReady, "\(result.held.count) of the lot's pieces are not ready for \(market.title)",
                hint: "see what they lack with `gemctl lot readiness`, or export the ready ones with readyOnly",
                findings: result.held)
        }
        try append(result.writer.end(), to: file)
        // What the market still shows of this lot but the lot no longer holds.
        let known = Set(result.lines.map { $0.party + "/" + $0.piece })
        for live in try await inventory.liveListings(of: lot, market: market.name)
        where !known.contains(live.party + "/" + live.piece) {
            result.lines.append(
                JournalLine(
                    party: live.party, piece: live.piece, listing: live.listing, operation: .withdraw, sha256: nil))
            result.withdrawn.append(.object(["piece": .string(live.piece), "listing": .string(live.listing)]))
        }
        let sha256 = try file.keep()
        let id = inventory.makeID()
        let json = JSON.object([
            "id": .string(id), "lot": .string(lot.id), "market": .string(market.name), "mode": "full",
            "pieces": .integer(result.listed.count), "listed": .array(result.listed), "held": .array(result.held),
            "withdrawn": .array(result.withdrawn), "rates": result.rates.keptJSON, "sha256": .string(sha256),
            "bytes": .integer(file.count),
            "fileName": .string(market.fileName), "createdAt": .string(inventory.time.description),
        ])
        let export = ExportRecord(
            id: id, party: lot.party, lot: lot.id, market: market.name, sha256: sha256, bytes: file.count, json: json)
        return try await inventory.journal(
            export, mode: "full", lines: result.lines, by: actor, key: key,
            answer: Answer(status: 201, location: "/v1/exports/\(id)", body: json.text))
    }

    private struct Run {
        var writer: FeedWriter
        var lines: [JournalLine] = []
        var listed: [JSON] = []
        var held: [JSON] = []
        var withdrawn: [JSON] = []
        /// What pieces were priced with: kept, so that no later figure alters the export.
        var rates: [DatedRate] = []
    }

    private func append(_ bytes: [UInt8], to file: LocalBlobs.Draft) throws {
        try bytes.withUnsafeBytes { try file.append($0) }
    }

    private static func named(_ piece: LotPiece) -> JSON {
        .object([
            "piece": .string(piece.record.id), "stockNumber": .string(piece.record.stockNumber),
            "dealer": .string(piece.dealer.code),
        ])
    }

    /// A piece as a market sees it; nil when its stored form is damaged.
    func listing(_ piece: LotPiece, account: JSON, rates: RateBook) -> Listing? {
        guard let facts = piece.record.piece else { return nil }
        var listing = Listing(
            dealer: piece.dealer.code, dealerName: piece.dealer.name, piece: piece.record.id,
            version: Int(piece.record.version),
            status: Self.status(piece.record.status), facts: facts,
            images: piece.images.compactMap { image, role in
                image.large.map { large in
                    Listing.Image(
                        url: "\(publicURL)/img/\(large.sha256).jpg", originalWidth: image.width,
                        originalHeight: image.height,
                        width: large.width, height: large.height, role: role, isSuspect: image.isSuspect)
                }
            },
            certificates: piece.certificates.map {
                Listing.Certificate(
                    number: $0.number, certificateClass: $0.certificateClass, url: "\(publicURL)/c/\($0.number)",
                    status: $0.status)
            },
            link: Self.page(of: piece, publicURL: publicURL), account: account, mounted: piece.mounted,
            openCase: piece.openCase.map { Int($0) })
        guard facts.isMetalLinked else { return listing }
        do {
            let quote = try facts.quote(
                in: account["currency"]?.string, upTo: inventory.lastDay.description, rates: rates.rate)
            listing.facts.price = Price(total: quote.total)
            listing.quote = quote
        } catch let lack as InvalidInput {
            listing.unquoted = lack
        } catch {
            return nil
        }
        return listing
    }

    static func page(of piece: LotPiece, publicURL: String) -> String {
        // A stock number may hold a slash, which would end its segment.
        "\(publicURL)/p/\(piece.dealer.code)/\(piece.record.stockNumber.replacing("/", with: "%2F"))"
    }

    private static func status(_ status: String) -> Listing.Status {
        switch status {
        case "in_stock", "in_lot": .available
        case "sold": .sold
        case "on_hold", "on_memo_out", "memo_in", "at_lab", "in_work", "in_transit": .reserved
        default: .withdrawn
        }
    }
}
