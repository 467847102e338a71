/// How the columns of a dealer's list become members of a piece: names in English, Urdu and as RapNet and Nivoda
/// write them, or the members' own paths.
public struct PieceColumns: Sendable {
    /// What a cell of a column says.
    enum Place: Hashable, Sendable {
        case importRef
        case kind
        /// A member by its path; `@` stands for the block of the piece's kind.
        case text(String)
        case decimal(String)
        case integer(String)
        case bool(String)
        case code(String, list: String)
        /// One or more codes, each an object with `code`.
        case treatments
        case codes(String, list: String)
        case lines(String)
        /// A species or a variety, whichever it is.
        case gem
        case weight(unit: String?)
        case measurements
        case shape
        /// A grade when the stone is a diamond, else what colour stones have.
        case colour, clarity, cut
        case laboratory, report
        case money(String, currency: String?)
        case currency
        /// Of the one metal of a jewellery piece.
        case metal(String)
        /// Of the stones of a jewellery piece, one value a stone, as RapNet writes them.
        case inline(InlineStones.Member)
        /// One end of the girdle's range.
        case girdle(isThickest: Bool)
        /// Any other member by its own path: text, or JSON where it begins so.
        case free(String)
    }

    /// A list in the form of a market, whose own words differ.
    public enum Format: String, Sendable {
        case rapnet, nivoda
    }

    public let format: Format?
    /// Of rows that do not say theirs.
    private let kind: Piece.Kind
    private let columns: Columns<Place>
    private let commaIsPoint: Bool

    /// `mapping` gives the place of a column by a name that is known, or nil to leave it out.
    public init(
        header: [String], ignoring: Set<String> = [], mapping: [String: String?] = [:], delimiter: UInt8 = 0x2C
    ) throws(InvalidInput) {
        let names = Set(header.map { ColumnName($0).folded })
        let hasSpecies = !names.isDisjoint(with: ["species", "variety", "gem", "gemstone", "stone", "نگ", "پتھر"])
        format =
            hasSpecies || !names.isSuperset(of: ["shape", "clarity", "polish", "symmetry"])
            ? nil : names.contains("rapnetprice") ? .rapnet : names.contains("finalprice") ? .nivoda : nil
        let isMarket = format != nil
        columns = try Columns(
            header, ignoring: ignoring, mapping: mapping, known: Self.known,
            isOfMarket: { name in
                let folded = ColumnName(name).folded
                return Self.ofMarkets.contains(folded) || isMarket && Self.ofTheseMarkets.contains(folded)
            },
            find: { name throws(InvalidInput) in try Self.place(of: name, isMarket: isMarket) })
        commaIsPoint = delimiter == 0x3B
        kind = names.contains("jewelrytype") ? .jewellery : .stone
        var seen: [Place: String] = [:]
        for column in columns.list {
            guard case .place(let place) = column.fate else { continue }
            if let other = seen.updateValue(column.name, forKey: place) {
                throw InvalidInput(
                    "the columns \"\(other.prefix(60))\" and \"\(column.name.prefix(60))\" say the same thing",
                    hint: "leave one out with ignore=\(column.name.prefix(60))", field: String(column.name.prefix(200)))
            }
        }
    }

    /// What became of each column, for the answer's first line.
    public var summary: [JSON] {
        columns.list.map { column in
            guard case .place(let place) = column.fate else {
                return .object(["column": .string(column.name), "member": .null])
            }
            return .object(["column": .string(column.name), "member": .string(place.member)])
        }
    }

    // MARK: - Names

