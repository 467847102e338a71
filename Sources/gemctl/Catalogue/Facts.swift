extension Catalogue {
    /// What is wrong with a fact on the command line, and how it is written.
    static let facts: [String: String] = [
        "write {0}": "{0} لکھیں",
        "write one of {0}": "ان میں سے ایک لکھیں: {0}",
        "\"{0}\" is not in grams": "\"{0}\" گرام میں نہیں",
        "write it in grams, such as 9.1g": "گرام میں لکھیں، جیسے 9.1g",
        "\"{0}\" is not in carats": "\"{0}\" قیراط میں نہیں",
        "write it in carats, such as 0.05ct": "قیراط میں لکھیں، جیسے 0.05ct",
        "write the weight as 1.10ct": "وزن یوں لکھیں 1.10ct",
        "\"{0}\" is not a size": "\"{0}\" ناپ نہیں",
        "write millimetres as 9.12x7.05x4.88": "ملی میٹر یوں لکھیں 9.12x7.05x4.88",
        "\"{0}\" has {1} sides": "\"{0}\" میں {1} اطراف ہیں",
        "write length x width x depth in millimetres, such as 9.12x7.05x4.88":
            "لمبائی x چوڑائی x گہرائی ملی میٹر میں لکھیں، جیسے 9.12x7.05x4.88",
        "\"{0}\" is not an amount of money": "\"{0}\" رقم نہیں",
        "write digits without grouping and the currency: 4200usd, 185000pkr, or 2650usd/ct per carat":
            "ہندسے بغیر کوما کے اور کرنسی لکھیں: 4200usd، 185000pkr، یا فی قیراط 2650usd/ct",
        "\"{0}\" is per carat": "\"{0}\" فی قیراط ہے",
        "write the whole, such as 12000pkr": "پوری رقم لکھیں، جیسے 12000pkr",
        "\"{0}\" is no rate": "\"{0}\" نرخ نہیں",
        "write rupees for one, such as USD:281.40": "ایک کے روپے لکھیں، جیسے USD:281.40",
        "write metal:amount:measure, such as gold:432100:tola_11.664, then perhaps :999:PKR":
            "دھات:رقم:پیمانہ لکھیں، جیسے gold:432100:tola_11.664، پھر چاہیں تو :999:PKR",
        "\"{0}\" names no metal": "\"{0}\" میں دھات کا نام نہیں",
        "write gold:22k:8.42g or silver:925:30g": "gold:22k:8.42g یا silver:925:30g لکھیں",
        "\"{0}\" is not a karat": "\"{0}\" کیرٹ نہیں",
        "write a whole number, such as 22k": "پورا عدد لکھیں، جیسے 22k",
        "\"{0}\" is neither karat, fineness, weight nor colour": "\"{0}\" نہ کیرٹ ہے، نہ خالصیت، نہ وزن، نہ رنگ",
        "write gold:22k:8.42g, gold:22k:1.5tola_11.664 or gold:yellow:750:3.1g":
            "gold:22k:8.42g، gold:22k:1.5tola_11.664 یا gold:yellow:750:3.1g لکھیں",
        "\"{0}\" says {1} twice": "\"{0}\" میں {1} دو بار ہے",
        "\"{0}\" names no treatment": "\"{0}\" میں عمل کا نام نہیں",
        "write a code and its degree, such as OIL:minor, or NT if nobody tested":
            "کوڈ اور درجہ لکھیں، جیسے OIL:minor، یا اگر کسی نے نہیں جانچا تو NT",
        "\"{0}\" does not begin with a country code": "\"{0}\" ملک کے کوڈ سے شروع نہیں ہوتا",
        "write PK or PK:Swat": "PK یا PK:Swat لکھیں",
        "\"{0}\" is a variety, its species is {1}": "\"{0}\" ذیلی قسم ہے، اس کا اصل پتھر {1} ہے",
        "write --species {0} --variety {1}": "--species {0} --variety {1} لکھیں",
        "\"{0}\" names no mark": "\"{0}\" میں ہال مارک کا نام نہیں",
        "write fineness:750 or assay_office:London": "fineness:750 یا assay_office:London لکھیں",
        "\"{0}\" does not say its system": "\"{0}\" اپنا نظام نہیں بتاتا",
        "write US:7, UK:N, EU:54 or PK:18": "US:7، UK:N، EU:54 یا PK:18 لکھیں",
        "\"{0}\" is no role, stone, count, weight, shape, setting, nature or treatment":
            "\"{0}\" نہ کردار ہے، نہ پتھر، تعداد، وزن، شکل، جڑائی، اصلیت یا عمل",
        "write centre:emerald:1.10ct:oval or side:diamond:12x:0.24ct:round":
            "centre:emerald:1.10ct:oval یا side:diamond:12x:0.24ct:round لکھیں",
        "it says nothing": "اس میں کچھ نہیں کہا گیا",
        "write centre:emerald:1.10ct:oval": "centre:emerald:1.10ct:oval لکھیں",
        "\"{0}\" has no \"=\"": "\"{0}\" میں \"=\" نہیں",
        "write path=value, such as stone.clarity=eye_clean": "path=value لکھیں، جیسے stone.clarity=eye_clean",
        "write column=member, such as Wt.=weightCt": "column=member لکھیں، جیسے Wt.=weightCt",
        "the value of \"{0}\" is not JSON: {1}": "\"{0}\" کی قدر JSON نہیں: {1}",
        "write {0}={1} for plain text": "سادہ متن کے لیے {0}={1} لکھیں",
        "\"{0}\" is not a path of members": "\"{0}\" خانوں کا راستہ نہیں",
        "write stone.colour.text; a list is set whole, such as stone.treatments:='[…]'":
            "stone.colour.text لکھیں؛ فہرست پوری لکھی جاتی ہے، جیسے stone.treatments:='[…]'",
        "\"{0}\" does not begin with a number": "\"{0}\" عدد سے شروع نہیں ہوتا",
        "\"{0}\" has no unit": "\"{0}\" میں اکائی نہیں",
        "\"{0}\" is not a number and a unit": "\"{0}\" عدد اور اکائی نہیں",
        "\"{0}\" is no count of pieces": "\"{0}\" دانوں کی تعداد نہیں",
        "write 6.20ct:60, or 6.20ct:60:B-4/1": "6.20ct:60 یا 6.20ct:60:B-4/1 لکھیں",
        "\"{0}\" names no piece": "\"{0}\" میں مال کا نام نہیں",
        "write R-17, or R-17:centre:prong": "R-17 یا R-17:centre:prong لکھیں",
        "\"{0}\" is neither a role nor a setting": "\"{0}\" نہ کردار ہے نہ جڑائی",
    ]
}
