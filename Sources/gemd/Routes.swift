import GemModel
import HTTPTypes

/// The one table of what gemd answers: verb, path, who may, handler. Rows for `.public` are
/// served on both listeners.
enum Routes {
    static let all: [Route] = [
        Route(.get, "/v1", .anyone, SystemHandlers.about),
        Route(.get, "/v1/health/live", .anyone, SystemHandlers.live),
        Route(.get, "/v1/health/ready", .anyone, SystemHandlers.ready),
        Route(.get, "/v1/whoami", .member, SystemHandlers.whoami),
        Route(.post, "/v1/admin/backup", .roles([.admin]), SystemHandlers.backup),

        Route(.post, "/v1/parties", PartyHandlers.staff, PartyHandlers.add),
        Route(.get, "/v1/parties", PartyHandlers.staff, query: true, PartyHandlers.list),
        Route(.get, "/v1/parties/{party}", PartyHandlers.staff, PartyHandlers.read),
        Route(.patch, "/v1/parties/{party}", PartyHandlers.staff, PartyHandlers.change),
        Route(.put, "/v1/parties/{party}/markets/{market}", LotHandlers.exporters, LotHandlers.setAccount),
        Route(.post, "/v1/parties/{party}/members", PartyHandlers.staff, PartyHandlers.addMember),
        Route(.get, "/v1/parties/{party}/members", PartyHandlers.staff, PartyHandlers.members),
        Route(.post, "/v1/members/{member}/tokens", PartyHandlers.staff, PartyHandlers.makeToken),
        Route(.get, "/v1/members/{member}/tokens", PartyHandlers.staff, PartyHandlers.tokens),
        Route(.delete, "/v1/tokens/{token}", PartyHandlers.staff, PartyHandlers.revokeToken),

        Route(.post, "/v1/pieces", PieceHandlers.writers, query: true, PieceHandlers.register),
        Route(.get, "/v1/pieces", PieceHandlers.readers, query: true, PieceHandlers.list),
        Route(.get, "/v1/pieces/{piece}", PieceHandlers.readers, PieceHandlers.read),
        Route(.patch, "/v1/pieces/{piece}", PieceHandlers.writers, PieceHandlers.change),
        Route(.delete, "/v1/pieces/{piece}", PieceHandlers.writers, PieceHandlers.remove),
        Route(.get, "/v1/pieces/{piece}/events", PieceHandlers.readers, query: true, PieceHandlers.events),
        Route(.post, "/v1/pieces/{piece}/images", PieceHandlers.writers, query: true, ImageHandlers.upload),
        Route(.get, "/v1/images/{sha256}", PieceHandlers.readers, query: true, ImageHandlers.download),

        Route(.post, "/v1/pieces/{piece}/certificates", PieceHandlers.writers, CertificateHandlers.issue),
        Route(.get, "/v1/certificates/{number}", .anyone, CertificateHandlers.read),
        Route(.get, "/v1/certificates/{number}.json", .anyone, CertificateHandlers.statement),
        Route(.get, "/v1/certificates/{number}.p7s", .anyone, CertificateHandlers.signature),
        Route(.get, "/v1/certificates/{number}.tlog-proof", .anyone, CertificateHandlers.proof),
        Route(.post, "/v1/verify", .anyone, VerifyHandlers.verify),

        Route(.post, "/v1/pieces/{piece}/consents", .roles([.dealer]), LotHandlers.consent),
        Route(.get, "/v1/pieces/{piece}/consents", .roles([.dealer]), LotHandlers.consents),
        Route(.delete, "/v1/pieces/{piece}/consents", .roles([.dealer]), query: true, LotHandlers.revokeConsent),
        Route(.post, "/v1/lots", LotHandlers.lotKeepers, LotHandlers.add),
        Route(.get, "/v1/lots", LotHandlers.lotKeepers, query: true, LotHandlers.list),
        Route(.get, "/v1/lots/{lot}", LotHandlers.lotKeepers, LotHandlers.read),
        Route(.patch, "/v1/lots/{lot}", LotHandlers.lotKeepers, LotHandlers.change),
        Route(.put, "/v1/lots/{lot}/pieces/{piece}", LotHandlers.lotKeepers, LotHandlers.put),
        Route(.delete, "/v1/lots/{lot}/pieces/{piece}", LotHandlers.lotKeepers, LotHandlers.take),
        Route(.get, "/v1/lots/{lot}/readiness", LotHandlers.lotKeepers, query: true, LotHandlers.readiness),
        Route(.post, "/v1/lots/{lot}/exports", LotHandlers.exporters, LotHandlers.export),
        Route(.get, "/v1/exports/{export}", LotHandlers.exporters, LotHandlers.readExport),
        Route(.get, "/v1/exports/{export}/file", LotHandlers.exporters, LotHandlers.exportFile),

        Route(.get, "/c/{number}", .anyone, on: .public, PublicHandlers.certificate),
        Route(.get, "/c/{number}.json", .anyone, on: .public, CertificateHandlers.statement),
        Route(.get, "/c/{number}.p7s", .anyone, on: .public, CertificateHandlers.signature),
        Route(.get, "/c/{number}.tlog-proof", .anyone, on: .public, CertificateHandlers.proof),
        Route(.get, "/p/{dealer}/{stock}", .anyone, on: .public, PublicHandlers.piece),
        Route(.get, "/img/{sha256}.jpg", .anyone, on: .public, ImageHandlers.show),
        Route(.get, "/checkpoint", .anyone, on: .public, CertificateHandlers.checkpoint),
        Route(.get, "/tile/{path...}", .anyone, on: .public, CertificateHandlers.tile),
        Route(.get, "/pki/{name}", .anyone, on: .public, CertificateHandlers.publicKeyFile),
        Route(.get, "/keys.json", .anyone, on: .public, CertificateHandlers.keySet),
        Route(.get, "/style.css", .anyone, on: .public, PublicHandlers.style),
    ]
}
