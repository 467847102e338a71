/// What may stand behind a signed paper: one update that adds nothing but evidence for later (PAdES B-LT, the
/// document security store of ETSI EN 319 142-1 §5.4.2): certificates, revocation lists and answers about them.
///
/// Nothing in it is believed; it must only be unable to change what a reader sees. So the catalogue keeps every
/// entry and gains `DSS`, all other objects are new and are reached from there, and nothing else is in the update.
enum LateEvidence {
    /// What the update may lean on, all of it signed.
    struct Signed {
        /// Where the signed part ends and its last cross-reference table begins.
        var end: Int
        var table: Int
        /// One past the highest object.
        var size: Int
        var root: Int
        var info: Int
        /// Where these two dictionaries begin.
        var catalog: Int
        var information: Int
        /// The file's first identifier.
        var id: [UInt8]
    }

    private struct Object {
        var offset: Int
        var value: PDFValue
        /// Of a stream, its bytes.
        var stream: Range<Int>?
    }

    /// What was reached from the store. Each object is walked once in each role, however often it is named: else a file
    /// of a megabyte asks for billions of steps.
    private struct Reached {
        var objects: Set<Int> = []
        private var walked: Set<[Int]> = []

        mutating func isFirst(_ value: PDFValue, _ role: Role) -> Bool {
            guard case .reference(let number) = value else { return true }
            return walked.insert([number, role.rawValue]).inserted
        }

        enum Role: Int { case streams, signature }
    }

    typealias Malformed = SignedPDFReader.Malformed

    private static func refused(_ why: String) -> Malformed {
        Malformed(reason: "something was added to this PDF after it was signed: \(why)")
    }

    private static let unknown = refused("it is not the evidence that may be added")
    private static let mostObjects = 2000

    static func check(_ bytes: [UInt8], behind signed: Signed) throws(Malformed) {
        let objects = try read(bytes, signed)
        guard let catalog = objects[signed.root]?.value.dictionary, objects[signed.root]?.stream == nil else {
            throw unknown
        }
        try compare(catalog, dictionary(bytes, at: signed.catalog))
        if let information = objects[signed.info] {
            try compare(information, dictionary(bytes, at: signed.information))
        }
        let fresh = objects.filter { $0.key >= signed.size }
        guard fresh.count + (objects[signed.info] == nil ? 1 : 2) == objects.count else {
            throw refused("it replaces a part of what was signed")
        }
        var reached = Reached()
        if let store = catalog["DSS"] {
            try walkStore(store, fresh, &reached)
        } else {
            throw refused("it is not the evidence that may be added")
        }
        guard reached.objects.count == fresh.count else { throw refused("it holds more than evidence") }
        for object in fresh.values {
            guard let stream = object.stream else { continue }
            try checkStream(object, bytes[stream])
        }
    }

    private static func dictionary(_ bytes: [UInt8], at place: Int) throws(Malformed) -> [String: PDFValue] {
        var scanner = PDFScanner(bytes, at: place)
        guard let entries = (try? scanner.value())?.dictionary else { throw unknown }
        return entries
    }

    // MARK: - What the update is made of

    /// The objects of the update, which its table must name one by one.
    private static func read(_ bytes: [UInt8], _ signed: Signed) throws(Malformed) -> [Int: Object] {
        var objects: [Int: Object] = [:]
        do throws(PDFScanner.Unknown) {
            var scanner = PDFScanner(bytes, at: signed.end)
            scanner.skipSpace()
            while !scanner.take("xref") {
                let offset = scanner.position
                let number = try scanner.whole()
                guard try scanner.whole() == 0, number > 0, objects.count < mostObjects else {
                    throw PDFScanner.Unknown()
                }
                try scanner.word("obj")
                let value = try scanner.value()
                let stream = try stream(of: value, &scanner)
                try scanner.word("endobj")
                scanner.skipSpace()
                guard objects.updateValue(Object(offset: offset, value: value, stream: stream), forKey: number) == nil
                else { throw PDFScanner.Unknown() }
            }
            let table = scanner.position - 4
            try readTable(&scanner, objects)
            try readTrailer(&scanner, signed, highest: objects.keys.max() ?? 0)
            try scanner.word("startxref")
            guard try scanner.whole() == table else { throw PDFScanner.Unknown() }
            scanner.skipSpace()
            scanner.skipSpace()
            guard scanner.take("%%EOF") else { throw PDFScanner.Unknown() }
            // No more: programs look for the table's place in the last 1,024 bytes, and guess where it is not there.
            _ = scanner.take("\r\n") || scanner.take("\n")
            guard scanner.isAtEnd else { throw PDFScanner.Unknown() }
        } catch { throw unknown }
        return objects
    }