    private static func place(of name: String, isMarket: Bool) throws(InvalidInput) -> Place? {
        if name.contains("."), let place = place(ofPath: name) { return place }
        let column = ColumnName(name)
        guard let found = byName[column.folded] ?? (isMarket ? marketNames[column.folded] : nil) else {
            return name.allSatisfy { $0.isASCII && $0.isLetter } && MemberNames.all.contains(name)
                ? place(ofPath: "@." + name) : nil
        }
        switch found {
        case .weight:
            let named: String? =
                switch column.folded {
                case "weightg", "وزنگرام": "g"
                default: column.unit
                }
            guard let unit = named else { return .weight(unit: nil) }
            return .weight(unit: try Self.unit(unit))
        case .money(let path, _):
            guard let unit = column.unit else { return found }
            let code = unit.uppercased()
            guard Currency.table[code] != nil else {
                throw InvalidInput("\"\(unit.prefix(20))\" is not a currency", hint: "write it as (USD) or (PKR)")
            }
            return .money(path, currency: code)
        default: return found
        }
    }

    /// A path of the model's own member names.
    private static func place(ofPath path: String) -> Place? {
        var parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 6, parts.dropFirst(parts[0] == "@" ? 1 : 0).allSatisfy({ MemberNames.all.contains($0) })
        else { return nil }
        if Piece.Kind(rawValue: parts[0]) != nil, parts.count > 1 { parts[0] = "@" }
        let general = parts.joined(separator: ".")
        return byPath[general] ?? .free(path)
    }

    /// The unit in a header, by the units' codes and by what people call them.
    private static func unit(_ text: String) throws(InvalidInput) -> String {
        let folded = ColumnName.fold(text)
        let unit = units[folded] ?? text.lowercased()
        do { _ = try Weight.carats("1 " + unit) } catch {
            throw InvalidInput(
                error.reason, hint: error.hint.replacing("\"1 ", with: "\"").replacing("(1 × ", with: "("))
        }
        return unit
    }

    private static let units: [String: String] = [
        "قیراط": "ct", "carat": "ct", "carats": "ct", "cts": "ct", "ct": "ct", "گرام": "g", "gram": "g", "grams": "g",
        "gm": "g", "gms": "g", "g": "g", "ملیگرام": "mg", "mg": "mg", "رتی": "ratti", "ratti": "ratti", "rati": "ratti",
        "تولہ": "tola", "tola": "tola", "tolah": "tola", "پکیرتی": "ratti_stone_pakki",
        "pakkiratti": "ratti_stone_pakki",
        "کچیرتی": "ratti_sunari_kachhi", "سناریرتی": "ratti_sunari_kachhi", "kachhiratti": "ratti_sunari_kachhi",
        "sunariratti": "ratti_sunari_kachhi", "tola11664": "tola_11.664", "tola11664g": "tola_11.664",
        "tola10g": "tola_10g", "ماشہ": "masha", "پوائنٹ": "point", "موتیگرین": "pearl_grain",
        "pearlgrain": "pearl_grain",
    ]

    /// Names that stand at two places of the table: there are none.
    static var claimedTwice: [String] {
        let names = table.flatMap { Set($0.aliases.split(separator: "|").map { ColumnName.fold($0) }) }
        return Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.map(\.key).sorted()
    }

    private static let byName: [String: Place] = {
        var names: [String: Place] = [:]
        for (place, aliases) in table {
            for alias in aliases.split(separator: "|") { names[ColumnName.fold(alias)] = place }
            if let last = place.member.split(separator: ".").last, names[ColumnName.fold(last)] == nil {
                names[ColumnName.fold(last)] = place
            }
        }
        return names
    }()

    private static let byPath: [String: Place] = Dictionary(
        table.map { ($0.place.member, $0.place) }, uniquingKeysWith: { first, _ in first })

    private static let known: [String] =
        table.flatMap { place, aliases in
            [place.member.split(separator: ".").last.map(String.init) ?? ""]
                + aliases.split(separator: "|").map { String($0.drop { $0 == " " }) }
        } + MemberNames.all

