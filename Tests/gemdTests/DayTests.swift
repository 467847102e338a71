import Foundation
import GemModel
import Testing

/// What people of the trade do in a day, as they type it, and what they read.
@Suite("A day of the trade by gemctl")
struct DayTests {
    private let daemon: TestDaemon
    private let exporter: String

    init() throws {
        daemon = try TestDaemon()
        exporter = try daemon.member(of: daemon.council, roles: ["exporter"])
    }

    /// Types a line as into a shell; words in single quotes are one.
    @discardableResult
    private func type(
        _ line: String, as token: String, status: Int32 = 0, _ location: SourceLocation = #_sourceLocation
    ) throws -> String {
        var words: [String] = []
        for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        let result = try TestDaemon.run(
            TestDaemon.products.appendingPathComponent("gemctl").path, ["--socket", daemon.socket] + words,
            environment: ["GEMD_TOKEN": token])
        #expect(result.status == status, "\(line)\n\(result.output)\(result.error)", sourceLocation: location)
        return result.output + result.error
    }

    @Test("a Sarafa jeweller: a bangle in tola, a studded ring, a memo, a part back, a sale at the day's rate")
    func sarafa() throws {
        let shop = try daemon.dealer("Sarafa Jewellers", code: "SARAFA").token
        _ = try daemon.dealer("Kinari House", code: "KINARI")
        let today = String(ISO8601DateFormatter().string(from: Date()).prefix(10))

        try type("rates set \(today) --currency USD:281.40 --metal gold:432100:tola_11.664", as: exporter)
        let bare = try type(
            "piece add --stock B-22 --type bangle --metal gold:22k:1.5tola --price metal", as: shop, status: 1)
        #expect(bare.contains("a tola is two different weights") && bare.contains("tola_10g"))
        let bangle = try type(
            "piece add --stock B-22 --title '22K gold bangle' --type bangle --metal gold:22k:1.5tola_11.664"
                + " --gross 1.5tola_11.664 --price metal --making-charge 12000pkr", as: shop)
        #expect(bangle.contains("17.496"))
        // 17.496 g ÷ 11.6638038 g (a tola) × 432,100 × 916/999 + 12,000.
        let quote = try type("piece quote B-22 -o json", as: shop)
        #expect(quote.contains("\"606309.70\""), "\(quote)")
        try type(
            "piece add --stock S-1 --title 'Emerald ring' --type ring --metal gold:18k:6.2g --gross 6.46g"
                + " --mount centre:emerald:1.10ct:oval:prong --mount side:diamond:0.20ct:round --price 150000pkr",
            as: shop)
        try type("memo out B-22 S-1 --to KINARI --due 2099-12-24 --terms '14 days'", as: shop)
        #expect(try type("piece hold S-1 --until 2099-01-01", as: shop, status: 8).contains("on memo with"))
        try type("memo return S-1", as: shop)
        let out = try type("memo list", as: shop)
        #expect(out.contains("B-22") && !out.contains("S-1"))
        let sale = try type("piece sell B-22 --to KINARI -o json", as: shop)
        #expect(sale.contains("\"606309.70\"") && sale.contains("\"PKR\"") && sale.contains("432100"), "\(sale)")
        // A correction of the rate alters no sale.
        try type("rates set \(today) --metal gold:430000:tola_11.664", as: exporter)
        let sold = try daemon.request("GET", "/v1/movements?piece=stock:B-22&kind=sale", token: shop)
        #expect(sold.text.contains("432100") && !sold.text.contains("430000"), "\(sold.text)")
        #expect(try type("piece show B-22", as: shop).contains("sold"))
        #expect(try type("piece list ring", as: shop).contains("S-1"))
    }

    @Test("a Peshawar dealer: rough bought in ratti, a parcel divided, a hold from Dubai")
    func peshawar() throws {
        let dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK").token

        let bare = try type(
            "piece add --stock R-1 --kind rough --species topaz --weight 400ratti", as: dealer, status: 1)
        #expect(bare.contains("ratti_stone_pakki") && bare.contains("ratti_sunari_kachhi"))
        let rough = try type(
            "piece add --stock R-1 --title 'Katlang topaz rough' --kind rough --species topaz"
                + " --weight 400ratti_stone_pakki --pieces 3 --origin PK:Katlang --cost 90000pkr", as: dealer)
        #expect(rough.contains("364.5"))
        try type(
            "piece add --stock P-9 --kind parcel --species corundum --variety ruby --pieces 120 --weight 36.40ct"
                + " --grade 'A to B' --price 900usd/ct", as: dealer)
        try type("piece split P-9 --into 6.20ct:20:P-9/1 --keep", as: dealer)
        #expect(try type("piece show P-9", as: dealer).contains("30.2"))
        #expect(try type("piece lineage P-9/1", as: dealer).contains("P-9"))
        try type("piece hold P-9 --until 2099-01-01 --for 'Al Noor, Dubai'", as: dealer)
        let promised = try type("memo out P-9 --to 'Haji Aslam' --due 2099-12-24", as: dealer, status: 8)
        #expect(promised.contains("on hold for Al Noor, Dubai"))
        try type("piece release P-9", as: dealer)
        #expect(try type("piece list katlang", as: dealer).contains("R-1"))
    }
}
