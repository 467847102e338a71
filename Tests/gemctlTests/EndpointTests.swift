import Testing

@testable import gemctl

@Suite struct EndpointTests {
    @Test(
        "addresses are read",
        arguments: [
            ("unix:///run/x.sock", Endpoint.unix(path: "/run/x.sock")),
            ("ssh://gems.example", .ssh(destination: "gems.example", port: nil)),
            ("ssh://ali@gems.example:2222", .ssh(destination: "ali@gems.example", port: 2222)),
            ("ssh://ali@[2001:db8::1]:22", .ssh(destination: "ali@2001:db8::1", port: 22)),
            ("ssh://gems/", .ssh(destination: "gems", port: nil)),
        ])
    func addresses(text: String, endpoint: Endpoint) throws { #expect(try Endpoint(host: text) == endpoint) }

    @Test(
        "addresses that are none, or would be an option of ssh, are refused",
        arguments: [
            "https://gems.example", "ssh://-oProxyCommand=x", "ssh://a@-host", "ssh://a b", "ssh://", "unix://relative",
            "ssh://host:99999", "ssh://a@b@c",
            "ssh://host;reboot",
        ])
    func refused(text: String) {
        let failure = #expect(throws: Failure.self) { try Endpoint(host: text) }

        #expect(failure?.outcome == .usage)
    }

    @Test("options win over the environment, a host over a socket")
    func precedence() throws {
        let settings = { (name: String) in ["GEMD_HOST": "ssh://far", "GEMD_SOCKET": "/env"][name] }

        #expect(try Endpoint(socket: "/opt", host: nil, setting: settings) == .unix(path: "/opt"))
        #expect(try Endpoint(socket: nil, host: nil, setting: settings) == .ssh(destination: "far", port: nil))
        #expect(try Endpoint(socket: nil, host: nil) { $0 == "GEMD_SOCKET" ? "/env" : nil } == .unix(path: "/env"))
        #expect(try Endpoint(socket: nil, host: nil) { _ in nil } == .unix(path: "/run/gemd/gemd.sock"))
        #expect(throws: Failure.self) { try Endpoint(socket: "/a", host: "ssh://b", setting: settings) }
    }
}