    private static let table: [(place: Place, aliases: String)] = [
        (.importRef, "import ref|import_ref|import id"),
        (
            .text("stockNumber"),
            "stock #|stock number|stock no|stock id|stock|sku|item #|item no|اسٹاک نمبر|سٹاک نمبر|مال نمبر"
        ),
        (.kind, "kind|قسم"),
        (.text("title"), "title|item title|jewelry title|عنوان|نام"),
        (.text("description"), "description|jewelry description|تفصیل"),
        (.text("location"), "location|jewelry location|place|جگہ|مقام"),
        (.text("brand"), "brand|jewelry brand|برانڈ"),
        (.text("department"), "department"), (.text("gtin"), "gtin|barcode|ean|upc"), (.text("hs"), "hs code"),
        (.text("packagingText"), "packaging"),
        (.integer("quantity"), "quantity|qty|تعداد"), (.integer("moq"), "moq|minimum order quantity"),
        (.integer("leadTimeDays"), "lead time|lead time days"),
        (.lines("keywords"), "keywords|tags"), (.lines("bullets"), "bullets"),
        (.text("notes.public"), "note|notes|public note|نوٹ"), (.text("notes.private"), "private note|private notes"),
        (.text("notes.buyer"), "member comment|buyer note"),
        (.code("origin.country", list: "countries"), "customs origin"),
        (.gem, "gem|gemstone|stone|stone type|gem type|نگ|پتھر|جواہر"),
        (.code("@.species", list: "species"), "species|نوع"), (.text("@.variety"), "variety"),
        (.code("@.nature", list: "natures"), "nature|natural or synthetic|اصلیت"),
        (.code("@.growthMethod", list: "growthMethods"), "growth method"),
        (.weight(unit: nil), "weight|weight ct|wt|carat|carats|carat weight|cts|ct|weight g|وزن|قیراط|وزن گرام"),
        (.measurements, "measurements|measurement|measurements mm|dimensions|size mm|پیمائش|ناپ"),
        (.decimal("@.measurementsMm.length"), "length|لمبائی"), (.decimal("@.measurementsMm.width"), "width|چوڑائی"),
        (.decimal("@.measurementsMm.depth"), "depth|height|گہرائی|اونچائی"),
        (.shape, "shape|شکل"), (.cut, "cut|cut grade|cutting|کٹ|تراش"), (.colour, "colour|color|رنگ"),
        (.clarity, "clarity|صفائی|شفافیت درجہ"),
        (.code("@.transparency", list: "transparencies"), "transparency|شفافیت"),
        (.treatments, "treatment|treatments|enhancement|عمل|ٹریٹمنٹ"),
        (.codes("@.phenomena", list: "phenomena"), "phenomenon|phenomena"),
        (
            .code("@.origin.country", list: "countries"),
            "origin|country of origin|origin country|mine country|ملک|اصل ملک"
        ),
        (.text("@.origin.region"), "region|origin region|علاقہ"),
        (.text("@.origin.locality"), "locality|mine of origin|mine|کان"),
        (.text("@.comments"), "comments|comment|cert comment|certificate comment|تبصرہ"),
        (.code("@.diamond.polish", list: "diamondGrades"), "polish"),
        (.code("@.diamond.symmetry", list: "diamondGrades"), "symmetry|sym"),
        (
            .code("@.diamond.fluorescence", list: "fluorescences"),
            "fluorescence|fluorescence intensity|fluor|fluor intensity"
        ),
        (
            .code("@.diamond.fluorescenceColour", list: "fluorescenceColours"),
            "fluorescence color|fluorescence colour|fluor color"
        ),
        (.decimal("@.diamond.depthPct"), "depth %|depth pct|total depth %"),
        (.decimal("@.diamond.tablePct"), "table %|table pct|table"),
        (.decimal("@.diamond.crownAngle"), "crown angle"),
        (.decimal("@.diamond.crownHeightPct"), "crown height|crown height %"),
        (.decimal("@.diamond.pavilionAngle"), "pavilion angle"),
        (.decimal("@.diamond.pavilionDepthPct"), "pavilion depth|pavilion height|pavilion depth %"),
        (.decimal("@.diamond.starLengthPct"), "star length"), (.text("@.diamond.girdle"), "girdle"),
        (.decimal("@.diamond.girdlePct"), "girdle %"),
        (.code("@.diamond.girdleCondition", list: "girdleConditions"), "girdle condition"),
        (.code("@.diamond.culet", list: "culets"), "culet|culet size"),
        (.code("@.diamond.fancyColour.intensity", list: "fancyIntensities"), "fancy color intensity|fancy intensity"),
        (.text("@.diamond.fancyColour.hue"), "fancy color|fancy colour"),
        (.text("@.diamond.fancyColour.overtone"), "fancy color overtone|fancy overtone"),
        (.bool("@.diamond.eyeClean"), "eye clean"), (.text("@.diamond.milky"), "milky"),
        (.text("@.diamond.shade"), "shade"),
        (.codes("@.diamond.blackInclusions", list: "blackInclusions"), "black inclusion"),
        (.lines("@.diamond.inscriptions"), "laser inscription|inscription|inscriptions"),
        (
            .report,
            "report #|report number|report no|stone certificate #|certificate #|certificate number|certificate no|cert #|سرٹیفکیٹ نمبر"
        ),
        (.laboratory, "lab|stone lab|laboratory|لیبارٹری"),
        (
            .money("price.total", currency: nil),
            "price|total price|asking price|jewelry total price|final price|قیمت|کل قیمت"
        ),
        (
            .money("price.perCarat", currency: nil),
            "price per carat|price/ct|price ct|ppc|per carat|rapnet price|فی قیراط قیمت"
        ),
        (.money("cost.total", currency: nil), "cost|cost price|purchase price|لاگت|خرید قیمت"),
        (.currency, "currency|jewelry currency|کرنسی"),
        (.code("@.type", list: "jewelleryTypes"), "jewelry type|jewellery type|type|زیور"),
        (.decimal("@.grossWeightG"), "gross weight|jewelry total weight|total weight|کل وزن"),
        (.decimal("@.netWeightG"), "net weight|خالص وزن"),
        (.metal("metal"), "metal|jewelry material|دھات"), (.metal("karat"), "karat|carat gold|material karat|کیرٹ"),
        (.metal("finenessPermille"), "fineness|purity"),
        (.metal("weightG"), "metal weight|material weight|gold weight"),
        (.decimal("@.lengthMm"), "jewelry total length|length mm"),
        (.decimal("@.widthMm"), "jewelry total width|width mm"),
        (.text("@.condition"), "condition|jewelry condition|حالت"), (.text("@.maker"), "maker|کاریگر"),
        (.text("@.designer"), "designer|jewelry designer"), (.text("@.collection"), "collection|jewelry collection"),
        (.money("@.suggestedPrice", currency: nil), "jewelry msrp|msrp"),
        (.text("@.manufacturedOn"), "manufacture date"),
        (.text("@.parentStockNumber"), "parent stock number|parent stock no"),
        (.code("@.diamond.reportType", list: "diamondReportTypes"), "report type"),
        (.girdle(isThickest: false), "girdle thin"), (.girdle(isThickest: true), "girdle thick"),
        (.lines("@.diamond.openInclusions"), "open inclusion"),
        (.lines("@.diamond.whiteInclusions"), "white inclusion"),
        (.lines("@.diamond.keyToSymbols"), "key to symbols"),
        (.inline(.weight), "stone carat/size"), (.inline(.count), "stone quantity"),
        (.inline(.colour(.gem)), "gemstone color"), (.inline(.colour(.diamond)), "diamond color"),
        (.inline(.colour(.fancy)), "diamond fancy color"),
        (.inline(.colour(.overtone)), "diamond fancy color overtone"),
        (.inline(.clarity), "diamond clarity"), (.inline(.cut), "gemstone cut"),
        (.inline(.treatment), "diamond treatment"), (.inline(.side("length")), "stone height"),
        (.inline(.side("width")), "stone width"), (.inline(.side("depth")), "stone depth"),
        (.integer("@.year"), "year|سال"), (.text("@.clasp"), "clasp"),
        (.integer("@.pieces"), "pieces|pcs|number of stones|دانے"), (.text("@.sealNumber"), "seal|seal no"),
        (.text("@.sieve"), "sieve"), (.text("@.grade"), "grade|درجہ"),
    ]

