extension PageWords {
    /// Every sentence of the pages and of their scripts. A test finds one that is missing.
    static let urdu = headingsInUrdu.merging(factsInUrdu) { $1 }.merging(verdictsInUrdu) { $1 }
        .merging(checksInUrdu) { $1 }.merging(refusalsInUrdu) { $1 }

    private static let headingsInUrdu = [
        "What was checked": "کیا جانچا گیا", "What a buyer must be told": "خریدار کے لیے ضروری باتیں",
        "What this certificate does not say": "یہ سند کیا نہیں بتاتی", "As it was signed": "دستخط شدہ متن (انگریزی)",
        "Check it without us": "ہمارے بغیر خود جانچیں", "Photograph of the certified piece": "سند یافتہ نگ کی تصویر",
        "Compare it with the piece in your hand.": "اسے اپنے ہاتھ میں موجود نگ سے ملا کر دیکھیں۔", "Certificate": "سند",
        "Go to the result": "نتیجے پر جائیں", "Certificate check": "سند کی جانچ", "Result": "نتیجہ",
        "See the certificate that replaced it:": "اس کی جگہ جاری ہونے والی سند:",
        "Check another certificate": "دوسری سند جانچیں", "Certificate number": "سند کا نمبر", "Check": "جانچیں",
        "Or choose its files": "یا اس کی فائلیں چنیں",
        "The PDF, or the .json and .p7s files together, or a photograph of the code. They are checked on this device and sent nowhere.":
            "پی ڈی ایف، یا json اور p7s فائلیں ایک ساتھ، یا کوڈ کی تصویر۔ جانچ اسی آلے میں ہوتی ہے، فائلیں کہیں نہیں بھیجی جاتیں۔",
        "This page sets no cookies and does not follow you.": "یہ صفحہ کوئی کوکی نہیں رکھتا اور آپ کا پیچھا نہیں کرتا۔",
        "What the signed code says": "دستخط شدہ کوڈ کیا کہتا ہے", "What it certifies": "سند کیا کہتی ہے",
        "Without a connection only what the signed code says can be shown. Open this address again with a connection for the photograph and all facts.":
            "انٹرنیٹ کے بغیر صرف دستخط شدہ کوڈ کی باتیں دکھائی جا سکتی ہیں۔ تصویر اور باقی معلومات کے لیے انٹرنیٹ کے ساتھ یہی پتا دوبارہ کھولیں۔",
        "Is this the stone?": "کیا یہ وہی نگ ہے؟",
        "Weigh and measure the stone, and write what you found.": "نگ کو تولیں اور ناپیں، اور جو ملے وہ لکھیں۔",
        "Compare": "ملائیں", "Files": "فائلیں", "Technical details": "تکنیکی تفصیل",
        "Get the issuer’s root certificate from the issuer, not from here. Then, with OpenSSL alone:":
            "جاری کرنے والے ادارے کا بنیادی سرٹیفکیٹ (root.pem) اسی ادارے سے لیں، یہاں سے نہیں۔ پھر صرف OpenSSL سے:",
        "Fingerprint of the root (SHA-256); compare it with what the issuer printed:":
            "بنیادی کلید کا فنگر پرنٹ (SHA-256)؛ اسے ادارے کے چھپے ہوئے سے ملائیں:",
        "The certificate on paper (PDF)": "سند کا کاغذ (PDF)",
        "The certificate (JSON)": "سند (JSON)", "Its signature (p7s)": "اس کے دستخط (p7s)",
        "Proof that it is in the public log": "عوامی رجسٹر میں ہونے کا ثبوت", "The paper (PDF)": "کاغذ (PDF)",
        "Entry of the log": "رجسٹر میں اندراج", "Time of issue": "اجرا کا وقت", "Status list": "حیثیت کی فہرست",
        "Root key (SHA-256)": "بنیادی کلید (SHA-256)",
    ]

