import GemModel
import HTTPTypes

/// The one table of what gemd answers: verb, path, who may, handler.
enum Routes {
    static let all: [Route] = [
        Route(.get, "/v1", .anyone, SystemHandlers.about),
        Route(.get, "/v1/health/live", .anyone, SystemHandlers.live),
        Route(.get, "/v1/health/ready", .anyone, SystemHandlers.ready),
        Route(.get, "/v1/whoami", .member, SystemHandlers.whoami),
    ]
}
