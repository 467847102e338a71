/// What a stone or pearl is before the law: the word that must stand beside its name.
///
/// Of pearls a third class lies between natural and imitation: `cultured` (16 CFR 23.19–23.21). A new case makes
/// the compiler name every table that lacks its words.
package enum Standing: Hashable, Sendable, CaseIterable {
    case natural, cultured, laboratoryGrown, reconstructed, assembled, imitation, unknown

    init(_ nature: Nature) {
        self =
            switch nature {
            case .natural: .natural
            case .laboratoryGrown: .laboratoryGrown
            case .reconstructed: .reconstructed
            case .assembled: .assembled
            case .imitation: .imitation
            case .unknown: .unknown
            }
    }

    init(_ identification: Pearl.Identification) {
        self =
            switch identification {
            case .natural: .natural
            case .beadCultured, .nonBeadCultured: .cultured
            case .imitation: .imitation
            case .undetermined: .unknown
            }
    }

    /// As a predicate: "the stone is …".
    package var words: String {
        switch self {
        case .natural: "natural"
        case .cultured: "cultured"
        case .laboratoryGrown: "laboratory-grown"
        case .reconstructed: "reconstructed"
        case .assembled: "assembled"
        case .imitation: "an imitation"
        case .unknown: "of unknown nature"
        }
    }

    /// What stands immediately before the name; empty where nothing is known.
    var qualifier: Names {
        switch self {
        case .natural: Names("natural", "قدرتی")
        case .cultured: Names("cultured", "پرورش کردہ")
        case .laboratoryGrown: Names("laboratory-grown", "لیبارٹری میں بنایا ہوا")
        case .reconstructed: Names("reconstructed", "دوبارہ جوڑا ہوا")
        case .assembled: Names("assembled", "جوڑ کر بنایا ہوا")
        case .imitation: Names("imitation", "نقلی")
        case .unknown: Names("", "")
        }
    }

    /// Not a mined stone, nor a pearl, as nature made it.
    package var isArtificial: Bool {
        switch self {
        case .laboratoryGrown, .reconstructed, .assembled, .imitation: true
        case .natural, .cultured, .unknown: false
        }
    }

    /// Whether a bare name would pass it off as what it is not.
    var mustBeNamed: Bool { isArtificial || self == .cultured }
}
