import Foundation
import GemModel
import Testing

@testable import gemd

/// Lists from elsewhere (docs/protocol.md, "Imports").
@Suite("Imports")
struct ImportTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    func bring(
        _ csv: String, query: String = "", kind: String = "pieces", type: String = "text/csv", token: String? = nil
    ) throws -> Response {
        try bring(Array(csv.utf8), query: query, kind: kind, type: type, token: token)
    }

    func bring(
        _ bytes: [UInt8], query: String = "", kind: String = "pieces", type: String = "text/csv", token: String? = nil
    ) throws -> Response {
        try daemon.request(
            "POST", "/v1/imports?kind=\(kind)\(query)", bytes: bytes, headers: ["Content-Type": type],
            token: token ?? dealer.token)
    }

    func piece(_ stock: String) throws -> JSON {
        try daemon.request("GET", "/v1/pieces/stock:\(stock)", token: dealer.token).json
    }

    static let header = "Stock #,Gem,Weight,Shape,Color,Measurements,Price (USD),Report #,Lab\n"
    static let three =
        header + """
            R-1,Emerald,1.58,Oval,vivid green,9.12 x 7.05 x 4.88,"4,200.00",2141438171,GIA
            R-2,ruby,2.01,Cushion,red,7.1x6.9x4.4,900,,
            R-3,Sapphire,684 mg,RD,نیلا,,1200,,

            """

    // MARK: - Pieces

    @Test("a dealer's list becomes pieces, and the same list again changes nothing")
    func twice() throws {
        let first = try bring(Self.three)
        let second = try bring(Self.three)

        #expect(first.status == 200 && first.headers["content-type"] == "application/x-ndjson")
        #expect(first.lines.first?["import"]?.string != nil, "\(first.text)")
        #expect(first.lines.dropFirst().dropLast().map { $0["status"]?.integer } == [201, 201, 201], "\(first.text)")
        #expect(first.lines.last?["created"] == .integer(3))
        #expect(second.lines.last?["unchanged"] == .integer(3) && second.lines.last?["created"] == .integer(0))
        let emerald = try piece("R-1")
        #expect(emerald["stone"]?["species"] == "beryl" && emerald["stone"]?["variety"] == "emerald")
        #expect(emerald["stone"]?["shape"] == "OV" && emerald["stone"]?["measurementsMm"]?["width"] == "7.05")
        #expect(emerald["price"]?["total"]?["amount"] == "4200.00")
        #expect(emerald["externalIds"] == Samples.json(#"[{"scheme":"GIA-report","id":"2141438171"}]"#))
        let sapphire = try piece("R-3")
        #expect(sapphire["stone"]?["weightCt"] == "3.42" && sapphire["stone"]?["shape"] == "R")
        #expect(sapphire["stone"]?["colour"]?["text"] == "نیلا")
    }

    @Test("a changed row overwrites only by its importRef, and is shown member by member")
    func reference() throws {
        let plain = "stock number,gem,weight ct,title\nR-1,emerald,1.58,"
        let referred = "importRef,stock number,gem,weight ct,title\nA7,R-1,emerald,1.58,"
        _ = try bring(plain + "one")

        let refused = try bring(plain + "two").lines
        let dry = try bring(referred + "two", query: "&dryRun=true").lines
        let between = try piece("R-1")
        let changed = try bring(referred + "two").lines
        let again = try bring(referred + "two").lines

        #expect(refused[1]["status"] == .integer(409) && refused[1]["problem"]?["type"] == "urn:gemd:duplicate")
        let change = Samples.json(#"[{"field":"title","before":"one","after":"two"}]"#)
        #expect(refused[1]["changes"] == change)
        #expect(dry[0]["import"] == .null && dry[0]["dryRun"] == true && dry[1]["changes"] == change)
        #expect(between["title"] == "one" && between["version"] == .integer(1))
        #expect(changed[1]["status"] == .integer(200) && changed[1]["changes"] == change)
        #expect(changed.last?["changed"] == .integer(1))
        #expect(again.last?["unchanged"] == .integer(1))
        #expect(try piece("R-1")["title"] == "two")
    }

    @Test("refused rows come back as a file with their reasons, the rest is registered")
    func refusedRows() throws {
        let answer = try bring(
            Self.header + "R-1,emerald,1.58,oval,,,,,\nR-2,emerald,heavy,oval,,,,,\nR-3,emerald\n=1+1,a,b,c,d,e,f,g,h\n"
                + ",emerald,1,oval,,,,,\nR-1,ruby,1,oval,,,,,\n")
        let id = try #require(answer.lines.first?["import"]?.string)

        let file = try daemon.request("GET", "/v1/imports/\(id)/refused", token: dealer.token)
        let shown = try daemon.request("GET", "/v1/imports/\(id)", token: dealer.token).json

        #expect(answer.lines.last?["created"] == .integer(1) && answer.lines.last?["refused"] == .integer(5))
        let rows = file.text.split(separator: "\r\n")
        #expect(file.headers["content-type"] == "text/csv; charset=utf-8")
        #expect(rows.count == 6 && rows[0].hasSuffix(",Lab,reason"))
        #expect(rows[1].hasPrefix("R-2,emerald,heavy,oval,,,,,,") && rows[1].contains("not a weight"), "\(rows[1])")
        #expect(rows[2].contains("2 cells, the header 9"), "\(rows[2])")
        #expect(rows[3].contains("as a formula does"), "\(rows[3])")
        #expect(rows[4].contains("neither a stock number nor an importRef"), "\(rows[4])")
        #expect(rows[5].contains("row 2 has the same stock number"), "\(rows[5])")
        #expect(shown["state"] == "done" && shown["rows"] == .integer(6) && shown["done"] == .integer(6))
        #expect(shown["encoding"] == "UTF-8" && shown["sha256"]?.string?.count == 64)
    }

    @Test("an unknown column is refused with the nearest that is known; mapped or ignored it is kept in mind")
    func mapping() throws {
        let csv = "Stock #,Gem,Wieght,Shelf,Bemerkung\nR-1,emerald,1.58,4,schön\n"

        let refused = try bring(csv)
        let map = #"{"Wieght":"weightCt","Bemerkung":"notes.private"}"#
        let encoded = map.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        let taken = try bring(csv, query: "&ignore=Shelf&map=\(encoded)")
        let later = try bring(csv.replacing("R-1", with: "R-2"))
        let wrong = try bring(csv, query: "&ignore=Shelve")

        #expect(refused.status == 422 && refused.json["field"] == "Wieght")
        #expect(refused.json["hint"]?.string?.contains("did you mean \"weight\"?") == true, "\(refused.text)")
        #expect(taken.lines.last?["created"] == .integer(1), "\(taken.text)")
        #expect(later.lines.last?["created"] == .integer(1), "\(later.text)")
        #expect(try piece("R-2")["notes"]?["private"] == "schön")
        #expect(wrong.status == 422 && wrong.json["hint"]?.string == "did you mean \"Shelf\"?")
    }

    @Test("an import is undone while untouched; what was touched since stays and is named")
    func undo() throws {
        let id = try #require(try bring(Self.three).lines.first?["import"]?.string)
        let changed = try daemon.request(
            "PATCH", "/v1/pieces/stock:R-2", .object(["title": "mine"]), headers: ["If-Match": "\"1\""],
            token: dealer.token)
        let certified = try daemon.request(
            "POST", "/v1/pieces/stock:R-1/certificates", .object(["class": "declaration"]), token: dealer.token)

        let undone = try daemon.request("DELETE", "/v1/imports/\(id)", token: dealer.token)
        let foreign = try daemon.request(
            "DELETE", "/v1/imports/\(id)", token: daemon.dealer("Other", code: "OTHER").token)

        #expect(changed.status == 200 && certified.status == 201, "\(certified.text)")
        #expect(undone.json["undone"] == .integer(1) && undone.json["keptCount"] == .integer(2), "\(undone.text)")
        #expect(undone.json["kept"]?.elements?.map { $0["stockNumber"] } == ["R-1", "R-2"])
        #expect(try piece("R-3")["status"] == .integer(404))
        #expect(try piece("R-2")["title"] == "mine")
        #expect(foreign.status == 404)
        let check = try daemon.request("GET", "/v1/admin/check")
        #expect(check.json["findings"]?.elements == [], "\(check.text)")
    }

    @Test("an undone overwriting gives the document of before")
    func undoChange() throws {
        _ = try bring("stock number,gem,title\nR-1,emerald,one\n")
        let before = try piece("R-1")
        let id = try #require(
            try bring("importRef,stock number,gem,title,brand\nA,R-1,emerald,two,Ali\n").lines.first?["import"]?.string)

        let undone = try daemon.request("DELETE", "/v1/imports/\(id)", token: dealer.token)

        #expect(undone.json["undone"] == .integer(1), "\(undone.text)")
        let after = try piece("R-1")
        #expect(after["title"] == before["title"] && after["brand"] == nil && after["version"] == .integer(3))
    }

    @Test("the lists of RapNet and Nivoda are read as they are")
    func markets() throws {
        let rapnet = try bring(
            """
            Stock #,Availability,Shape,Weight,Color,Clarity,Cut Grade,Polish,Symmetry,Fluorescence Intensity,Measurements,Lab,Report #,RapNet Price,Country,Depth %,Table %
            D-1,G,BR,1.01,F,VS1,EX,VG,EX,None,6.40-6.45x3.96,GIA,2141438171,5200,Pakistan,61.7,57
            """)
        let nivoda = try bring(
            """
            stock #,shape,size,cut,color,clarity,polish,symmetry,fluorescence intensity,measurements,lab,certificate #,location,final price,treatment,availability
            N-1,PRINCESS,0.90,EX,G,SI1,EX,EX,NON,5.1x5.0x3.6,IGI,LG12,Dubai,3000,,G
            """)

        #expect(rapnet.lines.last?["created"] == .integer(1), "\(rapnet.text)")
        #expect(nivoda.lines.last?["created"] == .integer(1), "\(nivoda.text)")
        let first = try piece("D-1")
        #expect(first["stone"]?["shape"] == "R" && first["stone"]?["nature"] == "natural")
        #expect(first["stone"]?["diamond"]?["colour"] == "F" && first["stone"]?["diamond"]?["fluorescence"] == "NON")
        #expect(first["stone"]?["measurementsMm"]?["length"] == "6.45")
        #expect(first["price"]?["perCarat"]?["amount"] == "5200.00")
        let second = try piece("N-1")
        #expect(second["stone"]?["weightCt"] == "0.90" && second["stone"]?["shape"] == "SQ")
        #expect(second["stone"]?["nature"] == nil && second["location"] == "Dubai")
    }

    @Test("a weight in bare ratti is refused with both readings before anything is registered")
    func ratti() throws {
        let answer = try bring("اسٹاک نمبر,نگ,وزن (رتی)\nR-1,زمرد,3\n")
        let pakki = try bring("اسٹاک نمبر,نگ,وزن (پکی رتی)\nR-1,زمرد,۳\n")

        #expect(answer.status == 422 && answer.json["field"] == "وزن (رتی)")
        #expect(answer.json["hint"]?.string?.contains("121.5 mg") == true)
        #expect(answer.json["hint"]?.string?.contains("182.25 mg") == true, "\(answer.text)")
        #expect(pakki.lines.last?["created"] == .integer(1), "\(pakki.text)")
        #expect(try piece("R-1")["stone"]?["weightCt"] == "2.73375")
    }

    // MARK: - Parties

    static let people =
        "Name,نام,CNIC,District,Craft,Mobile,E-mail,Gender\n" + """
            Aslam Khan,اسلم خان,17301-1234567-1,Peshawar,stone cutting,0300-1234567,aslam@example.com,M
            Zainab Bibi,زینب بی بی,1730198765432,Swat,filigree,+92 345 7654321,,عورت
            No Card,,,Swat,,,,
            Bad Card,,12345,Swat,,0300 1111111,,

            """

    func registrar() throws -> String {
        let council = try #require(
            try daemon.request("GET", "/v1/parties").json["items"]?.elements?.first { $0["kind"] == "council" })
        return try daemon.member(of: #require(council["id"]?.string), roles: ["registrar"])
    }

    @Test("artisans become parties; a card is kept sealed and shown to the registrar and its owner alone")
    func artisans() throws {
        let registrar = try registrar()

        let answer = try bring(Self.people, kind: "parties", token: registrar)
        let again = try bring(Self.people, kind: "parties", token: registrar)

        #expect(answer.lines.map { $0["status"]?.integer } == [nil, 201, 201, 422, 422, nil], "\(answer.text)")
        #expect(again.lines.last?["unchanged"] == .integer(2) && again.lines.last?["created"] == .integer(0))
        let id = try #require(answer.lines[1]["id"]?.string)
        let seen = try daemon.request("GET", "/v1/parties/\(id)", token: registrar).json
        #expect(seen["cnic"] == "17301-1234567-1" && seen["phone"] == "+923001234567" && seen["gender"] == "male")
        #expect(seen["nameUr"] == "اسلم خان" && seen["craft"] == "stone cutting")
        let own = try daemon.member(of: id, roles: ["dealer"])
        #expect(try daemon.request("GET", "/v1/parties/\(id)", token: own).json["cnic"] == "17301-1234567-1")
        #expect(try daemon.request("GET", "/v1/parties/\(id)").json["cnic"] == nil)
        #expect(try daemon.request("GET", "/v1/parties/\(id)", token: dealer.token).status == 404)
        #expect(try bring(Self.people, kind: "parties").status == 403)
    }

    @Test("no file of the state holds the number of a card in the clear, and a refused one comes back to the registrar")
    func sealed() throws {
        let registrar = try registrar()
        let answer = try bring(Self.people, kind: "parties", token: registrar)
        let id = try #require(answer.lines.first?["import"]?.string)

        let refused = try daemon.request("GET", "/v1/imports/\(id)/refused", token: registrar)
        let toAdmin = try daemon.request("GET", "/v1/imports/\(id)/refused")
        _ = daemon.stop()

        #expect(refused.text.contains("Bad Card,,12345,Swat"), "\(refused.text)")
        #expect(toAdmin.status == 200 && !toAdmin.text.contains("12345,"), "\(toAdmin.text)")
        let files = FileManager.default.enumerator(atPath: daemon.state)
        var looked = 0
        while let name = files?.nextObject() as? String {
            guard let data = FileManager.default.contents(atPath: daemon.state + "/" + name) else { continue }
            looked += 1
            for secret in ["17301-1234567-1", "1730198765432", "17301-9876543-2", "1730112345671"] {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
            }
        }
        #expect(looked > 10)
    }

    @Test("two cards may share a telephone, which is told; without a card the telephone tells the person")
    func telephones() throws {
        let registrar = try registrar()
        let head = "name,cnic,phone\n"
        _ = try bring(head + "A,17301-1234567-1,0300-1234567\n", kind: "parties", token: registrar)

        let other = try bring(head + "B,17301-1234567-2,0300-1234567\n", kind: "parties", token: registrar).lines
        let same = try bring(head + "A.,,03001234567\n", kind: "parties", token: registrar).lines

        #expect(other[1]["status"] == .integer(201))
        #expect(other[1]["findings"]?.elements?.first?["code"] == "shared-telephone", "\(other)")
        #expect(same[1]["status"] == .integer(200))
        #expect(same[1]["changes"]?.elements?.first?["field"] == "name", "\(same)")
    }

    @Test("parties of an import are taken back, but not one that has members")
    func undoParties() throws {
        let registrar = try registrar()
        let answer = try bring(Self.people, kind: "parties", token: registrar)
        let id = try #require(answer.lines.first?["import"]?.string)
        _ = try daemon.member(of: #require(answer.lines[1]["id"]?.string), roles: ["dealer"])

        let undone = try daemon.request("DELETE", "/v1/imports/\(id)", token: registrar)

        #expect(undone.json["undone"] == .integer(1) && undone.json["keptCount"] == .integer(1), "\(undone.text)")
        let check = try daemon.request("GET", "/v1/admin/check")
        #expect(check.json["findings"]?.elements == [], "\(check.text)")
    }

    // MARK: - Interrupted

    @Test("an import that kill -9 interrupts goes on where it was, and nothing is there twice")
    func killed() throws {
        let rows = 6_000
        var csv = "Stock #,Gem,Weight,Title\n"
        for row in 1...rows { csv += "K-\(row),emerald,1.58,\"\(String(repeating: "x", count: 80))\"\n" }
        let wire = try Wire(unix: daemon.socket)
        try wire.send(
            "POST /v1/imports?kind=pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n"
                + "Content-Type: text/csv\r\nContent-Length: \(csv.utf8.count)\r\n\r\n" + csv)
        _ = try wire.head()
        var text = ""
        while text.split(separator: "\n").count < 600, let chunk = try wire.chunk() {
            text += String(decoding: chunk, as: UTF8.self)
        }
        _ = daemon.stop(SIGKILL)
        try daemon.start()
        let id = try #require(try JSON(parsing: String(text.split(separator: "\n")[0]))["import"]?.string)
        let between = try daemon.request("GET", "/v1/imports/\(id)", token: dealer.token).json

        let answer = try bring(csv)

        let settled = try #require(between["done"]?.integer)
        #expect(between["state"] == "interrupted" && settled >= 500 && settled < rows, "\(between)")
        #expect(answer.lines.first?["import"]?.string == id && answer.lines.first?["resumed"] == .integer(settled))
        #expect(answer.lines.count == rows + 2)
        #expect(answer.lines.last?["unchanged"] == .integer(settled))
        #expect(answer.lines.last?["created"] == .integer(rows - settled))
        let after = try daemon.request("GET", "/v1/imports/\(id)", token: dealer.token).json
        #expect(after["created"] == .integer(rows) && after["state"] == "done")
        let total = try daemon.request("GET", "/v1/pieces?total=exact&limit=1", token: dealer.token).json["total"]
        #expect(total?["value"] == .integer(rows))
    }

    // MARK: - By gemctl

    func gemctl(_ arguments: String..., token: String? = nil) throws -> (status: Int32, output: String, error: String) {
        try TestDaemon.run(
            TestDaemon.products.appendingPathComponent("gemctl").path, ["--socket", daemon.socket] + arguments,
            environment: ["GEMD_TOKEN": token ?? dealer.token])
    }

    @Test("gemctl brings a file in, tells the totals, keeps refused rows and takes it back")
    func byGemctl() throws {
        let file = daemon.directory + "/artisans.csv"
        try Self.people.write(toFile: file, atomically: true, encoding: .utf8)
        let registrar = try registrar()

        let dry = try gemctl("import", file, "--kind", "parties", "--dry-run", token: registrar)
        let dryFile = try String(contentsOfFile: daemon.directory + "/artisans.refused.csv", encoding: .utf8)
        let done = try gemctl("import", file, "--kind", "parties", token: registrar)
        let refused = try String(contentsOfFile: daemon.directory + "/artisans.refused.csv", encoding: .utf8)
        let list = try gemctl("import", "list", "-o", "json", token: registrar)
        let id = try #require(JSON(parsing: list.output)["items"]?.elements?.first?["id"]?.string)
        let shown = try gemctl("import", "show", id, token: registrar)
        let undone = try gemctl("import", "undo", id, token: registrar)

        let sentence =
            "2 new · 0 already here (same CNIC or telephone) · 2 refused → \(daemon.directory)/artisans.refused.csv"
        #expect(dry.status == 10 && dry.output.contains(sentence), "\(dry)")
        #expect(dry.output.hasSuffix("Nothing was written (--dry-run).\n"))
        #expect(dryFile.contains("4,,\"cnic: the row has neither"), "\(dryFile)")
        #expect(done.status == 10 && done.output.contains(sentence), "\(done)")
        #expect(done.output.contains("row 5: cnic: this is not the number of an identity card\n"))
        #expect(refused.contains("Bad Card,,12345,Swat"))
        #expect(shown.status == 0 && shown.output.contains("done"), "\(shown)")
        #expect(undone.status == 0 && undone.output == "2 taken back\n", "\(undone)")
    }

    @Test("gemctl maps and leaves out columns, and shows what a row would change")
    func mappedByGemctl() throws {
        let file = daemon.directory + "/stock.csv"
        try "importRef,Nr,Gem,\"Wt., ct\",Shelf\n1,R-1,emerald,1.58,4\n".write(
            toFile: file, atomically: true, encoding: .utf8)

        let first = try gemctl("import", file)
        let mapped = try gemctl(
            "import", file, "--map", "Nr=stockNumber", "--map", "Wt., ct=weightCt", "--ignore", "Shelf")
        try "importRef,Nr,Gem,\"Wt., ct\",Shelf\n1,R-1,emerald,1.57,4\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let dry = try gemctl("import", file, "--dry-run")
        let wrong = try gemctl("piece", "import", file)

        #expect(first.status == 1 && first.error.contains("the column \"Nr\" is not known"), "\(first)")
        #expect(mapped.status == 0 && mapped.output == "1 new · 0 already here · 0 refused\n", "\(mapped)")
        #expect(dry.output.hasPrefix("row 2 R-1: stone.weightCt 1.58 → 1.57\n"), "\(dry)")
        #expect(dry.output.contains("0 new · 1 changed · 0 already here · 0 refused\n"))
        #expect(wrong.status == 2 && wrong.error.contains("use `gemctl import"))
    }

    // MARK: - Bad files

    static let hostile: [(name: String, bytes: [UInt8], says: String)] = [
        ("nothing", [], "empty"),
        ("an open quote", Array("Stock #,Gem\nR-1,\"emerald\nR-2,ruby\n".utf8), "row 2, column 2: the quote"),
        ("text behind a quote", Array("Stock #,Gem\n\"R-1\"x,emerald\n".utf8), "row 2, column 1: text follows"),
        ("an endless line", Array("Stock #\n".utf8) + [UInt8](repeating: 0x61, count: 70_000), "longer than 64 KB"),
        ("a million columns", [UInt8](repeating: 0x2C, count: 60_000), "no row"),
        (
            "too many columns", Array("a".utf8) + [UInt8](repeating: 0x2C, count: 2_000) + [0x61],
            "more than 1000 columns"
        ),
        ("a PDF", Array("%PDF-1.7".utf8), "PDF"), ("an old Excel file", [0xD0, 0xCF, 0x11, 0xE0, 1], ".xls"),
        ("no header", Array("\n\n \n".utf8), "no row"),
        ("a nameless column", Array("Stock #,,Gem\nx,y,z".utf8), "no name"),
        ("a broken mark", [0xEF, 0xBB, 0xBF, 0x53, 0xFF, 0x0A], "UTF-8 and is not"),
        ("the same column twice", Array("Stock #,SKU\nR-1,R-2\n".utf8), "say the same thing"),
    ]

    @Test("a file that is no table is refused with its place, and nothing is registered", arguments: hostile)
    func refusedFile(name: String, bytes: [UInt8], says: String) throws {
        let answer = try bring(bytes)

        #expect(answer.status == 422 && answer.json["title"]?.string?.contains(says) == true, "\(answer.text)")
        #expect(try daemon.request("GET", "/v1/imports", token: dealer.token).json["items"]?.elements == [])
    }

    @Test("odd cells refuse their row alone, by row and column")
    func oddCells() throws {
        let rows = [
            "R-1,=HYPERLINK(\"\"http://x\"\")", "R-2,\"=1+1\"", "R-3,+cmd|x", "R-4,-x", "R-5,@SUM(A1)",
            "R-6,a\u{FEFF}b", "R-7,a\u{0}b", "R-8", "R-9,emerald,ruby",
        ]
        let answer = try bring(
            "Stock #,Title\n" + rows.joined(separator: "\n") + "\nR-10,fine\n", query: "&dryRun=true")

        let refused = answer.lines.dropFirst().prefix(9)
        #expect(refused.allSatisfy { $0["status"] == .integer(422) }, "\(answer.text)")
        #expect(refused.first?["problem"]?["field"] == "row 2, column 2")
        #expect(answer.lines.dropLast().last?["problem"]?["field"]?.string?.hasPrefix("stone") == true)
    }
}

