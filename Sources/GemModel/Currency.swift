/// The currencies of ISO 4217 that money may be in: decimals and names (Unicode CLDR).
enum Currency {
    /// Read once, when the first amount comes.
    static let table: [String: (decimals: Int, names: Names)] = Dictionary(
        uniqueKeysWithValues: lines.split(separator: "\n").map { line in
            let parts = line.split(separator: "|").map(String.init)
            return (parts[0], (Int(parts[1]) ?? 2, Names(parts[2], parts[3])))
        })

    private static let lines = """
        AED|2|United Arab Emirates Dirham|متحدہ عرب اماراتی درہم
        AFN|2|Afghan Afghani|افغان افغانی
        ALL|2|Albanian Lek|البانیا کا لیک
        AMD|2|Armenian Dram|آرمینیائی ڈرم
        ANG|2|Netherlands Antillean Guilder|نیدر لینڈز انٹیلیئن گلڈر
        AOA|2|Angolan Kwanza|انگولا کا کوانزا
        ARS|2|Argentine Peso|ارجنٹائن پیسہ
        AUD|2|Australian Dollar|آسٹریلین ڈالر
        AWG|2|Aruban Florin|اروبن فلورِن
        AZN|2|Azerbaijani Manat|آذربائجانی منات
        BAM|2|Bosnia-Herzegovina Convertible Mark|بوسنیا ہرزیگووینا کا قابل منتقلی نشان
        BBD|2|Barbadian Dollar|باربیڈین ڈالر
        BDT|2|Bangladeshi Taka|بنگلہ دیشی ٹکا
        BGN|2|Bulgarian Lev|بلغارین لیو
        BMD|2|Bermudan Dollar|برموڈا ڈالر
        BND|2|Brunei Dollar|برونئی ڈالر
        BOB|2|Bolivian Boliviano|بولیوین بولیویانو
        BRL|2|Brazilian Real|برازیلی ریئل
        BSD|2|Bahamian Dollar|بہامانی ڈالر
        BTN|2|Bhutanese Ngultrum|بھوٹانی گُلٹرم
        BWP|2|Botswanan Pula|بوتسوانا کا پولا
        BYN|2|Belarusian Ruble|بیلاروسی روبل
        BZD|2|Belize Dollar|بیلیز ڈالر
        CAD|2|Canadian Dollar|کنیڈین ڈالر
        CDF|2|Congolese Franc|کانگولیز فرانک
        CHF|2|Swiss Franc|سوئس فرانکس
        CNY|2|Chinese Yuan|چینی یوآن
        COP|2|Colombian Peso|کولمبین پیسہ
        CRC|2|Costa Rican Colón|کوسٹا ریکا کا کولن
        CUP|2|Cuban Peso|کیوبا کا پیسو
        CVE|2|Cape Verdean Escudo|کیپ ورڈی کا اسکیوڈو
        CZK|2|Czech Koruna|چیک کرونا
        DKK|2|Danish Krone|ڈنمارک کرون
        DOP|2|Dominican Peso|ڈومنیکن پیسو
        DZD|2|Algerian Dinar|الجیریائی دینار
        EGP|2|Egyptian Pound|مصری پاؤنڈ
        ERN|2|Eritrean Nakfa|اریٹیریائی ناکفا
        ETB|2|Ethiopian Birr|ایتھوپیائی بِرّ
        EUR|2|Euro|یورو
        FJD|2|Fijian Dollar|فجی کا ڈالر
        FKP|2|Falkland Islands Pound|فاکلینڈ آئلینڈز پونڈ
        GBP|2|British Pound|برطانوی پاؤنڈ
        GEL|2|Georgian Lari|جارجیائی لاری
        GHS|2|Ghanaian Cedi|گھانا کا سیڈی
        GIP|2|Gibraltar Pound|جبل الطارق پونڈ
        GMD|2|Gambian Dalasi|گامبیا کا ڈلاسی
        GTQ|2|Guatemalan Quetzal|گواٹے مالا کا کوئٹزل
        GYD|2|Guyanaese Dollar|گویانیز ڈالر
        HKD|2|Hong Kong Dollar|ھانگ کانگ ڈالر
        HNL|2|Honduran Lempira|ہونڈوران لیمپیرا
        HTG|2|Haitian Gourde|ہیتی کا گؤرڈی
        HUF|2|Hungarian Forint|ہنگرین فورنٹ
        IDR|2|Indonesian Rupiah|انڈونیشین روپیہ
        ILS|2|Israeli New Shekel|اسرائیلی نیا شیکل
        INR|2|Indian Rupee|بھارتی روپیہ
        IRR|2|Iranian Rial|ایرانی ریال
        JMD|2|Jamaican Dollar|جمائیکن ڈالر
        KES|2|Kenyan Shilling|کینیائی شلنگ
        KGS|2|Kyrgystani Som|کرغستانی سوم
        KHR|2|Cambodian Riel|کمبوڈیائی ریئل
        KPW|2|North Korean Won|شمالی کوریائی وون
        KYD|2|Cayman Islands Dollar|کیمین آئلینڈز ڈالر
        KZT|2|Kazakhstani Tenge|قزاخستانی ٹینگ
        LAK|2|Laotian Kip|لاؤشیائی کِپ
        LBP|2|Lebanese Pound|لبنانی پونڈ
        LKR|2|Sri Lankan Rupee|سری لنکائی روپیہ
        LRD|2|Liberian Dollar|لائبریائی ڈالر
        LSL|2|Lesotho Loti|لیسوتھو لوتی
        MAD|2|Moroccan Dirham|مراکشی درہم
        MDL|2|Moldovan Leu|مالدووی لیو
        MGA|2|Malagasy Ariary|ملاگاسی اریاری
        MKD|2|Macedonian Denar|مقدونیائی دینار
        MMK|2|Myanmar Kyat|میانمار کیاٹ
        MNT|2|Mongolian Tugrik|منگولیائی ٹگرِ
        MOP|2|Macanese Pataca|میکانیز پٹاکا
        MRU|2|Mauritanian Ouguiya|موریطانیائی اوگوئیا
        MUR|2|Mauritian Rupee|ماریشس کا روپیہ
        MVR|2|Maldivian Rufiyaa|مالدیپ کا روفیہ
        MWK|2|Malawian Kwacha|ملاوی کواچا
        MXN|2|Mexican Peso|میکسیکی پیسہ
        MYR|2|Malaysian Ringgit|ملیشیائی رنگِٹ
        MZN|2|Mozambican Metical|موزامبیقی میٹیکل
        NAD|2|Namibian Dollar|نامیبیائی ڈالر
        NGN|2|Nigerian Naira|نائیجیریائی نائرا
        NIO|2|Nicaraguan Córdoba|نکارا گوا کا کورڈوبا
        NOK|2|Norwegian Krone|ناروے کرون
        NPR|2|Nepalese Rupee|نیپالی روپیہ
        NZD|2|New Zealand Dollar|نیوزی لینڈ ڈالر
        PAB|2|Panamanian Balboa|پنامہ کا بالبوآ
        PEN|2|Peruvian Sol|پیروویئن سول
        PGK|2|Papua New Guinean Kina|پاپوآ نیو گنی کا کینا
        PHP|2|Philippine Peso|فلپائینی پیسہ
        PKR|2|Pakistani Rupee|پاکستانی روپیہ
        PLN|2|Polish Zloty|پولش زلوٹی
        QAR|2|Qatari Riyal|قطری ریال
        RON|2|Romanian Leu|رومانیائی لیو
        RSD|2|Serbian Dinar|سربین دینار
        RUB|2|Russian Ruble|روسی روبل
        SAR|2|Saudi Riyal|سعودی ریال
        SBD|2|Solomon Islands Dollar|سولومن آئلینڈز ڈالر
        SCR|2|Seychellois Rupee|سشلی کا روپیہ
        SDG|2|Sudanese Pound|سوڈانی پاؤنڈ
        SEK|2|Swedish Krona|سویڈن کرونا
        SGD|2|Singapore Dollar|سنگا پور ڈالر
        SHP|2|St. Helena Pound|سینٹ ہیلینا پاؤنڈ
        SLE|2|Sierra Leonean Leone|سیئرا لیونین لیون
        SOS|2|Somali Shilling|صومالی شلنگ
        SRD|2|Surinamese Dollar|سورینامی ڈالر
        SSP|2|South Sudanese Pound|جنوبی سوڈانی پاؤنڈ
        STN|2|São Tomé & Príncipe Dobra|ساؤ ٹومے اور پرنسپے ڈوبرا
        SVC|2|Salvadoran Colón|سلواڈورن کولون
        SYP|2|Syrian Pound|شامی پونڈ
        SZL|2|Swazi Lilangeni|سوازی لیلانجینی
        THB|2|Thai Baht|تھائی باہت
        TJS|2|Tajikistani Somoni|تاجکستانی سومونی
        TMT|2|Turkmenistani Manat|ترکمانستانی منات
        TOP|2|Tongan Paʻanga|ٹونگن پانگا
        TRY|2|Turkish Lira|ترکی لیرا
        TTD|2|Trinidad & Tobago Dollar|ترینیداد اور ٹوباگو کا ڈالر
        TWD|2|New Taiwan Dollar|نیو تائیوان ڈالر
        TZS|2|Tanzanian Shilling|تنزانیائی شلنگ
        UAH|2|Ukrainian Hryvnia|یوکرینیائی ہریونیا
        USD|2|US Dollar|امریکی ڈالر
        UYU|2|Uruguayan Peso|یوروگویان پیسو
        UZS|2|Uzbekistani Som|ازبکستانی سوم
        VES|2|Venezuelan Bolívar|وینزویلا بولیور
        WST|2|Samoan Tala|ساموآ کا ٹالا
        XCD|2|East Caribbean Dollar|مشرقی کریبیا کا ڈالر
        YER|2|Yemeni Rial|یمنی ریال
        ZAR|2|South African Rand|جنوبی افریقی رانڈ
        ZMW|2|Zambian Kwacha|زامبیائی کواچا
        ZWG|2|Zimbabwean Gold|زمبابوین گولڈ
        BIF|0|Burundian Franc|برونڈیئن فرانک
        CLP|0|Chilean Peso|چلّین پیسہ
        DJF|0|Djiboutian Franc|جبوتی فرانک
        GNF|0|Guinean Franc|گنی فرانک
        ISK|0|Icelandic Króna|آئس لينڈی کرونا
        JPY|0|Japanese Yen|جاپانی ین
        KMF|0|Comorian Franc|کوموریئن فرانک
        KRW|0|South Korean Won|جنوبی کوریائی وون
        PYG|0|Paraguayan Guarani|پیراگوئے کا گوآرنی
        RWF|0|Rwandan Franc|روانڈا کا فرانک
        UGX|0|Ugandan Shilling|یوگانڈا شلنگ
        VND|0|Vietnamese Dong|ویتنامی ڈانگ
        VUV|0|Vanuatu Vatu|وینوواتو واتو
        XAF|0|Central African CFA Franc|وسطی افریقی [CFA] فرانک
        XOF|0|West African CFA Franc|مغربی افریقی [CFA] فرانک
        XPF|0|CFP Franc|CFP فرانک
        BHD|3|Bahraini Dinar|بحرینی دینار
        IQD|3|Iraqi Dinar|عراقی دینار
        JOD|3|Jordanian Dinar|اردنی دینار
        KWD|3|Kuwaiti Dinar|کویتی دینار
        LYD|3|Libyan Dinar|لیبیائی دینار
        OMR|3|Omani Rial|عمانی ریال
        TND|3|Tunisian Dinar|تیونیسیائی دینار
        """
}
