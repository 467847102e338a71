import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// An answer that says no (RFC 9457): what happened, then what to do.
///
/// `code` is for programs and never changes; title and hint are for people. An error
/// means that nothing was changed.
struct Problem: Error, Sendable {
    enum Code: String, CaseIterable, Sendable {
        case badJSON = "bad-json"
        case unknownMember = "unknown-member"
        case unknownQuery = "unknown-query"
        case badRequest = "bad-request"
        case unauthenticated
        case notAllowed = "not-allowed"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case duplicate, promised, state
        case notReady = "not-ready"
        case inFlight = "in-flight"
        case publicURLNotSet = "public-url-not-set"
        case lengthRequired = "length-required"
        case tooLarge = "too-large"
        case stale
        case mediaType = "media-type"
        case invalidValue = "invalid-value"
        case keyReused = "key-reused"
        case image
        case ifMatchRequired = "if-match-required"
        case quota
        case internalError = "internal"
        case unavailable
        case tooCostly = "too-costly"
        case diskFull = "disk-full"

        var status: HTTPResponse.Status {
            switch self {
            case .badJSON, .unknownMember, .unknownQuery, .badRequest: .badRequest
            case .unauthenticated: .unauthorized
            case .notAllowed: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .duplicate, .promised, .state, .notReady, .inFlight, .publicURLNotSet: .conflict
            case .lengthRequired: .lengthRequired
            case .tooLarge: .contentTooLarge
            case .stale: .preconditionFailed
            case .mediaType: .unsupportedMediaType
            case .invalidValue, .keyReused, .image: .unprocessableContent
            case .ifMatchRequired: .preconditionRequired
            case .quota: .tooManyRequests
            case .internalError: .internalServerError
            case .unavailable, .tooCostly: .serviceUnavailable
            case .diskFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
            }
        }

        /// The general sentence in Urdu; the field and values stay as they are.
        var urdu: String {
            switch self {
            case .badJSON: "یہ درست JSON نہیں"
            case .unknownMember: "یہ خانہ gemd نہیں جانتا"
            case .unknownQuery: "تلاش کا یہ لفظ gemd نہیں جانتا"
            case .badRequest: "درخواست درست نہیں"
            case .unauthenticated: "gemd آپ کو نہیں پہچانتا"
            case .notAllowed: "آپ کو اس کی اجازت نہیں"
            case .notFound: "یہ نہیں ملا"
            case .methodNotAllowed: "یہ عمل یہاں ممکن نہیں"
            case .duplicate: "یہ پہلے سے موجود ہے"
            case .promised: "یہ نگ کسی اور سے وعدہ ہے"
            case .state: "موجودہ حالت میں یہ ممکن نہیں"
            case .notReady: "ابھی تیار نہیں"
            case .inFlight: "یہی درخواست ابھی چل رہی ہے"
            case .publicURLNotSet: "عوامی پتہ مقرر نہیں"
            case .lengthRequired: "لمبائی بتانا ضروری ہے"
            case .tooLarge: "یہ حد سے بڑا ہے"
            case .stale: "اس دوران کسی نے اسے بدل دیا"
            case .mediaType: "مواد کی یہ قسم نہیں لی جاتی"
            case .invalidValue: "یہ قیمت درست نہیں"
            case .keyReused: "یہ کلید کسی اور درخواست کی ہے"
            case .image: "تصویر قبول نہیں ہوئی"
            case .ifMatchRequired: "If-Match ضروری ہے"
            case .quota: "حد پوری ہو گئی"
            case .internalError: "gemd میں خرابی ہوئی"
            case .unavailable: "gemd ابھی یہ نہیں کر سکتا"
            case .tooCostly: "تلاش بہت بھاری ہے"
            case .diskFull: "ڈسک بھر گئی"
            }
        }
    }

    var code: Code
    var title: String
    var hint: String
    var field: String?
    var findings: [JSON]?
    var retryAfterSeconds: Int?
    /// The methods that are possible where this one is not (RFC 9110 §15.5.6).
    var allowed: [String]?