    /// Names that mean something only in a market's own list.
    private static let marketNames: [String: Place] = ["size": .weight(unit: nil)]

    /// Columns of markets that say nothing about the piece.
    private static let ofMarkets = folded(
        """
        availability|rapnet discount %|cash price|cash price discount %|allow raplink feed|report filename|diamond image|\
        sarine loupe|trade show|seller spec|lab location|report issue date|is matched pair separable|\
        pair stock #|parcel stones|culet condition|center inclusion|\
        canada mark eligible|image|video|certificatepdf|media file name|jewelry style|jewelry state
        """)
    private static let ofTheseMarkets = folded("country|state|city")

    private static func folded(_ names: String) -> Set<String> {
        Set(names.split(separator: "|").map { ColumnName.fold($0) })
    }
}

extension PieceColumns.Place {
    /// The member it fills, for people; `@` is the block of the piece's kind.
    var member: String {
        switch self {
        case .importRef: "importRef"
        case .kind: "kind"
        case .text(let path), .decimal(let path), .integer(let path), .bool(let path), .lines(let path),
            .free(let path),
            .code(let path, _), .codes(let path, _), .money(let path, _):
            path
        case .treatments: "@.treatments"
        case .gem: "@.species"
        case .weight: "@.weightCt"
        case .measurements: "@.measurementsMm"
        case .shape: "@.shape"
        case .colour: "@.colour"
        case .clarity: "@.clarity"
        case .cut: "@.cut"
        case .laboratory: "externalIds.scheme"
        case .report: "externalIds"
        case .currency: "price.currency"
        case .metal(let member): "@.metals." + member
        case .inline(let member): "@.stones." + member.name
        case .girdle: "@.diamond.girdle"
        }
    }
}

