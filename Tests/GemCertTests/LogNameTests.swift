import Testing

@testable import GemCert

@Suite("The names of logs")
struct LogNameTests {
    @Test(
        "a name is read back as it was written",
        arguments: [
            ("gems.example/log", 1), ("gems.example/log/2", 2), ("a/log/log/17", 17), ("a/log/999999", 999_999),
        ])
    func read(origin: String, number: Int) {
        let name = LogName(origin: origin)

        #expect(name?.number == number && name?.origin == origin)
    }

    @Test(
        "what is no name of a log is refused",
        arguments: [
            "", "/log", "log", "gems.example", "a/log/1", "a/log/0", "a/log/02", "a/log/+2", "a/log/", "a/log/1000000",
            "a/log/x", "a/log/2/3",
        ])
    func refused(origin: String) {
        #expect(LogName(origin: origin) == nil)
    }
}
