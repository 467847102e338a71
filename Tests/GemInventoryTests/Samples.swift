import CJPEGSamples
import Foundation

@testable import GemInventory

/// Pixels of a made-up picture, rows of `width * channels` bytes.
struct JPEGSample {
    var width: Int
    var height: Int
    var channels = 3
    var pixels: [UInt8]

    /// Soft shapes with some fine lines.
    static func picture(width: Int, height: Int, channels: Int = 3) -> JPEGSample {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * channels)
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<channels {
                    let wave = (x * (c + 3) / 5 + y * (7 - c) / 9) & 0xFF
                    let line = (x / 5 + y / 7) % 11 == 0 ? 40 : 0
                    pixels.append(UInt8(min(255, abs(wave - 128) + 60 + line)))
                }
            }
        }
        return JPEGSample(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// Squares of one colour each.
    static func blocks(width: Int, height: Int, of side: Int, among levels: [UInt8] = Array(0...255)) -> JPEGSample {
        var random = SampleRandom(state: 5)
        let across = (width + side - 1) / side
        let colours = (0..<(across * ((height + side - 1) / side))).map { _ in
            (0..<3).map { _ in levels.randomElement(using: &random) ?? 0 }
        }
        var pixels: [UInt8] = []
        for y in 0..<height { for x in 0..<width { pixels += colours[y / side * across + x / side] } }
        return JPEGSample(width: width, height: height, pixels: pixels)
    }

    static func noise(width: Int, height: Int) -> JPEGSample {
        var random = SampleRandom(state: 3)
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        pixels.withUnsafeMutableBytes { bytes in
            let words = bytes.bindMemory(to: UInt64.self)
            for i in words.indices { words[i] = random.next() }
        }
        return JPEGSample(width: width, height: height, pixels: pixels)
    }

    func jpeg(
        quality: Int = 92, subsampled: Bool = false, progressive: Bool = false, separate: Bool = false,
        ycck: Bool = false, restartInterval: Int = 0, profile: [UInt8] = []
    ) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        return profile.withUnsafeBufferPointer { profile in
            let style = sample_style(
                width: UInt32(width), height: UInt32(height), channels: Int32(channels), quality: Int32(quality),
                subsampled: subsampled, progressive: progressive, separate: separate, ycck: ycck,
                restart_interval: Int32(restartInterval), profile: profile.isEmpty ? nil : profile.baseAddress,
                profile_bytes: profile.count)
            precondition(sample_encode(pixels, style, &bytes, &count))
            defer { free(bytes) }
            return Array(UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    init(width: Int, height: Int, channels: Int = 3, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    init?(decoding jpeg: [UInt8]) {
        var bytes: UnsafeMutablePointer<UInt8>?
        var width: UInt32 = 0
        var height: UInt32 = 0
        var channels: Int32 = 0
        guard sample_decode(jpeg, jpeg.count, &bytes, &width, &height, &channels) else { return nil }
        defer { free(bytes) }
        self.init(
            width: Int(width), height: Int(height), channels: Int(channels),
            pixels: Array(UnsafeBufferPointer(start: bytes, count: Int(width) * Int(height) * Int(channels))))
    }

    func pixel(_ x: Int, _ y: Int) -> ArraySlice<UInt8> {
        let at = (y * width + x) * channels
        return pixels[at..<(at + channels)]
    }

    var asRGB: JPEGSample {
        JPEGSample(width: width, height: height, pixels: channels == 1 ? pixels.flatMap { [$0, $0, $0] } : pixels)
    }

    /// The picture as a camera held that way stores it: what the orientation turns back upright.
    func stored(for orientation: Int) -> JPEGSample {
        let turned = orientation >= 5
        var stored = JPEGSample(width: turned ? height : width, height: turned ? width : height, pixels: pixels)
        let (w, h) = (stored.width, stored.height)
        for y in 0..<height {
            for x in 0..<width {
                let (sx, sy): (Int, Int) =
                    switch orientation {
                    case 2: (w - 1 - x, y)
                    case 3: (w - 1 - x, h - 1 - y)
                    case 4: (x, h - 1 - y)
                    case 5: (y, x)
                    case 6: (y, h - 1 - x)
                    case 7: (w - 1 - y, h - 1 - x)
                    case 8: (w - 1 - y, x)
                    default: (x, y)
                    }
                for c in 0..<3 { stored.pixels[(sy * w + sx) * 3 + c] = pixels[(y * width + x) * 3 + c] }
            }
        }
        return stored
    }

    func meanDifference(_ other: JPEGSample) -> Double {
        precondition(pixels.count == other.pixels.count)
        let sum = zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(pixels.count)
    }

    /// RGB with the Adobe RGB (1998) primaries, or a linear grey.
    static func profile(grey: Bool) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        precondition(sample_profile(grey, &bytes, &count))
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    mutating func convertToSRGB(from profile: [UInt8]) {
        precondition(sample_to_srgb(profile, profile.count, &pixels, width * height))
    }
}

/// A file that is gone when the value is.
final class SampleFile {
    let descriptor: Int32

    init(_ bytes: [UInt8]) throws {
        var name = Array((NSTemporaryDirectory() + "/gemd-XXXXXX").utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        unlink(name)
        var written = 0
        while written < bytes.count {
            let n = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard n > 0 else { throw CocoaError(.fileWriteUnknown) }
            written += n
        }
    }

    deinit { close(descriptor) }
}

extension Photograph {
    @discardableResult
    static func read(_ jpeg: [UInt8], limits: Limits = .standard) throws -> Photograph {
        let file = try SampleFile(jpeg)
        return try withExtendedLifetime(file) { try read(fileDescriptor: file.descriptor, limits: limits) }
    }
}

extension [UInt8] {
    /// All markers up to the end of the image; 0 stands for anything that is none.
    var markers: Set<UInt8> {
        var found: Set<UInt8> = []
        var at = 0
        while at + 1 < count {
            guard self[at] == 0xFF else { return found.union([0]) }
            let marker = self[at + 1]
            found.insert(marker)
            at += 2
            switch marker {
            case 0xD8: continue
            case 0xD9: return at == count ? found : found.union([0])
            default: at += Int(self[at]) << 8 | Int(self[at + 1])
            }
            if marker == 0xDA {
                while at + 1 < count, self[at] != 0xFF || self[at + 1] == 0 { at += 1 }
            }
        }
        return found.union([0])
    }

    /// An Exif segment that holds an orientation, and a position beside it.
    static func exif(orientation: Int, littleEndian: Bool) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let big = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
            return littleEndian ? big.reversed() : big
        }
        func entry(_ tag: Int, _ type: Int, _ value: [UInt8]) -> [UInt8] {
            number(tag, 2) + number(type, 2) + number(1, 4) + value + Array(repeating: 0, count: 4 - value.count)
        }
        var bytes = Array("Exif\0\0".utf8) + Array((littleEndian ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
        bytes += number(3, 2) + entry(0x0100, 3, number(640, 2)) + entry(0x0112, 3, number(orientation, 2))
        bytes += entry(0x8825, 4, number(50, 4)) + number(0, 4)
        return bytes + number(1, 2) + entry(1, 2, Array("N\0".utf8)) + number(0, 4)
    }

    /// A JPEG of zero coefficients, whatever size it claims: one scan or many over the same nothing.
    static func bomb(width: Int, height: Int, scans: Int, progressive: Bool = true) -> [UInt8] {
        func two(_ n: Int) -> [UInt8] { [UInt8(n >> 8), UInt8(n & 0xFF)] }
        var jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + Array(repeating: 1, count: 64)
        jpeg += [0xFF, progressive ? 0xC2 : 0xC0, 0, 11, 8] + two(height) + two(width) + [1, 1, 0x11, 0]
        // Two tables with one code of one bit: a difference of 0, and an end of block.
        for table: UInt8 in [0x00, 0x10] {
            jpeg += [0xFF, 0xC4, 0, 20, table, 1] + Array(repeating: 0, count: 15) + [0]
        }
        for scan in 0..<scans {
            let last: UInt8 = progressive && scan == 0 ? 0 : 63
            let first: UInt8 = progressive && scan > 0 ? 1 : 0
            jpeg += [0xFF, 0xDA, 0, 8, 1, 1, 0, first, last, 0, 0]
        }
        return jpeg + [0xFF, 0xD9]
    }

    /// The bytes with a segment right after the start of the image.
    func inserting(marker: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        return prefix(2) + [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + payload + dropFirst(2)
    }

    /// Where the first scan's own bytes begin.
    var scanStart: Int? {
        var at = 2
        while at + 3 < count, self[at] == 0xFF {
            let isScan = self[at + 1] == 0xDA
            at += 2 + (Int(self[at + 2]) << 8 | Int(self[at + 3]))
            if isScan { return at }
        }
        return nil
    }
}

struct SampleRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Photographs of other people, which stay where they are.
enum SharedPhotographs {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static let photographs: [URL] = ["photos", "large"].flatMap { name in
        // Without the folder there is nothing to read, and the suite says so.
        let found = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: name), includingPropertiesForKeys: nil)
        return (found ?? []).filter { $0.pathExtension.lowercased() == "jpg" }.sorted { $0.path < $1.path }
    }
}