// MARK: - Rows

extension PieceColumns {
    /// One row as a document that `POST /v1/pieces` takes, and its `importRef` where the table has one.
    ///
    /// Only reads what cells say; whether the piece is sound is judged where every piece is.
    public func document(_ cells: [String]) throws(InvalidInput) -> (reference: String?, document: JSON) {
        var row = Row(kind: kind, format: format, commaIsPoint: commaIsPoint)
        for (column, cell) in zip(columns.list, cells) where !cell.isEmpty {
            guard case .place(let place) = column.fate else { continue }
            switch place {
            case .kind:
                let code = CodeNames.code(cell, in: "kinds")
                guard let kind = Piece.Kind(rawValue: code) else {
                    // Dealers also write the gem there: in Urdu one word asks for both.
                    if CodeNames.isGem(cell) {
                        row.noteSpecies(cell)
                        continue
                    }
                    throw InvalidInput(
                        "\"\(cell.prefix(40))\" is not a kind of piece",
                        hint: "write one of " + Piece.Kind.allCases.map(\.rawValue).joined(separator: ", "),
                        field: column.name)
                }
                row.kind = kind
            case .currency: row.currency = CodeNames.code(cell, in: "currencies").uppercased()
            case .laboratory: row.laboratory = cell
            case .gem where row.kind == .jewellery: row.inline.note(cell, as: .species)
            case .inline(let member): row.inline.note(cell, as: member)
            case .gem, .code("@.species", list: "species"): row.noteSpecies(cell)
            case .text("@.variety"): row.noteVariety(cell)
            default: continue
            }
        }
        row.settleSpecies()
        for (column, cell) in zip(columns.list, cells) where !cell.isEmpty {
            guard case .place(let place) = column.fate else { continue }
            do { try row.take(cell, at: place) } catch { throw error.at(column.name) }
        }
        return (row.reference, row.document)
    }

