import CJPEG

package enum PhotographError: Error, Hashable {
    /// `detected` is nil for bytes of no known format.
    case notJPEG(detected: Format?)
    case tooManyBytes
    case tooManyPixels
    case sideTooLong
    case tooManyScans
    /// The file ends before a picture can be made of it. One that ends later is a suspect photograph.
    case truncated
    /// libjpeg's reason, for the log and the hint.
    case broken(String)
    case outOfMemory
    /// The descriptor could not be read: the `errno`. Nothing is known of the photograph.
    case unreadable(Int32)

    /// What people upload when they mean a photograph.
    package enum Format: String, Sendable, CaseIterable {
        case heic, png, webp, gif, tiff, bmp, avif, pdf, empty
    }
}

extension PhotographError {
    init(_ failure: cjpeg_error) {
        switch failure.code {
        case CJPEG_NOT_JPEG:
            let head = withUnsafeBytes(of: failure.head) { Array($0.prefix(failure.head_count)) }
            self = .notJPEG(detected: Format(signature: head))
        case CJPEG_TOO_MANY_BYTES: self = .tooManyBytes
        case CJPEG_TOO_MANY_PIXELS: self = .tooManyPixels
        case CJPEG_SIDE_TOO_LONG: self = .sideTooLong
        case CJPEG_TOO_MANY_SCANS: self = .tooManyScans
        case CJPEG_TRUNCATED: self = .truncated
        case CJPEG_OUT_OF_MEMORY: self = .outOfMemory
        case CJPEG_UNREADABLE: self = .unreadable(failure.system_error)
        default:
            let reason = withUnsafeBytes(of: failure.message) { $0.prefix { $0 != 0 }.map { $0 } }
            self = .broken(String(decoding: reason, as: UTF8.self))
        }
    }
}

extension PhotographError.Format {
    /// Told from the first bytes of a file, at most 32 of them.
    init?(signature bytes: [UInt8]) {
        func starts(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.isEmpty {
            self = .empty
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("GIF8") {
            self = .gif
        } else if starts("II*\0") || starts("MM\0*") || starts("II+\0") || starts("MM\0+") {
            self = .tiff
        } else if starts("BM") {
            self = .bmp
        } else if starts("%PDF") {
            self = .pdf
        } else if starts("ftyp", at: 4) {
            // The major brand comes first; phones often write the general `mif1` there and the real one after it.
            let brands = stride(from: 8, to: bytes.count - 3, by: 4)
            let heic = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]
            if brands.contains(where: { starts("avif", at: $0) || starts("avis", at: $0) }) {
                self = .avif
            } else if brands.contains(where: { at in heic.contains { starts($0, at: at) } }) {
                self = .heic
            } else {
                return nil
            }
        } else {
            return nil
        }
    }
}
