extension Catalogue {
    /// What `gemctl explain` says of each code.
    static let explanations: [String: String] = [
        "{0} (finding)\n\nWhat it means\n  {1}\n\n{2}": "{0} (مشاہدہ)\n\nمطلب\n  {1}\n\n{2}",
        "A finding refuses nothing: look at the piece, correct what is wrong, or leave it as it is.":
            "مشاہدہ کچھ رد نہیں کرتا: مال دیکھیں، غلط ہو تو درست کریں، ورنہ رہنے دیں۔",
        "{0} (HTTP {1})\n\nWhat happened\n  {2}\n\nWhat to do\n  {3}":
            "{0} (HTTP {1})\n\nکیا ہوا\n  {2}\n\nکیا کریں\n  {3}",
        "The body is not JSON as RFC 7493 asks: it breaks off, a name stands twice, or the text is not UTF-8.":
            "متن RFC 7493 کے مطابق JSON نہیں: بیچ میں ٹوٹتا ہے، کوئی نام دو بار ہے، یا متن UTF-8 نہیں۔",
        "Look at the byte the error names. `python3 -m json.tool FILE` shows most mistakes.":
            "غلطی میں بتائی گئی بائٹ دیکھیں۔ `python3 -m json.tool FILE` اکثر غلطیاں دکھا دیتا ہے۔",
        "The document has a member that gemd does not know. Nothing is dropped silently, so it was refused.":
            "دستاویز میں ایسا خانہ ہے جو gemd نہیں جانتا۔ چپکے سے کچھ نہیں چھوڑا جاتا، اس لیے رد کی گئی۔",
        "Correct the spelling of the member named in `field`, or take it out.":
            "`field` میں بتائے گئے خانے کے ہجے درست کریں، یا اسے نکال دیں۔",
        "The address has a query key that this list does not take.": "پتے میں ایسی شرط ہے جو یہ فہرست نہیں لیتی۔",
        "Look at `gemctl piece list --help` for the filters there are.":
            "موجود شرطوں کے لیے `gemctl piece list --help` دیکھیں۔",
        "The request breaks a rule of HTTP, or a header cannot be.":
            "درخواست HTTP کا کوئی قاعدہ توڑتی ہے، یا کوئی ہیڈر غلط ہے۔",
        "The title names the rule.": "عنوان قاعدہ بتاتا ہے۔",
        "gemd does not know who asks: your user is no member and no token was given, or the token was revoked or has expired.":
            "gemd نہیں جانتا کہ کون پوچھ رہا ہے: آپ کا صارف رکن نہیں اور ٹوکن نہیں دیا گیا، یا ٹوکن منسوخ ہے یا اس کی میعاد گزر گئی۔",
        "Ask an admin for `gemctl member add` with your uid, or for a token; put it into GEMD_TOKEN or a file for --token-file. `gemctl whoami` shows who you are.":
            "منتظم سے اپنے uid کے ساتھ `gemctl member add` کروائیں، یا ٹوکن لیں؛ اسے GEMD_TOKEN یا --token-file کی فائل میں رکھیں۔ `gemctl whoami` بتاتا ہے آپ کون ہیں۔",
        "You are known, but your roles do not cover this.": "آپ پہچانے گئے، مگر آپ کے کردار اس کی اجازت نہیں دیتے۔",
        "`gemctl whoami` shows your roles. Ask an admin of your party for the role the error names.":
            "`gemctl whoami` آپ کے کردار دکھاتا ہے۔ غلطی میں بتایا کردار اپنے فریق کے منتظم سے مانگیں۔",
        "There is no such thing, or it belongs to another party, which looks the same on purpose.":
            "ایسی کوئی چیز نہیں، یا وہ دوسرے فریق کی ہے؛ دونوں جان بوجھ کر ایک جیسے دکھتے ہیں۔",
        "Check the number: a stock number is looked for among your own party's pieces only.":
            "نمبر دیکھیں: اسٹاک نمبر صرف آپ کے اپنے فریق کے مال میں ڈھونڈا جاتا ہے۔",
        "This address exists, but not for this verb.": "یہ پتہ موجود ہے، مگر اس فعل کے لیے نہیں۔",
        "Check that gemctl and gemd are of one version: `gemctl version`.":
            "دیکھیں کہ gemctl اور gemd ایک ہی نسخے کے ہیں: `gemctl version`۔",
        "The stock number, code or identity is already in use.": "یہ اسٹاک نمبر، کوڈ یا شناخت پہلے سے استعمال میں ہے۔",
        "Choose another, or change the existing one: `gemctl piece edit NUMBER`.":
            "کوئی اور چنیں، یا موجودہ کو بدلیں: `gemctl piece edit NUMBER`۔",
        "The piece is on hold, on memo or sold: a piece is promised to one person at a time.":
            "مال روکا ہوا، میمو پر یا فروخت شدہ ہے: ایک وقت میں مال ایک ہی شخص کا پابند ہوتا ہے۔",
        "`gemctl piece history PIECE` shows to whom. Take it back first.":
            "`gemctl piece history PIECE` بتاتا ہے کس کا۔ پہلے واپس لیں۔",
        "This cannot be done in the present state, such as changing a certificate that was withdrawn.":
            "موجودہ حالت میں یہ نہیں ہو سکتا، جیسے واپس لی گئی سند کو بدلنا۔",
        "Look at the present state with `gemctl piece show` or `gemctl certificate show`.":
            "`gemctl piece show` یا `gemctl certificate show` سے موجودہ حالت دیکھیں۔",
        "The lot or piece lacks something that the marketplace demands.":
            "لاٹ یا مال میں کوئی ایسی کمی ہے جو منڈی مانگتی ہے۔",
        "`gemctl lot readiness LOT --market MARKET` lists what is missing, piece by piece.":
            "`gemctl lot readiness LOT --market MARKET` ہر مال کی کمی بتاتا ہے۔",
        "A request with the same Idempotency-Key is still running.": "اسی Idempotency-Key کی درخواست ابھی چل رہی ہے۔",
        "Wait a moment and ask again with the same key; the answer is kept for seven days.":
            "ذرا ٹھہر کر اسی کنجی سے پھر پوچھیں؛ جواب سات دن رکھا جاتا ہے۔",
        "Feeds, QR codes and certificates carry the council's public address, and none is set.":
            "فہرستوں، QR کوڈ اور سندوں پر کونسل کا عوامی پتہ ہوتا ہے، اور وہ مقرر نہیں۔",
        "An admin stops the daemon and runs `gemd init --public-url https://…`, then starts it again.":
            "منتظم گیم ڈی روک کر `gemd init --public-url https://…` چلائے، پھر اسے دوبارہ شروع کرے۔",
        "The request has neither a length nor chunks.": "درخواست میں نہ لمبائی ہے نہ ٹکڑے۔",
        "Send Content-Length, or Transfer-Encoding: chunked.": "Content-Length یا Transfer-Encoding: chunked بھیجیں۔",
        "Somebody changed it since you read it. Nothing was overwritten.":
            "آپ کے پڑھنے کے بعد کسی نے اسے بدل دیا۔ کچھ بھی مٹا کر نہیں لکھا گیا۔",
        "Read it again, look whether your change still fits, and repeat it. `gemctl piece edit` reads the version itself.":
            "پھر پڑھیں، دیکھیں کہ آپ کی تبدیلی اب بھی ٹھیک ہے، اور دہرائیں۔ `gemctl piece edit` نسخہ خود پڑھتا ہے۔",
        "The body is longer than gemd takes: 1 MB of JSON, 25 MB an image, 64 KB a bulk line.":
            "متن gemd کی حد سے لمبا ہے: JSON 1 MB، تصویر 25 MB، بلک سطر 64 KB۔",
        "Make the photograph smaller, or send many pieces with `gemctl piece import`.":
            "تصویر چھوٹی کریں، یا بہت سا مال `gemctl piece import` سے بھیجیں۔",
        "The Content-Type is not one this address takes.": "یہ پتہ اس Content-Type کو نہیں لیتا۔",
        "Send JSON as application/json and photographs as image/jpeg.":
            "JSON کو application/json اور تصویروں کو image/jpeg کے طور پر بھیجیں۔",
        "One value cannot be: a weight of zero, a code gemd does not know, two members that contradict.":
            "کوئی قدر ممکن نہیں: صفر وزن، ایسا کوڈ جو gemd نہیں جانتا، یا دو متضاد خانے۔",
        "`field` names the member and the hint says what may stand there. `GET /v1/codes` lists all codes.":
            "`field` خانے کا نام بتاتا ہے اور مشورہ یہ کہ وہاں کیا آ سکتا ہے۔ `GET /v1/codes` سب کوڈ دیتا ہے۔",
        "The Idempotency-Key was used before with another body.":
            "یہ Idempotency-Key پہلے کسی اور متن کے ساتھ استعمال ہوئی۔",
        "Use a new key for a new request.": "نئی درخواست کے لیے نئی کنجی دیں۔",
        "The photograph cannot be decoded, or is beyond the limits of 80 megapixels and 20,000 pixels a side.":
            "تصویر کھل نہیں سکتی، یا 80 میگا پکسل اور فی طرف 20,000 پکسل کی حد سے بڑی ہے۔",
        "Open and save it again as a baseline JPEG, or take it again.":
            "اسے کھول کر پھر سادہ JPEG کے طور پر محفوظ کریں، یا دوبارہ کھینچیں۔",
        "A change must say which version it was made from, and none was sent.":
            "تبدیلی کو بتانا ہوتا ہے کہ کس نسخے سے بنی، اور یہ نہیں بھیجا گیا۔",
        "Send If-Match with the ETag of your reading. `gemctl` does so by itself.":
            "If-Match میں اپنے پڑھے ہوئے کا ETag بھیجیں۔ `gemctl` یہ خود کرتا ہے۔",
        "Too much was asked in a short time, or the party's share of space is used up.":
            "تھوڑے وقت میں بہت کچھ مانگا گیا، یا فریق کی جگہ کا حصہ پورا ہو گیا۔",
        "Wait as long as Retry-After says, or ask an admin for a larger share.":
            "جتنا Retry-After کہے اتنا ٹھہریں، یا منتظم سے بڑا حصہ مانگیں۔",
        "gemd met an error of its own. Nothing was changed.": "gemd کو اپنی خرابی پیش آئی۔ کچھ نہیں بدلا۔",
        "Give the request id to an admin: the daemon's log has the rest.":
            "درخواست کی شناخت منتظم کو دیں: باقی گیم ڈی کے روزنامچے میں ہے۔",
        "gemd is starting, stopping, or something it needs fails.":
            "gemd شروع یا بند ہو رہا ہے، یا اس کی ضرورت کی کوئی چیز ناکام ہے۔",
        "`gemctl status` names what fails. Ask again after a moment.":
            "`gemctl status` بتاتا ہے کیا ناکام ہے۔ ذرا ٹھہر کر پھر پوچھیں۔",
        "An exact count or facet would take longer than two seconds.": "پوری گنتی یا تقسیم میں دو سیکنڈ سے زیادہ لگتے۔",
        "Ask for `--total estimate`, or filter more.": "`--total estimate` مانگیں، یا شرطیں بڑھائیں۔",
        "There is no room left; nothing was stored.": "جگہ نہیں رہی؛ کچھ نہیں رکھا گیا۔",
        "An admin makes room on the disk of the state directory.": "منتظم اسٹیٹ ڈائریکٹری کی ڈسک پر جگہ بنائے۔",
    ]
}