    private static func stream(
        of value: PDFValue, _ scanner: inout PDFScanner
    ) throws(PDFScanner.Unknown) -> Range<Int>? {
        scanner.skipSpace()
        guard scanner.take("stream") else { return nil }
        guard let length = value.dictionary?["Length"]?.integer, length >= 0,
            scanner.take("\r\n") || scanner.take("\n"), length <= scanner.bytes.count - scanner.position
        else { throw PDFScanner.Unknown() }
        let range = scanner.position..<scanner.position + length
        scanner.position = range.upperBound
        try scanner.word("endstream")
        return range
    }

    /// Lines of 20 bytes (§7.5.4); each names an object of this update, and each object is named.
    private static func readTable(
        _ scanner: inout PDFScanner, _ objects: [Int: Object]
    ) throws(PDFScanner.Unknown) {
        var named: Set<Int> = []
        scanner.skipSpace()
        while !scanner.take("trailer") {
            let first = try scanner.whole()
            let count = try scanner.whole()
            guard count <= mostObjects, first <= Int(Int32.max) else { throw PDFScanner.Unknown() }
            scanner.skipSpace()
            for number in first..<first + count {
                let start = scanner.position
                let offset = try scanner.whole()
                let generation = try scanner.whole()
                // The head of the list of free objects may be said again.
                if number == 0 {
                    guard offset == 0, generation == 65535 else { throw PDFScanner.Unknown() }
                    try scanner.word("f")
                } else {
                    guard generation == 0, objects[number]?.offset == offset, named.insert(number).inserted else {
                        throw PDFScanner.Unknown()
                    }
                    try scanner.word("n")
                }
                guard scanner.take(" \n") || scanner.take("\r\n") || scanner.take(" \r"),
                    scanner.position - start == 20
                else { throw PDFScanner.Unknown() }
            }
            scanner.skipSpace()
        }
        guard named.count == objects.count else { throw PDFScanner.Unknown() }
    }

    private static func readTrailer(
        _ scanner: inout PDFScanner, _ signed: Signed, highest: Int
    ) throws(PDFScanner.Unknown) {
        guard let trailer = try scanner.value().dictionary else { throw PDFScanner.Unknown() }
        guard trailer["Size"]?.integer == max(highest + 1, signed.size), trailer["Root"] == .reference(signed.root),
            trailer["Prev"]?.integer == signed.table, trailer["Info"].map({ $0 == .reference(signed.info) }) ?? true,
            Set(trailer.keys).isSubset(of: ["Size", "Root", "Prev", "Info", "ID"])
        else { throw PDFScanner.Unknown() }
        if let id = trailer["ID"] {
            guard case .array(let parts) = id, parts.count == 2, parts[0] == .string(signed.id), parts[1].isString
            else { throw PDFScanner.Unknown() }
        }
    }

    // MARK: - What it may say

    /// The catalogue as it was signed, and the store; other programs also note which PDF, and which extension of it, that is.
    private static func compare(
        _ catalog: [String: PDFValue], _ signed: [String: PDFValue]
    ) throws(Malformed) {
        var (now, before) = (catalog, signed)
        now["DSS"] = nil
        if let version = now.removeValue(forKey: "Version") {
            guard [.name("1.6"), .name("1.7"), .name("2.0")].contains(version) else {
                throw refused("it changes the paper's catalogue")
            }
        }
        let extensions = now.removeValue(forKey: "Extensions")?.dictionary
        let signedExtensions = before.removeValue(forKey: "Extensions")?.dictionary ?? [:]
        guard now == before else { throw refused("it changes the paper's catalogue") }
        for (name, value) in signedExtensions where extensions?[name] != value {
            throw refused("it changes the paper's catalogue")
        }
        for (name, value) in extensions ?? [:] where signedExtensions[name] == nil {
            let entries = value.dictionary ?? [:]
            guard ["ADBE", "ESIC", "ISO_"].contains(name), entries["ExtensionLevel"]?.integer != nil,
                Set(entries.keys).isSubset(of: ["Type", "BaseVersion", "ExtensionLevel"])
            else { throw refused("it changes the paper's catalogue") }
        }
    }

