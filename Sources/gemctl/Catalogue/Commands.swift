extension Catalogue {
    /// What each command does, as `gemctl help ur` lists it.
    static let commands: [String: String] = [
        "Register gems and jewellery, certify them, check certificates, feed marketplaces.":
            "جواہرات اور زیورات درج کریں، ان کی سند بنائیں، سندیں جانچیں، منڈیوں کو فہرستیں دیں۔",
        "`gemctl COMMAND --help` tells more, in English, with examples":
            "`gemctl COMMAND --help` ہر حکم کی تفصیل مثالوں کے ساتھ انگریزی میں بتاتا ہے",
        "Accept a piece that another party offered, or decline it.":
            "دوسرے فریق کا پیش کیا ہوا مال قبول کریں یا انکار کریں۔",
        "Add a party.": "فریق شامل کریں۔",
        "Add a person to a party.": "فریق میں کسی شخص کو شامل کریں۔",
        "Add photographs to a piece.": "مال کی تصویریں شامل کریں۔",
        "All that is known about a piece, and what a buyer must be told.":
            "مال کے بارے میں سب کچھ، اور جو خریدار کو بتانا لازم ہے۔",
        "Begin a lot.": "نئی لاٹ شروع کریں۔",
        "Bring in lists of pieces or parties, and photographs.": "مال یا فریقوں کی فہرستیں اور تصویریں اندر لائیں۔",
        "Bring in one file; the word may be left out.": "ایک فائل اندر لائیں؛ یہ لفظ چھوڑا جا سکتا ہے۔",
        "Change a party.": "فریق کی معلومات بدلیں۔",
        "Change facts of a piece.": "مال کی معلومات بدلیں۔",
        "Check certificates, here or by the daemon.": "سندیں جانچیں، یہیں یا گیم ڈی سے۔",
        "Close a case: its pieces may go to markets again.": "معاملہ بند کریں: اس کا مال پھر منڈی میں جا سکتا ہے۔",
        "Collect pieces for a sale, a feed or a shipment.": "فروخت، فہرست یا ترسیل کے لیے مال اکٹھا کریں۔",
        "Days with their rates, newest first.": "دنوں کے نرخ، تازہ ترین پہلے۔",
        "Dealers, laboratories and the council.": "تاجر، لیبارٹریاں اور کونسل۔",
        "Divide a parcel or rough into parts, by weight.": "پارسل یا خام مال کو وزن سے حصوں میں بانٹیں۔",
        "End a hold.": "روک ختم کریں۔",
        "Enter rates of a day (the council's exporter or registrar).":
            "کسی دن کے نرخ درج کریں (کونسل کا ایکسپورٹر یا رجسٹرار)۔",
        "Fetch a backup of everything but the keys, while the daemon serves.":
            "کنجیوں کے سوا ہر چیز کا بیک اپ لیں، گیم ڈی چلتے ہوئے۔",
        "Fetch a certificate's files, byte for byte.": "سند کی فائلیں حرف بہ حرف لیں۔",
        "Fetch a certificate's paper and count the print.": "سند کا کاغذ لیں اور چھپی نقل گنیں۔",
        "Fetch a photograph.": "تصویر لیں۔",
        "Fetch an export's file, byte for byte.": "بھیجی گئی فہرست کی فائل حرف بہ حرف لیں۔",
        "A party's account at a marketplace.": "منڈی میں فریق کا کھاتہ۔",
        "A member's tokens, without their secrets.": "رکن کے ٹوکن، ان کے راز کے بغیر۔",
        "Find pieces.": "مال تلاش کریں۔",
        "Give a memo or a hold more time.": "میمو یا روک کی مدت بڑھائیں۔",
        "Issue a certificate for a piece.": "مال کی سند جاری کریں۔",
        "Join standard input and output to the daemon's socket.": "معیاری ان پٹ اور آؤٹ پٹ کو گیم ڈی کے ساکٹ سے جوڑیں۔",
        "Keep a piece for somebody until a time; it is released by itself then.":
            "مال کسی کے لیے ایک وقت تک روکیں؛ پھر خود کھل جاتا ہے۔",
        "Let a party list pieces on markets.": "کسی فریق کو مال منڈی میں لگانے کی اجازت دیں۔",
        "Let another party, such as the council, list your pieces.":
            "دوسرے فریق، جیسے کونسل، کو اپنا مال لگانے کی اجازت دیں۔",
        "Let the daemon look at everything it keeps, while it serves.":
            "گیم ڈی اپنی ہر رکھی چیز کی جانچ کرے، چلتے ہوئے۔",
        "List the cases, oldest first.": "معاملوں کی فہرست، پرانا پہلے۔",
        "Make a feed file of a lot.": "لاٹ کی فہرستی فائل بنائیں۔",
        "Make a token useless at once.": "ٹوکن فوراً بے کار کریں۔",
        "Make a token; its secret is shown once.": "ٹوکن بنائیں؛ اس کا راز صرف ایک بار دکھایا جاتا ہے۔",
        "Offer a piece to another party, which accepts or declines.":
            "مال دوسرے فریق کو پیش کریں، جو قبول یا انکار کرے۔",
        "One import: how far it is, and how the file was read.": "ایک درآمد: کہاں تک پہنچی، اور فائل کیسے پڑھی گئی۔",
        "One lot.": "ایک لاٹ۔",
        "One party.": "ایک فریق۔",
        "People of a party.": "فریق کے لوگ۔",
        "Photographs of pieces.": "مال کی تصویریں۔",
        "Pieces of two parties with one report number, inscription, tag or photograph.":
            "دو فریقوں کا مال جن کا رپورٹ نمبر، کندہ نشان، ٹیگ یا تصویر ایک ہو۔",
        "Pieces that may be one stone, for the council to look at.":
            "مال جو شاید ایک ہی پتھر ہو، کونسل کے دیکھنے کے لیے۔",
        "Put other parcels into one.": "دوسرے پارسل ایک میں ملائیں۔",
        "Put pieces into a lot.": "لاٹ میں مال ڈالیں۔",
        "Record a sale; the piece leaves every market with the next export.":
            "فروخت درج کریں؛ اگلی فہرست کے ساتھ مال ہر منڈی سے ہٹ جاتا ہے۔",
        "Record that a piece was lost, stolen, destroyed, or found again.":
            "درج کریں کہ مال گم، چوری یا تباہ ہوا، یا دوبارہ ملا۔",
        "Record what a stone is after it was cut or polished again.":
            "دوبارہ تراش یا پالش کے بعد پتھر کی حالت درج کریں۔",
        "Register many pieces from a file of JSON lines.": "JSON سطروں کی فائل سے بہت سا مال درج کریں۔",
        "Register one piece.": "ایک مال درج کریں۔",
        "Register, find, change and import stones and jewellery.":
            "پتھر اور زیور درج کریں، ڈھونڈیں، بدلیں، اندر لائیں۔",
        "Remove a piece that was registered by mistake.": "غلطی سے درج ہوا مال ہٹائیں۔",
        "Secrets that stand for a member.": "راز جو رکن کی پہچان ہیں۔",
        "Send pieces out on memo, and take them back.": "مال میمو (جانگڑ) پر بھیجیں اور واپس لیں۔",
        "Send pieces to somebody: all of them, or none if one is promised.":
            "کسی کو مال بھیجیں: سب، یا ایک بھی پابند ہو تو کوئی نہیں۔",
        "Send what waits for this daemon, oldest first.": "اس گیم ڈی کے لیے رکا ہوا بھیجیں، پرانا پہلے۔",
        "Set stones of your stock into a piece of jewellery.": "اپنے اسٹاک کے پتھر زیور میں جڑیں۔",
        "Show a case: what agrees, and whose pieces.": "معاملہ دکھائیں: کیا ملتا ہے، اور کس کا مال ہے۔",
        "Take a piece out of a lot.": "لاٹ سے مال نکالیں۔",
        "Take back what an import brought in and nobody touched since.":
            "درآمد سے آیا وہ مال واپس لیں جسے بعد میں کسی نے نہیں چھیڑا۔",
        "Take consent back; the piece is withdrawn from that party's markets.":
            "اجازت واپس لیں؛ مال اس فریق کی منڈیوں سے ہٹ جاتا ہے۔",
        "Take pieces back into stock, from however many memos.": "مال واپس اسٹاک میں لیں، چاہے کتنے ہی میمو ہوں۔",
        "Take stones out of a piece of jewellery, back into stock.": "زیور سے پتھر نکال کر واپس اسٹاک میں لیں۔",
        "The codes that pieces are written in, with their names.": "کوڈ جن میں مال لکھا جاتا ہے، ناموں کے ساتھ۔",
        "The council's rates of currencies and metals, day by day.": "کرنسیوں اور دھاتوں کے کونسل کے نرخ، روز بہ روز۔",
        "The newest rates, or those that held on a day.": "تازہ ترین نرخ، یا کسی دن کے۔",
        "The parties.": "فریق۔",
        "The people of a party, with the ids that `token create` takes.":
            "فریق کے لوگ، ان شناختوں کے ساتھ جو `token create` لیتا ہے۔",
        "The refused rows of an import, each with its reason.": "درآمد کی رد کی گئی قطاریں، ہر ایک کی وجہ کے ساتھ۔",
        "The versions of gemctl and, when it is there, of the daemon.": "gemctl اور، اگر موجود ہو، گیم ڈی کے نسخے۔",
        "Throw away what was refused, or waits.": "رد کیا ہوا یا رکا ہوا پھینک دیں۔",
        "Turn lots into files for marketplaces.": "لاٹوں سے منڈیوں کی فائلیں بنائیں۔",
        "What a certificate says and its status today.": "سند کیا کہتی ہے اور آج اس کی حیثیت۔",
        "What a marketplace would still miss, piece by piece.": "منڈی کو ہر مال میں ابھی کیا کمی ہو گی۔",
        "What a piece came out of, and what came out of it.": "مال کس سے نکلا، اور اس سے کیا نکلا۔",
        "What a piece costs in a currency at a day's rates, and how that is made.":
            "کسی دن کے نرخ پر کسی کرنسی میں مال کی قیمت، اور وہ کیسے بنی۔",
        "What the code of an error or a finding means; works without a daemon.":
            "غلطی یا مشاہدے کے کوڈ کا مطلب؛ گیم ڈی کے بغیر بھی چلتا ہے۔",
        "What happened in all parties, party by party.": "سب فریقوں میں کیا ہوا، فریق بہ فریق۔",
        "What happened in your party, oldest first.": "آپ کے فریق میں کیا ہوا، پرانا پہلے۔",
        "What happened to a piece, oldest first.": "مال کے ساتھ کیا ہوا، پرانا پہلے۔",
        "What is out on memo, or came in on memo from others.": "کیا میمو پر باہر ہے، یا دوسروں سے میمو پر آیا۔",
        "What waits on this machine for a link to the daemon.": "اس مشین پر گیم ڈی سے رابطے کا منتظر۔",
        "What waits, and what was refused.": "کیا رکا ہے، اور کیا رد ہوا۔",
        "What was brought in, the newest first.": "کیا اندر لایا گیا، تازہ ترین پہلے۔",
        "What went into an export.": "بھیجی گئی فہرست میں کیا گیا۔",
        "Whether the daemon is there, sound, and who you are to it.":
            "گیم ڈی موجود اور درست ہے یا نہیں، اور وہ آپ کو کون سمجھتا ہے۔",
        "Which member, party and roles the daemon takes you for.": "گیم ڈی آپ کو کون سا رکن، فریق اور کردار سمجھتا ہے۔",
        "Who may list a piece, and where.": "کون مال کہاں لگا سکتا ہے۔",
        "Your party's lots.": "آپ کے فریق کی لاٹیں۔",
        "Look at certificates, fetch their files, examine, approve, suspend.":
            "سندیں دیکھیں، فائلیں لیں، جانچیں، منظور کریں، معطل کریں۔",
        "Suspend a certificate until something is settled (approver).":
            "معاملہ طے ہونے تک سند معطل کریں (منظور کنندہ)۔",
        "Let a suspended certificate hold again (approver).": "معطل سند بحال کریں (منظور کنندہ)۔",
        "Withdraw a certificate for ever (approver).": "سند ہمیشہ کے لیے واپس لیں (منظور کنندہ)۔",
        "Say that another certificate has taken its place (approver).":
            "بتائیں کہ دوسری سند نے اس کی جگہ لے لی (منظور کنندہ)۔",
        "Requests at your laboratory, or for your own pieces.": "آپ کی لیبارٹری میں یا آپ کے مال کی درخواستیں۔",
        "What a request is at, and the words that are to be approved.": "درخواست کہاں پہنچی، اور منظوری کی عبارت۔",
        "Hand in your examination, which cannot be changed after.": "اپنی جانچ جمع کرائیں؛ بعد میں بدل نہیں سکتی۔",
        "Take on the approval of a draft that names no approver.": "جس مسودے کا منظور کنندہ نہیں، اس کی ذمہ داری لیں۔",
        "Sign a draft with your own key; the approver's signature issues it.":
            "مسودے پر اپنی کلید سے دستخط کریں؛ منظور کنندہ کے دستخط سے سند جاری ہوتی ہے۔",
        "End a request that is not issued.": "جو درخواست جاری نہیں ہوئی اسے ختم کریں۔",
        "Declare many pieces, a line each.": "بہت سے مال کی سندیں، ہر سطر میں ایک۔",
        "End a membership, its tokens and its key.": "رکنیت، اس کے ٹوکن اور کلید ختم کریں۔",
    ]
}
