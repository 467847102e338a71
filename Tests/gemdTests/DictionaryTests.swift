import Foundation
import GemModel
import Testing

/// The data dictionary, line by line: a document that registers what a line asks for, words that find it, and what
/// `gemctl piece show` says of it. What gemd itself sets (id, version, status, availability, owner) is not a client's.
@Suite("The data dictionary, line by line")
struct DictionaryTests {
    struct Line: Sendable {
        /// The section and its line.
        var name: String
        var document: String
        /// Words that find it; nil where only ranges or filters would.
        var words: String?
        /// What the card shows.
        var shown: [String]

        init(_ name: String, _ document: String, find words: String?, shows shown: String...) {
            self.name = name
            self.document = document
            self.words = words
            self.shown = shown
        }
    }

    private static func stone(_ name: String, _ facts: String, find words: String?, shows shown: String...) -> Line {
        var line = Line(name, #"{"kind":"stone","stone":{\#(facts)}}"#, find: words)
        line.shown = shown
        return line
    }

    private static func diamond(_ name: String, _ facts: String, find words: String?, shows shown: String...) -> Line {
        var line = Line(
            name, #"{"kind":"stone","stone":{"species":"diamond","diamond":{\#(facts)}}}"#, find: words)
        line.shown = shown
        return line
    }

    private static func jewel(_ name: String, _ facts: String, find words: String?, shows shown: String...) -> Line {
        var line = Line(name, #"{"kind":"jewellery","jewellery":{"type":"ring",\#(facts)}}"#, find: words)
        line.shown = shown
        return line
    }

    static let lines: [Line] = common + stones + diamonds + pearls + rough + jewellery + lots

    /// §1.0, §1.1
    private static let common: [Line] = [
        .init(
            "1.1 kind rough", #"{"kind":"rough","rough":{"species":"topaz"}}"#, find: "topaz", shows: "rough", "topaz"),
        .init("1.1 kind pearl", #"{"kind":"pearl","pearl":{"variety":"Akoya"}}"#, find: "akoya", shows: "Akoya"),
        .init(
            "1.1 kind pair", #"{"kind":"pair","pair":{"species":"beryl","separable":true}}"#, find: "beryl",
            shows: "separable"),
        .init("1.1 kind set", #"{"kind":"set","set":{"species":"beryl","pieces":5}}"#, find: "beryl", shows: "pieces"),
        .init(
            "1.1 kind strand", #"{"kind":"strand","strand":{"species":"turquoise","rows":2}}"#, find: "turquoise",
            shows: "rows"),
        .init(
            "1.1 kind parcel", #"{"kind":"parcel","parcel":{"species":"spinel","pieces":9}}"#, find: "spinel",
            shows: "pieces"),
        .init(
            "1.1 kind specimen", #"{"kind":"specimen","specimen":{"species":"epidote"}}"#, find: "epidote",
            shows: "epidote"),
        stone(
            "1.0 weight, five decimals and its basis", #""weightCt":{"value":"1.51212","basis":"measured"}"#, find: nil,
            shows: "1.51212 ct (measured)"),
        stone("1.0 weight in another unit", #""weight":"302.4 mg""#, find: nil, shows: "1.512 ct"),
        stone(
            "1.0 a value with by, at and instrument",
            #""clarity":{"value":"eye_clean","basis":"graded","by":"Sana","at":"2026-11-21","instrument":"loupe"}"#,
            find: "Sana", shows: "graded, Sana, 2026-11-21, loupe"),
        .init(
            "1.0 money per carat and total",
            #"{"kind":"stone","stone":{},"price":{"perCarat":{"amount":"2650","currency":"USD"}},"prices":[{"total":{"amount":"185000","currency":"PKR"}}]}"#,
            find: nil, shows: "2650.00 USD", "185000.00 PKR"),
        .init(
            "1.1 external ids", #"{"kind":"stone","stone":{},"externalIds":[{"scheme":"TRACR","id":"TR-77881"}]}"#,
            find: "TR-77881", shows: "TR-77881"),
        .init(
            "1.1 location", #"{"kind":"stone","stone":{},"location":"safe/9 north"}"#, find: "north",
            shows: "safe/9 north"),
        .init(
            "1.1 notes, three audiences",
            #"{"kind":"stone","stone":{},"notes":{"public":"publicly","buyer":"buyerly","private":"privately"}}"#,
            find: "privately", shows: "publicly", "buyerly", "privately"),
        .init(
            "1.8 cost, landed, memo and minimum price",
            #"{"kind":"stone","stone":{},"cost":{"total":{"amount":"11","currency":"USD"}},"landedCost":{"total":{"amount":"12","currency":"USD"}},"memoPrice":{"total":{"amount":"13","currency":"USD"}},"minimumPrice":{"perCarat":{"amount":"14","currency":"USD"}}}"#,
            find: nil, shows: "11.00 USD", "landed cost", "12.00 USD", "memo price", "13.00 USD", "minimum price",
            "14.00 USD"),
        .init(
            "1.10 customs heading", #"{"kind":"stone","stone":{},"hs":"7103.91"}"#, find: nil, shows: "7103.91"),
    ]

    /// §1.2, §1.9
    private static let stones: [Line] = [
        stone(
            "1.2 nature and growth", #""nature":"laboratory_grown","growthMethod":"flux""#, find: "flux",
            shows: "laboratory-grown", "flux"),
        stone(
            "1.2 species, variety, trade term",
            #""species":"beryl","variety":"emerald","tradeTerms":[{"term":"Muzo green","claimedBy":"dealer"}]"#,
            find: "muzo", shows: "emerald", "Muzo green", "dealer"),
        stone(
            "1.2 colour",
            #""colour":{"text":"vivid teal","hue":"bG","tone":6,"saturation":5,"modifier":"greyish","zoning":"patchy"}"#,
            find: "teal patchy", shows: "vivid teal", "bluish green (bG)", "greyish", "patchy"),
        stone(
            "1.2 phenomena and rays", #""phenomena":["asterism","colour_change"],"rays":6"#, find: "asterism",
            shows: "asterism", "rays"),
        stone("1.2 transparency", #""transparency":"semi_transparent""#, find: nil, shows: "semi-transparent"),
        stone(
            "1.2 clarity, its type and distance", #""clarity":"eye_clean","clarityType":"II","viewedFromCm":25"#,
            find: nil, shows: "eye clean", "25 cm"),
        stone(
            "1.2 shape and cuts", #""shape":"OV","cut":"mixed","crown":"brilliant","pavilion":"step""#, find: "oval",
            shows: "oval (OV)", "mixed cut", "step"),
        stone(
            "1.2 measurements", #""measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"}"#, find: nil,
            shows: "9.12 × 7.05 × 4.88 mm"),
        stone(
            "1.2 RI, birefringence, optic character",
            #""tests":{"ri":["1.577","1.584"],"spotRi":"1.58","birefringence":"0.007","opticCharacter":"uniaxial -"}"#,
            find: nil, shows: "1.577, 1.584", "0.007", "uniaxial -"),
        stone(
            "1.2 SG, hydrostatic", #""tests":{"sg":"2.74","airWeightCt":"1.58","waterWeightCt":"1.00"}"#, find: nil,
            shows: "2.74", "1.58 ct"),
        stone(
            "1.2 pleochroism, UV, spectrum, Chelsea",
            #""tests":{"pleochroism":["teal"],"uvLong":"inert","uvShort":"chalky","spectrum":"Cr lines","chelsea":"reddish"}"#,
            find: "chalky", shows: "teal", "inert", "chalky", "Cr lines", "reddish"),
        stone(
            "1.2 magnification, colour stability", #""tests":{"magnification":"jardin","colourStability":"stable"}"#,
            find: "jardin", shows: "jardin", "stable"),
        stone(
            "1.2 FTIR, Raman, XRF, LIBS and their files",
            #""tests":{"analyses":[{"method":"FTIR","result":"no polymer bands","document":"ftir-88.csv"}]}"#,
            find: "polymer", shows: "FTIR", "no polymer bands", "ftir-88.csv"),
        stone(
            "1.2 three origins",
            #""origin":{"country":"PK","region":"Swat","locality":"Mingora","confidence":"consistent_with","sourceType":"metamorphic"},"disclosedSource":{"name":"Ali Mines","document":"inv 7"},"traceability":[{"scheme":"TRACR","id":"T-5501"}]"#,
            find: "mingora metamorphic", shows: "Pakistan (PK)", "Mingora", "consistent with", "Ali Mines", "T-5501"),
        stone(
            "1.2 comments and inclusions", #""comments":"three phase","inclusions":["halo","needle"]"#, find: "halo",
            shows: "three phase", "halo, needle"),
        stone(
            "1.2 matched pair", #""matchedPair":{"piece":"W-PAIR","separable":false}"#, find: "W-PAIR", shows: "W-PAIR"),
        stone(
            "1.9 treatment, degree, filler",
            #""treatments":[{"code":"RES","degree":"minor","filler":"opticon","basis":"declared"}]"#, find: nil,
            shows: "RES", "AGTA O", "minor", "opticon"),
        stone(
            "1.9 diffusion with element and extent", #""treatments":[{"code":"DI","element":"Be","extent":"deep"}]"#,
            find: nil, shows: "DI", "Be", "deep"),
        stone(
            "1.9 irradiation with its stability", #""treatments":[{"code":"IRR","stability":"may_fade"}]"#, find: nil,
            shows: "IRR", "may fade"),
        stone("1.9 AGTA letters", #""treatments":[{"code":"HP"}]"#, find: nil, shows: "HPHT", "AGTA HP"),
        stone("1.9 AIGS letters with their degree", #""treatments":[{"code":"TE3"}]"#, find: nil, shows: "FH", "TE3"),
        stone("1.9 not tested", #""treatments":[{"code":"NT"}]"#, find: nil, shows: "NT"),
    ]

    /// §1.3
    private static let diamonds: [Line] = [
        diamond("1.3 report type", #""reportType":"dossier""#, find: "dossier", shows: "diamond dossier (dossier)"),
        diamond(
            "1.3 colour, clarity, cut, polish, symmetry",
            #""colour":"F","clarity":"VS1","cut":"EX","polish":"VG","symmetry":"G""#, find: nil, shows: "F",
            "very slightly included 1 (VS1)", "excellent (EX)", "very good (VG)", "good (G)"),
        diamond(
            "1.3 fancy colour",
            #""fancyColour":{"intensity":"Vivid","hue":"pink","overtone":"purplish","distribution":"Even","origin":"natural"}"#,
            find: "purplish", shows: "Fancy Vivid", "pink", "purplish", "even"),
        diamond(
            "1.3 fluorescence and its colour", #""fluorescence":"MED","fluorescenceColour":"blue""#, find: nil,
            shows: "medium (MED)", "blue"),
        diamond(
            "1.3 girdle as codes, condition, percent",
            #""girdle":"Medium to Slightly Thick","girdleCondition":"faceted","girdlePct":"3.5""#, find: nil,
            shows: "MED-STK", "faceted", "3.5 %"),
        diamond("1.3 culet", #""culet":"VSM""#, find: nil, shows: "very small (VSM)"),
        diamond(
            "1.3 proportions",
            #""tablePct":"57","depthPct":"61.5","crownAngle":"34.5","crownHeightPct":"15","pavilionAngle":"40.8","pavilionDepthPct":"43","starLengthPct":"50","lowerHalfPct":"80""#,
            find: nil, shows: "57 %", "61.5 %", "34.5", "40.8", "80 %"),
        diamond(
            "1.3 key to symbols",
            #""keyToSymbols":[{"order":1,"characteristic":"Feather","position":"table"},"Pinpoint"]"#,
            find: "feather pinpoint", shows: "Feather", "Pinpoint"),
        diamond(
            "1.3 inscriptions and graphics", #""inscriptions":["FOREVERMARK X"],"inscriptionGraphics":["rosette"]"#,
            find: "rosette", shows: "FOREVERMARK X", "rosette"),
        diamond(
            "1.3 type and identification", #""diamondType":"IIa","identification":"DiamondView""#, find: "diamondview",
            shows: "IIa", "DiamondView"),
        diamond(
            "1.3 eye clean, milky, shade", #""eyeClean":true,"milky":"M1","shade":"brownish""#, find: "brownish",
            shows: "yes", "M1", "brownish"),
        diamond(
            "1.3 black, white and open inclusions",
            #""blackInclusions":["BT1","BC0"],"whiteInclusions":["WC2"],"openInclusions":["OT1"]"#, find: nil,
            shows: "BT1", "WC2", "OT1"),
    ]

    /// §1.4
    private static let pearls: [Line] = [
        .init(
            "1.4 pearl",
            #"{"kind":"pearl","pearl":{"reportTitle":"Pearl Identification","quantity":1,"weightCt":"4.2","sizeRange":{"min":"7.5","max":"8"},"shape":"near_round","bodyColour":"cream","overtone":"rosé","orient":"strong","identification":"bead_cultured","environment":"salt","mollusc":"Pinctada radiata","surface":"clean","lustre":"VG","nacre":"thick","nacreMm":"0.8","matching":"G","drilling":"undrilled","treatments":[{"code":"BLE"}]}}"#,
            find: "pinctada", shows: "Pearl Identification", "4.2 ct", "7.5–8 mm", "near round", "cream", "rosé",
            "Pinctada radiata", "0.8 mm", "undrilled", "BLE"),
        .init(
            "1.4 natural pearl's grain", #"{"kind":"pearl","pearl":{"weight":"8 pearl_grain"}}"#, find: nil,
            shows: "2 ct"),
    ]

    /// §1.5
    private static let rough: [Line] = [
        .init(
            "1.5 rough",
            #"{"kind":"rough","rough":{"weightG":"42","pieces":3,"grade":"B plus","expectedYieldPct":"28","mine":"Katlang","licence":"KPK/12","matrix":"limestone","crystalHabit":"prismatic","fluorescence":"weak"}}"#,
            find: "katlang limestone", shows: "42 g", "B plus", "28 %", "Katlang", "KPK/12", "limestone", "prismatic",
            "weak"),
        .init(
            "1.5 Kimberley",
            #"{"kind":"rough","rough":{"species":"diamond","kimberley":{"number":"ZA 0001","issuingCountry":"ZA","authority":"SADPMR","mixedOrigin":true,"issuedOn":"2026-01-31","expiresOn":"2026-03-31","exporter":"Kara","importer":"Namak","weightCt":"12.5","value":{"amount":"900","currency":"USD"},"parcels":1,"hs":"7102.31","validation":"seal 7"}}}"#,
            find: "SADPMR", shows: "ZA 0001", "SADPMR", "2026-03-31", "900.00 USD", "seal 7"),
        .init(
            "1.5 specimen",
            #"{"kind":"specimen","specimen":{"crystalMm":"41","associated":["albite"],"repairs":"glued once"}}"#,
            find: "albite glued", shows: "41 mm", "albite", "glued once"),
    ]

    /// §1.6
    private static let jewellery: [Line] = [
        jewel(
            "1.6 size and lengths", #""size":{"system":"US","value":"7"},"lengthMm":"20","widthMm":"4.5""#, find: nil,
            shows: "US", "20 mm", "4.5 mm"),
        jewel(
            "1.6 metals",
            #""metals":[{"metal":"gold","colour":"rose","karat":18,"finenessPermille":"750","weightG":"6.2","testedHow":"XRF","testedBy":"Assay House","basis":"measured"}]"#,
            find: "assay", shows: "gold", "rose", "18", "6.2 g", "XRF", "Assay House"),
        jewel(
            "1.6 hallmarks",
            #""hallmarks":[{"type":"fineness","text":"750","office":"Vianen","year":1998,"image":"3d30"}]"#,
            find: "vianen", shows: "Vianen", "1998"),
        jewel("1.6 plating", #""plating":"vermeil","platingMicrons":"2.5""#, find: nil, shows: "vermeil", "2.5 µm"),
        jewel(
            "1.6 stones inline",
            #""stones":[{"role":"centre","count":1,"species":"beryl","variety":"emerald","shape":"OV","weightCt":{"value":"1.10","basis":"estimated"},"colour":"G to H","setting":"kundan","measurementsMm":{"length":"7","width":"5"},"nature":"natural","treatments":[{"code":"OIL"}]}]"#,
            find: "emerald", shows: "centre", "1.10 ct (estimated)", "kundan", "G to H"),
        jewel(
            "1.6 totals",
            #""grossWeightG":"6.46","netWeightG":"6.2","totals":[{"species":"diamond","pieces":12,"weightCt":"0.24"}],"totalWeightCt":"1.34""#,
            find: "diamond", shows: "6.46 g", "6.2 g", "0.24 ct", "1.34 ct"),
        .init(
            "1.6 commerce",
            #"{"kind":"jewellery","title":"Hafsa ring","description":"for every day","brand":"Noor","moq":2,"jewellery":{"type":"ring","condition":"new","designer":"Zara","collection":"Monsoon","year":2026,"manufacturedOn":"2026-01-31","parentStockNumber":"RING-1","maker":"Usta Karim","handmade":true,"resizable":true,"clasp":"none","suggestedPrice":{"amount":"99","currency":"USD"}}}"#,
            find: "monsoon karim RING-1", shows: "Hafsa ring", "Noor", "Zara", "Monsoon", "2026-01-31",
            "parent stock number", "RING-1", "Usta Karim", "99.00 USD"),
        jewel(
            "1.6 charge and value of stones",
            #""makingCharge":{"amount":"12000","currency":"PKR"},"stonesValue":{"amount":"80000","currency":"PKR"}"#,
            find: nil, shows: "12000.00 PKR", "80000.00 PKR"),
        jewel(
            "1.6 safety and CITES", #""safety":"nickel free","citesPermit":"PK-2026-7""#, find: "nickel",
            shows: "nickel free", "PK-2026-7"),
    ]

    /// §1.8
    private static let lots: [Line] = [
        .init(
            "1.8 parcel",
            #"{"kind":"parcel","parcel":{"pieces":120,"totalWeightCt":"36.40","averageWeightCt":"0.3033","sizeRange":{"min":"2","max":"2.5"},"sieve":"+6.5 -8","gradeRange":"A to B","colourRange":"D to H","clarityRange":"VS to SI","assortment":"mixed melee","priceBasis":"pick","sealNumber":"S-9917","materialTest":"referred 2"}}"#,
            find: "S-9917 melee", shows: "36.40 ct", "0.3033 ct", "2–2.5 mm", "+6.5 -8", "A to B", "D to H", "VS to SI",
            "mixed melee", "S-9917", "referred 2")
    ]

    @Test("is registered, found and shown", arguments: DaemonEngine.allCases)
    func lines(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER").token
        for (index, line) in Self.lines.enumerated() {
            let number = "W-\(1000 + index)"
            let document = try JSON(parsing: line.document).setting("stockNumber", to: .string(number))
            let made = try daemon.request("POST", "/v1/pieces", document, token: dealer)
            #expect(made.status == 201, "\(line.name): \(made.text)")
            if let words = line.words {
                let query = words.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                let found = try daemon.request("GET", "/v1/pieces?limit=500&q=\(query)", token: dealer).json["items"]
                let numbers = (found?.elements ?? []).compactMap { $0["stockNumber"]?.string }
                #expect(numbers.contains(number), "\(line.name): \(words) found \(numbers)")
            }
            // What the store gives is the same on both engines; showing it once is enough.
            guard engine == .sqlite else { continue }
            let card = try TestDaemon.run(
                TestDaemon.products.appendingPathComponent("gemctl").path,
                ["--socket", daemon.socket, "piece", "show", number], environment: ["GEMD_TOKEN": dealer])
            #expect(card.status == 0, "\(line.name): \(card.error)")
            for text in line.shown {
                #expect(card.output.contains(text), "\(line.name): no \(text) in\n\(card.output)")
            }
        }
    }

    @Test("no line's name stands twice")
    func names() { #expect(Set(Self.lines.map(\.name)).count == Self.lines.count) }
}
