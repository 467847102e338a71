import CPango
import GemModel

/// The stone from above, to scale, with its measures: what a caliper is laid against.
struct Outline {
    let shape: Shape?
    /// Millimetres.
    let length: Double
    let width: Double
    let lengthText: String
    let widthText: String

    /// Nil when the measures are missing or beyond what a page can show.
    init?(of stone: JSON?) {
        func measure(_ name: String) -> (Double, String)? {
            guard let text = stone?["measurementsMm"]?[name].flatMap(Facts.text), let value = Double(text),
                (0.2...400).contains(value)
            else { return nil }
            return (value, text)
        }
        guard let length = measure("length") else { return nil }
        let width = measure("width") ?? length
        guard length.0 / width.0 < 30, width.0 / length.0 < 30 else { return nil }
        shape = stone?["shape"].flatMap(Facts.text).flatMap(Shape.init(rawValue:))
        (self.length, lengthText) = length
        (self.width, widthText) = width
    }

    /// Drawn lying: the length runs across. `typesetter` writes the measures.
    func draw(on canvas: borrowing Canvas, in box: Box, _ typesetter: Typesetter, colour: Ink) {
        let cairo = canvas.cairo
        let room = Box(x: box.x + 4, y: box.y + 4, width: box.width - 44, height: box.height - 40)
        // A round scale: a stone of 9 mm is shown five times as large, a necklace's disc smaller than it is.
        let pointsPerMillimetre = 72 / 25.4
        let most = min(room.width / length, room.height / width) / pointsPerMillimetre
        let scale = [20.0, 15, 10, 8, 6, 5, 4, 3, 2.5, 2, 1.5, 1, 0.5, 0.25, 0.1].first { $0 <= most } ?? most
        let unit = scale * pointsPerMillimetre
        let (w, h) = (length * unit, width * unit)
        let centre = (x: room.x + room.width / 2, y: room.y + room.height / 2)

        cairo_save(cairo)
        cairo_translate(cairo, centre.x, centre.y)
        cairo_scale(cairo, w / 2, h / 2)
        path(cairo)
        cairo_restore(cairo)
        canvas.ink(Ink(0xF6F8F8))
        cairo_fill_preserve(cairo)
        canvas.ink(colour)
        cairo_set_line_width(cairo, 1.1)
        cairo_stroke(cairo)
        if drawsTable {
            cairo_save(cairo)
            cairo_translate(cairo, centre.x, centre.y)
            cairo_scale(cairo, w / 2 * 0.58, h / 2 * 0.58)
            path(cairo)
            cairo_restore(cairo)
            canvas.ink(Ink(0xB7C0C4))
            cairo_set_line_width(cairo, 0.5)
            cairo_stroke(cairo)
        }

        // Dimension lines, as on a drawing: length below, width at the side.
        let below = centre.y + h / 2 + 7
        dimension(canvas, from: (centre.x - w / 2, below), to: (centre.x + w / 2, below))
        let face = Face(size: 7.2, ink: .quiet)
        let lengthLabel = typesetter.set("\(lengthText) mm", face, width: 90, in: .english, place: .centre)
        lengthLabel.draw(on: canvas, x: centre.x - 45, y: below + 2)
        let beside = centre.x + w / 2 + 7
        dimension(canvas, from: (beside, centre.y - h / 2), to: (beside, centre.y + h / 2))
        let widthLabel = typesetter.set("\(widthText) mm", face, width: 60, in: .english)
        widthLabel.draw(on: canvas, x: beside + 3, y: centre.y - widthLabel.height / 2)

        // Scale bar.
        let bar = [50.0, 20, 10, 5, 2, 1, 0.5].first { $0 * unit <= 46 } ?? 0.5
        let y = box.bottom - 4
        canvas.ink(.quiet)
        cairo_set_line_width(cairo, 0.8)
        let left = centre.x - bar * unit / 2
        cairo_move_to(cairo, left, y - 3)
        cairo_line_to(cairo, left, y)
        cairo_line_to(cairo, left + bar * unit, y)
        cairo_line_to(cairo, left + bar * unit, y - 3)
        cairo_stroke(cairo)
        let text = bar == bar.rounded() ? "\(Int(bar))" : "\(bar)"
        let label = typesetter.set("\(text) mm", Face(size: 6, ink: .quiet), width: 40, in: .english)
        label.draw(on: canvas, x: left + bar * unit + 4, y: y - label.height + 2)
    }

    private func dimension(_ canvas: borrowing Canvas, from: (Double, Double), to: (Double, Double)) {
        canvas.line(from.0, from.1, to.0, to.1, .quiet, width: 0.4)
        let isAcross = from.1 == to.1
        for end in [from, to] {
            let (dx, dy) = isAcross ? (0.0, 2.5) : (2.5, 0.0)
            canvas.line(end.0 - dx, end.1 - dy, end.0 + dx, end.1 + dy, .quiet, width: 0.4)
        }
    }

