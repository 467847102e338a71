import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("approvals by SSH keys")
struct SSHSignatureTests {
    private static let hash = String(repeating: "0a", count: 32)
    private let message = Array(hash.utf8)

    @Test(
        "a signature by either kind of key and over either hash verifies, over its own message alone",
        arguments: [false, true], ["sha256", "sha512"])
    func verifies(isP256: Bool, digest: String) throws {
        let approver = try Approver(isP256: isP256)
        let text = try approver.sign(message, digest: digest)

        let signature = try SSHSignature(armoured: text)

        let publicKey = try approver.publicKey
        #expect(signature.key == publicKey)
        #expect(signature.verifies(message))
        #expect(!signature.verifies(message + [0x0A]))
        #expect(!signature.verifies([]))
        #expect(signature.armoured == text)
    }

    @Test("text that came through other systems is read: CR LF, other widths, no last newline")
    func lenient() throws {
        let text = try Approver().sign(message)
        let blob = SSH.dearmour(text)

        for other in [text.replacing("\n", with: "\r\n"), SSH.armour(blob, width: 76), String(text.dropLast())] {
            #expect(try SSHSignature(armoured: other).armoured == text)
        }
    }

    @Test("a signature for another purpose, version or hash, or with anything more, is refused")
    func refused() throws {
        let approver = try Approver()
        let texts = [
            try approver.sign(message, namespace: "git"), try approver.sign(message, namespace: ""),
            try approver.sign(message, namespace: "gemd-approval\0"), try approver.sign(message, digest: "sha1"),
            try approver.sign(message, reserved: "x"), try approver.sign(message, version: 2),
            try approver.sign(message, tail: [0]), "", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        ]
        for text in texts {
            #expect(throws: SSHSignature.Refusal.self, "\(text)") { try SSHSignature(armoured: text) }
        }
    }

    @Test("cut short anywhere or with a bit changed anywhere, it is refused or false", arguments: [false, true])
    func everyByte(isP256: Bool) throws {
        let blob = SSH.dearmour(try Approver(isP256: isP256).sign(message))
        for i in blob.indices {
            var changed = blob
            changed[i] ^= 1 << (i % 8)
            let read = try? SSHSignature(armoured: SSH.armour(changed))
            #expect(read?.verifies(message) != true, "byte \(i)")
            #expect(throws: SSHSignature.Refusal.self) {
                try SSHSignature(armoured: SSH.armour(Array(blob.prefix(i))))
            }
        }
    }

    @Test("numbers not in their shortest form are refused, so that one signature has one spelling")
    func scalars() {
        func read(_ number: [UInt8]) -> [UInt8]? {
            var reader = SSHReader(SSH.string(number))
            return reader.scalar()
        }

        #expect(read([1]) == [1])
        #expect(read([0, 0x80]) == [0x80])
        #expect(read([0] + [UInt8](repeating: 0xFF, count: 32)) == [UInt8](repeating: 0xFF, count: 32))
        for wrong in [[], [0], [0, 1], [0x80], [UInt8](repeating: 1, count: 33)] as [[UInt8]] {
            #expect(read(wrong) == nil, "\(wrong)")
        }
    }

    @Test("keys of other kinds, with options before them, damaged or worthless are refused")
    func keys() throws {
        let good = try Approver().publicKey.description
        let parts = good.split(separator: " ")
        let blob = Base64.decode(parts[1])!
        func line(_ blob: [UInt8], _ kind: String = "ssh-ed25519") -> String { "\(kind) \(Base64.encode(blob))" }
        let short = SSH.string("ssh-ed25519") + SSH.string([UInt8](repeating: 7, count: 31))
        let offCurve =
            SSH.string("ecdsa-sha2-nistp256") + SSH.string("nistp256")
            + SSH.string([4] + [UInt8](repeating: 7, count: 64))
        // x = p, which is 0 and has a point, spelled as no program spells it.
        let outside =
            SSH.string("ecdsa-sha2-nistp256") + SSH.string("nistp256")
            + SSH.string(
                Hex.decode(
                    "04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
                        + "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4")!)

        #expect(try ApprovalKey(line: good + " asma@lab\n").description == good)
        for wrong in [
            "", "ssh-ed25519", "ssh-rsa " + parts[1], "restrict " + good, good + "\n" + good,
            good.replacing(" ", with: "  "),
            "ecdsa-sha2-nistp256 " + parts[1], line(blob + [0]), line(Array(blob.dropLast())), line(short),
            line(offCurve, "ecdsa-sha2-nistp256"), line(outside, "ecdsa-sha2-nistp256"),
            "ssh-ed25519 " + parts[1].dropLast(),
            line(SSH.string("ssh-ed25519") + SSH.string([1] + [UInt8](repeating: 0, count: 31))),
            line(SSH.string("ssh-ed25519") + SSH.string([UInt8](repeating: 0, count: 31) + [0x80])),
        ] {
            #expect(throws: ApprovalKey.Refusal.self, "\(wrong)") { try ApprovalKey(line: wrong) }
        }
    }
}

/// Against OpenSSH's own program.
@Suite(
    "stock ssh-keygen",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen"), "ssh-keygen is missing"))
struct StockSSHTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gemd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func run(_ arguments: [String], input: [UInt8] = []) throws -> (status: Int32, output: String) {
        try Program.run("ssh-keygen", arguments, input: input, in: folder)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    @Test("what ssh-keygen signs verifies here, as it was written", arguments: ["ed25519", "ecdsa"])
    func theirs(kind: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let message = Array(try Laboratory.statement(.check(Laboratory.check)).draft.hash.utf8)
        try Data(message).write(to: folder.appending(path: "f"))

        #expect(try run(["-q", "-t", kind, "-N", "", "-f", "key"]).status == 0)
        for hash in ["sha256", "sha512"] {
            let made = try run(["-Y", "sign", "-n", "gemd-approval", "-O", "hashalg=\(hash)", "-f", "key", "f"])
            #expect(made.status == 0, "\(made.output)")
            let armoured = try text("f.sig")
            let signature = try SSHSignature(armoured: armoured)
            #expect(signature.verifies(message))
            #expect(signature.armoured == armoured)
            try FileManager.default.removeItem(at: folder.appending(path: "f.sig"))
        }
        let key = try ApprovalKey(line: text("key.pub"))
        let listed = try run(["-l", "-f", "key.pub"]).output
        #expect(listed.contains(key.fingerprint), "\(listed)")
    }

    @Test("what stands in a certificate ssh-keygen verifies, and refuses a changed word", arguments: [0, 1])
    func ours(index: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let statement = try Laboratory.usual.approved(Laboratory.statement(.examination(Laboratory.examination)))
        let json = try JSON(parsing: statement.bytes)
        let approval = try #require(json["approvals"]?.elements?[index])
        let member = try #require(approval["member"]?.string)
        try Data("\(member) \(approval["key"]!.string!)\n".utf8).write(to: folder.appending(path: "allowed"))
        try Data(approval["signature"]!.string!.utf8).write(to: folder.appending(path: "sig"))
        let verify = ["-Y", "verify", "-n", "gemd-approval", "-I", member, "-f", "allowed", "-s", "sig"]
        var changed = statement
        changed.disclosure = "none"

        let good = try run(verify, input: Array(Draft(of: statement.bytes).hash.utf8))
        let bad = try run(verify, input: Array(changed.draft.hash.utf8))

        #expect(good.status == 0, "\(good.output)")
        #expect(bad.status != 0)
    }
}
