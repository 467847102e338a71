import GemModel

/// The short ways people write facts on a command line, and the JSON the protocol wants for them.
///
/// Each throws a usage ``Failure`` naming the option; ranges and codes are the daemon's to judge.
enum Shorthand {
    /// `1.58ct` becomes `weightCt` as it stands; any other unit is sent as `weight` for the daemon to convert.
    static func weight(_ text: String) throws(Failure) -> JSON.Member {
        let (number, unit) = try quantity(text, option: "--weight", example: "1.58ct, 684mg, 0.684g")
        return ["ct", "carat", "carats"].contains(unit)
            ? .init("weightCt", .string(number)) : .init("weight", .string("\(number) \(unit)"))
    }

    /// `9.1g`, where grams are the only unit.
    static func grams(_ text: String, option: String) throws(Failure) -> JSON {
        let (number, unit) = try quantity(text, option: option, example: "9.1g")
        guard unit == "g" else { throw usage(option, "\"\(text)\" is not in grams", "write it in grams, such as 9.1g") }
        return .string(number)
    }

    /// `9.1g`, or in another unit, which the daemon turns into grams.
    static func gross(_ text: String) throws(Failure) -> JSON.Member {
        let (number, unit) = try quantity(text, option: "--gross", example: "9.1g, 1.5tola_11.664")
        return unit == "g"
            ? .init("grossWeightG", .string(number)) : .init("weight", .string("\(number) \(unit)"))
    }

    /// `9.12x7.05x4.88` in millimetres: length, width and perhaps depth.
    static func size(_ text: String) throws(Failure) -> JSON {
        var sides: [String] = []
        for part in text.lowercased().split(whereSeparator: { "x×*".contains($0) }) {
            var side = part.trimmingSpaces
            if side.hasSuffix("mm") { side = side.dropLast(2).trimmingSpaces }
            guard isDecimal(side) else {
                throw usage("--size", "\"\(text)\" is not a size", "write millimetres as 9.12x7.05x4.88")
            }
            sides.append(String(side))
        }
        guard (2...3).contains(sides.count) else {
            throw usage(
                "--size", "\"\(text)\" has \(sides.count) sides",
                "write length x width x depth in millimetres, such as 9.12x7.05x4.88")
        }
        return .object(zip(["length", "width", "depth"], sides).map { .init($0, .string($1)) })
    }

    /// `4200usd` for the whole, `2650usd/ct` per carat.
    static func price(_ text: String, option: String) throws(Failure) -> JSON {
        var rest = text.trimmingSpaces.lowercased()
        let perCarat = rest.hasSuffix("/ct")
        if perCarat { rest.removeLast(3) }
        let letters = rest.filter(\.isLetter)
        let digits = rest.filter { !$0.isLetter && $0 != " " }
        guard letters.utf8.count == 3, isDecimal(digits[...]), rest.hasPrefix(letters) || rest.hasSuffix(letters) else {
            throw usage(
                option, "\"\(text)\" is not an amount of money",
                "write digits without grouping and the currency: 4200usd, 185000pkr, or 2650usd/ct per carat")
        }
        let money = JSON.object(["amount": .string(digits), "currency": .string(letters.uppercased())])
        return .object([.init(perCarat ? "perCarat" : "total", money)])
    }

    /// As ``price(_:option:)``; `metal` of a piece whose price follows the day's rates.
    static func askingPrice(_ text: String) throws(Failure) -> JSON {
        text.lowercased() == "metal" ? .object(["metalLinked": true]) : try price(text, option: "--price")
    }

    /// `12000pkr`.
    static func money(_ text: String, option: String) throws(Failure) -> JSON {
        guard let money = try price(text, option: option)["total"] else {
            throw usage(option, "\"\(text)\" is per carat", "write the whole, such as 12000pkr")
        }
        return money
    }

