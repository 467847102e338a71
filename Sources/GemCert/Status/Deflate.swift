import CZlib

/// The zlib format (RFC 1950), part by part: a list of millions of places never stands in memory whole.
enum Deflate {
    private static let part = 64 << 10

    /// Compresses `count` zero bytes, into which `fill` writes those that are none, a range at a time.
    static func compress(
        count: Int, fill: (_ range: Range<Int>, _ part: inout [UInt8]) -> Void
    ) throws(StatusList.Malformed) -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit_(&stream, Z_BEST_COMPRESSION, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw StatusList.Malformed(reason: "zlib cannot be started") }
        defer { deflateEnd(&stream) }
        var out: [UInt8] = []
        var start = 0
        while start < count {
            let range = start..<min(start + part, count)
            var bytes = [UInt8](repeating: 0, count: range.count)
            fill(range, &bytes)
            start = range.upperBound
            run(&bytes, &out) { input, room in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                return {
                    stream.next_out = room.baseAddress
                    stream.avail_out = UInt32(room.count)
                    _ = deflate(&stream, start == count ? Z_FINISH : Z_NO_FLUSH)
                    return room.count - Int(stream.avail_out)
                }
            }
        }
        return out
    }

    private static func run(
        _ bytes: inout [UInt8], _ out: inout [UInt8],
        _ begin: (UnsafeMutableBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> () -> Int
    ) {
        bytes.withUnsafeMutableBufferPointer { input in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: part) { room in
                let step = begin(input, room)
                while true {
                    let made = step()
                    out.append(contentsOf: room.prefix(made))
                    if made < room.count { return }
                }
            }
        }
    }

    /// The byte at a place of what was compressed; nil past its end. No more is unpacked than asked for.
    static func byte(at place: Int, of packed: [UInt8], longest: Int) throws(StatusList.Malformed) -> UInt8? {
        guard place < longest else { return nil }
        let damaged = StatusList.Malformed(reason: "the status list is damaged")
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else { throw damaged }
        defer { inflateEnd(&stream) }
        var packed = packed
        let found = packed.withUnsafeMutableBufferPointer { input -> Result<UInt8?, StatusList.Malformed> in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: part) { room in
                var before = 0
                while true {
                    stream.next_out = room.baseAddress
                    stream.avail_out = UInt32(room.count)
                    let result = inflate(&stream, Z_NO_FLUSH)
                    let made = room.count - Int(stream.avail_out)
                    if place < before + made { return .success(room[place - before]) }
                    before += made
                    if result == Z_STREAM_END { return .success(nil) }
                    guard result == Z_OK, before <= longest else { return .failure(damaged) }
                }
            }
        }
        return try found.get()
    }
}
