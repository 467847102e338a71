import Foundation
import GemModel
import Testing

/// `gemctl --host ssh://…` through a real sshd of the test's own.
@Suite("From elsewhere")
struct SSHTests {
    static let sshd = "/usr/sbin/sshd"
    static var canRun: Bool {
        let installed = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen"].allSatisfy(
            FileManager.default.isExecutableFile(atPath:))
        if !installed { print("skipped: no OpenSSH server here (apt-get install openssh-server)") }
        return installed
    }

    @Test("a dealer's own login is the peer at the other end of ssh", .enabled(if: canRun))
    func status() throws {
        let daemon = try TestDaemon()
        let server = try SSHServer(in: daemon.directory)

        let result = try server.gemctl(["-o", "json", "whoami"], socket: daemon.socket)

        #expect(result.status == 0, "\(result.error)")
        #expect(try JSON(parsing: result.output.trimmingCharacters(in: .newlines))["via"] == "peer")
    }

    @Test("bulk import over ssh answers every line", .enabled(if: canRun))
    func bulk() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Khyber Gems", code: "KHYBER")
        let server = try SSHServer(in: daemon.directory)
        let lines = (1...2000).map { #"{"kind":"stone","stockNumber":"S-\#($0)","stone":{"species":"beryl"}}"# + "\n" }
            .joined()
        let file = daemon.directory + "/lines.ndjson"
        try lines.write(toFile: file, atomically: true, encoding: .utf8)

        let result = try server.gemctl(["piece", "import", file], socket: daemon.socket, token: dealer.token)

        #expect(result.status == 0, "\(result.error)")
        let count = try daemon.request("GET", "/v1/pieces?total=exact&limit=1", token: dealer.token)
        #expect(count.json["total"]?["value"]?.integer == 2000)
    }
}

/// sshd in inetd mode behind ssh's ProxyCommand: no port, no daemon left over.
private struct SSHServer {
    let directory: String

    init(in parent: String) throws {
        directory = parent + "/ssh"
        let files = FileManager.default
        try files.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // sshd drops privileges into this folder; Debian makes it when the service starts.
        if getuid() == 0 { try files.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true) }
        for key in ["host", "user"] {
            let made = try TestDaemon.run(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(directory)/\(key)"])
            guard made.status == 0 else { throw TestDaemon.Failure(made.error) }
        }
        try files.copyItem(atPath: directory + "/user.pub", toPath: directory + "/authorized")
        try """
        HostKey \(directory)/host
        AuthorizedKeysFile \(directory)/authorized
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        PidFile none
        AcceptEnv GEMD_SOCKET
        SetEnv PATH=\(TestDaemon.products.path):/usr/bin:/bin
        """.write(toFile: directory + "/sshd_config", atomically: true, encoding: .utf8)
    }

    func gemctl(_ arguments: [String], socket: String, token: String? = nil) throws -> (
        status: Int32, output: String, error: String
    ) {
        let user = NSUserName()
        let command = [
            "ssh", "-o", "ProxyCommand=/usr/sbin/sshd -i -f \(directory)/sshd_config -E \(directory)/log", "-o",
            "IdentityFile=\(directory)/user",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes",
            "-o", "LogLevel=ERROR", "-o", "SendEnv=GEMD_SOCKET",
        ]
        // GEMD_SSH is split at spaces, so the options go into a script of their own.
        let script = directory + "/ssh.sh"
        let quoted = command.map { "'\($0)'" }.joined(separator: " ")
        try "#!/bin/sh\nexec \(quoted) \"$@\"\n".write(toFile: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
        var environment = ["GEMD_SSH": script, "GEMD_SOCKET": socket]
        environment["GEMD_TOKEN"] = token
        return try TestDaemon.run(
            TestDaemon.products.appendingPathComponent("gemctl").path,
            ["--host", "ssh://\(user)@gemd.test"] + arguments,
            environment: environment)
    }
}
