import Foundation
import Testing

@testable import GemInventory

@Suite("A hostile or damaged upload")
struct HostilePhotographTests {
    @Test(
        "of another format is named",
        arguments: [
            (PhotographError.Format.png, "\u{89}PNG\r\n\u{1A}\n"), (.webp, "RIFF\u{24}\0\0\0WEBPVP8 "),
            (.gif, "GIF89a\u{1}\0\u{1}\0"), (.heic, "\0\0\0\u{18}ftypheic\0\0\0\0mif1heic"),
            (.heic, "\0\0\0\u{18}ftypmif1\0\0\0\0mif1heic"), (.avif, "\0\0\0\u{1C}ftypmif1\0\0\0\0mif1avifmiaf"),
            (.avif, "\0\0\0\u{18}ftypavif\0\0\0\0"), (.tiff, "II*\0\u{8}\0\0\0"), (.tiff, "MM\0*\0\0\0\u{8}"),
            (.bmp, "BM\u{36}\0\0\0"), (.pdf, "%PDF-1.7\n"), (.empty, ""), (nil, "<svg/>"),
            (nil, "\0\0\0\u{18}ftypisom"),
            (nil, "\u{FF}"), (nil, "J"),
        ] as [(PhotographError.Format?, String)])
    func formats(format: PhotographError.Format?, text: String) {
        let bytes = text.unicodeScalars.map { UInt8($0.value) }

        if bytes == [0xFF] {
            #expect(throws: PhotographError.truncated) { try Photograph.read(bytes) }
        } else {
            #expect(throws: PhotographError.notJPEG(detected: format)) { try Photograph.read(bytes) }
        }
    }

    @Test("of 230 bytes that claims 665 progressive megapixels is refused before it costs anything")
    func bombs() {
        let clock = ContinuousClock()

        let cost = clock.measure {
            #expect(throws: PhotographError.sideTooLong) {
                try Photograph.read(.bomb(width: 35_584, height: 18_696, scans: 20))
            }
        }

        #expect(cost < .seconds(1))
    }

    @Test("is refused by its pixels: 80 million, or 24 million where all of them have to be kept")
    func pixels() throws {
        #expect(throws: PhotographError.sideTooLong) { try Photograph.read(.bomb(width: 20_001, height: 8, scans: 1)) }
        #expect(throws: PhotographError.tooManyPixels) {
            try Photograph.read(.bomb(width: 6_000, height: 4_001, scans: 1))
        }
        #expect(throws: PhotographError.tooManyPixels) {
            try Photograph.read(.bomb(width: 10_000, height: 8_001, scans: 1, progressive: false))
        }

        let large = try Photograph.read(.bomb(width: 10_000, height: 8_000, scans: 1, progressive: false))

        #expect(large.suspect && large.width == 10_000)
    }

    @Test("with more scans than a photograph has is refused while they arrive")
    func scans() throws {
        #expect(throws: PhotographError.tooManyScans) {
            try Photograph.read(.bomb(width: 4_000, height: 3_000, scans: 1_000))
        }
        #expect(throws: PhotographError.tooManyScans) { try Photograph.read(.bomb(width: 8, height: 8, scans: 501)) }
        #expect(throws: Never.self) { try Photograph.read(.bomb(width: 8, height: 8, scans: 499)) }
    }

    @Test("larger than the limit is refused by its size alone, and through a pipe by its bytes")
    func bytes() throws {
        var limits = Photograph.Limits.standard
        limits.bytes = 10_000
        let jpeg = JPEGSample.picture(width: 640, height: 480).jpeg(quality: 95)
        let pipe = Pipe()
        let sender = Thread { [fd = pipe.fileHandleForWriting] in
            // The reader closes its end as soon as it has seen enough.
            try? fd.write(contentsOf: Data(jpeg.prefix(60_000)))
            try? fd.close()
        }

        sender.start()

        #expect(jpeg.count > 60_000)
        #expect(throws: PhotographError.tooManyBytes) { try Photograph.read(jpeg, limits: limits) }
        #expect(throws: PhotographError.tooManyBytes) {
            try Photograph.read(fileDescriptor: pipe.fileHandleForReading.fileDescriptor, limits: limits)
        }
    }

    @Test("that cannot be read is not called broken")
    func unreadable() {
        #expect(throws: PhotographError.unreadable(EBADF)) { try Photograph.read(fileDescriptor: -1) }
    }

    @Test("cut anywhere is truncated or suspect", arguments: [false, true])
    func cuts(progressive: Bool) throws {
        let jpeg = JPEGSample.picture(width: 120, height: 90).jpeg(subsampled: true, progressive: progressive)
        let scan = try #require(jpeg.scanStart)

        for end in Array(stride(from: 1, to: jpeg.count, by: 13)) + [scan - 1, scan, scan + 1, jpeg.count - 1] {
            let cut = Array(jpeg.prefix(end))
            if end <= scan {
                #expect(throws: PhotographError.truncated, "\(end)") { try Photograph.read(cut) }
            } else {
                do {
                    #expect(try Photograph.read(cut).suspect, "\(end)")
                } catch PhotographError.truncated where progressive {
                    // The cut went through a table between two scans.
                }
            }
        }
        #expect(throws: PhotographError.truncated) { try Photograph.read(Array(jpeg.prefix(scan)) + [0xFF, 0xD9]) }
        #expect(throws: PhotographError.truncated) { try Photograph.read([0xFF, 0xD8, 0xFF, 0xD9]) }
    }

    @Test("with foreign bytes before its end is suspect")
    func extraneous() throws {
        let jpeg = JPEGSample.picture(width: 120, height: 90).jpeg()

        let photograph = try Photograph.read(jpeg.dropLast(2) + [1, 2, 3, 4] + [0xFF, 0xD9])

        #expect(photograph.suspect)
    }

    @Test("changed at random 2,000 times is read or refused, within the limits")
    func mutations() throws {
        var random = SampleRandom(state: 17)
        let profile = JPEGSample.profile(grey: false)
        let seeds = [
            JPEGSample.picture(width: 60, height: 40).jpeg(subsampled: true),
            JPEGSample.picture(width: 50, height: 70).jpeg(progressive: true, profile: profile),
            JPEGSample.picture(width: 33, height: 21, channels: 4).jpeg(ycck: true),
            JPEGSample.picture(width: 40, height: 40, channels: 1).jpeg(restartInterval: 2)
                .inserting(marker: 0xE1, .exif(orientation: 6, littleEndian: true)),
        ]
        var limits = Photograph.Limits.standard
        // Sizes are mutated too; the test should not take minutes over grey megapixels.
        limits.pixels = 1_000_000
        limits.bufferedPixels = 500_000

        var accepted = 0
        for round in 0..<2_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...Int.random(in: 0...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 1: bytes[at] = [0, 0xFF, 0x7F, 0x80, 1].randomElement(using: &random) ?? 0
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...8, using: &random)))
                default: bytes.insert(.random(in: 0...255, using: &random), at: at)
                }
            }
            do {
                let photograph = try Photograph.read(bytes, limits: limits)
                accepted += 1
                #expect(photograph.width * photograph.height <= limits.pixels)
                for derivative in photograph.derivatives {
                    #expect(max(derivative.width, derivative.height) <= derivative.edge)
                    #expect(derivative.jpeg.markers.isSubset(of: PhotographTests.plain))
                }
            } catch is PhotographError {
            }
        }

        #expect(accepted > 200)
    }
}
