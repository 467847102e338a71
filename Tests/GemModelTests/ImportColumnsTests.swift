import Testing

@testable import GemModel

/// What the columns of lists are called, and what their cells say.
@Suite("Columns of lists")
struct ImportColumnsTests {
    static let rapnet = [
        "Stock #", "Availability", "Shape", "Weight", "Color", "Clarity", "Cut Grade", "Polish",
        "Symmetry", "Fluorescence Intensity", "Fluorescence Color", "Measurements", "Lab",
        "Report #", "Treatment", "RapNet Price", "Rapnet Discount %", "Cash Price",
        "Cash Price Discount %", "Fancy Color", "Fancy Color Intensity", "Fancy Color Overtone",
        "Depth %", "Table %", "Girdle Thin", "Girdle Thick", "Girdle %", "Girdle Condition",
        "Culet Size", "Culet Condition", "Crown Height", "Crown Angle", "Pavilion Depth",
        "Pavilion Angle", "Laser Inscription", "Cert comment", "Country", "State", "City",
        "Is Matched Pair Separable", "Pair Stock #", "Allow RapLink Feed", "Parcel Stones",
        "Report Filename", "Diamond Image", "Sarine Loupe", "Trade Show", "Key to symbols", "Shade",
        "Star Length", "Center Inclusion", "Black Inclusion", "Milky", "Open Inclusion",
        "Member Comment", "Report Issue Date", "Report Type", "Lab Location", "Brand",
        "Seller Spec", "Eye Clean",
    ]

    static let nivoda = [
        "Stock #", "Shape", "Size", "Cut", "Color", "Clarity", "Polish", "Symmetry",
        "Fluorescence Intensity", "Fluorescence Color", "Measurements", "Depth %", "Table %", "Lab",
        "Certificate #", "Location", "Final Price", "Treatment", "Availability", "Eye Clean",
        "Shade", "Milky", "Fancy Color", "Fancy Intensity", "Fancy Color Overtone", "Girdle",
        "Girdle %", "Girdle Condition", "Culet Size", "Culet Condition", "Crown Height",
        "Crown Angle", "Pavilion Height", "Pavilion Angle", "Inscription", "Certificate Comment",
        "Black Inclusion", "White Inclusion", "Open Inclusion", "Key To Symbols", "Mine of Origin",
        "Canada Mark Eligible", "Image", "Video", "CertificatePdf",
    ]

    static let rapnetJewellery = [
        "Stock Number", "Jewelry Type", "Jewelry Title", "Jewelry Description", "Jewelry Location",
        "Jewelry Currency", "Jewelry Total Price", "Jewelry MSRP", "Media File Name",
        "Availability", "Jewelry Condition", "Jewelry State", "Stone Type", "Stone Carat/Size",
        "Gemstone Color", "Diamond Color", "Diamond Fancy Color", "Jewelry Material",
        "Material Karat", "Ring Size", "Quantity", "Minimum Order Quantity", "Jewelry Collection",
        "Jewelry Style", "Jewelry Brand", "Jewelry Designer", "Jewelry Total Weight",
        "Jewelry Total Length", "Jewelry Total Width", "Material Weight", "Stone Quantity",
        "Gemstone Cut", "Diamond Fancy Color Overtone", "Diamond Clarity", "Diamond Cut",
        "Diamond Polish", "Diamond Symmetry", "Diamond Fluorescence Intensity",
        "Diamond Fluorescence Color", "Diamond Treatment", "Diamond Depth %", "Diamond Table %",
        "Stone Lab", "Stone Certificate #", "Stone Width", "Stone Depth", "Stone Height",
        "Keywords", "Manufacture Date", "Parent Stock Number",
    ]

    @Test("every column of RapNet's and Nivoda's lists is known", arguments: [rapnet, nivoda])
    func markets(header: [String]) throws {
        let columns = try PieceColumns(header: header)

        #expect(columns.format == (header.contains("RapNet Price") ? .rapnet : .nivoda))
        #expect(columns.summary.count == header.count)
    }

