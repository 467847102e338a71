import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// What the HTTP library alone can do: one constant answer of as many bytes as the first argument says,
/// on the Unix socket of the second.
@main
struct EmptyRoute {
    static func main() async throws {
        let body = ByteBuffer(repeating: UInt8(ascii: "j"), count: Int(CommandLine.arguments[1]) ?? 900)
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: .init(address: .unixDomainSocket(path: CommandLine.arguments[2])),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "empty")
        ) { request, writer, _ in
            let head = HTTPResponse(
                status: .ok,
                headerFields: [.contentType: "application/json", .contentLength: String(body.readableBytes)])
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        }
        try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm], logger: Logger(label: "empty"))
            .run()
    }
}
