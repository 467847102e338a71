/// The name above a column, as people write it: `Weight (g)`, `STOCK #`, `وزن (قیراط)`.
struct ColumnName: Hashable {
    /// What names are compared by: letters and digits in lower case, one spelling of each Urdu letter.
    var folded: String
    /// What stands in parentheses behind the name.
    var unit: String?

    init(_ text: String) {
        var name = text[...]
        for (open, close) in [("(", ")"), ("[", "]")] where name.hasSuffix(close) {
            guard let start = name.lastIndex(of: Character(open)) else { continue }
            let inner = name[name.index(after: start)...].dropLast()
            unit = String(inner.drop { $0 == " " })
            name = name[..<start]
        }
        folded = Self.fold(name)
    }

    static func fold(_ text: some StringProtocol) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch FoldedCharacter(scalar) {
            case .letter(let letter):
                let bare = FoldedCharacter.bare(letter)
                if let urdu = FoldedCharacter.urdu(bare) {
                    out.append(urdu)
                } else {
                    out.append(contentsOf: FoldedCharacter.lower(bare))
                }
            case .digit(let digit): out.append(Unicode.Scalar(digit))
            case .sign(let sign) where sign == "#" || sign == "%" || sign.properties.numericType != nil:
                out.append(sign)
            case .mark, .sign: break
            }
        }
        return String(out)
    }
}

/// Where the columns of a table go: by name, by mapping, or left out on purpose.
public struct Columns<Place: Sendable>: Sendable {
    public enum Fate: Sendable {
        case place(Place)
        /// Named by the caller, or a word of one market that says nothing about the thing itself.
        case ignored
    }

    public struct Column: Sendable {
        public var name: String
        public var fate: Fate
    }

    public private(set) var list: [Column] = []

    /// `find` knows the place of a name; `market` the names that are known and kept nowhere; `known` are all names.
    /// - Throws: naming the first column that is neither known, mapped nor ignored, with the nearest that is known.
    init(
        _ header: [String], ignoring: Set<String>, mapping: [String: String?], known: [String],
        isOfMarket: (String) -> Bool, find: (String) throws(InvalidInput) -> Place?
    ) throws(InvalidInput) {
        for name in mapping.keys where !header.contains(name) { throw Self.absent(name, header) }
        for name in ignoring where !header.contains(name) { throw Self.absent(name, header) }
        for name in header {
            if ignoring.contains(name) {
                list.append(Column(name: name, fate: .ignored))
                continue
            }
            let target = mapping[name] ?? name
            guard let target else {
                list.append(Column(name: name, fate: .ignored))
                continue
            }
            do throws(InvalidInput) {
                if let place = try find(target) {
                    list.append(Column(name: name, fate: .place(place)))
                } else if isOfMarket(target) {
                    list.append(Column(name: name, fate: .ignored))
                } else {
                    let near = Spelling.nearest(to: target, among: known)
                    throw InvalidInput(
                        "the column \"\(name.prefix(60))\" is not known",
                        hint: (near.map { "did you mean \"\($0)\"? " } ?? "")
                            + "map it to a member with map={\"\(name.prefix(60))\":\"member\"}, or leave it out with ignore=\(name.prefix(60))",
                        field: String(name.prefix(200)))
                }
            } catch {
                guard error.field.isEmpty else { throw error }
                throw error.at(String(name.prefix(200)))
            }
        }
    }

    private static func absent(_ name: String, _ header: [String]) -> InvalidInput {
        let near = Spelling.nearest(to: name, among: header)
        return InvalidInput(
            "the file has no column \"\(name.prefix(60))\"",
            hint: near.map { "did you mean \"\($0)\"?" } ?? "take it out of map and ignore",
            field: String(name.prefix(200)))
    }
}

/// What people write in cells, made into what the model reads.
enum CellText {
    /// With Latin digits and without grouping: `۱٫۵۸`, `1,250.00`, `.5` become `1.58`, `1250.00`, `0.5`.
    ///
    /// A comma alone is a decimal point only where the file's delimiter is a semicolon, as Excel writes it there.
    static func number(_ text: String, commaIsPoint: Bool) -> String {
        var digits = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x06F0...0x06F9: digits.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x06F0 + 0x30)))
            case 0x0660...0x0669: digits.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x0660 + 0x30)))
            case 0x066B: digits.append(".")
            case 0x066C: digits.append(",")
            case 0x00A0, 0x202F: continue
            default: digits.unicodeScalars.append(scalar)
            }
        }
        if digits.utf8.contains(UInt8(ascii: ",")) {
            let parts = digits.split(separator: ",", omittingEmptySubsequences: false)
            if commaIsPoint, parts.count == 2, !digits.utf8.contains(UInt8(ascii: ".")) {
                digits = parts.joined(separator: ".")
            } else if parts.dropFirst().dropLast().allSatisfy({ $0.utf8.count == 3 }),
                parts.last!.prefix(while: { $0 != "." }).utf8.count == 3, (1...3).contains(parts[0].utf8.count)
            {
                digits = parts.joined()
            }
        }
        if digits.utf8.first == UInt8(ascii: ".") { digits = "0" + digits }
        return digits
    }

    static func bool(_ text: String) throws(InvalidInput) -> JSON {
        switch ColumnName.fold(text) {
        case "yes", "y", "true", "1", "ہاں", "جیہاں": true
        case "no", "n", "false", "0", "نہیں": false
        default: throw InvalidInput("\"\(text.prefix(40))\" is neither yes nor no", hint: "write yes or no")
        }
    }

    /// Several values in one cell.
    static func parts(_ text: String) -> [String] {
        text.split { ",;،؛|\n".contains($0) }.map { part in
            var part = part[...]
            while part.first == " " { part = part.dropFirst() }
            while part.last == " " { part = part.dropLast() }
            return String(part)
        }.filter { !$0.isEmpty }
    }
}