    /// Asking again helps where a thing is busy; where somebody must act first, `retryAfterSeconds` is nil.
    init(
        _ code: Code, _ title: String, hint: String, field: String? = nil, findings: [JSON]? = nil,
        retryAfterSeconds: Int? = 2
    ) {
        self.code = code
        self.title = title
        self.hint = hint
        self.field = field
        self.findings = findings
        if [.unavailable, .tooCostly, .quota].contains(code) { self.retryAfterSeconds = retryAfterSeconds }
    }

    func json(requestID: String, inUrdu: Bool) -> JSON {
        .object([
            "type": .string("urn:gemd:" + code.rawValue), "status": .integer(code.status.code),
            "title": .string(inUrdu ? "\(code.urdu): \(field ?? title)" : title), "hint": .string(hint),
            "field": field.map(JSON.string), "findings": findings.map(JSON.array), "requestId": .string(requestID),
        ])
    }
}

extension Problem {
    static let notFound = Problem(
        .notFound, "there is no such resource", hint: "check the number; it may be another party's")

    /// With the command that lists what the path named.
    func hinting(at path: String) -> Problem {
        let nouns = [
            "pieces": "gemctl piece list", "lots": "gemctl lot list", "parties": "gemctl party list",
        ]
        guard code == .notFound, hint == Self.notFound.hint,
            let command = path.split(separator: "/").dropFirst().first.flatMap({ nouns[String($0)] })
        else { return self }
        var problem = self
        problem.hint = "check the name or number; `\(command)` shows what you may see"
        return problem
    }

    init(_ refusal: InvalidInput) {
        self.init(
            refusal.kind == .unknownMember ? .unknownMember : .invalidValue, refusal.reason, hint: refusal.hint,
            field: refusal.field)
    }

    init(_ error: InventoryError) {
        switch error {
        case .notFound: self = .notFound
        case .duplicate("stockNumber", let value):
            self.init(
                .duplicate, "stock number \(value) is already in use",
                hint: "choose another number, or change that piece with `gemctl piece edit \(value)`",
                field: "stockNumber")
        case .duplicate("cnic", let code):
            self.init(
                .duplicate, "party \(code) has this identity card already",
                hint: "look at it with `gemctl party show \(code)`", field: "cnic")
        case .duplicate(let field, let value):
            self.init(.duplicate, "\(field) \(value) is already in use", hint: "choose another \(field)", field: field)
        case .stale(let current):
            self.init(
                .stale, "somebody changed it meanwhile; it is at version \(current)",
                hint: "read it again and send If-Match: \"\(current)\" with your change")
        case .promised(let reason):
            self.init(
                .promised, reason,
                hint: "take it back first with `gemctl memo return` or `gemctl piece release`, or wait until it is free"
            )
        case .state(let reason): self.init(.state, reason, hint: "undo that first")
        case .certified(let reason):
            self.init(.state, reason, hint: "show it with `gemctl certificate show`; a new one must supersede it")
        case .changing:
            self.init(
                .state, "the piece is being changed all the time",
                hint: "send it again when whoever changes it has finished")
        case .keyReused:
            self.init(
                .keyReused, "this Idempotency-Key came with another request before",
                hint: "use a fresh key for each request")
        case .inFlight:
            self.init(
                .inFlight, "the request with this Idempotency-Key is still being worked on",
                hint: "ask again in a moment")
        case .full:
            self.init(
                .quota, "this party may keep no more pieces",
                hint: "GET /v1/quota tells how many; remove what was never sold, or ask the administrator for more",
                retryAfterSeconds: nil)
        case .tooCostly:
            self.init(
                .tooCostly, "the search takes too long", hint: "narrow it with a filter, or leave out exact counts")
        case .busy: self.init(.unavailable, "the store is busy", hint: "try again in a moment")
        case .diskFull:
            self.init(
                .diskFull, "the disk is full; nothing was changed", hint: "free space on gemd's disk and send it again")
        case .noPersonalKey:
            self.init(
                .unavailable, "gemd cannot keep the numbers of identity cards now",
                hint: "the administrator puts keys/personal.key back and starts gemd again", retryAfterSeconds: nil)
        case .zeroCharacter:
            self.init(.invalidValue, "a text has the character U+0000", hint: "take it out and send it again")
        case .syncFailed, .store, .inUse, .unreachable:
            self.init(
                .internalError, "gemd could not do this",
                hint: "ask the administrator to look for the request id in the log")
        }
    }
}
