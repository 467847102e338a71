import Foundation
import GemModel
import GemPrint
import Testing

@Suite struct PressTests {
    static func statement(_ piece: String, letter: String = "D", extra: String = "") throws -> JSON {
        let name = ["D": "declaration", "E": "examination", "C": "check", "X": "external"][letter]!
        return try JSON(
            parsing: """
                {"@type":"gemd/certificate/1","class":"\(name)","disclosure":"Disclosure: Natural emerald. Minor oil in fissures: its clarity was improved with oil, which may dry out and can be renewed.",
                "images":[],"issuedAt":"2026-11-21T09:30:00.000Z","issuer":{"code":"GGAPCP","country":"PK","name":"Gem and Gemmological Association of Pakistan, Council of Peshawar"},
                "limits":"This is the dealer's own declaration at its date. No laboratory examined the piece, and the issuer does not vouch for what it says; it vouches only for who declared it, when, and that not a letter was changed since.",
                "log":{"origin":"gems.example/log"},"nonce":"00112233445566778899aabbccddeeff","number":"GGAPCP-26\(letter)-000417-7QXKD","piece":\(piece),
                "status":{"index":5,"list":"https://gems.example/status/1"},"timestamp":"none","verify":"https://gems.example/c/GGAPCP-26\(letter)-000417-7QXKD"\(extra)}
                """)
    }

    static let declared = #","declarant":{"party":"swatgems","name":"Swat Gems, Mingora"}"#
    static let examined = """
        ,"lab":{"code":"GGL","name":"Gemstone laboratory of the council","place":"Peshawar"},"condition":"loose, clean","receivedOn":"2026-11-18","examinedOn":"2026-11-20","examiners":[{"member":"ayesha","name":"Ayesha Khan"},{"member":"bilal","name":"Bilal Ahmed"}],"approver":{"member":"zahra","name":"Zahra Malik"},"methods":["microscopy","refractometry","FTIR spectroscopy"],"uncertainty":"weight ±0.002 ct, measurements ±0.02 mm (k = 2)","instruments":[{"name":"Balance Sartorius MSE","calibratedOn":"2026-10-01"}],"scope":"The results relate only to the item examined.","opinions":["stone.origin"]
        """
    static let emerald = """
        {"id":"p1","kind":"stone","basis":"declared","title":"Emerald from Mingora","stone":{"nature":"natural","species":"beryl","variety":"emerald","weightCt":{"value":"3.274","basis":"measured"},"measurementsMm":{"length":"9.42","width":"7.88","depth":"5.61"},"shape":"EM","cut":"step","colour":{"text":"vivid slightly bluish green"},"clarity":"moderately_included","transparency":"transparent","treatments":[{"code":"OIL","degree":"minor"}],"origin":{"country":"PK","region":"Swat","locality":"Mingora","confidence":"consistent_with"}}}
        """
    static let parcel = """
        {"id":"p2","kind":"parcel","basis":"declared","title":"Parcel of pink tourmaline, Paprok","parcel":{"nature":"natural","species":"tourmaline","variety":"rubellite","count":48,"totalWeightCt":"62.40","shape":"OV","treatments":[{"code":"NT"}]}}
        """
    static let jewellery = """
        {"id":"p3","kind":"jewellery","basis":"declared","title":"Ring, 22 karat gold, ruby and diamonds","jewellery":{"type":"ring","grossWeightG":"7.85","metals":[{"metal":"gold","karat":22}],"stones":[{"role":"centre","count":1,"gem":{"species":"corundum","variety":"ruby","nature":"natural","weightCt":"1.52"}},{"role":"side","count":12,"gem":{"species":"diamond","nature":"natural","weightCt":"0.36"}}]}}
        """
    static let pearl = """
        {"id":"p4","kind":"pearl","basis":"declared","title":"South Sea pearl","pearl":{"identification":"bead_cultured","environment":"saltwater","weightCt":"12.30","measurementsMm":{"length":"12.4"},"shape":"round","lustre":"high"}}
        """
    static let diamond = """
        {"id":"p5","kind":"stone","basis":"declared","title":"Round brilliant diamond","stone":{"nature":"natural","species":"diamond","weightCt":"1.01","measurementsMm":{"length":"6.45","width":"6.42","depth":"3.98"},"shape":"R","cut":"brilliant","diamond":{"colour":"F","clarity":"VS1","cut":"EX","polish":"EX","symmetry":"VG","fluorescence":"none","tablePct":"57","depthPct":"61.9"}}}
        """

