import COpenSSL

/// A failed OpenSSL call and the library's own reasons, oldest first.
///
/// Make it right after the call, on the same thread: it empties that thread's error queue.
package struct OpenSSLError: Error, Hashable, CustomStringConvertible {
    package let call: String
    package let reasons: [String]

    package init(_ call: String) {
        self.call = call
        var reasons: [String] = []
        // A thread's queue holds at most 16 errors (ERR_NUM_ERRORS), so this ends.
        while case let code = ERR_get_error(), code != 0 {
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &text, text.count)
            reasons.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        self.reasons = reasons
    }

    /// Forgets errors of calls whose failure was an answer, such as a signature that does not verify.
    package static func clear() {
        ERR_clear_error()
    }

    package var description: String {
        reasons.isEmpty ? "\(call) failed" : "\(call): \(reasons.joined(separator: "; "))"
    }
}