/// Codes by what they are called: the code itself, its name in English or Urdu, another spelling.
enum CodeNames {
    /// The text itself when no code is called so: the model then refuses it with the codes there are.
    static func code(_ text: String, in list: String) -> String {
        byList[list]?[ColumnName.fold(text)] ?? text
    }

    /// Whether a species or variety is called so.
    static func isGem(_ text: String) -> Bool {
        let name = ColumnName.fold(text)
        return byList["species"]?[name] != nil || byList["varieties"]?[name] != nil
    }

    private static let byList: [String: [String: String]] = {
        var all: [String: [String: String]] = [:]
        for list in CodeList.all {
            var names: [String: String] = [:]
            for entry in list.entries { names[ColumnName.fold(entry.code)] = entry.code }
            for entry in list.entries {
                for name in [entry.names.en, entry.names.ur] where names[ColumnName.fold(name)] == nil {
                    names[ColumnName.fold(name)] = entry.code
                }
            }
            for (name, code) in more[list.name] ?? [] where names[ColumnName.fold(name)] == nil {
                names[ColumnName.fold(name)] = code
            }
            all[list.name] = names
        }
        return all
    }()

    /// Words of the trade beyond the lists' own names.
    private static let more: [String: [(String, String)]] = [
        "shapes": [
            ("RD", "R"), ("RB", "R"), ("RBC", "R"), ("RND", "R"), ("round brilliant", "R"), ("B", "R"),
            ("princess", "SQ"), ("radiant", "CCR"), ("square radiant", "CCS"), ("asscher", "SQEM"),
            ("square emerald", "SQEM"), ("trilliant", "TRI"), ("trillion", "TRI"), ("pear shape", "PR"),
            ("emerald cut", "EM"), ("گول", "R"), ("بیضوی", "OV"),
        ],
        "fluorescences": [
            ("none", "NON"), ("N", "NON"), ("nil", "NON"), ("F", "FNT"), ("faint", "FNT"), ("FB", "FNT"),
            ("slight", "FNT"), ("very slight", "FNT"), ("M", "MED"), ("medium", "MED"), ("S", "STG"), ("strong", "STG"),
            ("VS", "VST"), ("very strong", "VST"),
        ],
        "diamondGrades": [
            ("X", "EX"), ("EXC", "EX"), ("vg", "VG"), ("GD", "G"), ("FR", "F"), ("PR", "P"), ("ID", "Ideal"),
        ],
        "treatments": [
            ("heated", "HT"), ("heat", "HT"), ("H", "HT"), ("oiled", "OIL"), ("resin", "RES"), ("no", "NONE"),
            ("unheated", "NONE"), ("untreated", "NONE"), ("not tested", "NT"), ("irradiated", "IRR"),
            ("laser drilled", "LD"), ("filled", "FF"), ("fracture filled", "FF"), ("dyed", "DYE"),
        ],
        "natures": [
            ("lab grown", "laboratory_grown"), ("lab created", "laboratory_grown"), ("synthetic", "laboratory_grown"),
            ("قدرتی", "natural"),
        ],
    ]

    /// How RapNet spells shapes; `BR` and `PR` are not what they are elsewhere.
    static let rapnetShapes: [String: String] = {
        let lines: [(String, String)] = [
            ("R", "b br rb rd rbc rnd round brilliant roundbrilliant"), ("PR", "p ps psh pb pmb pe pear pearbrilliant"),
            ("MQ", "mqb m mq marquise"), ("SQ", "prn pr prin pn pc mdsqb smb princess"),
            ("EM", "e em ec emerald"), ("SQEM", "a css cssc ac asscher sqe sqem squareemerald"),
            ("OV", "o ov omb oval"), ("HT", "h hs ht mhrc heart"), ("CCR", "r rad ra rc rdn crb rcrb radiant"),
            ("CCS", "sqr cccrb sqradiant squareradiant"), ("TRI", "t tri tr tril trl tril triangle trilliant"),
            ("CU", "c cux cu cmb cush cus rcmb crc csc cushion cushionmodified cushionbrilliant"),
            ("BG", "bg baguette tb taperedbaguette"), ("BR", "brio briolette"), ("SH", "sh shield"), ("KT", "k kite"),
            ("HX", "hx hexagonal"), ("OCT", "oc octagonal"), ("REC", "rectangular"), ("LZ", "lozenge"),
            ("TRP", "tz trap trapezoid"), ("OTH", "x other"),
        ]
        return Dictionary(
            lines.flatMap { code, words in words.split(separator: " ").map { (String($0), code) } },
            uniquingKeysWith: { first, _ in first })
    }()
}
