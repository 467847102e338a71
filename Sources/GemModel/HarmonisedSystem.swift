/// A heading of the Harmonised System that pieces come under (domain §1.10, hs.json); six digits, dated 2026.
public struct Heading: Hashable, Sendable {
    public var code: String
    public var names: Names

    private init(_ code: String, _ en: String, _ ur: String) {
        self.code = code
        names = Names(en, ur)
    }

    public static let table: [Heading] = [
        .init("710110", "natural pearls, not strung or mounted", "قدرتی موتی، بغیر لڑی یا جڑائی"),
        .init("710121", "cultured pearls, unworked", "پرورش کردہ موتی، بغیر کام"),
        .init("710122", "cultured pearls, worked", "پرورش کردہ موتی، کام شدہ"),
        .init("710210", "natural diamonds, unsorted", "قدرتی ہیرے، بغیر چھانٹے"),
        .init("710221", "natural industrial diamonds, unworked or sawn", "صنعتی ہیرے، خام یا چیرے ہوئے"),
        .init("710229", "natural industrial diamonds, other", "صنعتی ہیرے، دیگر"),
        .init("710231", "natural diamonds, unworked, sawn, cleaved or bruted", "قدرتی ہیرے، خام یا چیرے ہوئے"),
        .init("710239", "natural diamonds, polished", "قدرتی ہیرے، تراشیدہ"),
        .init("710310", "other natural stones, unworked, sawn or roughly shaped", "دیگر قدرتی پتھر، خام"),
        .init("710391", "rubies, sapphires and emeralds, worked", "یاقوت، نیلم اور زمرد، تراشیدہ"),
        .init("710399", "other natural stones, worked", "دیگر قدرتی پتھر، تراشیدہ"),
        .init("710421", "synthetic diamonds, unworked", "مصنوعی ہیرے، خام"),
        .init("710429", "other synthetic stones, unworked", "دیگر مصنوعی پتھر، خام"),
        .init("710491", "synthetic diamonds, worked", "مصنوعی ہیرے، تراشیدہ"),
        .init("710499", "other synthetic stones, worked", "دیگر مصنوعی پتھر، تراشیدہ"),
        .init("710510", "diamond dust and powder", "ہیرے کا برادہ"),
        .init("711311", "jewellery of silver", "چاندی کے زیور"),
        .init("711319", "jewellery of gold or platinum", "سونے یا پلاٹینم کے زیور"),
        .init("711320", "jewellery of base metal clad with precious metal", "قیمتی دھات چڑھے عام دھات کے زیور"),
        .init("711610", "articles of pearls, without precious metal", "موتیوں کی اشیا، بغیر قیمتی دھات"),
        .init("711620", "articles of precious stones, without precious metal", "قیمتی پتھروں کی اشیا، بغیر قیمتی دھات"),
        .init("711719", "imitation jewellery of base metal", "عام دھات کے نقلی زیور"),
        .init("7018", "imitation stones of glass", "شیشے کے نقلی پتھر"),
    ]
}

extension Piece {
    /// The heading its facts suggest; nil where they do not suffice. Treatment does not change it.
    public var heading: String? {
        switch kind {
        case .stone: return stone?.heading(isRough: false)
        case .pair: return pair?.heading(isRough: false)
        case .set: return set?.heading(isRough: false)
        case .parcel: return parcel?.heading(isRough: false)
        case .rough: return rough?.heading(isRough: true)
        case .specimen: return nil
        case .pearl:
            switch pearl?.identification?.value {
            case .natural: return "710110"
            case .beadCultured, .nonBeadCultured: return pearl?.drilling?.value == .undrilled ? "710121" : "710122"
            default: return nil
            }
        case .strand: return strand?.pearl == nil && strand?.species?.value.code != "pearl" ? "711620" : "711610"
        case .jewellery:
            let metals = jewellery?.metals ?? []
            if metals.contains(where: { [.gold, .platinum, .palladium].contains($0.metal) }) { return "711319" }
            if metals.contains(where: { $0.metal == .silver }) { return "711311" }
            guard metals.contains(where: { $0.metal == .base }) else { return nil }
            return jewellery?.plating?.value == .goldFilled ? "711320" : "711719"
        }
    }

    /// What was written against what the facts suggest: the first six digits count.
    func judgeHeading(_ findings: inout [Finding]) {
        guard let hs = hs?.text, let heading else { return }
        let digits = hs.filter { $0.isASCII && $0.isNumber }
        guard !digits.hasPrefix(heading), !heading.hasPrefix(digits) || digits.isEmpty else { return }
        let name = Heading.table.first { $0.code == heading }?.names.en ?? ""
        findings.append(
            Finding("hs-heading", .note, "hs", "\"\(hs)\" was written; its facts suggest \(heading), \(name)"))
    }
}

extension Gemstone {
    fileprivate func heading(isRough: Bool) -> String? {
        guard let nature = nature?.value, let code = species?.value.code else { return nil }
        let isDiamond = code == "diamond"
        switch nature {
        case .natural:
            if isDiamond { return isRough ? "710231" : "710239" }
            if isRough { return "710310" }
            guard let variety = variety?.value.text else {
                return ["corundum", "beryl"].contains(code) ? nil : "710399"
            }
            let known = Variety.named(variety)?.code ?? variety.lowercased()
            return ["ruby", "sapphire", "emerald"].contains { known.contains($0) } || known == "padparadscha"
                ? "710391" : "710399"
        case .laboratoryGrown, .reconstructed:
            return isDiamond ? (isRough ? "710421" : "710491") : isRough ? "710429" : "710499"
        case .imitation, .assembled, .unknown: return nil
        }
    }
}