    /// `USD:281.40`: rupees for one of it.
    static func currencyRate(_ text: String) throws(Failure) -> JSON.Member {
        let parts = text.split(separator: ":").map(\.trimmingSpaces)
        guard parts.count == 2, parts[0].utf8.count == 3, isDecimal(parts[1]) else {
            throw usage("--currency", "\"\(text)\" is no rate", "write rupees for one, such as USD:281.40")
        }
        return .init(parts[0].uppercased(), .string(String(parts[1])))
    }

    /// `gold:432100:tola_11.664`, then perhaps the fineness (999) and the currency (PKR).
    static func metalRate(_ text: String) throws(Failure) -> JSON.Member {
        let parts = text.split(separator: ":").map(\.trimmingSpaces)
        guard (3...5).contains(parts.count), isDecimal(parts[1]) else {
            throw usage(
                "--metal", "\"\(text)\" is no rate",
                "write metal:amount:measure, such as gold:432100:tola_11.664, then perhaps :999:PKR")
        }
        return .init(
            parts[0].lowercased(),
            .object([
                "amount": .string(String(parts[1])),
                "currency": .string(parts.count > 4 ? parts[4].uppercased() : "PKR"),
                "per": .string(String(parts[2])),
                "finenessPermille": .string(parts.count > 3 ? String(parts[3]) : "999"),
            ]))
    }

    /// `gold:22k:8.42g`: the metal, then karat (`22k`), fineness (`916`), weight (`8.42g`) or colour in any order.
    static func metal(_ text: String) throws(Failure) -> JSON {
        let parts = text.lowercased().split(separator: ":").map(\.trimmingSpaces)
        guard let metal = parts.first, !metal.isEmpty, metal.allSatisfy({ $0.isLetter || $0 == "_" }) else {
            throw usage("--metal", "\"\(text)\" names no metal", "write gold:22k:8.42g or silver:925:30g")
        }
        var members: [String: JSON] = [:]
        for part in parts.dropFirst() {
            let number = String(part.prefix { $0.isASCII && ($0.isNumber || $0 == ".") })
            let name: String
            let value: JSON
            switch part.dropFirst(number.count) {
            case "k", "kt":
                guard let karat = Int(number) else {
                    throw usage("--metal", "\"\(part)\" is not a karat", "write a whole number, such as 22k")
                }
                (name, value) = ("karat", .integer(karat))
            case "g": (name, value) = ("weightG", .string(number))
            case "", "‰": (name, value) = ("finenessPermille", .string(number))
            case let rest where number.isEmpty: (name, value) = ("colour", .string(String(rest)))
            case let unit where ["tola", "masha", "ratti", "mg", "kg", "ct"].contains(where: { unit.hasPrefix($0) }):
                (name, value) = ("weight", .string("\(number) \(unit)"))
            default:
                throw usage(
                    "--metal", "\"\(part)\" is neither karat, fineness, weight nor colour",
                    "write gold:22k:8.42g, gold:22k:1.5tola_11.664 or gold:yellow:750:3.1g")
            }
            guard members.updateValue(value, forKey: name) == nil else {
                throw usage("--metal", "\"\(text)\" says \(name) twice", "keep one of them")
            }
        }
        let order = ["colour", "karat", "finenessPermille", "weightG", "weight"]
        return .object(
            [.init("metal", .string(String(metal)))]
                + order.compactMap { name in members[name].map { .init(name, $0) } })
    }

    /// `OIL:minor` or `DI:surface:Be`: code, degree, filler.
    static func treatment(_ text: String) throws(Failure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map {
            String($0.trimmingSpaces)
        }
        guard let code = parts.first, !code.isEmpty else {
            throw usage(
                "--treatment", "\"\(text)\" names no treatment",
                "write a code and its degree, such as OIL:minor, or NT if nobody tested")
        }
        let member = { (index: Int) in
            parts.indices.contains(index) && !parts[index].isEmpty ? JSON.string(parts[index]) : nil
        }
        return .object(["code": .string(code.uppercased()), "degree": member(1), "filler": member(2)])
    }