    private struct Row {
        var kind: Piece.Kind
        let format: Format?
        let commaIsPoint: Bool
        var species: String?
        var variety: String?
        var currency: String?
        var laboratory: String?
        var reference: String?
        private var members: [JSON.Member] = []
        private var metal: [JSON.Member] = []
        var inline = InlineStones()
        private var girdle: (thinnest: String?, thickest: String?) = (nil, nil)
        private var speciesOfVariety: String?

        init(kind: Piece.Kind, format: Format?, commaIsPoint: Bool) {
            self.kind = kind
            self.format = format
            self.commaIsPoint = commaIsPoint
        }

        mutating func noteSpecies(_ cell: String) {
            let code = CodeNames.code(cell, in: "species")
            if Species.named(code) != nil {
                species = code
            } else if let found = Variety.named(CodeNames.code(cell, in: "varieties")) {
                (species, variety) = (found.species, found.code)
            } else {
                species = cell
            }
        }

        mutating func noteVariety(_ cell: String) {
            let found = Variety.named(CodeNames.code(cell, in: "varieties"))
            variety = found?.code ?? cell
            speciesOfVariety = found?.species
        }

        mutating func settleSpecies() {
            species = species ?? speciesOfVariety ?? (format == nil ? nil : "diamond")
        }

        var document: JSON {
            var all: [JSON.Member] = [.init("kind", .string(kind.rawValue))] + members
            if let species { Self.put(.string(species), at: [kind.rawValue, "species"], into: &all) }
            if let variety { Self.put(.string(variety), at: [kind.rawValue, "variety"], into: &all) }
            if format == .rapnet { Self.put("natural", at: [kind.rawValue, "nature"], into: &all) }
            let stones = inline.entries
            if !stones.isEmpty { Self.put(.array(stones), at: [kind.rawValue, "stones"], into: &all) }
            let sizes = [girdle.thinnest, girdle.thickest].compactMap(\.self)
            if !sizes.isEmpty {
                Self.put(
                    .string(sizes.joined(separator: " to ")), at: [kind.rawValue, "diamond", "girdle"], into: &all)
            }
            if !metal.isEmpty { Self.put(.array([.object(metal)]), at: [kind.rawValue, "metals"], into: &all) }
            return .object(all)
        }

        mutating func take(_ cell: String, at place: Place) throws(InvalidInput) {
            switch place {
            case .kind, .currency, .laboratory, .gem, .code("@.species", list: "species"), .text("@.variety"), .inline:
                return
            case .girdle(let isThickest):
                if isThickest { girdle.thickest = cell } else { girdle.thinnest = cell }
            case .importRef:
                guard cell.utf8.count <= 200 else {
                    throw InvalidInput("the importRef is longer than 200 bytes", hint: "use a shorter one")
                }
                reference = cell
            case .text(let path): put(.string(cell), path)
            case .decimal(let path): put(.string(number(cell)), path)
            case .integer(let path): put(try integer(cell), path)
            case .bool(let path): put(try CellText.bool(cell), path)
            case .code(let path, let list): put(.string(CodeNames.code(cell, in: list)), path)
            case .codes(let path, let list):
                put(.array(CellText.parts(cell).map { .string(CodeNames.code($0, in: list)) }), path)
            case .lines(let path): put(.array(CellText.parts(cell).map { .string($0) }), path)
            case .treatments:
                let codes = CellText.parts(cell).map { CodeNames.code($0, in: "treatments") }
                put(.array(codes.map { .object(["code": .string($0)]) }), "@.treatments")
            case .shape:
                let code = format.flatMap { _ in CodeNames.rapnetShapes[ColumnName.fold(cell)] }
                put(.string(code ?? CodeNames.code(cell, in: "shapes")), "@.shape")
            case .colour:
                if species == "diamond" {
                    put(.string(CodeNames.code(cell, in: "diamondColours")), "@.diamond.colour")
                } else {
                    put(.string(cell), "@.colour.text")
                }
            case .clarity:
                if species == "diamond" {
                    put(.string(CodeNames.code(cell, in: "diamondClarities")), "@.diamond.clarity")
                } else {
                    put(.string(CodeNames.code(cell, in: "clarities")), "@.clarity")
                }
            case .cut:
                if species == "diamond" {
                    put(.string(CodeNames.code(cell, in: "diamondGrades")), "@.diamond.cut")
                } else {
                    put(.string(CodeNames.code(cell, in: "cuts")), "@.cut")
                }
            case .measurements: try measurements(cell)
            case .weight(let unit): try weight(cell, unit: unit)
            case .report:
                let scheme = laboratory.map { "\($0)-report" } ?? "report"
                put(.array([.object(["scheme": .string(scheme), "id": .string(cell)])]), "externalIds")
            case .money(let path, let named): put(try money(cell, currency: named), path)
            case .metal(let member): try metal(cell, member)
            case .free(let path):
                guard let first = cell.utf8.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
                    return put(Self.plain(cell, path), path)
                }
                do { put(try JSON(parsing: cell), path) } catch {
                    throw InvalidInput("the cell is not JSON: \(error)", hint: "write plain text, or correct it")
                }
            }
        }

