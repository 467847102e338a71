import HummingbirdCore
import NIOCore

/// Cuts a request body into lines, as they come.
///
/// One step returns all lines that are complete by now, so that one commit can take
/// them, and a client that waits for an answer after one line gets it.
struct Lines {
    /// One line without its end; nil in place of one that is too long.
    typealias Line = (number: Int, bytes: ByteBuffer?)

    private var body: RequestBody.AsyncIterator
    private var pending = ByteBuffer()
    private var isSkipping = false
    private var number = 0
    private let longest: Int
    private var hasEnded = false

    init(_ body: RequestBody, longest: Int) {
        self.body = body.makeAsyncIterator()
        self.longest = longest
    }

    /// The next lines that are not empty; nil after the last.
    @concurrent
    mutating func next() async throws -> [Line]? {
        while !hasEnded {
            guard let part = try await body.next() else {
                hasEnded = true
                var last: [Line] = []
                if isSkipping || pending.readableBytes > 0 { end(&last) }
                return last.isEmpty ? nil : last
            }
            var lines: [Line] = []
            var rest = part
            while let length = rest.readableBytesView.firstIndex(of: 10).map({ $0 - rest.readerIndex }) {
                take(length, of: &rest)
                rest.moveReaderIndex(forwardBy: 1)
                end(&lines)
            }
            take(rest.readableBytes, of: &rest)
            if !lines.isEmpty { return lines }
        }
        return nil
    }

    private mutating func take(_ length: Int, of part: inout ByteBuffer) {
        guard var slice = part.readSlice(length: length) else { return }
        if isSkipping { return }
        if pending.readableBytes + length > longest {
            isSkipping = true
            pending.clear()
        } else if pending.readableBytes == 0 {
            pending = slice
        } else {
            pending.writeBuffer(&slice)
        }
    }

    private mutating func end(_ lines: inout [Line]) {
        number += 1
        if pending.readableBytesView.last == 13 { pending.moveWriterIndex(to: pending.writerIndex - 1) }
        if isSkipping {
            lines.append((number, nil))
        } else if !pending.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
            lines.append((number, pending))
        }
        pending = ByteBuffer()
        isSkipping = false
    }
}
