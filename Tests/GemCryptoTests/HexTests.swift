import GemCrypto
import Testing

@Suite("hex")
struct HexTests {
    @Test("every byte goes out and comes back")
    func roundTrip() {
        let bytes = (0...255).map { UInt8($0) }

        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.encode([0x00, 0x0f, 0xf0, 0xff]) == "000ff0ff")
    }

    @Test("odd, upper-case and foreign digits are refused", arguments: ["a", "AB", "0g", "0x", " 00", "٠٠", "00\n"])
    func refused(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
