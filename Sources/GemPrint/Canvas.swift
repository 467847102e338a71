import CPango
import GemModel

/// A colour of the paper: red, green and blue from 0 to 1.
struct Ink {
    var red, green, blue: Double

    init(_ hex: UInt32) {
        red = Double(hex >> 16 & 255) / 255
        green = Double(hex >> 8 & 255) / 255
        blue = Double(hex & 255) / 255
    }

    static let text = Ink(0x1D2226)
    static let quiet = Ink(0x5E676E)
    static let hair = Ink(0xC9CED2)
    static let white = Ink(0xFFFFFF)
}

/// A box of a page in points, from the left and top.
struct Box {
    var x, y, width, height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
}

/// How a text is set. Nastaliq is drawn larger, since its letters are small for their size.
struct Face {
    /// What decides where letters stand.
    struct Shape: Hashable {
        var size: Double
        var isBold: Bool
        var isSerif: Bool

        func font(in language: Disclosure.Language) -> String {
            let latin = isSerif ? "Noto Serif" : "Noto Sans"
            let weight = isBold ? "Bold" : ""
            switch language {
            case .english: return "\(latin),Noto Sans,Noto Nastaliq Urdu \(weight) \(size)px"
            // Latin first, so that numbers and codes stand in it; it has no Arabic letters.
            case .urdu: return "\(latin),Noto Sans,Noto Nastaliq Urdu \(weight) \(size * 1.06)px"
            }
        }
    }

    var shape: Shape
    var ink: Ink

    init(size: Double, isBold: Bool = false, isSerif: Bool = false, ink: Ink = .text) {
        shape = Shape(size: size, isBold: isBold, isSerif: isSerif)
        self.ink = ink
    }
}

/// Sets type and draws on one PDF, or on pages that are kept; freed when it goes out of scope.
struct Canvas: ~Copyable {
    private let sheet: Sheet
    let width: Double
    let height: Double

    var cairo: OpaquePointer { sheet.cairo }

    /// Where the ink goes.
    private final class Sheet {
        var surface: OpaquePointer!
        var cairo: OpaquePointer!
        /// Of a PDF, what is written so far.
        var bytes: [UInt8] = []
        /// Of a recording, the pages that are done.
        var pages: [OpaquePointer]?

        func begin(_ surface: OpaquePointer) {
            if let pages, let full = self.surface { self.pages = pages + [cairo_surface_reference(full)] }
            end()
            self.surface = surface
            cairo = cairo_create(surface)
        }

        func end() {
            guard surface != nil else { return }
            cairo_destroy(cairo)
            cairo_surface_destroy(surface)
            (cairo, surface) = (nil, nil)
        }
    }

    /// Here and not in the sheet's: a surface that was not finished still writes to it.
    deinit {
        sheet.end()
        for page in sheet.pages ?? [] { cairo_surface_destroy(page) }
    }

    enum Failure: Error {
        case cairo(String)
    }

    /// What a PDF says of itself. `created` is RFC 3339, and the file's only date, so that the same certificate gives
    /// the same bytes.
    struct Title {
        var title: String
        var author: String
        var created: String
    }

