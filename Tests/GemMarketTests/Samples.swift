@testable import GemModel

@testable import GemMarket

/// Listings that are ready for every market, to be spoiled one field at a time.
enum Sample {
    static func piece(_ json: String) -> Piece {
        do { return try Piece(document: JSON(parsing: json)) } catch { fatalError("\(error)") }
    }

    static let account: JSON = .object([
        .init("brand", "Kohinoor Gems"), .init("currency", "USD"), .init("gtinExempt", true), .init("country", "PK"),
    ])

    static func image(_ name: String, width: Int = 1200, height: Int = 900, original: Int = 4000, suspect: Bool = false)
        -> Listing.Image
    {
        Listing.Image(
            url: "https://gems.example/img/\(name).jpg", originalWidth: original, originalHeight: original * 3 / 4,
            width: width,
            height: height, role: "face_up", isSuspect: suspect)
    }

    static func listing(_ facts: Piece, certificates: [Listing.Certificate] = []) -> Listing {
        Listing(
            dealer: "KHN", dealerName: "Kohinoor Gems", piece: "01936d5a-1111-7000-8000-00000000000a", version: 3,
            status: .available,
            facts: facts, images: [image("a"), image("b")], certificates: certificates,
            link: "https://gems.example/p/KHN/\(facts.stockNumber?.text ?? "none")", account: account)
    }

    static func certificate(_ kind: CertificateClass, _ status: CertificateStatus = .valid) -> Listing.Certificate {
        let number = "GGAPCP-26\(kind.letter)-000417-7QXKD"
        return Listing.Certificate(
            number: number, certificateClass: kind, url: "https://gems.example/c/\(number)", status: status)
    }

    static let emerald = listing(
        piece(
            """
            {"kind":"stone","stockNumber":"R-17","title":"Swat emerald, oval","description":"A bright oval from the Swat valley.",
             "stone":{"nature":"natural","species":"beryl","variety":"emerald","weightCt":"1.58",
              "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"shape":"OV","cut":"mixed",
              "colour":{"text":"vivid green"},"clarity":"moderately_included","transparency":"transparent",
              "treatments":[{"code":"OIL","degree":"minor","basis":"declared"}],
              "origin":{"country":"PK","region":"Swat","confidence":"consistent_with","basis":"declared"}},
             "price":{"total":{"amount":"4200.00","currency":"USD"}},"cost":{"total":{"amount":"1900.00","currency":"USD"}},
             "location":"safe/2","notes":{"private":"bought in Mingora"},"packed":{"weightG":"120"}}
            """),
        certificates: [certificate(.declaration)])

    static let diamond = listing(
        piece(
            """
            {"kind":"stone","stockNumber":"D-204","title":"Round brilliant diamond, 0.71 ct, E VS1",
             "description":"A white round brilliant.",
             "stone":{"nature":"natural","species":"diamond","weightCt":"0.71","shape":"R","cut":"brilliant",
              "measurementsMm":{"length":"5.74","width":"5.71","depth":"3.53"},"treatments":[{"code":"NONE","basis":"measured"}],
              "diamond":{"colour":"E","clarity":"VS1","cut":"EX","polish":"EX","symmetry":"VG-EX","fluorescence":"NON",
               "tablePct":"57","depthPct":"61.6"}},
             "price":{"perCarat":{"amount":"3100.00","currency":"USD"}}}
            """),
        certificates: [certificate(.examination)])

    static let grownDiamond = listing(
        piece(
            """
            {"kind":"stone","stockNumber":"LG/9","title":"Laboratory-grown diamond, emerald cut, 1.50 ct",
             "description":"A step-cut laboratory-grown diamond.",
             "stone":{"nature":"laboratory_grown","growthMethod":"cvd","species":"diamond","weightCt":"1.50","shape":"EM","cut":"step",
              "treatments":[{"code":"HPHT"}],"origin":{"country":"IN"},"diamond":{"colour":"F","clarity":"VVS2"}},
             "price":{"total":{"amount":"690.00","currency":"USD"}}}
            """))

    static let ring = listing(
        piece(
            """
            {"kind":"jewellery","stockNumber":"RING.5","title":"18K gold ring with emerald and laboratory-grown diamonds",
             "description":"A cluster ring, made in Peshawar.","department":"women",
             "jewellery":{"type":"ring","size":{"system":"US","value":"7"},"grossWeightG":"8.420","handmade":true,"condition":"new",
              "metals":[{"metal":"gold","karat":18,"colour":"yellow","weightG":"7.900"}],"hallmarks":[{"text":"750"}],
              "stones":[{"role":"centre","count":1,"species":"beryl","variety":"emerald","nature":"natural","weightCt":"1.20",
                "shape":"OV","treatments":[{"code":"OIL","degree":"moderate"}],"basis":"estimated","setting":"prong"},
               {"role":"side","count":12,"species":"diamond","nature":"laboratory_grown","weightCt":"0.24",
                "treatments":[{"code":"NT"}],"setting":"pave"}]},
             "price":{"total":{"amount":"2350.00","currency":"USD"}}}
            """),
        certificates: [certificate(.check)])

    static let all = [emerald, diamond, grownDiamond, ring]

    static let channel = Channel(
        title: "Gems & jewels", link: "https://gems.example/", description: "Pieces of the council's dealers")

    /// The whole file, in the order the writer wants.
    static func file(_ listings: [Listing]) throws -> [UInt8] {
        var writer = FeedWriter(GoogleFeed())
        var bytes = writer.begin(channel)
        for listing in listings.sorted(by: { $0.sortKey < $1.sortKey }) { bytes += try writer.add(listing).bytes }
        return bytes + writer.end()
    }
}

extension Listing {
    func with(_ change: (inout Listing) throws -> Void) rethrows -> Listing {
        var copy = self
        try change(&copy)
        return copy
    }
}