    @Test("every column of RapNet's jewellery list is known, or refused by its own name")
    func jewelleryList() {
        var ignored: Set<String> = []
        while true {
            do {
                _ = try PieceColumns(header: Self.rapnetJewellery, ignoring: ignored)
                break
            } catch {
                guard ignored.insert(error.field).inserted else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
        // What an inline stone has no member for: it is a piece of its own, or is left out on purpose.
        #expect(
            ignored == [
                "Ring Size", "Diamond Cut", "Diamond Polish", "Diamond Symmetry", "Diamond Fluorescence Intensity",
                "Diamond Fluorescence Color", "Diamond Depth %", "Diamond Table %",
            ], "\(ignored.sorted())")
    }

    @Test("a gem where the kind of piece is asked for is taken as the gem", arguments: ["زمرد", "Emerald"])
    func gemAsKind(word: String) throws {
        let document = try Self.document(["Stock #", "قسم", "Weight"], ["E-1", word, "1.58"])

        #expect(document["kind"] == "stone" && document["stone"]?["variety"] == "emerald")
        #expect(document["stone"]?["species"] == "beryl")
    }

    @Test("a name means one thing")
    func once() {
        #expect(PieceColumns.claimedTwice == [])
        #expect(PartyColumns.claimedTwice == [])
    }

    static func document(_ header: [String], _ cells: [String], delimiter: UInt8 = 0x2C) throws -> JSON {
        try PieceColumns(header: header, delimiter: delimiter).document(cells).document
    }

    @Test(
        "numbers are read as people write them",
        arguments: [
            ("1.58", "1.58"), ("1,580.5", "1580.5"), (".5", "0.5"), ("۱٫۵۸", "1.58"), ("٣", "3"), ("1,58", "1,58"),
            ("1,250,000", "1250000"), ("12,50,000", "12,50,000"), ("1.5,8", "1.5,8"),
        ])
    func numbers(text: String, expected: String) {
        #expect(CellText.number(text, commaIsPoint: false) == expected)
    }

    @Test("a comma is a decimal point where semicolons part the cells")
    func semicolons() throws {
        let document = try Self.document(["Stock #", "Gem", "Weight"], ["R-1", "emerald", "1,58"], delimiter: 0x3B)

        #expect(document["stone"]?["weightCt"] == "1.58")
    }

    @Test(
        "weights carry their unit in the header or the cell",
        arguments: [
            ("Weight (g)", "0.684", "weight", "0.684 g"), ("Weight", "684 mg", "weight", "684 mg"),
            ("وزن (قیراط)", "1.58", "weightCt", "1.58"), ("Weight [ct]", "1.58", "weightCt", "1.58"),
            ("Carat", "1.58ct", "weightCt", "1.58"), ("وزن (ماشہ)", "2", "weight", "2 masha"),
        ])
    func weights(header: String, cell: String, member: String, expected: String) throws {
        let document = try Self.document([header], [cell])

        #expect(document["stone"]?[member]?.string == expected)
    }

    @Test(
        "bare ratti and tola are refused with both readings", arguments: ["Weight (ratti)", "وزن (رتی)", "وزن (تولہ)"])
    func ambiguous(header: String) {
        do {
            _ = try PieceColumns(header: [header])
            Issue.record("taken")
        } catch {
            #expect(error.hint.contains("ratti_stone_pakki") || error.hint.contains("tola_10g"))
        }
    }

    @Test("a piece of jewellery has its metal, its type and its gross weight")
    func jewellery() throws {
        let document = try Self.document(
            ["SKU", "kind", "Jewelry Type", "Metal", "Karat", "Gross weight (g)", "قیمت (PKR)"],
            ["B-1", "jewellery", "Bangle", "Gold", "22K", "46.6", "1,250,000"])
        let piece = try Piece(document: document)

        #expect(piece.jewellery?.metals?.first?.karat == 22)
        #expect(document["jewellery"]?["grossWeightG"] == "46.6")
        #expect(document["price"]?["total"]?["currency"] == "PKR")
    }

    @Test("stones of RapNet's jewellery list: values in their order, diamonds' columns for diamonds")
    func inlineStones() throws {
        let document = try Self.document(
            [
                "Stock Number", "Jewelry Type", "Jewelry Material", "Material Karat", "Stone Type", "Stone Carat/Size",
                "Stone Quantity", "Gemstone Color", "Diamond Color", "Diamond Clarity", "Gemstone Cut", "Stone Width",
                "Parent Stock Number", "Manufacture Date",
            ],
            [
                "J-1001", "Ring", "White Gold", "18K", "Emerald, Diamond", "1.10, 0.24", "1, 12", "vivid green", "F",
                "VS1", "Oval", "6.1, 1.8", "J-1000", "2026-01-31",
            ])
        let piece = try Piece(document: document)

        let stones = piece.jewellery?.stones ?? []
        #expect(stones.map { $0.species?.value.code } == ["beryl", "diamond"])
        #expect(stones[0].variety?.value.text == "emerald" && stones[0].colour?.value.text == "vivid green")
        #expect(stones[0].shape?.value == .oval && stones[0].clarity == nil)
        #expect(stones[1].colour?.value.text == "F" && stones[1].clarity?.value.text == "VS1")
        #expect(stones[1].count?.value.value == 12 && stones[1].weightCt?.value.description == "0.24")
        #expect(piece.jewellery?.metals?.first?.colour?.value.text == "white")
        #expect(piece.jewellery?.parentStockNumber?.text == "J-1000")
        #expect(piece.jewellery?.manufacturedOn?.description == "2026-01-31")
    }

    @Test(
        "a girdle in one column or two, in anybody's words",
        arguments: [
            (["Girdle"], ["Medium to Slightly Thick"], "MED-STK"), (["Girdle"], ["M"], "MED"),
            (["Girdle Thin", "Girdle Thick"], ["TN", "XTK"], "THN-ETK"), (["Girdle Thin"], ["Very Thin"], "VTN"),
        ])
    func girdle(header: [String], cells: [String], girdle: String) throws {
        let document = try Self.document(["Stock #", "species"] + header, ["R-100", "diamond"] + cells)

        #expect(try Piece(document: document).stone?.diamond?.girdle?.value.text == girdle)
    }

    @Test("a girdle that is none is refused by its place", arguments: ["STK-MED", "wide", "MED-STK-THK"])
    func noGirdle(text: String) throws {
        let document = try Self.document(["Stock #", "species", "Girdle"], ["R-100", "diamond", text])

        #expect(throws: InvalidInput.self) { try Piece(document: document) }
    }

    @Test("random headers and cells are refused or read, never more")
    func fuzz() {
        var random = SystemRandomNumberGenerator()
        let words = [
            "Stock #", "Gem", "Weight (g)", "Weight", "Measurements", "Price", "(", ")", ".", "stone.weightCt", "@.x",
            "#",
            "stone..x", "kind", "Color", "", "وزن", "x" + String(repeating: "y", count: 300), "Karat", "Currency",
            "Year",
            "stone.tests.ri", "[", "9x8x7", "6.4-6.5x3", "-", "$", "Rs. 5", "{\"a\":", "[[", "1,,2", ",", "+",
            "emerald",
            "CNIC", "phone", "00", "٫", "pearl", "parcel", "jewellery", "@", "@.", "stone",
        ]
        for _ in 0..<200 {
            func some() -> [String] {
                (0..<Int.random(in: 1...5, using: &random)).map { _ in words.randomElement(using: &random)! }
            }
            // A refusal is an answer.
            if let columns = try? PieceColumns(header: some()) { _ = try? columns.document(some()) }
            if let columns = try? PartyColumns(header: some()) { _ = try? columns.document(some()) }
        }
    }

    @Test("what makes one document into another is found, and its patch does it")
    func changes() throws {
        let one = try JSON(parsing: #"{"a":1,"b":{"c":"x","d":[1]},"e":true}"#)
        let other = try JSON(parsing: #"{"a":2,"b":{"d":[1,2],"f":"y"}}"#)

        #expect(one.changes(to: other).map(\.field) == ["a", "b.c", "b.d", "b.f", "e"])
        let patch = try #require(one.patch(to: other))
        let patched = try one.merging(patch).canonical()
        #expect(try patched == other.canonical())
        #expect(one.patch(to: one) == nil && one.changes(to: one) == [])
    }
}
