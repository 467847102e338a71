extension Catalogue {
    /// What `gemctl verify` says beside the verifier's own words.
    static let verifying: [String: String] = [
        "to do": "کرنے کا کام",
        "a stone is compared with one certificate": "نگ کا موازنہ ایک ہی سند سے ہوتا ہے",
        "verify one at a time": "ایک ایک کر کے جانچیں",
        "authentic as issued on {0}; current status not checked":
            "{0} کو جاری ہوتے وقت مستند؛ موجودہ حیثیت نہیں جانچی گئی",
        "not withdrawn as of {0}, by the saved status list ({1})": "{0} تک منسوخ نہیں، محفوظ فہرست کے مطابق ({1})",
        "as of {0}, by the saved status list ({1})": "{0} تک، محفوظ فہرست کے مطابق ({1})",
        "{0} minutes old": "{0} منٹ پرانی",
        "{0} hours old": "{0} گھنٹے پرانی",
        "{0} days old": "{0} دن پرانی",
        "there is no place for it": "اس کی کوئی جگہ نہیں",
        "set HOME or XDG_STATE_HOME": "HOME یا XDG_STATE_HOME مقرر کریں",
        "XDG_STATE_HOME names another place": "XDG_STATE_HOME سے دوسری جگہ بتائیں",
        "the status list is not remembered: {0}": "حیثیت کی فہرست یاد نہیں رکھی گئی: {0}",
        "{0} is damaged; which status lists were seen before is forgotten":
            "{0} خراب ہے؛ پہلے دیکھی گئی فہرستیں یاد نہیں رہیں",
        "--mounted says nothing by itself": "صرف --mounted سے کچھ معلوم نہیں ہوتا",
        "give --size as you measured it": "ناپ کر --size بھی دیں",
        "\"{0}\" is no weight": "\"{0}\" وزن نہیں",
        "write 1.58ct, 316mg or 0.316g": "یوں لکھیں 1.58ct، 316mg یا 0.316g",
        "the certificate gives nothing of what you measured: compare the photograph":
            "آپ نے جو ناپا وہ سند میں نہیں: تصویر سے ملائیں",
        "THE STONE FITS": "نگ سند سے ملتا ہے",
        "IT MAY BE THE STONE: MEASURE AGAIN": "شاید یہی نگ ہو: دوبارہ ناپیں",
        "NOT THE STONE OF THIS CERTIFICATE": "یہ اس سند کا نگ نہیں",
        "{0}: {1}, the certificate says {2}": "{0}: {1}، سند میں {2}",
        "it is another stone, or it was cut again": "یہ دوسرا نگ ہے، یا دوبارہ تراشا گیا",
        "compare the photograph and any inscription too: many stones share a size":
            "تصویر اور کندہ تحریر بھی ملائیں: بہت سے نگ ایک ہی ناپ کے ہوتے ہیں",
    ]
}
