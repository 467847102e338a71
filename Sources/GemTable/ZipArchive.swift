import CZlib

/// A ZIP file read from its directory (PKWARE APPNOTE 6.3), as strict as it is safe: what two readers could understand
/// in two ways is refused, and nothing is unpacked beyond the size that was announced and allowed.
///
/// Sendable: the bytes it lends never change, and their spool lives as long as it.
package struct ZipArchive: @unchecked Sendable {
    package struct Entry: Sendable {
        package var name: String
        package var compressedSize: Int
        package var size: Int
        /// Why it cannot be taken, whatever it holds.
        package var problem: TableError?
        fileprivate var method: Int
        fileprivate var crc: UInt32
        fileprivate var data: Range<Int>
    }

    package let entries: [Entry]
    private let spool: Spool
    private let bytes: UnsafeRawBufferPointer

    private static let mostEntries = 20_000
    /// Deflate cannot do better.
    private static let greatestRatio = 1_032

    package init(_ file: Spool) throws {
        spool = file
        bytes = try file.bytes()
        let bytes = bytes
        func broken(_ why: String) -> TableError { TableError("the ZIP file is damaged: \(why)", hint: "make it anew") }
        func short(_ at: Int) throws -> Int {
            guard at >= 0, at + 2 <= bytes.count else { throw broken("it is cut off") }
            return Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
        }
        func long(_ at: Int) throws -> Int {
            guard at >= 0, at + 4 <= bytes.count else { throw broken("it is cut off") }
            return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
        }
        // The end record stands last, behind at most 64 KB of comment that fills the file exactly.
        var end = bytes.count - 22
        while end >= 0, end > bytes.count - 22 - 65_536 {
            if try long(end) == 0x0605_4B50, try short(end + 20) == bytes.count - end - 22 { break }
            end -= 1
        }
        guard end >= 0, try long(end) == 0x0605_4B50 else { throw broken("it has no directory") }
        let count = try short(end + 10)
        let (size, start) = (try long(end + 12), try long(end + 16))
        guard start != 0xFFFF_FFFF, count != 0xFFFF else {
            throw TableError("this is a ZIP64 file", hint: "make several smaller ZIP files")
        }
        guard try short(end + 4) == 0, try short(end + 6) == 0, try short(end + 8) == count else {
            throw TableError("the ZIP file is one part of several", hint: "make one ZIP file")
        }
        guard start + size == end else { throw broken("its directory is not where it says") }
        guard count <= Self.mostEntries else {
            throw TableError("the ZIP file has more than \(Self.mostEntries) files", hint: "make several ZIP files")
        }
        var entries: [Entry] = []
        var at = start
        for _ in 0..<count {
            guard try long(at) == 0x0201_4B50 else { throw broken("its directory breaks off") }
            let (flags, nameLength) = (try short(at + 8), try short(at + 28))
            let next = at + 46 + nameLength + (try short(at + 30)) + (try short(at + 32))
            guard next <= end else { throw broken("its directory is cut off") }
            let nameBytes = bytes[(at + 46)..<(at + 46 + nameLength)]
            let local = try long(at + 42)
            guard try long(local) == 0x0403_4B50, try short(local + 26) == nameLength,
                local + 30 + nameLength <= start,
                bytes[(local + 30)..<(local + 30 + nameLength)].elementsEqual(nameBytes)
            else { throw broken("a file is not what its directory says") }
            let data = local + 30 + nameLength + (try short(local + 28))
            let packed = try long(at + 20)
            guard data + packed <= start else { throw broken("a file reaches beyond its end") }
            var entry = Entry(
                name: String(decoding: nameBytes, as: UTF8.self), compressedSize: packed, size: try long(at + 24),
                method: try short(at + 10), crc: UInt32(try long(at + 16)), data: data..<(data + packed))
            let isUnix = try short(at + 4) >> 8 == 3
            entry.problem = Self.problem(
                of: entry, isText: TextEncoding.isUTF8(UnsafeRawBufferPointer(rebasing: nameBytes)), flags: flags,
                unixMode: isUnix ? try long(at + 38) >> 16 : 0)
            entries.append(entry)
            at = next
        }
        guard at == end else { throw broken("its directory is longer than it says") }
        // Two names for the same bytes are how a small file becomes a great one.
        let ranges = entries.map(\.data).sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        for (one, other) in zip(ranges, ranges.dropFirst()) where other.lowerBound < one.upperBound + 30 {
            throw TableError("files of the ZIP overlap each other", hint: "it was made to do harm; make it anew")
        }
        self.entries = entries
    }

    private static func problem(of entry: Entry, isText: Bool, flags: Int, unixMode: Int) -> TableError? {
        func refuse(_ reason: String, _ hint: String) -> TableError { TableError(reason, hint: hint) }
        if flags & 1 != 0 { return refuse("the file is encrypted", "make the ZIP without a password") }
        if unixMode & 0o170000 == 0o120000 { return refuse("it is a link to another file", "put the file itself in") }
        if !isText || entry.name.isEmpty
            || entry.name.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
        {
            return refuse("its name is not readable text", "name it with letters and digits")
        }
        if entry.method != 0, entry.method != 8 {
            return refuse(
                "it is packed in a way gemd does not read", "make the ZIP with Deflate, as every program does")
        }
        if entry.method == 0, entry.size != entry.compressedSize {
            return refuse("its sizes contradict each other", "make the ZIP anew")
        }
        if entry.size > entry.compressedSize * greatestRatio + 64 {
            return refuse("it says that it unpacks to more than can be", "it was made to do harm; make the ZIP anew")
        }
        return nil
    }

    package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// Hands over what a file holds, in pieces of at most 64 KB; throws before the first if it has more than `limit`
    /// bytes, and at the end if it is not what was packed.
    package func read(_ entry: Entry, limit: Int, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        if let problem = entry.problem { throw problem }
        guard entry.size <= limit else {
            throw TableError("it unpacks to more than \(limit >> 20) MB", hint: "make it smaller")
        }
        let packed = UnsafeRawBufferPointer(rebasing: bytes[entry.data])
        var sum = crc32(0, nil, 0)
        var made = 0
        func hand(_ piece: UnsafeRawBufferPointer) throws {
            made += piece.count
            guard made <= entry.size else {
                throw TableError("it unpacks to more than it says", hint: "it was made to do harm; make the ZIP anew")
            }
            sum = crc32(sum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
            try take(piece)
        }
        if entry.method == 0 {
            for start in stride(from: 0, to: packed.count, by: 64 << 10) {
                try hand(UnsafeRawBufferPointer(rebasing: packed[start..<min(start + (64 << 10), packed.count)]))
            }
        } else {
            try inflate(packed, hand)
        }
        guard made == entry.size, UInt32(truncatingIfNeeded: sum) == entry.crc else {
            throw TableError("it is damaged: its checksum differs", hint: "make the ZIP anew")
        }
    }

    private func inflate(_ packed: UnsafeRawBufferPointer, _ hand: (UnsafeRawBufferPointer) throws -> Void) throws {
        var stream = z_stream()
        // Negative: without zlib's own header, as ZIP has it.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw TableError("there is no memory to unpack it", hint: "try again")
        }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(
            mutating: packed.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(packed.count)
        var space = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let (result, made) = space.withUnsafeMutableBufferPointer { space in
                stream.next_out = space.baseAddress
                stream.avail_out = UInt32(space.count)
                let result = CZlib.inflate(&stream, Z_NO_FLUSH)
                return (result, space.count - Int(stream.avail_out))
            }
            try space.withUnsafeBytes { try hand(UnsafeRawBufferPointer(rebasing: $0[..<made])) }
            if result == Z_STREAM_END { return }
            guard result == Z_OK, made > 0 || stream.avail_in > 0 else {
                throw TableError("it is damaged and cannot be unpacked", hint: "make the ZIP anew")
            }
        }
    }
}
