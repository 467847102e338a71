import Foundation
import Testing

@testable import GemInventory

@Suite("What a photograph looks like")
struct LikenessTests {
    @Test("a plain surface looks like nothing, and a picture like itself however it is turned in its file")
    func plain() throws {
        #expect(try Photograph.read(JPEGSample.blocks(width: 320, height: 240, of: 400).jpeg()).likeness == nil)
        #expect(try Photograph.read(JPEGSample.picture(width: 1, height: 1).jpeg()).likeness == nil)
        let upright = JPEGSample.blocks(width: 640, height: 480, of: 16)
        let expected = try #require(try Photograph.read(upright.jpeg(subsampled: true)).likeness)
        for orientation in 1...8 {
            let jpeg = upright.stored(for: orientation).jpeg(subsampled: true)
                .inserting(marker: 0xE1, .exif(orientation: orientation, littleEndian: true))
            #expect(try Photograph.read(jpeg).likeness == expected)
        }
    }

    @Test("whatever is within the limit shares a slot with one bit turned at most")
    func bands() {
        var random = SampleRandom(state: 11)
        for _ in 0..<2_000 {
            let one = Likeness(bits: random.next())
            var bits = one.bits
            for bit in (0..<64).shuffled(using: &random).prefix(Likeness.limit) { bits ^= 1 << UInt64(bit) }
            let other = Likeness(bits: bits)

            #expect(one.distance(to: other) == Likeness.limit)
            #expect(!Set(one.probes).isDisjoint(with: other.slots))
        }
    }

    @Test(
        "other stones are far apart; saved again, made smaller, cropped and brightened ones are near",
        .enabled(if: SharedPhotographs.isThere, "no ../shared/data beside the project"))
    func measured() throws {
        var all: [(name: String, likeness: Likeness)] = []
        var near: [String: [Int]] = [:]
        for url in SharedPhotographs.photographs {
            let jpeg = Array(try Data(contentsOf: url))
            guard let likeness = try Photograph.read(jpeg).likeness, let picture = JPEGSample(decoding: jpeg) else {
                Issue.record("\(url.lastPathComponent) looks like nothing")
                continue
            }
            all.append((url.lastPathComponent, likeness))
            // The three of 9 megapixels are only others here.
            guard picture.width < 2_000 else { continue }
            // The same pixels without the file's orientation, which the disguises lose too.
            let plain = try #require(try Photograph.read(picture.jpeg(quality: 95)).likeness)
            for (way, changed) in picture.disguises {
                near[way, default: []].append(try Photograph.read(changed).likeness?.distance(to: plain) ?? 64)
            }
        }
        var nearest = 64
        for (index, one) in all.enumerated() {
            for other in all[(index + 1)...] { nearest = min(nearest, one.likeness.distance(to: other.likeness)) }
        }

        let found = near.mapValues { distances in distances.count { $0 <= Likeness.limit } }
        #expect(all.count == 71 && near.count == 6)
        // Of 2,485 pairs the nearest differ in 10 bits.
        #expect(nearest == 10)
        for way in ["saved at quality 50", "half the size", "1 % off each side", "brighter by 20"] {
            #expect(found[way] == 68, "\(way)")
        }
        // A margin of 2 % is near in nine of ten, of 3 % in two of three.
        #expect(found["2 % off each side"] ?? 0 >= 60 && found["3 % off each side"] ?? 0 >= 45, "\(found)")
    }
}

extension JPEGSample {
    /// The same picture as it may come back: by the way it was changed.
    fileprivate var disguises: [(String, [UInt8])] {
        [
            ("saved at quality 50", jpeg(quality: 50, subsampled: true)), ("half the size", halved.jpeg(quality: 80)),
            ("1 % off each side", cropped(percent: 1).jpeg(quality: 85)),
            ("2 % off each side", cropped(percent: 2).jpeg(quality: 85)),
            ("3 % off each side", cropped(percent: 3).jpeg(quality: 85)),
            ("brighter by 20", brightened(by: 20).jpeg(quality: 85)),
        ]
    }

    private func map(_ width: Int, _ height: Int, _ from: (Int, Int, Int) -> UInt8) -> JPEGSample {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * channels)
        for y in 0..<height { for x in 0..<width { for c in 0..<channels { pixels.append(from(x, y, c)) } } }
        return JPEGSample(width: width, height: height, channels: channels, pixels: pixels)
    }

    private func value(_ x: Int, _ y: Int, _ c: Int) -> Int { Int(pixels[(y * width + x) * channels + c]) }

    private var halved: JPEGSample {
        map(width / 2, height / 2) { x, y, c in
            UInt8(
                (value(2 * x, 2 * y, c) + value(2 * x + 1, 2 * y, c) + value(2 * x, 2 * y + 1, c)
                    + value(2 * x + 1, 2 * y + 1, c)) / 4)
        }
    }

    private func cropped(percent: Int) -> JPEGSample {
        let (left, top) = (width * percent / 100, height * percent / 100)
        return map(width - 2 * left, height - 2 * top) { x, y, c in UInt8(value(x + left, y + top, c)) }
    }

    private func brightened(by levels: Int) -> JPEGSample {
        map(width, height) { x, y, c in UInt8(min(255, value(x, y, c) + levels)) }
    }
}
