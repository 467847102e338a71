/// From smallest to largest, in words (`"2.0–2.5 mm"`, a sieve) or as two lengths in millimetres.
public enum Span: Codable, Hashable, Sendable, CustomStringConvertible {
    case words(Line)
    case millimetres(min: Millimetre, max: Millimetre)

    private enum CodingKeys: String, CodingKey {
        case min, max
    }

    public init(from decoder: any Decoder) throws {
        guard (decoder as? Node)?.json.members != nil else {
            self = .words(try Line(from: decoder))
            return
        }
        let box = try decoder.container(keyedBy: CodingKeys.self)
        let (min, max) = (
            try box.decode(Millimetre.self, forKey: .min), try box.decode(Millimetre.self, forKey: .max)
        )
        guard min <= max else {
            throw InvalidInput("the smallest, \(min) mm, is larger than the largest, \(max) mm", hint: "exchange them")
        }
        self = .millimetres(min: min, max: max)
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .words(let line): try line.encode(to: encoder)
        case .millimetres(let min, let max):
            var box = encoder.container(keyedBy: CodingKeys.self)
            try box.encode(min, forKey: .min)
            try box.encode(max, forKey: .max)
        }
    }

    public var description: String {
        switch self {
        case .words(let line): line.text
        case .millimetres(let min, let max): "\(min)–\(max) mm"
        }
    }
}
