import CExpat

/// Reads XML from front to back over expat. Refuses a document type: with it come entities, and with them harm.
final class XMLParser {
    /// An element begins; its name and attributes without namespace prefixes.
    var onStart: (_ name: String, _ attributes: [String: String]) throws -> Void = { _, _ in }
    var onEnd: (_ name: String) throws -> Void = { _ in }
    /// Text, in as many parts as it comes.
    var onText: (UnsafeBufferPointer<CChar>) throws -> Void = { _ in }

    private let raw: OpaquePointer
    private var failure: (any Error)?
    private var depth = 0
    private static let greatestDepth = 64

    init() throws {
        guard let raw = XML_ParserCreate("UTF-8") else {
            throw TableError("there is no memory to read it", hint: "try again")
        }
        self.raw = raw
        XML_SetUserData(raw, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            raw,
            { context, name, attributes in
                let parser = XMLParser.from(context)
                guard let name, parser.failure == nil else { return }
                parser.depth += 1
                guard parser.depth <= XMLParser.greatestDepth else {
                    return parser.stop(TableError("its XML is nested too deeply", hint: "save the workbook anew"))
                }
                var found: [String: String] = [:]
                var next = attributes
                while let key = next?[0], let value = next?[1] {
                    found[XMLParser.local(key)] = String(cString: value)
                    next = next?.advanced(by: 2)
                }
                do { try parser.onStart(XMLParser.local(name), found) } catch { parser.stop(error) }
            },
            { context, name in
                let parser = XMLParser.from(context)
                guard let name, parser.failure == nil else { return }
                parser.depth -= 1
                do { try parser.onEnd(XMLParser.local(name)) } catch { parser.stop(error) }
            })
        XML_SetCharacterDataHandler(raw) { context, text, length in
            let parser = XMLParser.from(context)
            guard parser.failure == nil else { return }
            do { try parser.onText(UnsafeBufferPointer(start: text, count: Int(length))) } catch { parser.stop(error) }
        }
        XML_SetStartDoctypeDeclHandler(raw) { context, _, _, _, _ in
            XMLParser.from(context).stop(
                TableError("its XML has a document type", hint: "it was made to do harm; save the workbook anew"))
        }
    }

    deinit { XML_ParserFree(raw) }

    private static func from(_ context: UnsafeMutableRawPointer?) -> XMLParser {
        Unmanaged<XMLParser>.fromOpaque(context!).takeUnretainedValue()
    }

    /// Behind the prefix.
    private static func local(_ name: UnsafePointer<CChar>) -> String {
        let text = String(cString: name)
        return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) } ?? text
    }

    private func stop(_ error: any Error) {
        failure = failure ?? error
        XML_StopParser(raw, 0)
    }

    func parse(_ piece: UnsafeRawBufferPointer, isLast: Bool) throws {
        let status = XML_Parse(
            raw, piece.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(piece.count), isLast ? 1 : 0)
        if let failure { throw failure }
        guard status == XML_STATUS_OK else {
            let why = XML_ErrorString(XML_GetErrorCode(raw)).map { String(cString: $0) } ?? "not XML"
            throw TableError(
                "its XML is damaged in line \(XML_GetCurrentLineNumber(raw)): \(why)", hint: "save the workbook anew")
        }
    }
}
