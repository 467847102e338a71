import Foundation
import Testing

@testable import GemInventory

@Suite("A photograph")
struct PhotographTests {
    @Test("has three derivatives of at most 1200, 480 and 160 pixels that keep its shape")
    func derivatives() throws {
        let jpeg = JPEGSample.picture(width: 2400, height: 1600).jpeg()

        let photograph = try Photograph.read(jpeg)

        #expect(photograph.width == 2400 && photograph.height == 1600)
        #expect(!photograph.suspect)
        #expect(photograph.derivatives.map(\.edge) == [1200, 480, 160])
        #expect(photograph.derivatives.map(\.width) == [1200, 480, 160])
        #expect(photograph.derivatives.map(\.height) == [800, 320, 107])
        for derivative in photograph.derivatives {
            let picture = try #require(JPEGSample(decoding: derivative.jpeg))
            #expect(picture.width == derivative.width && picture.height == derivative.height)
        }
    }

    @Test(
        "that is smaller than an edge keeps its size", arguments: [(1, 1), (7, 3), (160, 160), (161, 90), (640, 479)])
    func neverEnlarged(width: Int, height: Int) throws {
        let photograph = try Photograph.read(JPEGSample.picture(width: width, height: height).jpeg())

        for derivative in photograph.derivatives {
            let longest = max(width, height)
            #expect(max(derivative.width, derivative.height) == min(longest, derivative.edge))
            if longest <= derivative.edge { #expect(derivative.width == width && derivative.height == height) }
        }
    }

    @Test(
        "of any shape is made smaller along its longest side",
        arguments: [(1, 20_000), (20_000, 1), (3_333, 17), (1_201, 1_200), (1_371, 1_372), (2_401, 1_799), (9_601, 40)])
    func oddSizes(width: Int, height: Int) throws {
        let photograph = try Photograph.read(JPEGSample.picture(width: width, height: height).jpeg())

        for derivative in photograph.derivatives {
            let short = Double(min(width, height) * derivative.edge) / Double(max(width, height))
            #expect(max(derivative.width, derivative.height) == derivative.edge)
            #expect(min(derivative.width, derivative.height) == max(1, Int(short.rounded())))
        }
    }

    @Test(
        "in eight Exif orientations gives eight times the same bytes",
        arguments: [(2_400, 1_808), (1_280, 96), (96, 48)])
    func orientations(width: Int, height: Int) throws {
        // Flat blocks of 16 × 16 are the same after JPEG's own rounding however they are turned.
        let upright = JPEGSample.blocks(width: width, height: height, of: 16)
        let expected = try Photograph.read(upright.jpeg(subsampled: true))

        for orientation in 1...8 {
            let stored = upright.stored(for: orientation)
            for little in [false, true] {
                let jpeg = stored.jpeg(subsampled: true)
                    .inserting(marker: 0xE1, .exif(orientation: orientation, littleEndian: little))
                let photograph = try Photograph.read(jpeg)

                #expect(photograph.width == width && photograph.height == height)
                #expect(photograph.derivatives.map(\.jpeg) == expected.derivatives.map(\.jpeg), "\(orientation)")
            }
        }
    }

    @Test("in eight orientations keeps equal pixels where its size is odd and its detail fine")
    func fineOrientations() throws {
        // At quality 100 and the picture's own size the decoder may be off by a little, never by a pixel's place.
        let upright = JPEGSample.picture(width: 333, height: 251)
        let expected = try #require(
            JPEGSample(decoding: try Photograph.read(upright.jpeg(quality: 100)).derivatives[1].jpeg))

        for orientation in 1...8 {
            let jpeg = upright.stored(for: orientation).jpeg(quality: 100)
                .inserting(marker: 0xE1, .exif(orientation: orientation, littleEndian: false))
            let turned = try #require(JPEGSample(decoding: try Photograph.read(jpeg).derivatives[1].jpeg))

            #expect(turned.width == 333 && turned.height == 251)
            #expect(turned.meanDifference(expected) < 1, "\(orientation)")
        }
    }

