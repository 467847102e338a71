import CJPEGSamples
import Foundation
import Testing

@testable import GemInventory

@Suite("Photographs of real cameras", .enabled(if: SharedPhotographs.isThere, "no ../shared/data beside the project"))
struct PhotographFilesTests {
    @Test("are all accepted, unharmed and rid of their metadata", arguments: SharedPhotographs.photographs)
    func accepted(url: URL) throws {
        let file = try FileHandle(forReadingFrom: url)

        let photograph = try Photograph.read(fileDescriptor: file.fileDescriptor)

        #expect(!photograph.suspect)
        for derivative in photograph.derivatives {
            #expect(derivative.jpeg.markers.isSubset(of: PhotographTests.plain))
            #expect(max(derivative.width, derivative.height) <= derivative.edge)
        }
    }

    @Test("are 71")
    func count() {
        #expect(SharedPhotographs.photographs.count == 71)
    }
}

@Suite("The memory of a decode")
struct PhotographMemoryTests {
    @Test("stays below 16 MB for a baseline upload of 25 MB, and all of it is given back")
    func memory() throws {
        let file = try SampleFile(Self.largest)
        var cost = sample_cost()

        #expect(sample_read(file.descriptor, 3, &cost))

        #expect(cost.peak < 16_000_000)
        #expect(cost.kept < 2_000_000)
    }

    /// Noise: every buffer is as full as it gets.
    static let largest: [UInt8] = {
        let sample = JPEGSample.noise(width: 5_200, height: 3_904)
        var quality = 97
        var jpeg = sample.jpeg(quality: quality)
        while jpeg.count > 25_000_000 {
            quality -= 2
            jpeg = sample.jpeg(quality: quality)
        }
        return jpeg
    }()
}
