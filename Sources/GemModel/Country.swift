/// An ISO 3166-1 alpha-2 country code.
public struct Country: Codable, Hashable, Sendable {
    public let code: String

    public init(_ code: String) throws(InvalidInput) {
        guard Self.table[code] != nil else {
            throw InvalidInput(
                "\"\(code.prefix(40))\" is not a country code",
                hint: "write two capital letters of ISO 3166, such as PK")
        }
        self.code = code
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(code)
    }

    /// By its code or its name in English or Urdu.
    public static func named(_ text: String) -> Country? {
        if let country = try? Country(text.uppercased()) { return country }  // else by its name
        return byName[FoldedWords(text).list]
    }

    private static let byName: [[String]: Country] = Dictionary(
        table.flatMap { code, names in
            [names.en, names.ur].map { (FoldedWords($0).list, Country(known: code)) }
        }, uniquingKeysWith: { first, _ in first })

    private init(known code: String) { self.code = code }

    /// Names of Unicode CLDR; read once, when the first country comes.
    static let table: [String: Names] = Dictionary(
        uniqueKeysWithValues: lines.split(separator: "\n").map { line in
            let parts = line.split(separator: "|").map(String.init)
            return (parts[0], Names(parts[1], parts[2]))
        })

    private static let lines = """
        AD|Andorra|انڈورا
        AE|United Arab Emirates|متحدہ عرب امارات
        AF|Afghanistan|افغانستان
        AG|Antigua & Barbuda|انٹیگوا اور باربودا
        AI|Anguilla|انگوئیلا
        AL|Albania|البانیہ
        AM|Armenia|آرمینیا
        AO|Angola|انگولا
        AQ|Antarctica|انٹارکٹیکا
        AR|Argentina|ارجنٹینا
        AS|American Samoa|امریکی ساموآ
        AT|Austria|آسٹریا
        AU|Australia|آسٹریلیا
        AW|Aruba|اروبا
        AX|Åland Islands|آلینڈ آئلینڈز
        AZ|Azerbaijan|آذربائیجان
        BA|Bosnia & Herzegovina|بوسنیا اور ہرزیگووینا
        BB|Barbados|بارباڈوس
        BD|Bangladesh|بنگلہ دیش
        BE|Belgium|بیلجیم
        BF|Burkina Faso|برکینا فاسو
        BG|Bulgaria|بلغاریہ
        BH|Bahrain|بحرین
        BI|Burundi|برونڈی
        BJ|Benin|بینن
        BL|St. Barthélemy|سینٹ برتھلیمی
        BM|Bermuda|برمودا
        BN|Brunei|برونائی
        BO|Bolivia|بولیویا
        BQ|Caribbean Netherlands|کریبیائی نیدرلینڈز
        BR|Brazil|برازیل
        BS|Bahamas|بہاماس
        BT|Bhutan|بھوٹان
        BV|Bouvet Island|بؤویٹ آئلینڈ
        BW|Botswana|بوتسوانا
        BY|Belarus|بیلاروس
        BZ|Belize|بیلائز
        CA|Canada|کینیڈا
        CC|Cocos (Keeling) Islands|کوکوس (کیلنگ) جزائر
        CD|Congo - Kinshasa|کانگو - کنشاسا
        CF|Central African Republic|وسط افریقی جمہوریہ
        CG|Congo - Brazzaville|کانگو - برازاویلے
        CH|Switzerland|سوئٹزر لینڈ
        CI|Côte d’Ivoire|کوٹ ڈی آئیوری
        CK|Cook Islands|کک آئلینڈز
        CL|Chile|چلی
        CM|Cameroon|کیمرون
        CN|China mainland|چین
        CO|Colombia|کولمبیا
        CR|Costa Rica|کوسٹا ریکا
        CU|Cuba|کیوبا
        CV|Cape Verde|کیپ ورڈی
        CW|Curaçao|کیوراکاؤ
        CX|Christmas Island|جزیرہ کرسمس
        CY|Cyprus|قبرص
        CZ|Czechia|چیکیا
        DE|Germany|جرمنی
        DJ|Djibouti|جبوتی
        DK|Denmark|ڈنمارک
        DM|Dominica|ڈومنیکا
        DO|Dominican Republic|جمہوریہ ڈومينيکن
        DZ|Algeria|الجیریا
        EC|Ecuador|ایکواڈور
        EE|Estonia|اسٹونیا
        EG|Egypt|مصر
        EH|Western Sahara|مغربی صحارا
        ER|Eritrea|اریٹیریا
        ES|Spain|ہسپانیہ
        ET|Ethiopia|ایتھوپیا
        FI|Finland|فن لینڈ
        FJ|Fiji|فجی
        FK|Falkland Islands|فاکلینڈ جزائر
        FM|Micronesia|مائکرونیشیا
        FO|Faroe Islands|جزائر فارو
        FR|France|فرانس
        GA|Gabon|گیبون
        GB|United Kingdom|سلطنت متحدہ
        GD|Grenada|گریناڈا
        GE|Georgia|جارجیا
        GF|French Guiana|فرینچ گیانا
        GG|Guernsey|گوئرنسی
        GH|Ghana|گھانا
        GI|Gibraltar|جبل الطارق
        GL|Greenland|گرین لینڈ
        GM|Gambia|گیمبیا
        GN|Guinea|گنی
        GP|Guadeloupe|گواڈیلوپ
        GQ|Equatorial Guinea|استوائی گیانا
        GR|Greece|یونان
        GS|So. Georgia & So. Sandwich Isl.|جنوبی جارجیا اور جنوبی سینڈوچ جزائر
        GT|Guatemala|گواٹے مالا
        GU|Guam|گوام
        GW|Guinea-Bissau|گنی بساؤ
        GY|Guyana|گیانا
        HK|Hong Kong|ہانگ کانگ
        HM|Heard & McDonald Islands|ہیرڈ جزیرہ و میکڈولینڈ جزائر
        HN|Honduras|ہونڈاروس
        HR|Croatia|کروشیا
        HT|Haiti|ہیٹی
        HU|Hungary|ہنگری
        ID|Indonesia|انڈونیشیا
        IE|Ireland|آئرلینڈ
        IL|Israel|اسرائیل
        IM|Isle of Man|آئل آف مین
        IN|India|بھارت
        IO|Chagos Archipelago|برطانوی بحر ہند کا علاقہ
        IQ|Iraq|عراق
        IR|Iran|ایران
        IS|Iceland|آئس لینڈ
        IT|Italy|اٹلی
        JE|Jersey|جرسی
        JM|Jamaica|جمائیکا
        JO|Jordan|اردن
        JP|Japan|جاپان
        KE|Kenya|کینیا
        KG|Kyrgyzstan|کرغزستان
        KH|Cambodia|کمبوڈیا
        KI|Kiribati|کریباتی
        KM|Comoros|کوموروس
        KN|St. Kitts & Nevis|سینٹ کٹس اور نیویس
        KP|North Korea|شمالی کوریا
        KR|South Korea|جنوبی کوریا
        KW|Kuwait|کویت
        KY|Cayman Islands|کیمین آئلینڈز
        KZ|Kazakhstan|قزاخستان
        LA|Laos|لاؤس
        LB|Lebanon|لبنان
        LC|St. Lucia|سینٹ لوسیا
        LI|Liechtenstein|لیشٹنسٹائن
        LK|Sri Lanka|سری لنکا
        LR|Liberia|لائبیریا
        LS|Lesotho|لیسوتھو
        LT|Lithuania|لیتھونیا
        LU|Luxembourg|لکسمبرگ
        LV|Latvia|لٹویا
        LY|Libya|لیبیا
        MA|Morocco|مراکش
        MC|Monaco|موناکو
        MD|Moldova|مالدووا
        ME|Montenegro|مونٹے نیگرو
        MF|St. Martin|سینٹ مارٹن
        MG|Madagascar|مڈغاسکر
        MH|Marshall Islands|مارشل آئلینڈز
        MK|North Macedonia|شمالی مقدونیہ
        ML|Mali|مالی
        MM|Myanmar (Burma)|میانمار (برما)
        MN|Mongolia|منگولیا
        MO|Macao|مکاؤ
        MP|Northern Mariana Islands|شمالی ماریانا آئلینڈز
        MQ|Martinique|مارٹینک
        MR|Mauritania|موریطانیہ
        MS|Montserrat|مونٹسیراٹ
        MT|Malta|مالٹا
        MU|Mauritius|ماریشس
        MV|Maldives|مالدیپ
        MW|Malawi|ملاوی
        MX|Mexico|میکسیکو
        MY|Malaysia|ملائشیا
        MZ|Mozambique|موزمبیق
        NA|Namibia|نامیبیا
        NC|New Caledonia|نیو کلیڈونیا
        NE|Niger|نائجر
        NF|Norfolk Island|نارفوک آئلینڈ
        NG|Nigeria|نائجیریا
        NI|Nicaragua|نکاراگووا
        NL|Netherlands|نیدر لینڈز
        NO|Norway|ناروے
        NP|Nepal|نیپال
        NR|Nauru|نؤرو
        NU|Niue|نیئو
        NZ|New Zealand|نیوزی لینڈ
        OM|Oman|عمان
        PA|Panama|پانامہ
        PE|Peru|پیرو
        PF|French Polynesia|فرانسیسی پولینیشیا
        PG|Papua New Guinea|پاپوآ نیو گنی
        PH|Philippines|فلپائن
        PK|Pakistan|پاکستان
        PL|Poland|پولینڈ
        PM|St. Pierre & Miquelon|سینٹ پیئر اور میکلیئون
        PN|Pitcairn Islands|پٹکائرن جزائر
        PR|Puerto Rico|پیورٹو ریکو
        PS|Palestinian Territories|فلسطینی خطے
        PT|Portugal|پرتگال
        PW|Palau|پلاؤ
        PY|Paraguay|پیراگوئے
        QA|Qatar|قطر
        RE|Réunion|ری یونین
        RO|Romania|رومانیہ
        RS|Serbia|سربیا
        RU|Russia|روس
        RW|Rwanda|روانڈا
        SA|Saudi Arabia|سعودی عرب
        SB|Solomon Islands|سولومن آئلینڈز
        SC|Seychelles|سشلیز
        SD|Sudan|سوڈان
        SE|Sweden|سویڈن
        SG|Singapore|سنگاپور
        SH|St. Helena|سینٹ ہیلینا
        SI|Slovenia|سلووینیا
        SJ|Svalbard & Jan Mayen|سوالبرڈ اور جان ماین
        SK|Slovakia|سلوواکیہ
        SL|Sierra Leone|سیرالیون
        SM|San Marino|سان مارینو
        SN|Senegal|سینیگل
        SO|Somalia|صومالیہ
        SR|Suriname|سورینام
        SS|South Sudan|جنوبی سوڈان
        ST|São Tomé & Príncipe|ساؤ ٹومے اور پرنسپے
        SV|El Salvador|ال سلواڈور
        SX|Sint Maarten|سنٹ مارٹن
        SY|Syria|شام
        SZ|Eswatini|سواتنی
        TC|Turks & Caicos Islands|ٹرکس اور کیکوس جزائر
        TD|Chad|چاڈ
        TF|French Southern Territories|فرانسیسی جنوبی خطے
        TG|Togo|ٹوگو
        TH|Thailand|تھائی لینڈ
        TJ|Tajikistan|تاجکستان
        TK|Tokelau|ٹوکیلاؤ
        TL|Timor-Leste|تیمور لیسٹ
        TM|Turkmenistan|ترکمانستان
        TN|Tunisia|تونس
        TO|Tonga|ٹونگا
        TR|Türkiye|ترکیہ
        TT|Trinidad & Tobago|ترینیداد اور ٹوباگو
        TV|Tuvalu|ٹووالو
        TW|Taiwan|تائیوان
        TZ|Tanzania|تنزانیہ
        UA|Ukraine|یوکرین
        UG|Uganda|یوگنڈا
        UM|U.S. Outlying Islands|امریکہ سے باہر کے چھوٹے جزائز
        US|United States|ریاست ہائے متحدہ امریکہ
        UY|Uruguay|یوروگوئے
        UZ|Uzbekistan|ازبکستان
        VA|Vatican City|ویٹیکن سٹی
        VC|St. Vincent & Grenadines|سینٹ ونسنٹ اور گرینیڈائنز
        VE|Venezuela|وینزوئیلا
        VG|British Virgin Islands|برٹش ورجن آئلینڈز
        VI|U.S. Virgin Islands|امریکی ورجن آئلینڈز
        VN|Vietnam|ویتنام
        VU|Vanuatu|وینوآٹو
        WF|Wallis & Futuna|ویلیز اور فیوٹیونا
        WS|Samoa|ساموآ
        YE|Yemen|یمن
        YT|Mayotte|مایوٹ
        ZA|South Africa|جنوبی افریقہ
        ZM|Zambia|زامبیا
        ZW|Zimbabwe|زمبابوے
        """
}