    @Test("carries no metadata of the upload", arguments: [false, true])
    func metadata(progressive: Bool) throws {
        let secret = Array("POSITION 34.7717 N 72.3602 E".utf8)
        var jpeg = JPEGSample.picture(width: 300, height: 200).jpeg(progressive: progressive)
        for marker: UInt8 in [0xED, 0xE1, 0xEC, 0xE2, 0xFE] { jpeg = jpeg.inserting(marker: marker, secret) }
        jpeg = jpeg.inserting(marker: 0xE1, .exif(orientation: 1, littleEndian: true) + secret)
        jpeg = jpeg.inserting(marker: 0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".utf8))

        let photograph = try Photograph.read(jpeg)

        #expect(!photograph.suspect)
        for derivative in photograph.derivatives { #expect(derivative.jpeg.markers.isSubset(of: Self.plain)) }
    }

    /// JFIF, tables, baseline frame, scan and the two ends.
    static let plain: Set<UInt8> = [0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9]

    @Test("may be progressive, one colour after the other, or have restart markers")
    func encodings() throws {
        let sample = JPEGSample.picture(width: 1_600, height: 1_200)
        let plain = try Photograph.read(sample.jpeg())

        let others = [sample.jpeg(progressive: true), sample.jpeg(separate: true), sample.jpeg(restartInterval: 7)]

        for jpeg in others {
            let photograph = try Photograph.read(jpeg)
            #expect(!photograph.suspect)
            #expect(photograph.derivatives.map(\.jpeg) == plain.derivatives.map(\.jpeg))
        }
    }

    @Test("with bytes after its end, as a multi-picture file has, is not suspect")
    func trailing() throws {
        let jpeg = JPEGSample.picture(width: 320, height: 240).jpeg()
        let plain = try Photograph.read(jpeg)

        for rest in [jpeg, [0], Array(repeating: 0xFF, count: 70_000), Array("trailer".utf8)] {
            let photograph = try Photograph.read(jpeg + rest)
            #expect(!photograph.suspect)
            #expect(photograph.derivatives.map(\.jpeg) == plain.derivatives.map(\.jpeg))
        }
    }

    @Test("comes through a pipe as well")
    func pipe() throws {
        let jpeg = JPEGSample.picture(width: 100, height: 80).jpeg()
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(jpeg))
        try pipe.fileHandleForWriting.close()

        let photograph = try Photograph.read(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)

        #expect(photograph.derivatives.map(\.jpeg) == (try Photograph.read(jpeg)).derivatives.map(\.jpeg))
    }
}

@Suite("The colour of a photograph")
struct PhotographColourTests {
    @Test("stays grey when it is grey")
    func grey() throws {
        let sample = JPEGSample.picture(width: 700, height: 500, channels: 1)

        let made = try #require(JPEGSample(decoding: try Photograph.read(sample.jpeg()).derivatives[0].jpeg))

        #expect(made.channels == 3)
        #expect(stride(from: 0, to: made.pixels.count, by: 3).allSatisfy { made.pixels[$0] == made.pixels[$0 + 1] })
        #expect(made.meanDifference(sample.asRGB) < 3)
    }

    @Test("is RGB when it came as inks, inverted as Adobe writes them", arguments: [false, true])
    func inks(ycck: Bool) throws {
        // No black and full black: the other inks are then the complement, or nothing at all.
        var sample = JPEGSample(width: 64, height: 64, channels: 4, pixels: Array(repeating: 255, count: 64 * 64 * 4))
        for i in 0..<(64 * 64) {
            sample.pixels[i * 4] = 200
            sample.pixels[i * 4 + 1] = 30
            sample.pixels[i * 4 + 2] = 90
            if i >= 64 * 32 { sample.pixels[i * 4 + 3] = 0 }
        }

        let made = try #require(JPEGSample(decoding: try Photograph.read(sample.jpeg(ycck: ycck)).derivatives[0].jpeg))

        #expect(zip(made.pixel(32, 8), [200, 30, 90]).allSatisfy { abs(Int($0) - $1) <= 4 })
        #expect(made.pixel(32, 56).allSatisfy { $0 <= 4 })
    }

    @Test("is converted to sRGB from an embedded profile")
    func profile() throws {
        let profile = JPEGSample.profile(grey: false)
        let sample = JPEGSample.blocks(width: 1_600, height: 1_200, of: 100, among: [40, 100, 128, 160, 210])
        var expected = sample
        expected.convertToSRGB(from: profile)

        let jpeg = sample.jpeg(quality: 95, profile: profile)
        let made = try #require(JPEGSample(decoding: try Photograph.read(jpeg).derivatives[0].jpeg))
        let untouched = try #require(
            JPEGSample(decoding: try Photograph.read(sample.jpeg(quality: 95)).derivatives[0].jpeg))

        var moved = 0
        for y in stride(from: 38, to: 900, by: 75) {
            for x in stride(from: 38, to: 1_200, by: 75) {
                let want = expected.pixel(x * 4 / 3, y * 4 / 3)
                #expect(zip(made.pixel(x, y), want).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
                if zip(made.pixel(x, y), untouched.pixel(x, y)).contains(where: { abs(Int($0) - Int($1)) > 12 }) {
                    moved += 1
                }
            }
        }
        #expect(moved > 20)
        #expect(try Photograph.read(jpeg).derivatives[0].jpeg.markers.isSubset(of: PhotographTests.plain))
    }

    @Test("follows a grey profile")
    func greyProfile() throws {
        let sample = JPEGSample(width: 32, height: 32, channels: 1, pixels: Array(repeating: 55, count: 1_024))

        let jpeg = sample.jpeg(profile: JPEGSample.profile(grey: true))
        let made = try #require(JPEGSample(decoding: try Photograph.read(jpeg).derivatives[0].jpeg))

        // Linear 55/255 is sRGB 128.
        #expect(made.pixel(16, 16).allSatisfy { abs(Int($0) - 128) <= 3 })
    }

    @Test("is taken as sRGB, and suspect, when the profile is broken")
    func brokenProfile() throws {
        let sample = JPEGSample.picture(width: 64, height: 64)
        var profile = JPEGSample.profile(grey: false)
        for i in 128..<profile.count { profile[i] = UInt8(truncatingIfNeeded: i &* 37) }

        let photograph = try Photograph.read(sample.jpeg(profile: profile))

        #expect(photograph.suspect)
        #expect(photograph.derivatives[0].jpeg == (try Photograph.read(sample.jpeg())).derivatives[0].jpeg)
    }
}
