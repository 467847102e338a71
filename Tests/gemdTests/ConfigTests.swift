import Foundation
import Testing

@testable import gemd

@Suite("Configuration")
struct ConfigTests {
    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../etc/gemd.toml").standardizedFileURL.path

    @Test("etc/gemd.toml shows every key at its default")
    func shownDefaults() throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8)
        let shown = try Config(toml: text, name: Self.file)
        let keys = text.split(separator: "\n").compactMap { line in
            line.hasPrefix("#") || !line.contains("=") ? nil : line.split(separator: " ")[0]
        }

        #expect(shown == Config())
        #expect(keys.count == 19)
    }

    @Test(
        "an unknown key is refused and the nearest named",
        arguments: [
            ("sokcet = \"x\"", "socket"), ("[limits]\nheader_secs = 1", "limits.header_seconds"),
        ])
    func unknownKey(toml: String, nearest: String) {
        let refusal = #expect(throws: StartError.self) { try Config(toml: toml, name: "gemd.toml") }
        #expect(refusal?.description.contains(nearest) == true)
        #expect(refusal?.exitCode == 78)
    }

    @Test("a value out of range names file, key and the value seen")
    func range() {
        let refusal = #expect(throws: StartError.self) { try Config(toml: "[images]\nworkers = 0", name: "gemd.toml") }
        #expect(refusal?.description == "gemd.toml: images.workers: 0 is not between 1 and 64")
    }

    @Test("a value of another kind is refused")
    func kind() {
        #expect(throws: StartError.self) { try Config(toml: "socket = 3", name: "gemd.toml") }
    }

    @Test("what is not said keeps its default")
    func partial() throws {
        let config = try Config(toml: "[limits]\nidle_seconds = 5", name: "gemd.toml")

        #expect(config.limits.idleSeconds == 5)
        #expect(config.limits.headerSeconds == Config().limits.headerSeconds)
    }
}
