import Foundation
import GemModel
import Testing

/// The photographs of real cameras, sent as a dealer sends them.
@Suite("Photographs over the socket", .enabled(if: CameraPhotographs.areThere, "no ../shared/data beside the project"))
struct CameraPhotographTests {
    @Test("all 71 are accepted, come back byte for byte, and show no derivative's metadata to exiftool")
    func all() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Khyber Gems", code: "KHYBER")
        let files = CameraPhotographs.files
        let folder = daemon.directory + "/derivatives"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

        for file in files {
            let bytes = try Array(Data(contentsOf: file))
            let piece = try #require(try daemon.register(Samples.emerald(), token: dealer.token)["id"]?.string)
            let answer = try daemon.request(
                "POST", "/v1/pieces/\(piece)/images?role=face_up", bytes: bytes,
                headers: ["Content-Type": "image/jpeg"], token: dealer.token)
            let image = answer.json
            #expect(
                answer.status == 201 && image["suspect"] == .bool(false), "\(file.lastPathComponent) \(answer.text)")
            let address = "/v1/images/\(try #require(image["sha256"]?.string))"
            let original = try daemon.request("GET", address, token: dealer.token)
            #expect(original.body == bytes, "\(file.lastPathComponent)")
            let longest = max(image["width"]?.integer ?? 0, image["height"]?.integer ?? 0)
            for thumbnail in image["thumbnails"]?.elements ?? [] {
                let edge = try #require(thumbnail["edge"]?.integer)
                let derivative = try daemon.request("GET", "\(address)?edge=\(edge)", token: dealer.token)
                #expect(derivative.status == 200)
                let side = max(thumbnail["width"]?.integer ?? 0, thumbnail["height"]?.integer ?? 0)
                #expect(side == min(edge, longest), "\(file.lastPathComponent)")
                try Data(derivative.body).write(
                    to: URL(filePath: "\(folder)/\(file.deletingPathExtension().lastPathComponent)-\(edge).jpg"))
            }
        }

        #expect(files.count == 71)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3 * 71)
        let groups = try CameraPhotographs.metadataGroups(in: folder)
        #expect(groups.isSubset(of: ["ExifTool", "System", "File", "JFIF", "Composite"]))
        #expect(groups.contains("JFIF"))
        // The same question about the originals must find what was taken away, or it proves nothing.
        let before = try CameraPhotographs.metadataGroups(in: CameraPhotographs.large)
        #expect(before.contains("GPS") && before.contains { $0.hasPrefix("XMP") })
    }
}

/// `../shared/data`, where the project stands beside it.
enum CameraPhotographs {
    private static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

    static var large: String { data.appending(path: "large").path }
    static var areThere: Bool { FileManager.default.fileExists(atPath: data.path) }

    static let files: [URL] = ["photos", "large"].flatMap { name in
        // Without the folder there is nothing to read, and the suite says so.
        let found = try? FileManager.default.contentsOfDirectory(
            at: data.appending(path: name), includingPropertiesForKeys: nil)
        return (found ?? []).filter { $0.pathExtension.lowercased() == "jpg" }.sorted { $0.path < $1.path }
    }

    /// The groups of tags that exiftool sees in the files of a folder.
    static func metadataGroups(in folder: String) throws -> Set<String> {
        let run = try TestDaemon.run("exiftool", ["-a", "-G1", "-s", "-q", folder])
        return Set(
            run.output.split(separator: "\n").filter { $0.hasPrefix("[") }
                .map { String($0.dropFirst().prefix { $0 != "]" }) })
    }
}