        private func number(_ text: String) -> String {
            var digits = CellText.number(text, commaIsPoint: commaIsPoint)
            for end in ["%", "mm", "°", "g"] where digits.hasSuffix(end) { digits.removeLast(end.count) }
            while digits.last == " " { digits.removeLast() }
            return digits
        }

        private func integer(_ text: String) throws(InvalidInput) -> JSON {
            let digits = CellText.number(text, commaIsPoint: false)
            guard let value = Int(digits), value.magnitude < 1 << 52 else {
                throw InvalidInput("\"\(text.prefix(40))\" is not a whole number", hint: "write digits only")
            }
            return .integer(value)
        }

        /// A member whose place the table does not know: the model wants numbers where it counts.
        private static func plain(_ text: String, _ path: String) -> JSON {
            let counts: Set<String> = [
                "count", "pieces", "rows", "rays", "order", "karat", "year", "quantity", "moq", "parcels",
                "viewedFromCm",
                "tone", "saturation",
            ]
            if let last = path.split(separator: ".").last, counts.contains(String(last)), let value = Int(text) {
                return .integer(value)
            }
            return text == "true" ? true : text == "false" ? false : .string(text)
        }

        /// `9.12 x 7.05 x 4.88`; of a round stone `6.40-6.45x3.96`, least and greatest diameter.
        private mutating func measurements(_ cell: String) throws(InvalidInput) {
            let sides = cell.lowercased().split { "x×*".contains($0) }.flatMap { part in
                part.split { $0 == "-" || $0 == "–" }
            }.map { part in
                var text = String(part.filter { $0 != " " })
                if text.hasSuffix("mm") { text.removeLast(2) }
                return CellText.number(text, commaIsPoint: commaIsPoint)
            }
            guard (2...3).contains(sides.count), sides.allSatisfy({ readDecimal($0, decimals: 3) != nil }) else {
                throw InvalidInput(
                    "\"\(cell.prefix(40))\" is not length x width x depth",
                    hint: "write millimetres, such as 9.12 x 7.05 x 4.88")
            }
            var sorted = sides
            // The least diameter stands first; length is the greatest.
            if let first = readDecimal(sides[0], decimals: 3), let second = readDecimal(sides[1], decimals: 3),
                first.units < second.units
            {
                sorted.swapAt(0, 1)
            }
            for (name, side) in zip(["length", "width", "depth"], sorted) {
                put(.string(side), "@.measurementsMm." + name)
            }
        }

