extension Finding {
    /// Every code of a finding, and what it means: `GET /v1/codes` lists them, `gemctl explain` says them.
    static let codes: [(code: String, names: Names)] = [
        ("ri", Names("the refractive index is not the species'", "انعطافی اشاریہ اس پتھر کا نہیں")),
        ("birefringence", Names("the birefringence is not the species'", "دوہرا انعطاف اس پتھر کا نہیں")),
        ("sg", Names("the specific gravity is not the species'", "کثافتِ نوعی اس پتھر کی نہیں")),
        ("hardness", Names("the hardness is not the species'", "سختی اس پتھر کی نہیں")),
        ("optic-character", Names("the optic character is not the species'", "نوری خاصیت اس پتھر کی نہیں")),
        (
            "hydrostatic",
            Names(
                "the weights in air and water do not make the specific gravity that is written",
                "ہوا اور پانی کے وزن سے لکھی ہوئی کثافت نہیں بنتی")
        ),
        ("air-weight", Names("the weight in air is not the stone's weight", "ہوا میں وزن پتھر کے وزن سے مختلف ہے")),
        (
            "fill-factor",
            Names("weight and size do not go together for this shape", "اس شکل کے لیے وزن اور ناپ میل نہیں کھاتے")
        ),
        ("measurement-order", Names("the length is less than the width", "لمبائی چوڑائی سے کم ہے")),
        (
            "out-of-round",
            Names("the diameters of a round stone differ by more than 5 %", "گول پتھر کے قطر 5 % سے زیادہ مختلف ہیں")
        ),
        (
            "depth-percent",
            Names("the depth % does not follow from the measurements", "گہرائی کا فیصد ناپ سے نہیں بنتا")
        ),
        ("variety-species", Names("the variety is of another species", "ذیلی قسم کسی اور پتھر کی ہے")),
        (
            "trade-term",
            Names(
                "a trade name praises, and nobody is said to claim it",
                "تجارتی نام تعریف ہے، اور دعویٰ کرنے والا نہیں بتایا گیا")
        ),
        (
            "padparadscha-stability",
            Names(
                "padparadscha needs a passed test of its colour's stability",
                "پدپراچہ کے لیے رنگ کی پائیداری کی جانچ درکار ہے")
        ),
        (
            "growth-method-missing",
            Names(
                "a laboratory-grown stone lacks its growth method", "لیبارٹری کے پتھر کا بنانے کا طریقہ نہیں بتایا گیا")
        ),
        ("treatment-degree", Names("a treatment's degree is not one that it has", "عمل کا درجہ اس عمل کا نہیں")),
        (
            "pearl-natural-unproven",
            Names(
                "natural is said of a pearl without a laboratory's basis",
                "موتی کو لیبارٹری کے ثبوت کے بغیر قدرتی کہا گیا")
        ),
        (
            "price-total",
            Names("the price per carat times the weight is not the total", "فی قیراط قیمت ضرب وزن کل قیمت نہیں بنتی")
        ),
        ("price-currency-twice", Names("two prices are in one currency", "دو قیمتیں ایک ہی کرنسی میں ہیں")),
        (
            "rate-jump",
            Names("a rate is more than 20 % off the newest one before", "نرخ پچھلے سے 20 % سے زیادہ ہٹا ہوا ہے")
        ),
        (
            "parcel-total",
            Names("pieces times average weight is not the parcel's total", "دانے ضرب اوسط وزن پارسل کا کل نہیں بنتے")
        ),
        ("stones-total", Names("the stones' weights do not make their total", "پتھروں کے وزن کل نہیں بنتے")),
        ("weight-twice", Names("grams and carats of one thing disagree", "گرام اور قیراط میل نہیں کھاتے")),
        ("pair-count", Names("a pair has not two stones", "جوڑے میں دو پتھر نہیں")),
        ("pair-species", Names("the stones of a pair are of two species", "جوڑے کے پتھر دو مختلف قسموں کے ہیں")),
        ("pair-shape", Names("the stones of a pair have two shapes", "جوڑے کے پتھروں کی شکلیں مختلف ہیں")),
        (
            "pair-weight",
            Names(
                "the stones of a pair differ by more than 5 % in weight", "جوڑے کے پتھروں کے وزن 5 % سے زیادہ مختلف ہیں"
            )
        ),
        (
            "net-metal",
            Names(
                "the metal's weight is not gross less stones, within 5 %",
                "دھات کا وزن کل میں سے پتھر نکال کر نہیں بنتا (5 % تک)")
        ),
        (
            "hallmark-fineness",
            Names("a hallmark contradicts the metal's fineness", "ہال مارک دھات کی خالصیت کے خلاف ہے")
        ),
        (
            "fineness-low",
            Names(
                "the fineness is below what may be sold as this metal", "خالصیت اس دھات کے نام سے بیچنے کی حد سے کم ہے")
        ),
        ("kimberley-missing", Names("rough diamonds lack their Kimberley certificate", "خام ہیروں کی کمبرلے سند نہیں")),
        (
            "kimberley-number",
            Names(
                "the Kimberley number does not begin with its issuing country",
                "کمبرلے نمبر جاری کرنے والے ملک سے شروع نہیں ہوتا")
        ),
        (
            "kimberley-dates",
            Names("the Kimberley certificate expires before it was issued", "کمبرلے سند کی میعاد اجرا سے پہلے ختم ہے")
        ),
        (
            "hs-heading",
            Names("the customs heading is not what the facts suggest", "کسٹم نمبر معلومات سے میل نہیں کھاتا")
        ),
        (
            "live-elsewhere",
            Names(
                "another party's live piece has the same report number, inscription, tag or photograph",
                "دوسرے فریق کے مال کا رپورٹ نمبر، کندہ عبارت، ٹیگ یا تصویر یہی ہے")
        ),
        (
            "seen-again",
            Names("what was reported lost or stolen was seen again", "گم یا چوری بتایا گیا مال پھر دیکھا گیا")
        ),
        ("registered-twice", Names("your own piece has the same key", "آپ کے اپنے کسی مال کی یہی نشانی ہے")),
        ("shared-telephone", Names("another party has the same telephone", "دوسرے فریق کا فون نمبر یہی ہے")),
    ]
}
