import CLibFuzzer

/// `fuzz PARSER [libFuzzer's own options] FOLDER…`: throws mutated bytes at one parser until its time is up.
/// `fuzz --seeds FOLDER` writes what to begin with. `make fuzz` builds and runs both.
@main
enum Fuzz {
    /// Fixed before the first input; libFuzzer calls back on one thread.
    nonisolated(unsafe) static var parser: @Sendable ([UInt8]) -> Void = { _ in }

    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
            return try Seeds.write(to: CommandLine.arguments[2])
        }
        let names = Parsers.all.keys.sorted()
        guard CommandLine.arguments.count > 1, let parser = Parsers.all[CommandLine.arguments[1]] else {
            print(names.joined(separator: " "))
            return
        }
        self.parser = parser
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        _ = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            Fuzz.parser(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
    }
}