    private static let factsInUrdu = [
        "What": "کیا ہے", "Replaces": "جس کی جگہ جاری ہوئی", "Declared by": "بیان کرنے والا", "Laboratory": "لیبارٹری",
        "Examined on": "جانچ کی تاریخ",
        "Examined by": "جانچنے والا", "Approved by": "منظور کرنے والا", "Compared with": "کس سے ملایا گیا",
        "Checked on": "موازنے کی تاریخ", "It matches": "مطابق ہے", "It does not match": "مطابق نہیں",
        "Laboratory’s report": "لیبارٹری کی رپورٹ", "Last looked up": "آخری بار کب دیکھی گئی",
        "Recorded by": "درج کرنے والا", "Species": "قسم", "Variety": "ذیلی قسم", "Nature": "نوعیت", "Pearl": "موتی",
        "Water": "پانی", "Weight": "وزن", "Measurements": "پیمائش", "Shape": "شکل", "Colour": "رنگ", "Clarity": "صفائی",
        "Type": "زیور کی قسم", "Gross weight": "کل وزن", "Metal": "دھات", "Stock number": "اسٹاک نمبر",
        "Length": "لمبائی", "Width": "چوڑائی", "Depth": "گہرائی", "Kind": "سند کی قسم", "Issued": "جاری ہوئی",
        "January": "جنوری", "February": "فروری", "March": "مارچ", "April": "اپریل", "May": "مئی", "June": "جون",
        "July": "جولائی", "August": "اگست", "September": "ستمبر", "October": "اکتوبر", "November": "نومبر",
        "December": "دسمبر", ".": "۔",
    ]

    private static let verdictsInUrdu = [
        "Authentic dealer declaration": "بیچنے والے کا مستند بیان",
        "No laboratory examined this stone": "کسی لیبارٹری نے اس نگ کی جانچ نہیں کی",
        "Genuine laboratory report": "لیبارٹری کی اصلی رپورٹ", "Genuine check": "اصلی موازنہ",
        "Genuine council check": "کونسل کا اصلی موازنہ",
        "Whether the stone matched stands in the whole certificate only": "نگ ملا یا نہیں، یہ صرف پوری سند میں ہے",
        "This stone does not match the earlier record": "یہ نگ پہلے کے ریکارڈ سے نہیں ملتا",
        "This stone was compared with an earlier record": "اس نگ کو پہلے کے ریکارڈ سے ملایا گیا",
        "Authentic copy of another laboratory’s report": "دوسری لیبارٹری کی رپورٹ کی مستند نقل",
        "Authentic copy of another laboratory's report": "دوسری لیبارٹری کی رپورٹ کی مستند نقل",
        "Only that laboratory vouches for it": "اس کی ذمہ داری صرف اسی لیبارٹری کی ہے",
        "Cancelled": "منسوخ", "Cancelled for now": "فی الحال معطل", "Not genuine": "اصلی نہیں",
        "Cannot tell": "معلوم نہیں ہو سکا",
        "Issued by this council, but withdrawn since": "اسی ادارے نے جاری کی تھی، بعد میں واپس لے لی گئی",
        "This certificate is suspended": "یہ سند معطل ہے",
        "A newer certificate has taken this one's place": "اس کی جگہ نئی سند جاری ہو چکی ہے",
        "This piece was reported lost": "اس نگ کی گمشدگی کی اطلاع ہے",
        "This piece was reported stolen": "اس نگ کی چوری کی اطلاع ہے",
        "The piece described no longer exists": "یہ نگ اب موجود نہیں",
        "Issued by {0} on {1}. Not cancelled.": "{0} نے {1} کو جاری کی۔ منسوخ نہیں ہوئی۔",
        "Issued by {0} on {1}.": "{0} نے {1} کو جاری کی۔",
        "Is this certificate genuine?": "کیا یہ سند اصلی ہے؟",
        "Type its number, scan its code, or choose its files.": "اس کا نمبر لکھیں، کوڈ اسکین کریں، یا فائلیں چنیں۔",
        "Please wait a moment": "ذرا انتظار کریں",
        "Too many numbers that were never issued were asked for from your address. Then open this page again.":
            "آپ کے پتے سے ایسے بہت سے نمبر پوچھے گئے جو کبھی جاری نہیں ہوئے۔ کچھ دیر بعد یہ صفحہ دوبارہ کھولیں۔",
        "No such certificate": "ایسی کوئی سند نہیں",
        "The number’s check character does not fit: this is likely a typing error. Compare it with the paper.":
            "نمبر کا آخری حرف باقی نمبر سے میل نہیں کھاتا: غالباً لکھنے میں غلطی ہوئی۔ کاغذ سے ملائیں۔",
        "Not issued by {0}": "{0} نے جاری نہیں کی",
        "This number was never issued. Compare it with the paper.": "یہ نمبر کبھی جاری نہیں ہوا۔ کاغذ سے ملائیں۔",
        "The number is of another issuer, {0}. Ask there.": "یہ نمبر کسی اور ادارے {0} کا ہے۔ وہاں پوچھیں۔",
        "It was withdrawn": "یہ واپس لے لی گئی", "It is suspended": "یہ معطل ہے",
        "A newer certificate has taken its place": "اس کی جگہ نئی سند جاری ہو چکی ہے",
        "The piece was reported lost": "اس نگ کی گمشدگی کی اطلاع ہے",
        "The piece was reported stolen": "اس نگ کی چوری کی اطلاع ہے", "It is no longer valid": "یہ اب درست نہیں",
        "Authentic as issued on {0}. What became of it since was not checked.":
            "{0} کو جاری ہونے والی مستند سند۔ اس کے بعد کی صورت حال نہیں دیکھی گئی۔",
        "What became of it since was not checked.": "اس کے بعد کی صورت حال نہیں دیکھی گئی۔",
        "This page was kept {0}; what became of the certificate since is not known.":
            "یہ صفحہ {0} محفوظ ہوا تھا؛ اس کے بعد سند کی صورت حال معلوم نہیں۔",
        "The issuer’s root key is not the one seen on your first visit.":
            "ادارے کی بنیادی کلید وہ نہیں جو آپ کی پہلی آمد پر تھی۔",
        "Scan the printed code again. If this stays, do not trust the certificate.":
            "چھپا ہوا کوڈ دوبارہ اسکین کریں۔ پھر بھی یہی آئے تو سند پر بھروسا نہ کریں۔",
    ]

