import CPango
import GemModel

/// Turns text into lines with fonts that stay open. Of one thread at a time: pango's font maps are no more.
final class Typesetter {
    private let fonts: UnsafeMutablePointer<PangoFontMap>
    private let english: OpaquePointer
    private let urdu: OpaquePointer
    private var fontDescriptions: [String: OpaquePointer] = [:]
    /// A hash that is cut between two lines must not gain a hyphen.
    private let noHyphens: OpaquePointer

    enum Place { case start, centre }

    init() {
        fonts = pango_cairo_font_map_new()
        english = pango_font_map_create_context(fonts)
        urdu = pango_font_map_create_context(fonts)
        noHyphens = pango_attr_list_new()
        pango_attr_list_insert(noHyphens, pango_attr_insert_hyphens_new(0))
        pango_context_set_base_dir(english, PANGO_DIRECTION_LTR)
        pango_context_set_language(english, pango_language_from_string("en"))
        pango_context_set_base_dir(urdu, PANGO_DIRECTION_RTL)
        pango_context_set_language(urdu, pango_language_from_string("ur"))
    }

    deinit {
        for one in fontDescriptions.values { pango_font_description_free(one) }
        pango_attr_list_unref(noHyphens)
        gem_g_object_unref(UnsafeMutableRawPointer(english))
        gem_g_object_unref(UnsafeMutableRawPointer(urdu))
        gem_g_object_unref(UnsafeMutableRawPointer(fonts))
    }

    /// The text in lines no wider than `width`; a word that is wider is cut between letters.
    func set(
        _ text: String, _ face: Face, width: Double, in language: Disclosure.Language, place: Place = .start
    ) -> Setting {
        let layout: OpaquePointer = pango_layout_new(language == .urdu ? urdu : english)
        pango_layout_set_auto_dir(layout, 0)
        pango_layout_set_attributes(layout, noHyphens)
        pango_layout_set_font_description(layout, description(face.font(in: language)))
        pango_layout_set_width(layout, Int32(max(width, 4) * Double(gem_PANGO_SCALE())))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(
            layout, place == .centre ? PANGO_ALIGN_CENTER : language == .urdu ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                pango_layout_set_text(layout, $0.baseAddress, Int32($0.count))
            }
        }
        return Setting(layout: layout, ink: face.ink)
    }

    private func description(_ font: String) -> OpaquePointer {
        if let kept = fontDescriptions[font] { return kept }
        let made: OpaquePointer = pango_font_description_from_string(font)
        fontDescriptions[font] = made
        return made
    }
}

/// A text in its lines.
final class Setting {
    struct Line {
        var x: Double
        var width: Double
        var height: Double
        var baseline: Double
        let line: UnsafeMutablePointer<PangoLayoutLine>
    }

    private let layout: OpaquePointer
    let ink: Ink
    let lines: [Line]
    let height: Double

    init(layout: OpaquePointer, ink: Ink) {
        self.layout = layout
        self.ink = ink
        var lines: [Line] = []
        let scale = Double(gem_PANGO_SCALE())
        let iterator: OpaquePointer = pango_layout_get_iter(layout)
        repeat {
            var logical = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &logical)
            lines.append(
                Line(
                    x: Double(logical.x) / scale, width: Double(logical.width) / scale,
                    height: Double(logical.height) / scale,
                    baseline: (Double(pango_layout_iter_get_baseline(iterator)) - Double(logical.y)) / scale,
                    line: pango_layout_iter_get_line_readonly(iterator)))
        } while pango_layout_iter_next_line(iterator) != 0
        pango_layout_iter_free(iterator)
        self.lines = lines
        height = lines.reduce(0) { $0 + $1.height }
    }

    deinit { gem_g_object_unref(UnsafeMutableRawPointer(layout)) }

    func draw(_ index: Int, on canvas: borrowing Canvas, x: Double, y: Double) {
        let line = lines[index]
        canvas.ink(ink)
        cairo_move_to(canvas.cairo, x + line.x, y + line.baseline)
        pango_cairo_show_layout_line(canvas.cairo, line.line)
    }

    func draw(on canvas: borrowing Canvas, x: Double, y: Double) {
        var y = y
        for index in lines.indices {
            draw(index, on: canvas, x: x, y: y)
            y += lines[index].height
        }
    }
}
