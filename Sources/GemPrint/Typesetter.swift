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

    /// What was set lately: the words of a form are the same on the next paper. Two halves, of which the older is
    /// dropped when the newer is full, so that what is used stays.
    private var newer: [Wanted: Block] = [:]
    private var older: [Wanted: Block] = [:]

    private struct Wanted: Hashable {
        /// Bytes, since texts that only look alike are one and the same `String`.
        var text: [UInt8]
        var face: Face.Shape
        var width: Double
        var language: Disclosure.Language
        var place: Place
    }

    /// Papers of four classes in two forms and languages repeat some 300 texts.
    private static let mostKept = 400
    /// Longer ones are rare, and few come again.
    private static let longestKept = 600

    init() {
        fonts = pango_cairo_font_map_new()
        english = pango_font_map_create_context(fonts)
        urdu = pango_font_map_create_context(fonts)
        // On paper a letter stands where its type has it, not on the next whole pixel of a screen.
        let unhinted = cairo_font_options_create()
        cairo_font_options_set_hint_style(unhinted, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(unhinted, CAIRO_HINT_METRICS_OFF)
        for context in [english, urdu] {
            pango_cairo_context_set_font_options(context, unhinted)
            pango_context_set_round_glyph_positions(context, 0)
        }
        cairo_font_options_destroy(unhinted)
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
        let wanted = Wanted(
            text: Array(text.utf8), face: face.shape, width: width, language: language, place: place)
        return Setting(block: block(wanted), ink: face.ink)
    }

    private func block(_ wanted: Wanted) -> Block {
        if let kept = newer[wanted] { return kept }
        let block = older[wanted] ?? made(wanted)
        guard wanted.text.count <= Self.longestKept else { return block }
        if newer.count >= Self.mostKept {
            older = newer
            newer = [:]
        }
        newer[wanted] = block
        return block
    }

    private func made(_ wanted: Wanted) -> Block {
        let language = wanted.language
        let layout: OpaquePointer = pango_layout_new(language == .urdu ? urdu : english)
        pango_layout_set_auto_dir(layout, 0)
        pango_layout_set_attributes(layout, noHyphens)
        pango_layout_set_font_description(layout, description(wanted.face.font(in: language)))
        pango_layout_set_width(layout, Int32(max(wanted.width, 4) * Double(gem_PANGO_SCALE())))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(
            layout,
            wanted.place == .centre
                ? PANGO_ALIGN_CENTER : language == .urdu ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
        wanted.text.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                pango_layout_set_text(layout, $0.baseAddress, Int32($0.count))
            }
        }
        return Block(layout)
    }

    private func description(_ font: String) -> OpaquePointer {
        if let kept = fontDescriptions[font] { return kept }
        let made: OpaquePointer = pango_font_description_from_string(font)
        fontDescriptions[font] = made
        return made
    }
}

/// Shaped lines, without a colour.
final class Block {
    struct Line {
        var x: Double
        var width: Double
        var height: Double
        var baseline: Double
        let line: UnsafeMutablePointer<PangoLayoutLine>
    }

    private let layout: OpaquePointer
    let lines: [Line]
    let height: Double

    /// Owns the layout from now on.
    init(_ layout: OpaquePointer) {
        self.layout = layout
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
}

/// A text in its lines.
struct Setting {
    let block: Block
    let ink: Ink

    var lines: [Block.Line] { block.lines }
    var height: Double { block.height }

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
