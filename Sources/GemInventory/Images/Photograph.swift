import CJPEG

/// An uploaded JPEG that was decoded once, and the smaller pictures made from that decode.
///
/// What leaves the house is always a derivative: upright, sRGB, 4:2:0 baseline at quality 85, and without a byte of
/// the upload's own markers, so that no position, owner or embedded thumbnail leaves with it.
/// The eight Exif orientations of one picture give the same bytes.
package struct Photograph: Sendable {
    /// In pixels, upright: after the Exif orientation was applied.
    package let width: Int
    package let height: Int

    /// The file is damaged between its first byte and its end-of-image marker, or its colour profile is; part of the
    /// picture may be grey or false. Bytes after the marker, as in a multi-picture file, are no damage.
    package let suspect: Bool

    /// Always three, of the edges 1200, 480 and 160 in this order, also where the photograph is smaller than an edge.
    package let derivatives: [Derivative]

    /// What it looks like; nil when there is too little to see.
    package let likeness: Likeness?

    /// A picture whose longest side is at most `edge` pixels; a smaller photograph keeps its size.
    package struct Derivative: Sendable {
        package let edge: Int
        package let width: Int
        package let height: Int
        package let jpeg: [UInt8]
    }

    /// What a photograph may cost. All but `scanPixels` hold before the first pixel is decoded.
    package struct Limits: Sendable {
        package var bytes = 25 << 20
        package var pixels = 80_000_000
        /// For a file that has to be kept whole while it is decoded, at 3 to 8 bytes a pixel: progressive, or one
        /// colour after the other.
        package var bufferedPixels = 24_000_000
        /// Pixels times scans of such a file, counted while scans arrive; below 1 Mpixel a picture counts as one.
        package var scanPixels = 500_000_000
        package var sidePixels = 20_000
        package var coefficientBytes = 200_000_000

        package init() {}

        package static let standard = Limits()
    }

    /// Reads a regular file from its start, whatever its offset, or a pipe to the end of the image.
    ///
    /// Blocks for as long as the decode takes (a tenth of a second for 12 Mpixel): call it on the image queue, never
    /// on the cooperative pool. A baseline file costs at most 16 MB of memory, a progressive one also
    /// `Limits.coefficientBytes`; all of it is given back before this returns.
    package static func read(
        fileDescriptor: Int32, limits: Limits = .standard
    ) throws(PhotographError) -> Photograph {
        var bounds = cjpeg_limits(
            bytes: UInt64(limits.bytes), pixels: UInt64(limits.pixels), buffered_pixels: UInt64(limits.bufferedPixels),
            scan_pixels: UInt64(limits.scanPixels), side: UInt32(limits.sidePixels),
            coefficient_bytes: UInt64(limits.coefficientBytes))
        var made = cjpeg_photograph()
        var failure = cjpeg_error()
        guard cjpeg_read(fileDescriptor, &bounds, &made, &failure) == CJPEG_OK else { throw PhotographError(failure) }
        defer { cjpeg_free(&made) }
        let derivatives = [made.derivatives.0, made.derivatives.1, made.derivatives.2]
        let likeness = withUnsafeBytes(of: &made.miniature) { Likeness(miniature: Array($0)) }
        return Photograph(
            width: Int(made.width), height: Int(made.height), suspect: made.suspect,
            derivatives: derivatives.map { derivative in
                Derivative(
                    edge: Int(derivative.edge), width: Int(derivative.width), height: Int(derivative.height),
                    jpeg: Array(UnsafeBufferPointer(start: derivative.bytes, count: derivative.count)))
            }, likeness: likeness)
    }
}