/// Workbooks and ZIP files, as Python's zipfile writes them.
@Suite("Imports of workbooks and photographs")
struct ArchiveImportTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    static let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    func bring(_ bytes: [UInt8], type: String, query: String = "", kind: String = "pieces", token: String? = nil) throws
        -> Response
    {
        try daemon.request(
            "POST", "/v1/imports?kind=\(kind)\(query)", bytes: bytes, headers: ["Content-Type": type],
            token: token ?? dealer.token)
    }

    /// What a Python program writes into the ZIP file `z` that stands open in it.
    func zip(_ program: String) throws -> [UInt8] {
        let path = daemon.directory + "/\(UUID().uuidString).zip"
        let run = try TestDaemon.run(
            "python3", ["-", path],
            input: "import zipfile, sys, struct\np = sys.argv[1]\nz = zipfile.ZipFile(p, 'w', zipfile.ZIP_DEFLATED)\n"
                + program + "\nz.close()\n")
        try #require(run.status == 0, "\(run.error)")
        return Array(try #require(FileManager.default.contents(atPath: path)))
    }

    /// A workbook with one sheet of that XML.
    func book(_ rows: String, more: String = "", sheets: String = #"<sheet name="Stock" sheetId="1" r:id="rId1"/>"#)
        throws
        -> [UInt8]
    {
        try zip(
            """
            z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
            z.writestr('xl/workbook.xml', '''<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>\(sheets)</sheets></workbook>''')
            z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="w" Target="worksheets/sheet1.xml"/></Relationships>')
            z.writestr('xl/styles.xml', '<styleSheet xmlns="x"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="2"/></cellXfs></styleSheet>')
            z.writestr('xl/sharedStrings.xml', '<sst xmlns="x"><si><t>Stock #</t></si><si><t>Gem</t></si><si><r><t>emer</t></r><r><t>ald</t></r><rPh><t>no</t></rPh></si></sst>')
            z.writestr('xl/worksheets/sheet1.xml', '''<worksheet xmlns="x"><sheetData>\(rows)</sheetData>\(more)</worksheet>''')
            """)
    }

    static let head =
        #"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>Weight</t></is></c><c r="D1" t="inlineStr"><is><t>Brand</t></is></c></row>"#

    @Test("a workbook is read as it is meant: texts, numbers, dates, gaps")
    func workbook() throws {
        let bytes = try book(
            Self.head
                + #"<row r="3"><c r="A3" t="str"><v>R-1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" s="2"><v>1.5800000000000001</v></c><c r="D3" s="1"><v>45982</v></c></row>"#
                + #"<row r="4"><c r="A4"><v>100042</v></c><c r="B4" t="s"><v>2</v></c><c r="C4"><v>0.30000000000000004</v></c></row>"#
                + #"<row r="5"><c r="A5" t="str"><v>R-5</v></c><c r="B5" t="s"><v>2</v></c><c r="C5"><f>A1*2</f><v>3</v></c></row>"#
        )

        let answer = try bring(bytes, type: Self.workbook)

        #expect(answer.lines.map { $0["status"]?.integer } == [nil, 201, 201, 422, nil], "\(answer.text)")
        #expect(answer.lines[1]["row"] == .integer(3))
        #expect(answer.lines[3]["problem"]?["field"] == "row 5, column 3")
        let first = try daemon.request("GET", "/v1/pieces/stock:R-1", token: dealer.token).json
        #expect(first["stone"]?["weightCt"] == "1.58" && first["brand"] == "2025-11-21", "\(first)")
        let second = try daemon.request("GET", "/v1/pieces/stock:100042", token: dealer.token).json
        #expect(second["stone"]?["weightCt"] == "0.3" && second["stone"]?["variety"] == "emerald")
    }

    @Test("a workbook that could be read in two ways, or was made to do harm, is refused")
    func badWorkbooks() throws {
        let merged = try book(Self.head, more: #"<mergeCells><mergeCell ref="A1:B1"/></mergeCells>"#)
        let two = try book(
            Self.head, sheets: #"<sheet name="A" r:id="rId1"/><sheet name="B" r:id="rId2"/>"#)
        let entities = try zip(
            """
            z.writestr('xl/workbook.xml', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><workbook>&b;</workbook>')
            """)
        let bomb = try book(Self.head, more: String(repeating: " ", count: 900_000))
        let great = try zip(
            """
            with z.open('xl/worksheets/sheet1.xml', 'w') as f:
                for n in range(300): f.write(b' ' * (1 << 20))
            """)
        let wide = try book(#"<row r="1"><c r="ZZZ1"><v>1</v></c></row>"#)
        let deep = try book(String(repeating: "<a>", count: 500) + String(repeating: "</a>", count: 500))

        for (bytes, says) in [
            (merged, "A1:B1 are merged"), (two, "2 sheets: \"A\", \"B\""), (entities, "document type"),
            (wide, "out of order"), (great, "more than 288 MB"), (deep, "nested too deeply"),
            (Array("PK".utf8), "damaged"),
        ] {
            let answer = try bring(bytes, type: Self.workbook)
            #expect(answer.status == 422 && answer.json["title"]?.string?.contains(says) == true, "\(answer.text)")
        }
        // Spaces pack a thousandfold and are no bomb yet.
        #expect(try bring(bomb, type: Self.workbook).status == 200)
    }

    @Test("photographs come to their pieces by their names, beside the list or after it")
    func photographs() throws {
        let photograph = daemon.directory + "/p.jpg"
        try Data(Samples.photograph()).write(to: URL(fileURLWithPath: photograph))
        let bytes = try zip(
            """
            j = open('\(photograph)', 'rb').read()
            z.writestr('stock.csv', 'Stock #,Gem\\nR-17,emerald\\nR-18_2,ruby\\n')
            z.writestr('R-17.jpg', j)
            z.writestr('r-17_2.JPG', j + b'2')
            z.writestr('R-17-side.jpg', j + b'3')
            z.writestr('R-18_2.jpg', j + b'4')
            z.writestr('R-99.jpg', j)
            z.writestr('photos/R-17.jpg', j)
            z.writestr('..\\\\R-17.jpg', j)
            z.writestr('/etc/R-17.jpg', j)
            z.writestr('R-17_3.jpg', b'PK\\x03\\x04 no picture')
            z.writestr('inner.zip', b'PK')
            i = zipfile.ZipInfo('R-17_4.jpg'); i.create_system = 3; i.external_attr = 0o120777 << 16
            z.writestr(i, '/etc/passwd')
            """)

        let dry = try bring(bytes, type: "application/zip", query: "&dryRun=true")
        let answer = try bring(bytes, type: "application/zip")
        let again = try bring(bytes, type: "application/zip")

        let expected = [nil, 201, 201, 201, 201, 201, 201, 404, 422, 422, 422, 422, 422, 422, nil]
        #expect(dry.lines.map { $0["status"]?.integer } == expected, "\(dry.text)")
        #expect(answer.lines.map { $0["status"]?.integer } == expected, "\(answer.text)")
        #expect(
            again.lines.last?["created"] == .integer(0) && again.lines.last?["unchanged"] == .integer(6),
            "\(again.text)")
        let images = try daemon.request("GET", "/v1/pieces/stock:R-17", token: dealer.token).json["images"]?.elements
        #expect(images?.map { $0["role"]?.string } == ["face_up", "face_up", "side"])
        let id = try #require(answer.lines.first?["import"]?.string)
        let refused = try daemon.request("GET", "/v1/imports/\(id)/refused", token: dealer.token).text
        #expect(refused.contains("R-99.jpg,,") && refused.contains("no piece has the stock number R-99"), "\(refused)")
        #expect(refused.contains("photos/R-17.jpg") && refused.contains("a link to another file"))
        // Its own photographs do not keep an import from being undone.
        let undone = try daemon.request("DELETE", "/v1/imports/\(id)", token: dealer.token)
        #expect(undone.json["undone"] == .integer(2) && undone.json["keptCount"] == .integer(0), "\(undone.text)")
    }

    @Test("a ZIP that was made to do harm is refused")
    func badZips() throws {
        let bomb = try zip("for n in range(40): z.writestr('B-%03d.jpg' % n, b'\\0' * (4 << 20))")
        let lies = try zip(
            """
            z.writestr('R-1.jpg', b'\\0' * 100000)
            z.close()
            b = bytearray(open(p, 'rb').read())
            i = b.rindex(b'PK\\x01\\x02')
            b[i + 24:i + 28] = struct.pack('<I', 10)
            open(p, 'wb').write(b)
            z = zipfile.ZipFile(p + '.other', 'w')
            """)
        let overlapping = try zip(
            """
            z.writestr('R-1.jpg', b'x' * 1000)
            z.writestr('R-2.jpg', b'x' * 1000)
            z.close()
            b = bytearray(open(p, 'rb').read())
            i = b.rindex(b'PK\\x01\\x02')
            b[i + 42:i + 46] = struct.pack('<I', 0)
            b[i + 46:i + 53] = b'R-1.jpg'
            open(p, 'wb').write(b)
            z = zipfile.ZipFile(p + '.other', 'w')
            """)
        let twoLists = try zip("z.writestr('a.csv', 'a'); z.writestr('b.csv', 'b')")

        for (bytes, says) in [
            (bomb, "far more than photographs"), (overlapping, "overlap"), (twoLists, "2 lists"),
            (Array("no zip".utf8), "no directory"), (Array(try zip("pass").prefix(10)), "no directory"),
        ] {
            let answer = try bring(bytes, type: "application/zip")
            #expect(answer.status == 422 && answer.json["title"]?.string?.contains(says) == true, "\(answer.text)")
        }
        _ = try daemon.register(Samples.emerald("R-1"), token: dealer.token)
        let answer = try bring(lies, type: "application/zip")
        #expect(answer.lines[1]["problem"]?["title"]?.string?.contains("more than it says") == true, "\(answer.text)")
    }
}
