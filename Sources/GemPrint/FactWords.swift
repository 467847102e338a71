import GemModel

/// What the members of a piece are called on paper, in which list their codes stand and in which unit they are: the trade's
/// words, so that no member name is ever printed. A test asks for every name of the data dictionary.
struct FactWords {
    let names: Names
    var list: String?
    var unit = ""

    private init(_ en: String, _ ur: String, of list: String? = nil, unit: String = "") {
        names = Names(en, ur)
        self.list = list
        self.unit = unit
    }

    /// By the member alone, or by its place where the same name means several things.
    static func of(_ member: String, in parent: String? = nil) -> FactWords? {
        parent.flatMap { table["\($0).\(member)"] } ?? table[member]
    }

    /// The order in which a gemmologist reads; what is not named here follows.
    static let order = """
        type reportTitle nature growthMethod species variety tradeTerms identification environment mollusc pieces
        quantity rows weightCt totalWeightCt averageWeightCt weightG grossWeightG netWeightG measurementsMm sizeRange
        size lengthMm widthMm crystalMm sieve shape cut crown pavilion colour bodyColour overtone orient colourRange
        fancyColour phenomena rays transparency clarity clarityRange gradeRange grade clarityType diamond pearl lustre
        surface nacre nacreMm matching drilling metals hallmarks stones totals treatments origin disclosedSource
        traceability inclusions tests
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let table: [String: FactWords] = identity.merging(measures) { $1 }.merging(looks) {
        $1
    }
    .merging(diamond) { $1 }.merging(made) { $1 }.merging(evidence) { $1 }

    private static let identity: [String: FactWords] = [
        "title": .init("Description", "تفصیل"),
        "jewellery.type": .init("Type", "زیور کی قسم", of: "jewelleryTypes"),
        "type": .init("Type", "قسم"),
        "kind": .init("Kind", "قسم", of: "kinds"),
        "reportTitle": .init("Title of the report", "رپورٹ کا عنوان"),
        "nature": .init("Nature", "اصلیت", of: "natures"),
        "growthMethod": .init("Method of growth", "بنانے کا طریقہ", of: "growthMethods"),
        "species": .init("Species", "قسم", of: "species"),
        "variety": .init("Variety", "ذیلی قسم", of: "varieties"),
        "tradeTerms": .init("Trade name", "تجارتی نام"),
        "term": .init("Trade name", "تجارتی نام"),
        "claimedBy": .init("So called by", "یہ نام کس نے دیا"),
        "identification": .init("Identification", "شناخت", of: "pearlIdentifications"),
        "diamond.identification": .init("Identification", "شناخت"),
        "environment": .init("Water", "پانی", of: "pearlEnvironments"),
        "mollusc": .init("Mollusc", "سیپی"),
        "pieces": .init("Number of pieces", "تعداد"),
        "quantity": .init("Number", "تعداد"),
        "count": .init("Number", "تعداد"),
        "rows": .init("Rows", "قطاریں"),
        "stone": .init("Stone", "نگ"),
        "stones": .init("Stone", "نگ"),
        "pearl": .init("Pearl", "موتی"),
        "rough": .init("Rough", "خام"),
        "specimen": .init("Specimen", "نمونہ"),
        "parcel": .init("Parcel", "پارسل"),
        "parcels": .init("Parcels", "پارسل"),
        "pair": .init("Pair", "جوڑا"),
        "set": .init("Set", "سیٹ"),
        "strand": .init("Strand", "لڑی"),
        "jewellery": .init("Jewellery", "زیور"),
        "piece": .init("Piece", "نگ"),
        "role": .init("Place in the piece", "زیور میں جگہ", of: "stoneRoles"),
        "setting": .init("Setting", "جڑائی", of: "settings"),
        "totals": .init("In all", "کل"),
    ]

    private static let measures: [String: FactWords] = [
        "weightCt": .init("Weight", "وزن", unit: " ct"),
        "totalWeightCt": .init("Total weight", "کل وزن", unit: " ct"),
        "averageWeightCt": .init("Average weight", "اوسط وزن", unit: " ct"),
        "weightG": .init("Weight", "وزن", unit: " g"),
        "grossWeightG": .init("Gross weight", "کل وزن", unit: " g"),
        "netWeightG": .init("Net weight", "خالص وزن", unit: " g"),
        "measurementsMm": .init("Measurements", "پیمائش"),
        "length": .init("Length", "لمبائی", unit: " mm"),
        "width": .init("Width", "چوڑائی", unit: " mm"),
        "depth": .init("Depth", "گہرائی", unit: " mm"),
        "sizeRange": .init("Sizes", "ناپ کی حدیں"),
        "size": .init("Size", "ناپ"),
        "sizeMm": .init("Size", "ناپ", unit: " mm"),
        "system": .init("System of sizes", "ناپ کا نظام", of: "sizeSystems"),
        "value": .init("Value", "قدر"),
        "text": .init("Text", "عبارت"),
        "min": .init("From", "کم سے کم"),
        "max": .init("To", "زیادہ سے زیادہ"),
        "lengthMm": .init("Length", "لمبائی", unit: " mm"),
        "widthMm": .init("Width", "چوڑائی", unit: " mm"),
        "crystalMm": .init("Largest crystal", "سب سے بڑی قلم", unit: " mm"),
        "sieve": .init("Sieve", "چھلنی"),
        "expectedYieldPct": .init("Expected yield", "متوقع بچت", unit: " %"),
        "viewedFromCm": .init("Viewed from", "دیکھنے کا فاصلہ", unit: " cm"),
    ]

    private static let looks: [String: FactWords] = [
        "shape": .init("Shape", "شکل", of: "shapes"),
        "pearl.shape": .init("Shape", "شکل", of: "pearlShapes"),
        "cut": .init("Cut", "تراش", of: "cuts"),
        "crown": .init("Crown", "اوپری حصے کی تراش", of: "cuts"),
        "pavilion": .init("Pavilion", "نچلے حصے کی تراش", of: "cuts"),
        "colour": .init("Colour", "رنگ"),
        "colour.text": .init("Colour", "رنگ"),
        "hue": .init("Hue", "رنگت", of: "hues"),
        "tone": .init("Tone", "رنگ کا ہلکا یا گہرا پن"),
        "saturation": .init("Saturation", "رنگ کی شدت"),
        "modifier": .init("Modifying colour", "ذیلی رنگ"),
        "zoning": .init("Colour zoning", "رنگ کی تہیں"),
        "bodyColour": .init("Body colour", "بنیادی رنگ"),
        "overtone": .init("Overtone", "ذیلی جھلک"),
        "orient": .init("Orient", "قوسِ قزح جھلک"),
        "colourRange": .init("Range of colour", "رنگ کی حدیں"),
        "phenomena": .init("Phenomenon", "نوری کرشمہ", of: "phenomena"),
        "rays": .init("Rays of the star", "ستارے کی شعاعیں"),
        "transparency": .init("Transparency", "شفافیت", of: "transparencies"),
        "clarity": .init("Clarity", "صفائی", of: "clarities"),
        "clarityRange": .init("Range of clarity", "صفائی کی حدیں"),
        "gradeRange": .init("Grades", "درجوں کی حدیں"),
        "grade": .init("Grade", "درجہ"),
        "clarityType": .init("Type for clarity", "صفائی کی قسم", of: "clarityTypes"),
        "inclusions": .init("Inclusions", "اندرونی نشان"),
        "lustre": .init("Lustre", "چمک", of: "pearlLustres"),
        "surface": .init("Surface", "سطح", of: "pearlSurfaces"),
        "nacre": .init("Nacre", "صدف کی تہہ"),
        "nacreMm": .init("Thickness of nacre", "صدف کی موٹائی", unit: " mm"),
        "matching": .init("Matching", "یکسانیت", of: "matchings"),
        "drilling": .init("Drilling", "چھید", of: "pearlDrillings"),
        "graduation": .init("Graduation", "چڑھاؤ", of: "graduations"),
        "knotted": .init("Knotted", "گرہ دار"),
        "assortment": .init("Assortment", "ترتیب"),
        "crystalHabit": .init("Crystal habit", "قلم کی شکل"),
        "matrix": .init("Matrix", "ماتری چٹان"),
        "associated": .init("Associated minerals", "ساتھ کے معدن"),
        "repairs": .init("Repairs", "مرمت"),
        "fluorescence": .init("Fluorescence", "فلوریسنس", of: "fluorescences"),
    ]

    private static let diamond: [String: FactWords] = [
        "diamond": .init("Diamond", "ہیرا"),
        "diamond.colour": .init("Colour grade", "رنگ کا درجہ", of: "diamondColours"),
        "diamond.clarity": .init("Clarity grade", "صفائی کا درجہ", of: "diamondClarities"),
        "diamond.cut": .init("Cut grade", "تراش کا درجہ", of: "diamondGrades"),
        "polish": .init("Polish", "پالش", of: "diamondGrades"),
        "symmetry": .init("Symmetry", "تناسب", of: "diamondGrades"),
        "fluorescenceColour": .init(
            "Colour of fluorescence", "فلوریسنس کا رنگ", of: "fluorescenceColours"),
        "tablePct": .init("Table", "ٹیبل", unit: " %"),
        "depthPct": .init("Total depth", "کل گہرائی", unit: " %"),
        "crownAngle": .init("Crown angle", "اوپری زاویہ", unit: "°"),
        "crownHeightPct": .init("Crown height", "اوپری اونچائی", unit: " %"),
        "pavilionAngle": .init("Pavilion angle", "نچلا زاویہ", unit: "°"),
        "pavilionDepthPct": .init("Pavilion depth", "نچلی گہرائی", unit: " %"),
        "starLengthPct": .init("Star length", "ستارے کی لمبائی", unit: " %"),
        "lowerHalfPct": .init("Lower half", "نچلا نصف", unit: " %"),
        "girdle": .init("Girdle", "کمر", of: "girdleSizes"),
        "girdlePct": .init("Girdle thickness", "کمر کی موٹائی", unit: " %"),
        "girdleCondition": .init("Finish of the girdle", "کمر کی حالت", of: "girdleConditions"),
        "culet": .init("Culet", "نچلی نوک", of: "culets"),
        "fancyColour": .init("Fancy colour", "خاص رنگ"),
        "fancyColour.overtone": .init("Overtone", "ذیلی رنگ"),
        "fancyColour.origin": .init("Origin of colour", "رنگ کا ماخذ", of: "colourOrigins"),
        "intensity": .init("Intensity of colour", "رنگ کی شدت", of: "fancyIntensities"),
        "distribution": .init("Distribution of colour", "رنگ کا پھیلاؤ", of: "colourDistributions"),
        "diamondType": .init("Type of diamond", "ہیرے کی قسم", of: "diamondTypes"),
        "reportType": .init("Kind of report", "رپورٹ کی قسم", of: "diamondReportTypes"),
        "eyeClean": .init("Clean to the eye", "آنکھ سے صاف"),
        "milky": .init("Milkiness", "دودھیا پن"),
        "shade": .init("Shade", "سایہ"),
        "blackInclusions": .init("Black inclusions", "سیاہ دھبے", of: "blackInclusions"),
        "whiteInclusions": .init("White inclusions", "سفید دھبے"),
        "openInclusions": .init("Open inclusions", "کھلے نشان"),
        "inscriptions": .init("Inscription", "کندہ تحریر"),
        "inscriptionGraphics": .init("Inscribed mark", "کندہ نشان"),
        "keyToSymbols": .init("Clarity characteristics", "صفائی کے نشان"),
        "characteristic": .init("Characteristic", "نشان"),
        "order": .init("Order", "ترتیب نمبر"),
        "position": .init("Position", "مقام"),
        "image": .init("Picture", "تصویر"),
    ]

    private static let made: [String: FactWords] = [
        "metals": .init("Metal", "دھات"),
        "metal": .init("Metal", "دھات", of: "metals"),
        "karat": .init("Karat", "قیراط (دھات)"),
        "finenessPermille": .init("Fineness", "خالصیت", unit: " ‰"),
        "testedHow": .init("Tested by", "دھات کی جانچ", of: "metalTests"),
        "testedBy": .init("Tested at", "کس نے جانچا"),
        "hallmarks": .init("Hallmark", "ہال مارک"),
        "hallmarks.type": .init("Kind of mark", "مہر کی قسم", of: "hallmarkTypes"),
        "office": .init("Assay office", "دفتر"),
        "year": .init("Year", "سال"),
        "plating": .init("Plating", "ملمع", of: "platings"),
        "platingMicrons": .init("Thickness of plating", "ملمع کی موٹائی", unit: " µm"),
        "clasp": .init("Clasp", "کنڈا"),
        "resizable": .init("Can be resized", "ناپ بدل سکتا ہے"),
        "manufacturedOn": .init("Made on", "بننے کی تاریخ"),
        "parentStockNumber": .init("Belongs to", "کس کا حصہ"),
        "maker": .init("Maker", "بنانے والا"),
        "designer": .init("Designer", "ڈیزائنر"),
        "collection": .init("Collection", "مجموعہ"),
        "handmade": .init("Made by hand", "ہاتھ کا بنا"),
        "condition": .init("Condition", "حالت"),
        "safety": .init("Safety", "حفاظت"),
        "citesPermit": .init("CITES permit", "CITES اجازت نامہ"),
        "matchedPair": .init("Pairs with", "جوڑی کا ساتھی"),
        "separable": .init("May be sold singly", "الگ بک سکتا ہے"),
        "sealNumber": .init("Seal", "مہر نمبر"),
        "materialTest": .init("Test of the material", "مادے کی جانچ"),
    ]

    private static let evidence: [String: FactWords] = [
        "treatments": .init("Treatment", "ٹریٹمنٹ", of: "treatments"),
        "code": .init("Treatment", "ٹریٹمنٹ", of: "treatments"),
        "degree": .init("Degree", "درجہ"),
        "filler": .init("Filler", "بھرا گیا مادہ"),
        "element": .init("Element", "عنصر"),
        "extent": .init("Extent", "پھیلاؤ"),
        "stability": .init("Stability", "پائیداری"),
        "origin": .init("Origin", "ماخذ"),
        "country": .init("Country", "ملک", of: "countries"),
        "region": .init("Region", "علاقہ"),
        "locality": .init("Locality", "مقام"),
        "confidence": .init("Confidence", "یقین", of: "originConfidences"),
        "sourceType": .init("Kind of deposit", "ماخذ کی قسم"),
        "mine": .init("Mine", "کان"),
        "licence": .init("Mining licence", "کان کا لائسنس"),
        "disclosedSource": .init("Source by the seller’s papers", "بیچنے والے کے کاغذ پر ماخذ"),
        "traceability": .init("Registered with", "دوسرے رجسٹر میں"),
        "scheme": .init("Register", "رجسٹر"),
        "tests": .init("Tests", "جانچیں"),
        "ri": .init("Refractive index", "انعطافی اشاریہ"),
        "spotRi": .init("Refractive index (spot)", "انعطافی اشاریہ (نقطہ)"),
        "birefringence": .init("Birefringence", "دوہرا انعطاف"),
        "opticCharacter": .init("Optic character", "نوری خاصیت", of: "opticCharacters"),
        "sg": .init("Specific gravity", "کثافتِ نوعی"),
        "airWeightCt": .init("Weight in air", "ہوا میں وزن", unit: " ct"),
        "waterWeightCt": .init("Weight in water", "پانی میں وزن", unit: " ct"),
        "hardness": .init("Hardness", "سختی"),
        "pleochroism": .init("Pleochroism", "کثیر رنگی"),
        "uvLong": .init("Under long-wave UV", "لمبی بالا بنفشی روشنی میں"),
        "uvShort": .init("Under short-wave UV", "چھوٹی بالا بنفشی روشنی میں"),
        "spectrum": .init("Spectrum", "طیف"),
        "chelsea": .init("Chelsea filter", "چیلسی فلٹر"),
        "magnification": .init("Under magnification", "خردبین سے"),
        "colourStability": .init("Stability of colour", "رنگ کی پائیداری", of: "colourStabilities"),
        "analyses": .init("Analysis", "آلاتی جانچ"),
        "method": .init("Method", "طریقہ", of: "analysisMethods"),
        "result": .init("Result", "نتیجہ"),
        "document": .init("Document", "دستاویز"),
        "notes": .init("Remarks", "ملاحظات"),
        "comments": .init("Comments", "تبصرہ"),
        "number": .init("Number", "نمبر"),
        "name": .init("Name", "نام"),
        "id": .init("Number there", "وہاں کا نمبر"),
    ]
}
