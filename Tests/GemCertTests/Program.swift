import Foundation

/// Other people's programs, as a shell would run them.
enum Program {
    /// What it says to both its outputs; where `isQuiet` is asked for, to the first alone.
    static func run(
        _ name: String, _ arguments: [String], input: [UInt8] = [], in folder: URL? = nil, isQuiet: Bool = false
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.currentDirectoryURL = folder
        let (ask, answer) = (Pipe(), Pipe())
        process.standardInput = ask
        process.standardOutput = answer
        process.standardError = isQuiet ? FileHandle.nullDevice : answer
        try process.run()
        try ask.fileHandleForWriting.write(contentsOf: Data(input))
        try ask.fileHandleForWriting.close()
        let output = try answer.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