    private static let checksInUrdu = [
        "holds": "درست", "fails": "غلط", "not checked": "جانچا نہیں گیا",
        "It is a well-formed certificate": "سند کی ساخت درست ہے",
        "It can be read in one way only": "اسے صرف ایک ہی طرح پڑھا جا سکتا ہے",
        "The signature fits, letter for letter": "دستخط حرف بہ حرف درست ہیں",
        "The signer was appointed under the issuer’s root key": "دستخط کرنے والا ادارے کی بنیادی کلید کے تحت مقرر ہے",
        "The key was made for signing certificates": "کلید اسناد پر دستخط کے لیے بنی ہے",
        "It was signed while the key was in use": "دستخط کلید کی مدت کے اندر ہوئے",
        "The key had not been taken back": "کلید واپس نہیں لی گئی تھی",
        "It stands in the public log": "عوامی رجسٹر میں درج ہے",
        "Not cancelled or replaced": "منسوخ یا تبدیل نہیں ہوئی",
        "The paper’s attachments are the certificate": "کاغذ کے ساتھ جڑی فائلیں اسی سند کی ہیں",
        "The QR code": "کیو آر کوڈ", "The QR code is signed by the issuer": "کیو آر کوڈ پر ادارے کے دستخط ہیں",
        "The QR code is signed by the issuer and says the same as this page":
            "کیو آر کوڈ پر ادارے کے دستخط ہیں اور وہ اسی صفحے کے مطابق ہے",
        "Checked on this device.": "اسی آلے میں جانچا گیا۔", "The signed status list": "دستخط شدہ فہرست",
        "It could not be had now.": "ابھی نہیں مل سکی۔", "It is out of date: {0}": "اس کی مدت گزر چکی: {0}",
        "Signed list, made {0}.": "دستخط شدہ فہرست، {0} بنی۔", "just now": "ابھی ابھی",
        "{0} minutes ago": "{0} منٹ پہلے", "{0} hours ago": "{0} گھنٹے پہلے", "{0} days ago": "{0} دن پہلے",
        "This browser cannot check it; the server’s answer is shown.":
            "یہ براؤزر اسے نہیں جانچ سکتا؛ سرور کا جواب دکھایا گیا ہے۔",
        "Write numbers such as 1.58.": "عدد یوں لکھیں: 1.58",
        "It fits this certificate.": "یہ اس سند کے مطابق ہے۔",
        "It may be this stone: measure again.": "ممکن ہے یہی نگ ہو: دوبارہ ناپیں۔",
        "This is not the stone of this certificate.": "یہ اس سند کا نگ نہیں۔",
        "Fill in at least one value that the certificate has.": "کم از کم ایک قدر لکھیں جو سند میں موجود ہے۔",
        "fits": "مطابق", "close": "قریب", "does not fit": "مطابق نہیں", "Checking…": "جانچ ہو رہی ہے…",
        "This is no certificate number: probably a typing error. Compare it with the paper.":
            "یہ سند کا نمبر نہیں: غالباً لکھنے میں غلطی ہوئی۔ کاغذ سے ملائیں۔",
        "This is no file of a certificate. Choose the PDF, or the .json and .p7s files together.":
            "یہ کسی سند کی فائل نہیں۔ پی ڈی ایف چنیں، یا json اور p7s فائلیں ایک ساتھ۔",
        "The file is too large to be a certificate of gemd.": "فائل اتنی بڑی ہے کہ سند نہیں ہو سکتی۔",
        "There is no readable code of a certificate in this photograph.":
            "اس تصویر میں سند کا کوئی پڑھنے کے قابل کوڈ نہیں۔",
        "This browser cannot read codes from photographs. Point the telephone’s camera at the code and open the link.":
            "یہ براؤزر تصویر سے کوڈ نہیں پڑھ سکتا۔ فون کا کیمرہ کوڈ پر رکھیں اور لنک کھولیں۔",
        "It was issued by {0}, whose root key this page does not know. Ask there.":
            "اسے {0} نے جاری کیا، جس کی بنیادی کلید یہ صفحہ نہیں جانتا۔ وہاں پوچھیں۔",
    ]

