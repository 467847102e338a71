import GemModel

extension StatementLinter {
    /// The members of one object of a statement, with the path to it.
    struct Members {
        let members: [JSON.Member]
        let path: String

        init(_ json: JSON, _ path: String) throws(Finding) {
            guard let members = json.members else { throw Finding(path: path, reason: "is no object") }
            self.members = members
            self.path = path
        }

        func wrong(_ name: String, _ reason: String) -> Finding {
            Finding(path: path.isEmpty ? name : "\(path).\(name)", reason: reason)
        }

        func has(_ name: String) -> Bool { members.contains { $0.name == name } }

        /// Exactly these members, besides those that may be absent.
        /// Lists and not sets, which would be made anew each time.
        func only(_ required: [String], mayHave optional: [String] = []) throws(Finding) {
            for member in members where !required.contains(member.name) && !optional.contains(member.name) {
                throw wrong(member.name, "has no place here")
            }
            // The first by name, so that the words are the same each time.
            if let missing = required.lazy.filter({ !has($0) }).min() { throw wrong(missing, "is missing") }
        }

        func value(_ name: String) throws(Finding) -> JSON {
            guard let found = members.first(where: { $0.name == name }) else { throw wrong(name, "is missing") }
            return found.value
        }

        func text(_ name: String) throws(Finding) -> String {
            guard let text = try value(name).string else { throw wrong(name, "is no text") }
            return text
        }

        func filled(_ name: String) throws(Finding) {
            guard try text(name).unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw wrong(name, "is empty")
            }
        }

        func object(_ name: String) throws(Finding) -> Members {
            try Members(value(name), path.isEmpty ? name : "\(path).\(name)")
        }

        func array(_ name: String) throws(Finding) -> [JSON] {
            guard let elements = try value(name).elements else { throw wrong(name, "is no list") }
            return elements
        }

        func number(_ name: String, _ range: ClosedRange<Int>) throws(Finding) -> Int {
            guard let number = try value(name).integer, range ~= number else {
                throw wrong(name, "is no whole number in range")
            }
            return number
        }

        func hex(_ name: String, digits: Int) throws(Finding) {
            let text = try text(name)
            guard text.utf8.count == digits,
                text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            else { throw wrong(name, "is not \(digits) hexadecimal digits") }
        }

        func address(_ name: String) throws(Finding) {
            let text = try text(name)
            guard text.hasPrefix("https://"), text.utf8.count > 8,
                text.utf8.allSatisfy({ isLetterOrDigit($0) || "-._~:/".utf8.contains($0) })
            else { throw wrong(name, "is no https address") }
        }
    }

    // By hand: a regular expression is parsed anew at each use and would take most of a signature's time.

    static func isCountry(_ code: String) -> Bool {
        code.utf8.count == 2 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    static func isImageType(_ type: String) -> Bool {
        type.hasPrefix("image/") && type.utf8.count > 6
            && type.utf8.dropFirst(6).allSatisfy { isLetterOrDigit($0) || "-.+".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
