import ArgumentParser
import GemModel

/// What each problem code of the protocol means, for a person without a daemon at hand.
struct Explanation: Sendable {
    var code: String
    var status: Int
    var happened: Message
    var todo: Message

    private init(_ status: Int, _ code: String, _ happened: Message, _ todo: Message) {
        self.code = code
        self.status = status
        self.happened = happened
        self.todo = todo
    }

    static let catalogue: [Explanation] = [
        .init(
            400, "bad-json",
            "The body is not JSON as RFC 7493 asks: it breaks off, a name stands twice, or the text is not UTF-8.",
            "Look at the byte the error names. `python3 -m json.tool FILE` shows most mistakes."),
        .init(
            400, "unknown-member",
            "The document has a member that gemd does not know. Nothing is dropped silently, so it was refused.",
            "Correct the spelling of the member named in `field`, or take it out."),
        .init(
            400, "unknown-query", "The address has a query key that this list does not take.",
            "Look at `gemctl piece list --help` for the filters there are."),
        .init(
            400, "bad-request", "The request breaks a rule of HTTP, or a header cannot be.", "The title names the rule."
        ),
        .init(
            401, "unauthenticated",
            "gemd does not know who asks: your user is no member and no token was given, or the token was revoked or has expired.",
            "Ask an admin for `gemctl member add` with your uid, or for a token; put it into GEMD_TOKEN or a file for --token-file. `gemctl whoami` shows who you are."
        ),
        .init(
            403, "not-allowed", "You are known, but your roles do not cover this.",
            "`gemctl whoami` shows your roles. Ask an admin of your party for the role the error names."),
        .init(
            404, "not-found",
            "There is no such thing, or it belongs to another party, which looks the same on purpose.",
            "Check the number: a stock number is looked for among your own party's pieces only."),
        .init(
            405, "method-not-allowed", "This address exists, but not for this verb.",
            "Check that gemctl and gemd are of one version: `gemctl version`."),
        .init(
            409, "duplicate", "The stock number, code or identity is already in use.",
            "Choose another, or change the existing one: `gemctl piece edit NUMBER`."),
        .init(
            409, "promised", "The piece is on hold, on memo or sold: a piece is promised to one person at a time.",
            "`gemctl piece history PIECE` shows to whom. Take it back first."),
        .init(
            409, "state",
            "This cannot be done in the present state, such as changing a certificate that was withdrawn.",
            "Look at the present state with `gemctl piece show` or `gemctl certificate show`."),
        .init(
            409, "not-ready", "The lot or piece lacks something that the marketplace demands.",
            "`gemctl lot readiness LOT --market MARKET` lists what is missing, piece by piece."),
        .init(
            409, "in-flight", "A request with the same Idempotency-Key is still running.",
            "Wait a moment and ask again with the same key; the answer is kept for seven days."),
        .init(
            409, "public-url-not-set",
            "Feeds, QR codes and certificates carry the council's public address, and none is set.",
            "An admin stops the daemon and runs `gemd init --public-url https://…`, then starts it again."),
        .init(
            411, "length-required", "The request has neither a length nor chunks.",
            "Send Content-Length, or Transfer-Encoding: chunked."),
        .init(
            412, "stale", "Somebody changed it since you read it. Nothing was overwritten.",
            "Read it again, look whether your change still fits, and repeat it. `gemctl piece edit` reads the version itself."
        ),
        .init(
            413, "too-large", "The body is longer than gemd takes: 1 MB of JSON, 25 MB an image, 64 KB a bulk line.",
            "Make the photograph smaller, or send many pieces with `gemctl piece import`."),
        .init(
            415, "media-type", "The Content-Type is not one this address takes.",
            "Send JSON as application/json and photographs as image/jpeg."),
        .init(
            422, "invalid-value",
            "One value cannot be: a weight of zero, a code gemd does not know, two members that contradict.",
            "`field` names the member and the hint says what may stand there. `GET /v1/codes` lists all codes."),
        .init(
            422, "key-reused", "The Idempotency-Key was used before with another body.",
            "Use a new key for a new request."),
        .init(
            422, "image",
            "The photograph cannot be decoded, or is beyond the limits of 80 megapixels and 20,000 pixels a side.",
            "Open and save it again as a baseline JPEG, or take it again."),
        .init(
            428, "if-match-required", "A change must say which version it was made from, and none was sent.",
            "Send If-Match with the ETag of your reading. `gemctl` does so by itself."),
        .init(
            429, "quota", "Too much was asked in a short time, or the party's share of space is used up.",
            "Wait as long as Retry-After says, or ask an admin for a larger share."),
        .init(
            500, "internal", "gemd met an error of its own. Nothing was changed.",
            "Give the request id to an admin: the daemon's log has the rest."),
        .init(
            503, "unavailable", "gemd is starting, stopping, or something it needs fails.",
            "`gemctl status` names what fails. Ask again after a moment."),
        .init(
            503, "too-costly", "An exact count or facet would take longer than two seconds.",
            "Ask for `--total estimate`, or filter more."),
        .init(
            507, "disk-full", "There is no room left; nothing was stored.",
            "An admin makes room on the disk of the state directory."),
    ]

    static func of(_ code: String) -> Explanation? {
        let name = code.lowercased().split(separator: ":").last.map(String.init) ?? ""
        return catalogue.first { $0.code == name }
    }

    var json: JSON {
        .object([
            "code": .string(code), "type": .string("urn:gemd:\(code)"), "status": .integer(status),
            "happened": .string(happened.text),
            "todo": .string(todo.text),
        ])
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What the code of an error or a finding means; works without a daemon.",
        discussion: """
            EXAMPLES
              gemctl explain stale
              gemctl explain urn:gemd:not-ready
              gemctl explain fill-factor
              gemctl explain
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    @Argument(help: "The code, as in urn:gemd:CODE; none lists all.")
    var code: String?

    func run() throws {
        let printer = global.printer
        guard let code else {
            let columns = [
                Column("CODE", "code"), Column("STATUS", "status", .right), Column("WHAT HAPPENED", "happened"),
            ]
            let language = printer.format == .table ? Language.current : .en
            let items = Language.$current.withValue(language) { Explanation.catalogue.map(\.json) }
            return printer.list(items, columns, whole: JSON.array(items).bytes)
        }
        guard let found = Explanation.of(code) else {
            if let finding = CodeList.named("findings")?.entries.first(where: { $0.code == code.lowercased() }) {
                return Self.tell(finding, printer)
            }
            throw Failure(.notFound, "\"\(code)\" is no code of gemd", hint: "`gemctl explain` lists them all")
        }
        guard printer.format == .table else { return printer.card(found.json, whole: found.json.bytes) }
        let page: Message =
            "\(found.code) (HTTP \(found.status))\n\nWhat happened\n  \(found.happened)\n\nWhat to do\n  \(found.todo)"
        printer.console.print(page.text)
    }

    /// A finding refuses nothing: what it means is all there is to say.
    private static func tell(_ finding: CodeList.Entry, _ printer: Printer) {
        guard printer.format == .table else {
            let json = JSON.object(["code": .string(finding.code), "finding": .string(finding.names.en)])
            return printer.card(json, whole: json.bytes)
        }
        let meaning = Language.current == .ur ? finding.names.ur : finding.names.en
        let page: Message = "\(finding.code) (finding)\n\nWhat it means\n  \(meaning)\n\n\(Self.findingsRefuseNothing)"
        printer.console.print(page.text)
    }

    private static let findingsRefuseNothing: Message =
        "A finding refuses nothing: look at the piece, correct what is wrong, or leave it as it is."
}