    /// Programs write their name and the day into a PDF's information, which no reader shows on the paper.
    private static func compare(_ object: Object, _ signed: [String: PDFValue]) throws(Malformed) {
        guard object.stream == nil, var now = object.value.dictionary else { throw unknown }
        var before = signed
        for free in ["ModDate", "Producer"] {
            guard now[free]?.isString ?? true else { throw unknown }
            now[free] = nil
            before[free] = nil
        }
        guard now == before else { throw refused("it changes the paper's title or author") }
    }

    /// `DSS`: arrays of streams, and for single signatures dictionaries of such.
    private static func walkStore(
        _ value: PDFValue, _ objects: [Int: Object], _ reached: inout Reached
    ) throws(Malformed) {
        guard let store = try resolve(value, objects, &reached).dictionary else { throw unknown }
        for (key, value) in store {
            switch key {
            case "Type": guard value == .name("DSS") else { throw unknown }
            case "Certs", "CRLs", "OCSPs": try walkStreams(value, objects, &reached)
            case "VRI":
                for one in (try resolve(value, objects, &reached).dictionary ?? [:]).values
                where reached.isFirst(one, .signature) {
                    for (key, value) in try resolve(one, objects, &reached).dictionary ?? [:] {
                        switch key {
                        case "Type": guard value == .name("VRI") else { throw unknown }
                        case "TU": guard value.isString else { throw unknown }
                        case "Cert", "CRL", "OCSP": try walkStreams(value, objects, &reached)
                        case "TS": try walkStream(value, objects, &reached)
                        default: throw unknown
                        }
                    }
                }
            default: throw unknown
            }
        }
    }

    private static func walkStreams(
        _ value: PDFValue, _ objects: [Int: Object], _ reached: inout Reached
    ) throws(Malformed) {
        guard reached.isFirst(value, .streams) else { return }
        guard case .array(let elements) = try resolve(value, objects, &reached) else { throw unknown }
        for element in elements { try walkStream(element, objects, &reached) }
    }

    private static func walkStream(
        _ value: PDFValue, _ objects: [Int: Object], _ reached: inout Reached
    ) throws(Malformed) {
        guard case .reference(let number) = value, objects[number]?.stream != nil else {
            throw refused("its evidence points into the paper")
        }
        reached.objects.insert(number)
    }

    /// What a reference leads to, which must be an object of this update and no stream.
    private static func resolve(
        _ value: PDFValue, _ objects: [Int: Object], _ reached: inout Reached
    ) throws(Malformed) -> PDFValue {
        guard case .reference(let number) = value else { return value }
        guard let object = objects[number], object.stream == nil else {
            throw refused("its evidence points into the paper")
        }
        reached.objects.insert(number)
        return object.value
    }

    /// DER and nothing behind it, or what zlib makes of such.
    private static func checkStream(_ object: Object, _ bytes: ArraySlice<UInt8>) throws(Malformed) {
        let entries = object.value.dictionary ?? [:]
        guard Set(entries.keys).isSubset(of: ["Length", "Filter"]) else { throw unknown }
        // A program that thinks the file damaged looks for objects in everything, also in here.
        guard SignedPDFReader.first(" obj", in: Array(bytes), from: 0) == nil else {
            throw refused("it holds more than evidence")
        }
        switch entries["Filter"] {
        case nil:
            var reader = DERReader(bytes)
            guard (try? reader.read(DERReader.sequence)) != nil, (try? reader.end()) != nil else { throw unknown }
        case .name("FlateDecode"), .array([.name("FlateDecode")]): break
        default: throw unknown
        }
    }
}
