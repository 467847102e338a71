import CPango

/// Pages that were drawn once and are written as PDF again and again: what cairo takes for them without our layout.
///
/// Words are glyphs with their places already, facts and fonts were looked up, the photograph is the JPEG that the
/// page holds. What remains is what any program must do that hands such a page to cairo: describe each glyph, cut the
/// fonts down to those, pack the streams, write the file. A measure to judge `Press` by; papers are not made with it.
package final class Recording {
    private let pages: [OpaquePointer]
    private let form: Paper.Form
    private let title: Canvas.Title

    /// Owns the pages from now on.
    init(_ pages: [OpaquePointer], _ form: Paper.Form, _ title: Canvas.Title) {
        self.pages = pages
        self.form = form
        self.title = title
    }

    deinit { for page in pages { cairo_surface_destroy(page) } }

    package func write() throws -> [UInt8] {
        let canvas = Canvas(width: form.width, height: form.height, title)
        for page in pages {
            cairo_set_source_surface(canvas.cairo, page, 0, 0)
            cairo_paint(canvas.cairo)
            canvas.endPage()
        }
        return try canvas.finish()
    }
}