    /// `PK:Swat:Mingora`: country, region, locality.
    static func origin(_ text: String) throws(Failure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map {
            String($0.trimmingSpaces)
        }
        guard let country = parts.first, country.utf8.count == 2 else {
            throw usage("--origin", "\"\(text)\" does not begin with a country code", "write PK or PK:Swat")
        }
        let member = { (index: Int) in
            parts.indices.contains(index) && !parts[index].isEmpty ? JSON.string(parts[index]) : nil
        }
        return .object(["country": .string(country.uppercased()), "region": member(1), "locality": member(2)])
    }

    /// A species code; for a variety the two options it takes.
    static func species(_ text: String) throws(Failure) -> JSON {
        let code = text.lowercased()
        if Species.named(code) == nil, let variety = Variety.named(text) {
            throw usage(
                "--species", "\"\(text)\" is a variety, its species is \(variety.species)",
                "write --species \(variety.species) --variety \(quoted(variety.code))")
        }
        return .string(code)
    }

    private static func quoted(_ word: String) -> String {
        word.contains(" ") || word.contains("'") ? "\"\(word)\"" : word
    }

    /// `fineness:750`, `CCM`: the mark's type and what is stamped.
    static func hallmark(_ text: String) throws(Failure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0.trimmingSpaces) }
        guard let type = parts.first else {
            throw usage("--hallmark", "\"\(text)\" names no mark", "write fineness:750 or assay_office:London")
        }
        // A bare number is what people read on the piece.
        if parts.count == 1, type.allSatisfy(\.isNumber) {
            return .object(["type": "fineness", "text": .string(type)])
        }
        return .object(["type": .string(type), "text": parts.count > 1 ? .string(parts[1]) : nil])
    }

    /// `US:7`.
    static func ringSize(_ text: String) throws(Failure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0.trimmingSpaces) }
        guard parts.count == 2 else {
            throw usage("--ring-size", "\"\(text)\" does not say its system", "write US:7, UK:N, EU:54 or PK:18")
        }
        return .object(["system": .string(parts[0].uppercased()), "value": .string(parts[1])])
    }

    /// `centre:emerald:1.10ct:oval`, `side:diamond:12x:0.24ct`, `piece=R-17`, in any order.
    static func mount(_ text: String) throws(Failure) -> JSON {
        var members: [JSON.Member] = []
        for part in text.split(separator: ":").map({ String($0.trimmingSpaces) }) where !part.isEmpty {
            let word = part.lowercased()
            let found: [JSON.Member]
            if word.hasPrefix("piece=") {
                found = [.init("piece", .string(String(part.dropFirst(6))))]
            } else if let role = StoneEntry.Role(rawValue: word) {
                found = [.init("role", .string(role.rawValue))]
            } else if word.hasSuffix("x"), let count = Int(word.dropLast()) {
                found = [.init("count", .integer(count))]
            } else if word.first?.isNumber == true {
                let weight = try Shorthand.weight(part)
                guard weight.name == "weightCt" else {
                    throw usage("--mount", "\"\(part)\" is not in carats", "write the weight as 1.10ct")
                }
                found = [weight]
            } else if Species.named(word) != nil {
                found = [.init("species", .string(word))]
            } else if let variety = Variety.named(word) {
                found = [.init("species", .string(variety.species)), .init("variety", .string(variety.code))]
            } else if let setting = StoneEntry.Setting(rawValue: word) {
                found = [.init("setting", .string(setting.rawValue))]
            } else if let nature = Nature(rawValue: word) {
                found = [.init("nature", .string(nature.rawValue))]
            } else if let shape = Shorthand.shape(part).string, Shape(rawValue: shape) != nil {
                found = [.init("shape", .string(shape))]
            } else if let code = Treatment.Kind(rawValue: part.uppercased()) {
                found = [.init("treatments", .array([.object(["code": .string(code.rawValue)])]))]
            } else {
                throw usage(
                    "--mount", "\"\(part)\" is no role, stone, count, weight, shape, setting, nature or treatment",
                    "write centre:emerald:1.10ct:oval or side:diamond:12x:0.24ct:round")
            }
            for member in found where members.contains(where: { $0.name == member.name }) {
                throw usage("--mount", "\"\(text)\" says \(member.name) twice", "keep one of them")
            }
            members += found
        }
        guard !members.isEmpty else {
            throw usage("--mount", "it says nothing", "write centre:emerald:1.10ct:oval")
        }
        return .object(members)
    }

    /// A shape's GIA code, or its plain name.
    static func shape(_ text: String) -> JSON {
        let names = [
            "round": "R", "oval": "OV", "cushion": "CU", "pear": "PR", "emerald": "EM", "marquise": "MQ", "heart": "HT",
            "triangle": "TRI", "trillion": "TRI", "trapezoid": "TRP", "briolette": "BR", "kite": "KT", "lozenge": "LZ",
            "shield": "SH",
            "hexagon": "HX", "octagon": "OCT", "square": "SQ", "rectangle": "REC", "baguette": "BG", "bead": "BD",
            "rough": "ROU",
        ]
        return .string(names[text.lowercased()] ?? text.uppercased())
    }

    /// `path=text` sets a string, `path:=json` anything else; a value in `{}` or `[]` is read as JSON too.
    static func assignment(_ text: String) throws(Failure) -> (path: [String], value: JSON) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw usage("--set", "\"\(text)\" has no \"=\"", "write path=value, such as stone.clarity=eye_clean")
        }
        var path = text[..<equals]
        let value = String(text[text.index(after: equals)...])
        var isJSON = value.hasPrefix("{") || value.hasPrefix("[")
        if path.last == ":" {
            path = path.dropLast()
            isJSON = true
        }
        guard isJSON else { return (try Self.path(String(path), option: "--set"), .string(value)) }
        do {
            return (try Self.path(String(path), option: "--set"), try JSON(parsing: value))
        } catch let error as JSONError {
            throw usage(
                "--set", "the value of \"\(path)\" is not JSON: \(error)", "write \(path)=\(value) for plain text")
        } catch let failure as Failure {
            throw failure
        } catch {
            preconditionFailure("only these two are thrown")
        }
    }

    static func path(_ text: String, option: String) throws(Failure) -> [String] {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty && !$0.contains("[") }) else {
            throw usage(
                option, "\"\(text)\" is not a path of members",
                "write stone.colour.text; a list is set whole, such as stone.treatments:='[…]'")
        }
        return names
    }

    static func usage(_ option: String, _ reason: Message, _ hint: Message) -> Failure {
        Failure(.usage, "\(option): \(reason)", hint: hint)
    }

    private static func quantity(_ text: String, option: String, example: String) throws(Failure) -> (
        number: String, unit: String
    ) {
        let text = text.trimmingSpaces
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).trimmingSpaces.lowercased()
        guard isDecimal(number) else {
            throw usage(option, "\"\(text)\" does not begin with a number", "write \(example)")
        }
        guard !unit.isEmpty else { throw usage(option, "\"\(text)\" has no unit", "write \(example)") }
        guard unit.first?.isLetter == true else {
            throw usage(option, "\"\(text)\" is not a number and a unit", "write \(example)")
        }
        return (String(number), unit)
    }

    private static func isDecimal(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }
    }
}

extension StringProtocol where SubSequence == Substring {
    var trimmingSpaces: Substring {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}

extension JSON {
    /// This object with the value put at a path; objects on the way are made. A null stays: in a merge patch it removes.
    func setting(_ value: JSON, at path: ArraySlice<String>) -> JSON {
        guard let name = path.first else { return value }
        var members = self.members ?? []
        let index = members.firstIndex { $0.name == name }
        let inner = (index.map { members[$0].value } ?? .object([])).setting(value, at: path.dropFirst())
        if let index { members[index].value = inner } else { members.append(.init(name, inner)) }
        return .object(members)
    }
}
