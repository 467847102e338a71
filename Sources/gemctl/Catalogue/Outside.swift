extension Catalogue {
    /// Sentences of the system and of the argument parser: gemctl passes them on.
    static let outside: [String: String] = [
        "no such file or directory": "ایسی کوئی فائل یا فولڈر نہیں",
        "permission denied": "اجازت نہیں",
        "operation not permitted": "اس کام کی اجازت نہیں",
        "is a directory": "یہ فولڈر ہے",
        "not a directory": "یہ فولڈر نہیں",
        "file exists": "فائل پہلے سے موجود ہے",
        "no space left on device": "ڈسک پر جگہ نہیں رہی",
        "read-only file system": "یہاں لکھا نہیں جا سکتا",
        "input/output error": "ڈسک کی خرابی",
        "connection refused": "رابطہ رد ہوا",
        "connection reset by peer": "دوسری طرف نے رابطہ توڑ دیا",
        "disk quota exceeded": "ڈسک کا حصہ پورا ہو گیا",
        "file name too long": "فائل کا نام بہت لمبا ہے",
        "too many open files": "بہت سی فائلیں کھلی ہیں",
        "unknown option '{0}'": "'{0}' کوئی اختیار نہیں",
        "unknown option '{0}'. Did you mean '{1}'?": "'{0}' کوئی اختیار نہیں۔ کیا مراد '{1}' ہے؟",
        "unexpected argument '{0}'": "'{0}' یہاں نہیں آ سکتا",
        "missing expected argument '{0}'": "'{0}' نہیں دیا گیا",
        "missing value for '{0}'": "'{0}' کی قدر نہیں دی گئی",
        "the value '{0}' is invalid for '{1}'": "'{1}' کے لیے '{0}' درست نہیں",
    ]
}