        private mutating func weight(_ cell: String, unit named: String?) throws(InvalidInput) {
            let text = CellText.number(cell, commaIsPoint: commaIsPoint)
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let own = text.dropFirst(digits.count).filter { $0 != " " }
            guard !digits.isEmpty else {
                throw InvalidInput("\"\(cell.prefix(40))\" is not a weight", hint: "write a number, such as 1.58")
            }
            let unit = try own.isEmpty ? named : PieceColumns.unit(own)
            if kind == .jewellery {
                guard let unit, unit == "g" else {
                    throw InvalidInput(
                        "the weight of jewellery is in grams", hint: "name the column Gross weight (g)")
                }
                return put(.string(String(digits)), "@.grossWeightG")
            }
            let many: Set<Piece.Kind> = [.pair, .set, .strand, .parcel]
            if unit == nil || unit == "ct" {
                put(.string(String(digits)), many.contains(kind) ? "@.totalWeightCt" : "@.weightCt")
            } else {
                put(.string("\(digits) \(unit!)"), "@.weight")
            }
        }

        private func money(_ cell: String, currency named: String?) throws(InvalidInput) -> JSON {
            var text = cell
            var found = named ?? currency ?? format.map { _ in "USD" }
            let letters = cell.filter { $0.isASCII && $0.isLetter }
            if !letters.isEmpty {
                let code = letters == "Rs" ? "PKR" : letters.uppercased()
                guard Currency.table[code] != nil else {
                    throw InvalidInput("\"\(cell.prefix(40))\" is not an amount of money", hint: "write 4200.00")
                }
                if let found, found != code {
                    throw InvalidInput("the price is in \(code), its column in \(found)", hint: "write one currency")
                }
                found = code
                text = cell.filter { !($0.isASCII && $0.isLetter) }
            }
            if text.contains("$") {
                if let found, !["USD", "CAD", "AUD", "SGD", "HKD"].contains(found) {
                    throw InvalidInput("the price is in dollars, its column in \(found)", hint: "write one currency")
                }
                found = found ?? "USD"
            }
            text.removeAll { "$ \u{A0}".contains($0) }
            if text.hasPrefix("."), letters.lowercased() == "rs" { text.removeFirst() }
            guard let found else {
                throw InvalidInput(
                    "the price has no currency", hint: "name the column Price (USD), or add a column Currency")
            }
            return .object([
                "amount": .string(CellText.number(text, commaIsPoint: commaIsPoint)), "currency": .string(found),
            ])
        }

        private mutating func metal(_ cell: String, _ member: String) throws(InvalidInput) {
            switch member {
            case "metal":
                // "White gold", "18K Yellow Gold": the colour stands before the metal.
                let words = cell.split(separator: " ").map(String.init)
                let colours = ["white", "yellow", "rose", "green", "pink", "red", "two-tone", "tri-color"]
                let colour = words.dropLast().last?.lowercased()
                if let last = words.last, let colour, colours.contains(colour) {
                    metal.append(.init(member, .string(CodeNames.code(last, in: "metals"))))
                    metal.append(.init("colour", .string(colour)))
                } else {
                    metal.append(.init(member, .string(CodeNames.code(cell, in: "metals"))))
                }
            case "karat":
                var digits = cell.lowercased()
                for end in ["karat", "kt", "k", "قیراط"] where digits.hasSuffix(end) { digits.removeLast(end.count) }
                metal.append(.init(member, try integer(digits.filter { $0 != " " })))
            default: metal.append(.init(member, .string(number(cell))))
            }
        }

        private mutating func put(_ value: JSON, _ path: String) {
            let parts = path.split(separator: ".").map { $0 == "@" ? kind.rawValue : String($0) }
            Self.put(value, at: parts[...], into: &members)
        }

        private static func put(_ value: JSON, at path: ArraySlice<String>, into members: inout [JSON.Member]) {
            guard let name = path.first else { return }
            let rest = path.dropFirst()
            let index = members.firstIndex { $0.name == name }
            if rest.isEmpty {
                if let index { members[index].value = value } else { members.append(.init(name, value)) }
                return
            }
            var inner = index.flatMap { members[$0].value.members } ?? []
            put(value, at: rest, into: &inner)
            if let index { members[index].value = .object(inner) } else { members.append(.init(name, .object(inner))) }
        }
    }
}
