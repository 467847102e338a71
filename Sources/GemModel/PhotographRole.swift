/// What a photograph of a piece shows (domain §1.1).
public enum PhotographRole: String, Term {
    case faceUp = "face_up"
    case side, table, pavilion, inscription, plot, proportions, certificate, video
    case turning = "360"
    case rough, hallmark, weighing, packaging

    public static func of(_ text: String) throws(InvalidInput) -> PhotographRole { try named(text) }
}
