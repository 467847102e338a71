import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert
@testable import gemd

/// QR codes, the status list and the stone match over the socket (docs/protocol.md, "Certificates").
@Suite("QR codes, status list and stone match")
struct CodeTests {
    @Test(
        "a certificate's code is kept, drawn, verified, and refused under another number",
        arguments: DaemonEngine.allCases)
    func code(engine: DaemonEngine) throws {
        let stage = try StatusTests.Stage(engine)
        let (_, number) = try stage.certified()
        let (_, other) = try stage.certified()
        let daemon = stage.daemon

        let text = try daemon.request("GET", "/v1/certificates/\(number).qr.txt")
        let again = try daemon.visit("/c/\(number).qr.txt")
        let picture = try daemon.request("GET", "/v1/certificates/\(number).qr.svg")
        func verify(_ text: String) throws -> JSON {
            try daemon.request(
                "POST", "/v1/verify", bytes: Array(text.utf8), headers: ["Content-Type": "text/plain"]
            ).json
        }
        let verdict = try verify(text.text)
        let moved = try verify(text.text.replacing(number, with: other))
        let slim = try QRText(parsing: text.text).cose.statement

        #expect(text.status == 200 && again.text == text.text)
        #expect(text.text.hasPrefix("https://gems.example/c/\(number)#"))
        #expect(picture.text.hasPrefix("<svg ") && picture.headers["content-type"] == "image/svg+xml")
        #expect(verdict["verdict"] == "genuine" && verdict["class"] == "declaration", "\(verdict.text)")
        #expect(moved["verdict"] == "notGenuine", "\(moved.text)")
        #expect(slim.weight == 158_000 && slim.number.description == number)
        #expect(Hex.encode(slim.sha256) == Hex.encode(SHA256.hash(try daemon.visit("/c/\(number).json").body)))
    }

    @Test("a code outlives a restart", arguments: DaemonEngine.allCases)
    func kept(engine: DaemonEngine) throws {
        let stage = try StatusTests.Stage(engine)
        let (_, number) = try stage.certified()
        let before = try stage.daemon.request("GET", "/v1/certificates/\(number).qr.txt").text

        _ = stage.daemon.stop()
        try stage.daemon.start()

        #expect(try stage.daemon.request("GET", "/v1/certificates/\(number).qr.txt").text == before)
    }

    @Test("the signed status list says what became of each, at once", arguments: DaemonEngine.allCases)
    func status(engine: DaemonEngine) throws {
        let stage = try StatusTests.Stage(engine)
        let (_, first) = try stage.certified()
        let (_, second) = try stage.certified()
        let daemon = stage.daemon
        func statuses() throws -> [CertificateStatus?] {
            let answer = try daemon.visit("/status/1")
            #expect(answer.status == 200 && answer.headers["content-type"] == "application/statuslist+jwt")
            let list = try StatusList(answer.body)
            #expect(list.address == "https://gems.example/status/1")
            return try [first, second].map { number in
                let statement = try JSON(parsing: daemon.visit("/c/\(number).json").body)
                return try list.status(at: statement["status"]!["index"]!.integer!)
            }
        }

        let before = try statuses()
        _ = try stage.change(second, "suspend", .object(["reason": "fraud_suspected"]))
        let suspended = try statuses()
        _ = try stage.change(second, "withdraw", .object(["reason": "treatment_found"]))
        let withdrawn = try statuses()

        #expect(before == [.valid, .valid])
        #expect(suspended == [.valid, .suspended])
        #expect(withdrawn == [.valid, .withdrawn])
        #expect(try daemon.visit("/status/2").status == 404)
    }

    @Test(
        "a stone in hand is compared with the certificate, and the worst measure rules",
        arguments: [
            (#"{"weightCt":"1.58"}"#, "match"), (#"{"weightCt":"1.59","lengthMm":"9.15"}"#, "match"),
            (#"{"weightCt":"1.60"}"#, "possible"), (#"{"weightCt":"1.58","depthMm":"4.95"}"#, "possible"),
            (#"{"weightCt":"1.62"}"#, "mismatch"), (#"{"lengthMm":"7.05","widthMm":"9.12"}"#, "match"),
            (#"{"weightCt":"9.99","lengthMm":"9.12","mounted":true}"#, "match"),
        ])
    func match(measured: String, expected: String) throws {
        let stage = try StatusTests.Stage()
        let (_, number) = try stage.certified()

        let answer = try stage.daemon.request(
            "POST", "/v1/verify/\(number)/match", JSON(parsing: Array(measured.utf8)))

        #expect(answer.status == 200 && answer.json["match"]?.string == expected, "\(answer.text)")
    }

    @Test(
        "nothing to compare, and what is no number, is refused by name",
        arguments: [
            (#"{}"#, 422), (#"{"mounted":true,"weightCt":"1.58"}"#, 422), (#"{"weightCt":"much"}"#, 422),
            (#"{"x":1}"#, 400),
        ])
    func matchRefused(body: String, status: Int) throws {
        let stage = try StatusTests.Stage()
        let (_, number) = try stage.certified()

        let answer = try stage.daemon.request("POST", "/v1/verify/\(number)/match", JSON(parsing: Array(body.utf8)))

        #expect(answer.status == status, "\(answer.text)")
    }
}