    static let symbol: [[Bool]] = {
        var state: UInt32 = 7
        return (0..<61).map { _ in
            (0..<61).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return state >> 31 == 1
            }
        }
    }()

    static func paper(_ statement: JSON) -> Paper {
        Paper(
            statement: statement,
            photograph: ProcessInfo.processInfo.environment["GEMPRINT_PHOTO"].flatMap {
                FileManager.default.contents(atPath: $0).map(Array.init)
            }, symbol: symbol, rootFingerprint: (0..<32).map { UInt8($0 * 37 & 255) })
    }

    @Test func theSamePaperGivesTheSameBytes() throws {
        let paper = Self.paper(try Self.statement(Self.emerald, extra: Self.declared))
        for form in Paper.Form.allCases {
            for language in [Disclosure.Language.english, .urdu] {
                let first = try Press().print(paper, form: form, language: language)
                let press = Press()
                _ = try press.print(Self.paper(try Self.statement(Self.pearl)), form: .a4, language: .urdu)
                #expect(try press.print(paper, form: form, language: language) == first)
                #expect(first.starts(with: "%PDF-1.5".utf8))
            }
        }
    }

    @Test func aPhotographIsPassedOnByteForByte() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let jpeg = Array(try Data(contentsOf: folder.appending(path: "../../Examples/photographs/ruby.jpg")))
        var paper = Self.paper(try Self.statement(Self.emerald, extra: Self.declared))
        paper.photograph = jpeg
        for form in Paper.Form.allCases {
            let pdf = Data(try Press().print(paper, form: form, language: .english))
            #expect(pdf.firstRange(of: Data(jpeg)) != nil)
            for entry in ["/Width 1280\n", "/Height 960\n", "/Filter /DCTDecode\n"] {
                #expect(pdf.firstRange(of: Data(entry.utf8)) != nil, "\(entry)")
            }
        }
    }

    /// What a press keeps of earlier papers, and has dropped again, changes nothing.
    @Test func manyPapersBetweenChangeNothing() throws {
        let press = Press()
        let paper = Self.paper(try Self.statement(Self.emerald, extra: Self.declared))
        let first = try press.print(paper, form: .a4, language: .urdu)
        for number in 0..<25 {
            let other = [
                "3.274", "9.42", "7.88", "5.61", "Emerald from", "bluish green", "Swat", "step", "moderately_included",
                "transparent", "\"EM",
            ].reduce(Self.emerald) { $0.replacing($1, with: "\($1) \(number)") }
            _ = try press.print(Self.paper(try Self.statement(other)), form: .a4, language: .urdu)
        }
        #expect(try press.print(paper, form: .a4, language: .urdu) == first)
    }

    /// The measure of the press is the same page: every word, line and picture.
    @Test func aRecordingWritesTheSamePage() throws {
        for (piece, letter, extra) in [(Self.emerald, "D", Self.declared), (Self.diamond, "E", Self.examined)] {
            let press = Press()
            let paper = Self.paper(try Self.statement(piece, letter: letter, extra: extra))
            for language in [Disclosure.Language.english, .urdu] {
                let printed = try press.print(paper, form: .a4, language: language)
                let recording = press.record(paper, form: .a4, language: language)
                let written = try recording.write()
                #expect(try recording.write() == written)
                #expect(abs(written.count - printed.count) < 4000)
                guard let words = try PaperWordsTests.text(printed) else { continue }
                #expect(try PaperWordsTests.text(written) == words)
            }
        }
    }

    @Test func hostileTextIsPrinted() throws {
        let long = String(repeating: "خ" + "W", count: 8000)
        for text in [
            long, "\\u202Eevil\\u202C", "漢字 한글 हिन्दी עברית 😀\\u0301\\u0301", String(repeating: "a b ", count: 9000),
        ] {
            let piece =
                #"{"id":"p","kind":"stone","basis":"declared","title":"\#(text)","stone":{"species":"\#(text.prefix(3000))","colour":{"text":"\#(text)"}}}"#
            let paper = Self.paper(try Self.statement(piece))
            for form in Paper.Form.allCases {
                for language in [Disclosure.Language.english, .urdu] {
                    #expect(try Press().print(paper, form: form, language: language).count > 1000)
                }
            }
        }
    }

    @Test func wordsOfAFingerprintAreDistinct() {
        #expect(FingerprintWords.list.count == 256)
        #expect(Set(FingerprintWords.list).count == 256)
        #expect(FingerprintWords.of([0, 255] + [UInt8](repeating: 1, count: 30)).count == 16)
    }

    /// For eyes: `GEMPRINT_PICTURES=DIR` keeps the pages.
    @Test func pagesForEyes() throws {
        for (name, piece, letter, extra) in [
            ("emerald", Self.emerald, "D", Self.declared), ("report", Self.emerald, "E", Self.examined),
            ("parcel", Self.parcel, "D", Self.declared), ("jewellery", Self.jewellery, "D", Self.declared),
            ("pearl", Self.pearl, "D", Self.declared), ("diamond", Self.diamond, "E", Self.examined),
        ] {
            let paper = Self.paper(try Self.statement(piece, letter: letter, extra: extra))
            for form in Paper.Form.allCases {
                for language in [Disclosure.Language.english, .urdu] {
                    let pdf = try Press().print(paper, form: form, language: language)
                    #expect(pdf.count > 4000)
                    if let directory = ProcessInfo.processInfo.environment["GEMPRINT_PICTURES"] {
                        try Data(pdf).write(
                            to: URL(fileURLWithPath: "\(directory)/\(name)-\(form.rawValue)-\(language.tag).pdf"))
                    }
                }
            }
        }
    }
}
