/// The verifier's reasons in Urdu, for the page and the terminal; programs get the English, which never changes.
///
/// A key is the English sentence with `{0}`, `{1}` for what is put in. What is put in is a date or a number, or words of
/// one of the formats, which stay as they are. A test finds a sentence of the verifier that is missing here.
package enum UrduReasons {
    /// The Urdu of a reason; nil of one that has none.
    package static func urdu(_ reason: String) -> String? {
        if let whole = sentences[reason] { return whole }
        for (key, parts) in templates {
            guard let values = match(reason[...], parts), let urdu = sentences[key] else { continue }
            var text = urdu
            for (i, value) in values.enumerated() {
                // Isolated from the direction of the text around it; of a reason within a reason its Urdu.
                text = text.replacing("{\(i)}", with: "\u{2068}\(self.urdu(value) ?? value)\u{2069}")
            }
            return text
        }
        return nil
    }

    /// Longest first, so that the most exact is taken.
    private static let templates: [(key: String, parts: [Substring])] = sentences.keys.filter { $0.contains("{0}") }
        .sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
        .map { key in (key, key.split(separator: /\{[0-9]\}/, omittingEmptySubsequences: false)) }

    /// What stands between the parts of a template; nil when the text is not of it.
    private static func match(_ text: Substring, _ parts: [Substring]) -> [String]? {
        guard let first = parts.first, let last = parts.last, text.hasPrefix(first) else { return nil }
        var rest = text.dropFirst(first.count)
        var values: [String] = []
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return nil }
            values.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        guard parts.count > 1, rest.hasSuffix(last), rest.count > last.count else { return nil }
        return values + [String(rest.dropLast(last.count))]
    }

    static let sentences = headlines.merging(files) { $1 }.merging(signature) { $1 }.merging(times) { $1 }.merging(log)
    { $1 }
    .merging(paper) { $1 }.merging(codes) { $1 }.merging(lists) { $1 }

    private static let headlines = [
        "Not genuine: {0}": "اصلی نہیں: {0}", "Cannot tell: {0}": "معلوم نہیں ہو سکا: {0}",
        "{0}; current status not checked": "{0}؛ موجودہ حیثیت نہیں جانچی گئی",
        "{0}; not proven is the print around the certificate": "{0}؛ سند کے گرد چھپی ہوئی عبارت ثابت نہیں",
        "there is no certificate to check": "جانچنے کے لیے کوئی سند نہیں",
        "Authentic dealer declaration: no laboratory examined this stone":
            "بیچنے والے کا مستند بیان: کسی لیبارٹری نے اس نگ کی جانچ نہیں کی",
        "Genuine laboratory report": "لیبارٹری کی اصلی رپورٹ",
        "Genuine check: this stone was compared with an earlier record":
            "اصلی موازنہ: اس نگ کو پہلے کے ریکارڈ سے ملایا گیا",
        "Genuine check: this stone does not match the earlier record": "اصلی موازنہ: یہ نگ پہلے کے ریکارڈ سے نہیں ملتا",
        "Genuine council check; whether the stone matched stands in the whole certificate only":
            "کونسل کا اصلی موازنہ؛ نگ ملا یا نہیں، یہ صرف پوری سند میں ہے",
        "Authentic copy of another laboratory's report: only that laboratory vouches for it":
            "دوسری لیبارٹری کی رپورٹ کی مستند نقل: اس کی ذمہ داری صرف اسی لیبارٹری کی ہے",
        "Cancelled: issued by this council, but withdrawn since": "منسوخ: اسی ادارے نے جاری کی، بعد میں واپس لے لی گئی",
        "Cancelled for now: this certificate is suspended": "فی الحال معطل: یہ سند معطل ہے",
        "Cancelled: a newer certificate has taken this one's place": "منسوخ: اس کی جگہ نئی سند جاری ہو چکی ہے",
        "Cancelled: this piece was reported lost": "منسوخ: اس نگ کی گمشدگی کی اطلاع ہے",
        "Cancelled: this piece was reported stolen": "منسوخ: اس نگ کی چوری کی اطلاع ہے",
        "Cancelled: the piece described no longer exists": "منسوخ: یہ نگ اب موجود نہیں",
    ]

    private static let files = [
        "nothing to check it with": "جانچنے کے لیے کچھ نہیں",
        "the certificate (.json) was not handed in": "سند (json) نہیں دی گئی",
        "this is no gemd certificate: it is empty, too long or of another kind":
            "یہ gemd کی سند نہیں: خالی، بہت لمبی یا کسی اور قسم کی ہے",
        "this is no gemd certificate": "یہ gemd کی سند نہیں",
        "the approvals in this certificate do not hold: {0}": "اس سند کی منظوریاں درست نہیں: {0}",
        "this is no well-formed certificate: {0}": "سند کی ساخت درست نہیں: {0}",
        "the certificate was not written by gemd: {0}": "یہ سند gemd نے نہیں لکھی: {0}",
        "the signature file (.p7s) was not handed in": "دستخط کی فائل (p7s) نہیں دی گئی",
        "its time stamp was taken away": "اس کی وقت کی مہر ہٹا دی گئی ہے",
        "it has a time stamp, which {0} never has": "اس پر وقت کی مہر ہے، جو اس قسم کی سند پر نہیں ہوتی: {0}",
        "its time stamp cannot be used: {0}": "اس کی وقت کی مہر کام کی نہیں: {0}",
        "the signature file cannot be used: {0}": "دستخط کی فائل کام کی نہیں: {0}",
        "the signature file cannot be used": "دستخط کی فائل کام کی نہیں",
    ]

    private static let signature = [
        "the certificates in the signature file cannot be read": "دستخط کی فائل کے سرٹیفکیٹ پڑھے نہیں جا سکتے",
        "there is no key to check it with": "جانچنے کے لیے کوئی کلید نہیں",
        "this file was changed after signing: its contents are not those that were signed":
            "دستخط کے بعد فائل بدلی گئی ہے: متن وہ نہیں جس پر دستخط ہوئے",
        "the signature is false: the key it names did not make it": "دستخط جعلی ہیں: بتائی گئی کلید سے نہیں بنے",
        "the signer's certificate was exchanged after signing": "دستخط کے بعد سرٹیفکیٹ بدلا گیا ہے",
        "the signer's certificate is not in the signature file": "دستخط کرنے والے کا سرٹیفکیٹ فائل میں نہیں",
        "the signer's certificate is missing": "دستخط کرنے والے کا سرٹیفکیٹ موجود نہیں",
        "the signature file carries certificates that do not belong to its chain":
            "دستخط کی فائل میں غیر متعلق سرٹیفکیٹ ہیں",
        "it was not signed under the council's root key": "اس پر کونسل کی بنیادی کلید کے تحت دستخط نہیں ہوئے",
        "the certificates above the signature do not hold: {0}": "دستخط کے اوپر کے سرٹیفکیٹ درست نہیں: {0}",
        "it was signed with an authority's own certificate": "دستخط ادارے کے اپنے سرٹیفکیٹ سے ہوئے، جو اس کام کا نہیں",
        "the signing key is not of the kind (P-256) gemd uses":
            "دستخط کی کلید اس قسم (P-256) کی نہیں جو gemd استعمال کرتا ہے",
        "the signing key was not made for lasting signatures (non-repudiation)":
            "دستخط کی کلید پکے دستخط کے لیے نہیں بنی",
        "the signing key was not made for signing documents": "دستخط کی کلید دستاویزوں پر دستخط کے لیے نہیں بنی",
        "the time stamp was made with a key that is not for time stamps alone":
            "وقت کی مہر ایسی کلید سے لگی جو صرف مہر کے لیے نہیں",
        "the time stamp was made with a key that is not for signatures":
            "وقت کی مہر ایسی کلید سے لگی جو دستخط کے لیے نہیں",
        "the key was not made for QR codes and status lists": "کلید کیو آر کوڈ اور فہرستوں کے لیے نہیں بنی",
        "the certificates in the time stamp cannot be read": "وقت کی مہر کے سرٹیفکیٹ پڑھے نہیں جا سکتے",
        "the time stamp was made for another signature": "وقت کی مہر کسی اور دستخط کی ہے",
        "the certificate of the time-stamping authority is not in the time stamp":
            "مہر لگانے والے کا سرٹیفکیٹ مہر میں نہیں",
        "the time stamp is false: the key it names did not make it": "وقت کی مہر جعلی ہے: بتائی گئی کلید سے نہیں بنی",
        "the certificate of the time-stamping authority was exchanged": "مہر لگانے والے کا سرٹیفکیٹ بدلا گیا ہے",
        "the time stamp was not made under the council's root key": "وقت کی مہر کونسل کی بنیادی کلید کے تحت نہیں لگی",
        "the time stamp is of {0}, when the authority's certificate was not valid":
            "وقت کی مہر {0} کی ہے، جب مہر لگانے والے کا سرٹیفکیٹ کارآمد نہ تھا",
        "the time stamp is of {0}, when the authority's key was not in use":
            "وقت کی مہر {0} کی ہے، جب مہر کی کلید استعمال میں نہ تھی",
    ]

    private static let times = [
        "the time of issue cannot be read": "اجرا کا وقت پڑھا نہیں جا سکتا",
        "the certificates of the signing key were never valid together":
            "دستخط کی کلید کے سرٹیفکیٹ کبھی ایک ساتھ کارآمد نہ تھے",
        "the signing certificate does not say how long its key may be used":
            "دستخط کا سرٹیفکیٹ نہیں بتاتا کہ کلید کب تک استعمال ہو",
        "it says that it was issued on {0}, but the signing certificate was valid from {1} to {2}":
            "اس کے مطابق {0} کو جاری ہوئی، مگر دستخط کا سرٹیفکیٹ {1} سے {2} تک کارآمد تھا",
        "it says that it was issued on {0}, but {1}": "اس کے مطابق {0} کو جاری ہوئی، مگر {1}",
        "it was time-stamped on {0}, but {1}": "مہر {0} کو لگی، مگر {1}",
        "the signing key was in use from {0} to {1}": "دستخط کی کلید {0} سے {1} تک استعمال میں تھی",
        "the certificate and its signature give different times of issue": "سند اور دستخط میں اجرا کا وقت الگ الگ ہے",
        "its time stamp is older than the certificate says it is itself": "وقت کی مہر سند کے اپنے وقت سے پرانی ہے",
        "it says that it was issued on {0}, which by this computer's clock is still to come":
            "اس کے مطابق {0} کو جاری ہوئی، جو اس کمپیوٹر کی گھڑی سے ابھی آنا ہے",
        "the signing certificate ended on {0}; only the log proof can show that this was signed before":
            "دستخط کا سرٹیفکیٹ {0} کو ختم ہوا؛ پہلے دستخط ہونا صرف رجسٹر کا ثبوت دکھا سکتا ہے",
        "there is no chain of certificates to look up": "دیکھنے کے لیے سرٹیفکیٹ کا سلسلہ نہیں",
        "the {0} was taken back on {1}, before this was {2}":
            "{1} کو کلید واپس لی گئی، اس سے پہلے کہ یہ بنی ({0}, {2})",
        "the {0} was taken back on {1}; only the log proof can show that this was signed before":
            "{1} کو کلید واپس لی گئی ({0})؛ پہلے دستخط ہونا صرف رجسٹر کا ثبوت دکھا سکتا ہے",
        "the {0} was taken back on {1}, before it stamped this": "{1} کو کلید واپس لی گئی ({0})، اس مہر سے پہلے",
        "no revocation list of the authority was handed in": "ادارے کی منسوخی کی فہرست نہیں دی گئی",
        "the revocation list is out of date since {0}": "منسوخی کی فہرست کی مدت {0} کو ختم ہوئی",
        "nobody was asked what became of it since": "بعد کی صورت حال کسی سے نہیں پوچھی گئی",
        "it is {0} today": "آج اس کی حیثیت: {0}",
        "withdrawn": "واپس لی گئی", "suspended": "معطل", "superseded": "نئی سند جاری ہوئی", "lost": "گم",
        "stolen": "چوری شدہ", "destroyed": "تلف",
        "there is no PDF whose attachments could be compared": "کوئی پی ڈی ایف نہیں جس کی فائلیں ملائی جائیں",
        "signing certificate": "دستخط کا سرٹیفکیٹ", "issuing authority's certificate": "جاری کرنے والے کا سرٹیفکیٹ",
        "time-stamping certificate": "مہر کا سرٹیفکیٹ", "issued": "جاری", "time-stamped": "مہر شدہ",
        "a declaration": "بیان", "an examination": "رپورٹ", "a check": "موازنہ", "a copy of another's report": "نقل",
    ]

    private static let log = [
        "the log proof (.tlog-proof) was not handed in": "رجسٹر کا ثبوت (tlog-proof) نہیں دیا گیا",
        "the key of the council's log is not known here": "کونسل کے رجسٹر کی کلید یہاں معلوم نہیں",
        "there is no readable certificate to look for": "کوئی پڑھنے کے قابل سند نہیں",
        "the log proof is damaged: {0}": "رجسٹر کا ثبوت خراب ہے: {0}",
        "the log proof is not signed by the council's log": "رجسٹر کے ثبوت پر کونسل کے رجسٹر کے دستخط نہیں",
        "the log's signature in the proof is false": "ثبوت میں رجسٹر کے دستخط جعلی ہیں",
        "the log proof is of another log, {0}": "ثبوت کسی اور رجسٹر کا ہے، {0}",
        "the certificate names another log, {0}": "سند میں کسی اور رجسٹر کا نام ہے، {0}",
        "the log proof points past the end of the log": "ثبوت رجسٹر کے آخر سے آگے کا ہے",
        "the log proof does not lead to this certificate": "ثبوت اس سند تک نہیں پہنچتا",
    ]

    private static let paper = [
        "the paper's signature cannot be used: {0}": "کاغذ کے دستخط کام کے نہیں: {0}",
        "the paper's time stamp cannot be used: {0}": "کاغذ کی وقت کی مہر کام کی نہیں: {0}",
        "the certificates in the paper's signature cannot be read": "کاغذ کے دستخط کے سرٹیفکیٹ پڑھے نہیں جا سکتے",
        "of the paper itself: {0}": "خود کاغذ میں: {0}",
        "this PDF was changed after signing": "دستخط کے بعد پی ڈی ایف بدلی گئی ہے",
        "the paper's signature is false: the key it names did not make it":
            "کاغذ کے دستخط جعلی ہیں: بتائی گئی کلید سے نہیں بنے",
        "the paper's time stamp was taken away": "کاغذ کی وقت کی مہر ہٹا دی گئی ہے",
        "the paper has a time stamp, which {0} never has": "کاغذ پر وقت کی مہر ہے، جو اس قسم پر نہیں ہوتی: {0}",
        "the paper was signed on {0}, when its signing key was not in use":
            "کاغذ پر {0} کو دستخط ہوئے، جب کلید استعمال میں نہ تھی",
        "the paper says that it was signed on {0}, which cannot be": "کاغذ کے مطابق {0} کو دستخط ہوئے، جو ممکن نہیں",
        "by this computer's clock the paper was signed in the future":
            "اس کمپیوٹر کی گھڑی سے کاغذ پر دستخط مستقبل میں ہوئے",
        "the paper's time stamp was made with a key that was taken back on {0}":
            "کاغذ کی وقت کی مہر ایسی کلید سے لگی جو {0} کو واپس لی گئی",
        "the paper's signing certificate was taken back on {0}, so only the certificate inside is proven, not the print around it: compare the two":
            "کاغذ کا سرٹیفکیٹ {0} کو واپس لیا گیا، اس لیے صرف اندر کی سند ثابت ہے، گرد چھپی ہوئی عبارت نہیں: دونوں ملا کر دیکھیں",
        "the paper's signing certificate was taken back on {0}, before the paper was signed":
            "کاغذ کا سرٹیفکیٹ {0} کو واپس لیا گیا، کاغذ پر دستخط سے پہلے",
    ]

    private static let codes = [
        "the QR code is false: {0}": "کیو آر کوڈ جعلی ہے: {0}",
        "the address names {0}, but what was signed is {1}": "پتے میں {0} ہے، مگر دستخط {1} پر ہیں",
        "a QR code carries no proof of the public log": "کیو آر کوڈ میں رجسٹر کا ثبوت نہیں ہوتا",
        "the QR code is not that of the certificate with this number": "یہ کیو آر کوڈ اس نمبر کی سند کا نہیں",
        "the whole certificate is not at hand here": "پوری سند یہاں موجود نہیں",
        "the key that the QR code names is not known here": "کیو آر کوڈ کی کلید یہاں معلوم نہیں",
        "the certificates of the QR code's key cannot be read": "کیو آر کوڈ کی کلید کے سرٹیفکیٹ پڑھے نہیں جا سکتے",
        "the QR code was changed, or made by somebody else: its signature is false":
            "کیو آر کوڈ بدلا گیا یا کسی اور نے بنایا: دستخط جعلی ہیں",
        "by this computer's clock it was issued in the future": "اس کمپیوٹر کی گھڑی سے یہ مستقبل میں جاری ہوئی",
        "the QR code's key was not in use on {0}": "{0} کو کیو آر کوڈ کی کلید استعمال میں نہ تھی",
        "the key of the status list was taken back on {0}": "حیثیت کی فہرست کی کلید {0} کو واپس لی گئی",
        "the QR code's key was taken back on {0}": "کیو آر کوڈ کی کلید {0} کو واپس لی گئی",
        "the QR code's key was taken back on {0}; ask for the whole certificate":
            "کیو آر کوڈ کی کلید {0} کو واپس لی گئی؛ پوری سند مانگیں",
    ]

    private static let lists = [
        "a QR code does not say its certificate's place in the status list":
            "کیو آر کوڈ نہیں بتاتا کہ فہرست میں سند کہاں ہے",
        "the key of the status list is not known here": "حیثیت کی فہرست کی کلید یہاں معلوم نہیں",
        "the status list is not signed by the council": "حیثیت کی فہرست پر کونسل کے دستخط نہیں",
        "the status list is another one than the certificate names": "یہ وہ فہرست نہیں جس کا نام سند میں ہے",
        "the status list was signed when its key was not in use": "فہرست پر دستخط کے وقت کلید استعمال میں نہ تھی",
        "by this computer's clock the status list is from the future": "اس کمپیوٹر کی گھڑی سے فہرست مستقبل کی ہے",
        "the status list has been out of date since {0}": "حیثیت کی فہرست کی مدت {0} کو ختم ہوئی",
        "the status list is older than one seen before": "یہ فہرست پہلے دیکھی ہوئی سے پرانی ہے",
        "the status list ends before the certificate's place": "فہرست میں اس سند کی جگہ نہیں",
    ]
}