    private var drawsTable: Bool {
        switch shape {
        case .bead, .rough, .other, .briolette, nil: false
        default: true
        }
    }

    /// In a square from −1 to 1.
    private func path(_ cairo: OpaquePointer) {
        func polygon(_ points: [(Double, Double)]) {
            cairo_new_path(cairo)
            for point in points { cairo_line_to(cairo, point.0, point.1) }
            cairo_close_path(cairo)
        }
        func corners(_ x: Double, _ y: Double) {
            polygon([
                (-1 + x, -1), (1 - x, -1), (1, -1 + y), (1, 1 - y), (1 - x, 1), (-1 + x, 1), (-1, 1 - y), (-1, -1 + y),
            ])
        }
        // The same length of cut on both sides, whatever the stone's proportions.
        let side = min(length, width)
        switch shape {
        case .round, .oval, .bead:
            cairo_new_path(cairo)
            cairo_arc(cairo, 0, 0, 1, 0, 2 * .pi)
            cairo_close_path(cairo)
        case .cushion:
            cairo_new_path(cairo)
            cairo_move_to(cairo, -0.62, -0.93)
            cairo_curve_to(cairo, -0.25, -1.02, 0.25, -1.02, 0.62, -0.93)
            cairo_curve_to(cairo, 0.86, -0.87, 0.9, -0.8, 0.94, -0.6)
            cairo_curve_to(cairo, 1.02, -0.25, 1.02, 0.25, 0.94, 0.6)
            cairo_curve_to(cairo, 0.9, 0.8, 0.86, 0.87, 0.62, 0.93)
            cairo_curve_to(cairo, 0.25, 1.02, -0.25, 1.02, -0.62, 0.93)
            cairo_curve_to(cairo, -0.86, 0.87, -0.9, 0.8, -0.94, 0.6)
            cairo_curve_to(cairo, -1.02, 0.25, -1.02, -0.25, -0.94, -0.6)
            cairo_curve_to(cairo, -0.9, -0.8, -0.86, -0.87, -0.62, -0.93)
            cairo_close_path(cairo)
        case .pear, .briolette:
            cairo_new_path(cairo)
            cairo_move_to(cairo, 1, 0)
            cairo_curve_to(cairo, 0.45, 0.42, 0.2, 1, -0.3, 1)
            cairo_curve_to(cairo, -0.78, 1, -1, 0.5, -1, 0)
            cairo_curve_to(cairo, -1, -0.5, -0.78, -1, -0.3, -1)
            cairo_curve_to(cairo, 0.2, -1, 0.45, -0.42, 1, 0)
            cairo_close_path(cairo)
        case .marquise:
            cairo_new_path(cairo)
            cairo_move_to(cairo, -1, 0)
            cairo_curve_to(cairo, -0.5, -1, -0.25, -1, 0, -1)
            cairo_curve_to(cairo, 0.25, -1, 0.5, -1, 1, 0)
            cairo_curve_to(cairo, 0.5, 1, 0.25, 1, 0, 1)
            cairo_curve_to(cairo, -0.25, 1, -0.5, 1, -1, 0)
            cairo_close_path(cairo)
        case .heart:
            cairo_new_path(cairo)
            cairo_move_to(cairo, 1, 0)
            cairo_curve_to(cairo, 0.5, 0.4, 0.1, 1, -0.45, 1)
            cairo_curve_to(cairo, -1.05, 1, -1.15, 0.2, -0.62, 0)
            cairo_curve_to(cairo, -1.15, -0.2, -1.05, -1, -0.45, -1)
            cairo_curve_to(cairo, 0.1, -1, 0.5, -0.4, 1, 0)
            cairo_close_path(cairo)
        case .emerald, .squareEmerald, .cutCorneredRectangle, .cutCorneredSquare:
            corners(0.36 * side / length, 0.36 * side / width)
        case .octagon: corners(0.5858, 0.5858)
        case .square, .rectangle, .baguette: corners(0, 0)
        case .triangle: polygon([(1, 0), (-1, 1), (-1, -1)])
        case .trapezoid: polygon([(-1, 1), (1, 1), (0.68, -1), (-0.68, -1)])
        case .kite: polygon([(-1, 0), (-0.25, -1), (1, 0), (-0.25, 1)])
        case .lozenge: polygon([(-1, 0), (0, -1), (1, 0), (0, 1)])
        case .shield: polygon([(-1, -0.8), (-0.6, -1), (0.25, -0.8), (1, 0), (0.25, 0.8), (-0.6, 1), (-1, 0.8)])
        case .hexagon: polygon([(-1, 0), (-0.5, -1), (0.5, -1), (1, 0), (0.5, 1), (-0.5, 1)])
        case .rough, .other, nil:
            cairo_new_path(cairo)
            cairo_arc(cairo, 0, 0, 1, 0, 2 * .pi)
            cairo_close_path(cairo)
        }
    }
}