    init(width: Double, height: Double, _ title: Title) {
        self.width = width
        self.height = height
        sheet = Sheet()
        let surface: OpaquePointer = cairo_pdf_surface_create_for_stream(
            { closure, data, count in
                guard let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sheet>.fromOpaque(closure!).takeUnretainedValue().bytes.append(
                    contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sheet).toOpaque(), width, height)
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, title.author)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, title.created)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, title.created)
        sheet.begin(surface)
    }

    /// Draws on pages that are kept, not on a file.
    init(recordingWidth width: Double, height: Double) {
        self.width = width
        self.height = height
        sheet = Sheet()
        sheet.pages = []
        sheet.begin(Self.page(width, height))
    }

    private static func page(_ width: Double, _ height: Double) -> OpaquePointer {
        var extents = cairo_rectangle_t(x: 0, y: 0, width: width, height: height)
        return cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents)
    }

    /// The finished file.
    func finish() throws(Failure) -> [UInt8] {
        cairo_surface_finish(sheet.surface)
        let status = cairo_surface_status(sheet.surface)
        guard status == CAIRO_STATUS_SUCCESS else {
            throw .cairo(String(cString: cairo_status_to_string(status)))
        }
        return sheet.bytes
    }

    /// The pages of a recording; the caller owns them.
    func takePages() -> [OpaquePointer] {
        defer { sheet.pages = [] }
        return sheet.pages ?? []
    }

    func endPage() {
        if sheet.pages == nil {
            cairo_show_page(cairo)
        } else {
            sheet.begin(Self.page(width, height))
        }
    }

    func ink(_ ink: Ink) { cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue) }

    func fill(_ box: Box, _ colour: Ink) {
        ink(colour)
        cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
        cairo_fill(cairo)
    }

    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: Ink = .hair, width: Double = 0.5) {
        ink(colour)
        cairo_set_line_width(cairo, width)
        cairo_move_to(cairo, x1, y1)
        cairo_line_to(cairo, x2, y2)
        cairo_stroke(cairo)
    }

    /// Two waves that cross, as on banknotes.
    func guilloche(_ box: Box, _ colour: Ink) {
        ink(colour)
        cairo_set_line_width(cairo, 0.35)
        let middle = box.y + box.height / 2
        for phase in 0..<4 {
            let period = 14.0
            let sign = phase % 2 == 0 ? 1.0 : -1.0
            let height = sign * box.height / 2 * (phase < 2 ? 1 : 0.55)
            var x = box.x
            cairo_move_to(cairo, x, middle)
            var up = 1.0
            while x < box.right - 0.01 {
                let next = min(x + period, box.right)
                let third = (next - x) * 0.3642
                cairo_curve_to(
                    cairo, x + third, middle - height * up * 1.33, next - third, middle - height * up * 1.33, next,
                    middle)
                x = next
                up = -up
            }
            cairo_stroke(cairo)
        }
    }

    /// A photograph as it is, scaled into the box without cutting; gives the box it fills.
    @discardableResult
    func photograph(_ jpeg: [UInt8], in box: Box, alignedRight: Bool = false) -> Box? {
        guard let size = JPEGHeader.size(of: jpeg) else { return nil }
        let scale = min(box.width / Double(size.width), box.height / Double(size.height))
        let drawn = Box(
            x: alignedRight ? box.right - Double(size.width) * scale : box.x, y: box.y,
            width: Double(size.width) * scale, height: Double(size.height) * scale)
        // Cairo writes the JPEG's bytes, with their own width and height. Of the picture they stand for it copies the
        // pixels and never looks at them, so it gets one only.
        guard let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1) else { return nil }
        defer { cairo_surface_destroy(image) }
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: jpeg.count)
        _ = copy.initialize(from: jpeg)
        guard
            cairo_surface_set_mime_data(
                image, gem_CAIRO_MIME_TYPE_JPEG(), copy.baseAddress, UInt(jpeg.count), { $0?.deallocate() },
                copy.baseAddress) == CAIRO_STATUS_SUCCESS
        else {
            copy.deallocate()
            return nil
        }
        cairo_save(cairo)
        cairo_translate(cairo, drawn.x, drawn.y)
        cairo_scale(cairo, drawn.width, drawn.height)
        cairo_set_source_surface(cairo, image, 0, 0)
        cairo_paint(cairo)
        cairo_restore(cairo)
        return drawn
    }

    /// A QR symbol with its quiet zone of four modules inside the box: one path around what is dark, half as long as
    /// its rows, and without seams between them.
    func symbol(_ modules: [[Bool]], in box: Box) {
        guard !modules.isEmpty else { return }
        fill(box, .white)
        let module = box.width / Double(modules.count + 8)
        ink(Ink(0))
        for contour in Contours.of(modules) {
            for (index, corner) in contour.enumerated() {
                let (x, y) = (box.x + Double(corner.x + 4) * module, box.y + Double(corner.y + 4) * module)
                if index == 0 { cairo_move_to(cairo, x, y) } else { cairo_line_to(cairo, x, y) }
            }
            cairo_close_path(cairo)
        }
        cairo_fill(cairo)
    }
}

/// The pixels of a JPEG, from its frame header (ITU T.81 §B.2.2).
enum JPEGHeader {
    static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var at = 2
        while at + 9 < bytes.count, bytes[at] == 0xFF {
            let marker = bytes[at + 1]
            if marker == 0xFF {
                at += 1
                continue
            }
            if (0xC0...0xC2).contains(marker) {
                let height = Int(bytes[at + 5]) << 8 | Int(bytes[at + 6])
                let width = Int(bytes[at + 7]) << 8 | Int(bytes[at + 8])
                guard (1...8192).contains(width), (1...8192).contains(height) else { return nil }
                return (width, height)
            }
            guard marker != 0xD9, marker != 0xDA else { return nil }
            at += 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
        }
        return nil
    }
}