    private static let refusalsInUrdu = [
        "a certificate in the file is of a kind gemd never uses":
            "فائل میں ایسا سرٹیفکیٹ ہے جو یہ ادارہ استعمال نہیں کرتا",
        "it has a time stamp, which certificates of its class never have":
            "اس پر وقت کی مہر ہے جو اس قسم کی سند پر نہیں ہوتی",
        "it is not signed in the way gemd signs": "دستخط ہمارے طریقے کے نہیں",
        "it says a time at which its signing certificate was not valid":
            "اس میں وہ وقت لکھا ہے جب دستخط کا سرٹیفکیٹ کارآمد نہ تھا",
        "its signing key was taken back before it was signed": "دستخط سے پہلے ہی اس کی کلید واپس لی جا چکی تھی",
        "its signing key was taken back since: choose the proof of the public log (.tlog-proof) too, which shows that it was signed before":
            "بعد میں دستخط کی کلید واپس لی گئی: رجسٹر کا ثبوت (tlog-proof) بھی چنیں، جو دکھاتا ہے کہ دستخط پہلے ہوئے",
        "its signing key was taken back since, and this page cannot follow the proof of the public log: use gemctl verify":
            "بعد میں دستخط کی کلید واپس لی گئی، اور یہ صفحہ رجسٹر کا ثبوت نہیں جانچ سکا: gemctl verify استعمال کریں",
        "its time stamp was made with a key that was taken back": "وقت کی مہر ایسی کلید سے لگی جو واپس لی گئی ہے",
        "the code’s key was taken back before the code was signed":
            "کوڈ پر دستخط سے پہلے ہی اس کی کلید واپس لی جا چکی تھی",
        "the code’s key was taken back since: only the whole certificate counts":
            "بعد میں کوڈ کی کلید واپس لی گئی: صرف پوری سند مانی جائے گی",
        "the key of the status list was taken back": "حیثیت کی فہرست کی کلید واپس لی گئی",
        "The key that signed this paper was taken back since: what it certifies is proven, the print around it is not":
            "بعد میں اس کاغذ کی کلید واپس لی گئی: اس کی سند ثابت ہے، گرد چھپی ہوئی عبارت نہیں",
        "it says a time at which its signing key was not in use":
            "اس میں وہ وقت لکھا ہے جب دستخط کی کلید استعمال میں نہ تھی",
        "it was not signed under the issuer’s root key": "اس پر ادارے کی بنیادی کلید کے تحت دستخط نہیں ہوئے",
        "its time stamp is damaged": "وقت کی مہر خراب ہے",
        "its time stamp is of another time than the certificate": "وقت کی مہر سند سے الگ وقت کی ہے",
        "its time stamp is of another signature": "وقت کی مہر کسی اور دستخط کی ہے",
        "its time stamp was not made by a time-stamping key": "وقت کی مہر درست کلید سے نہیں لگی",
        "its time stamp is of an outside authority, which this page cannot check: use gemctl verify --tsa-root":
            "وقت کی مہر بیرونی ادارے کی ہے، جسے یہ صفحہ نہیں جانچ سکتا: gemctl verify --tsa-root استعمال کریں",
        "its time stamp says a time at which its key was not in use":
            "وقت کی مہر میں وہ وقت لکھا ہے جب اس کی کلید استعمال میں نہ تھی",
        "by this device’s clock the code was signed in the future":
            "اس آلے کی گھڑی سے کوڈ پر دستخط مستقبل میں ہوئے",
        "by this device’s clock the paper was signed in the future":
            "اس آلے کی گھڑی سے کاغذ پر دستخط مستقبل میں ہوئے",
        "by this device’s clock the certificate was issued in the future":
            "اس آلے کی گھڑی سے سند مستقبل میں جاری ہوئی",
        "by this device’s clock the status list is from the future": "اس آلے کی گھڑی سے حیثیت کی فہرست مستقبل کی ہے",
        "the status list is another one than the certificate names": "یہ وہ فہرست نہیں جس کا نام سند میں ہے",
        "the status list was signed when its key was not in use":
            "فہرست پر دستخط کے وقت اس کی کلید استعمال میں نہ تھی",
        "its time stamp was taken away": "وقت کی مہر ہٹا دی گئی ہے",
        "no certificate is attached to this paper": "اس کاغذ کے ساتھ کوئی سند نہیں جڑی",
        "something was added to this paper after it was signed: it is not the evidence that may be added":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: یہ وہ ثبوت نہیں جو بڑھائے جا سکتے ہیں",
        "something was added to this paper after it was signed: it changes the paper’s catalogue":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: یہ کاغذ کی فہرست بدلتا ہے",
        "something was added to this paper after it was signed: its evidence points into the paper":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: اس کے ثبوت کاغذ کے اندر اشارہ کرتے ہیں",
        "something was added to this paper after it was signed: it holds more than evidence":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: اس میں ثبوت کے سوا بھی کچھ ہے",
        "something was added to this paper after it was signed: it changes the paper’s title or author":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: یہ کاغذ کا عنوان یا مصنف بدلتا ہے",
        "something was added to this paper after it was signed: it replaces a part of what was signed":
            "دستخط کے بعد اس کاغذ میں کچھ بڑھایا گیا ہے: یہ دستخط شدہ حصے کی جگہ لیتا ہے",
        "the paper says that it was signed on a day that cannot be":
            "کاغذ کے مطابق دستخط ایسے دن ہوئے جو ممکن نہیں",
        "the certificate and its signature give different times of issue": "سند اور دستخط میں اجرا کا وقت الگ الگ ہے",
        "the certificate says a wrong kind of time stamp": "سند میں وقت کی مہر کی قسم غلط لکھی ہے",
        "the certificate was not written by gemd: it is not in its one spelling":
            "یہ سند اس نظام نے نہیں لکھی: تحریر مقررہ شکل میں نہیں",
        "the certificate’s number does not fit": "سند کا نمبر درست نہیں",
        "the certificate’s time of issue cannot be read": "سند کے اجرا کا وقت پڑھا نہیں جا سکتا",
        "the code belongs to another certificate": "یہ کوڈ کسی اور سند کا ہے",
        "the code is damaged": "کوڈ خراب یا نامکمل ہے",
        "the code is not signed in the way gemd signs": "کوڈ کے دستخط ہمارے طریقے کے نہیں",
        "the code is signed with a key that is not the issuer’s": "کوڈ پر دستخط کرنے والی کلید اس ادارے کی نہیں",
        "the code says nothing about a certificate": "کوڈ کسی سند کے بارے میں کچھ نہیں کہتا",
        "the code was changed, or the issuer did not sign it": "کوڈ بدلا گیا ہے، یا اس پر ادارے کے دستخط نہیں",
        "the code was made for another text than the one shown here": "کوڈ یہاں دکھائے گئے متن کا نہیں",
        "the code was signed outside the time its key is good for": "کوڈ پر دستخط کلید کی مدت سے باہر ہوئے",
        "the file is too large to be a paper of gemd": "فائل اتنی بڑی ہے کہ سند کا کاغذ نہیں ہو سکتی",
        "the paper’s attachments are damaged": "کاغذ کے ساتھ جڑی فائلیں خراب ہیں",
        "the paper’s attachments are too large": "کاغذ کے ساتھ جڑی فائلیں بہت بڑی ہیں",
        "the paper’s attachments were exchanged": "کاغذ کے ساتھ جڑی فائلیں بدلی گئی ہیں",
        "the paper’s signature does not cover the whole of it": "دستخط پورے کاغذ پر نہیں",
        "the paper’s signature is damaged": "کاغذ کے دستخط خراب ہیں",
        "the signature file (.p7s) is missing: choose it together with the .json file":
            "دستخط کی فائل (p7s) نہیں ملی: اسے json فائل کے ساتھ چنیں",
        "the signature file carries something gemd never puts there": "دستخط کی فائل میں غیر متعلقہ چیز ہے",
        "the signature file has more than one signature": "دستخط کی فائل میں ایک سے زیادہ دستخط ہیں",
        "the signature file holds other contents": "دستخط کی فائل میں کوئی اور متن ہے",
        "the signature file is damaged": "دستخط کی فائل خراب ہے", "the signature is false": "دستخط جعلی ہیں",
        "the signature is false: the key it names did not make it": "دستخط جعلی ہیں: یہ بتائی گئی کلید سے نہیں بنے",
        "the signer’s certificate is not in the signature file": "دستخط کرنے والے کا سرٹیفکیٹ فائل میں نہیں",
        "the signer’s certificate was exchanged after signing": "دستخط کے بعد سرٹیفکیٹ بدلا گیا ہے",
        "the signing key was not made for signing certificates": "یہ کلید اسناد پر دستخط کے لیے نہیں بنی",
        "the status list ends before this certificate": "حیثیت کی فہرست میں یہ سند نہیں",
        "the status list is damaged": "حیثیت کی فہرست خراب ہے",
        "the status list is not signed by the issuer": "حیثیت کی فہرست پر ادارے کے دستخط نہیں",
        "the status list is not signed in the way gemd signs": "حیثیت کی فہرست کے دستخط ہمارے طریقے کے نہیں",
        "this file was changed after signing: its contents are not those that were signed":
            "دستخط کے بعد فائل بدلی گئی ہے: متن وہ نہیں جس پر دستخط ہوئے",
        "this is no PDF": "یہ پی ڈی ایف نہیں", "this is no certificate of gemd": "یہ اس نظام کی سند نہیں",
        "this is no signature file of a certificate": "یہ کسی سند کے دستخط کی فائل نہیں",
        "this paper is not signed": "اس کاغذ پر دستخط نہیں",
        "this paper was signed again or changed after it was issued":
            "اجرا کے بعد اس کاغذ پر دوبارہ دستخط ہوئے یا اسے بدلا گیا",
    ]
}
