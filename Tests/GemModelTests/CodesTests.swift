import Foundation
import GemModel
import Testing

@Suite("The coded lists")
struct CodesTests {
    @Test("every code has a name in English and in Urdu", arguments: CodeList.all.map(\.name))
    func names(list: String) throws {
        let entries = try #require(CodeList.named(list)).entries

        #expect(!entries.isEmpty)
        #expect(Set(entries.map(\.code)).count == entries.count)
        for entry in entries {
            #expect(!entry.code.isEmpty && entry.code.utf8.allSatisfy { 0x20..<0x7F ~= $0 }, "\(entry.code)")
            #expect(entry.names.en.contains { $0.isLetter }, "\(entry.code)")
            #expect(entry.names.ur.unicodeScalars.contains { 0x600..<0x700 ~= $0.value }, "\(entry.code)")
        }
    }

    /// A closed set of words that a piece may hold is a `Term`, and every `Term` is listed; so nothing is accepted that the
    /// list does not tell.
    @Test("every enum that a piece may hold is listed")
    func complete() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/GemModel")
        let terms = CodeList.terms + [Treatment.Kind.self]
        let listed = Set(terms.map { String(reflecting: $0).split(separator: ".").last.map(String.init) ?? "" })
        var found = 0
        for file in try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)) {
            guard let file = file as? URL, file.pathExtension == "swift" else { continue }
            // A party's kind and roles decide rights, and a check's result is in its report: no facts of a piece.
            let isOfNoPiece = ["Party.swift", "Agreement.swift"].contains(file.lastPathComponent)
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /enum (\w+): String, (Term|Code)\b/) {
                if isOfNoPiece, match.2 == "Code" { continue }
                found += 1
                #expect(match.2 == "Term", "\(match.1) is no Term")
                #expect(listed.contains(String(match.1)), "\(match.1) is not listed")
            }
        }
        #expect(found == terms.count)
    }

    @Test("the list names what validation takes, with a treatment's degrees and a variety's species")
    func text() throws {
        let json = try JSON(parsing: CodeList.text)

        let oil = json["treatments"]?.elements?.first { $0["code"] == "OIL" }
        #expect(
            oil?["degrees"]?.elements?.compactMap { $0["code"]?.string } == [
                "none", "insignificant", "minor", "moderate", "significant",
            ])
        #expect(oil?["disclosure"] == "general")
        #expect(json["varieties"]?.elements?.first { $0["code"] == "emerald" }?["species"] == "beryl")
        #expect(json["species"]?.elements?.count == 71)
        #expect(json["simulants"]?.elements?.count == 43)
        #expect(json["countries"]?.elements?.first { $0["code"] == "PK" }?["ur"] == "پاکستان")
        #expect(json["units"]?.elements?.count == 11)
    }

    @Test("every variety and simulant stands for something in the table")
    func references() {
        for variety in Variety.table { #expect(Species.named(variety.species) != nil, "\(variety.code)") }
        for species in Species.table {
            if let typical = species.ri, let within = species.riWithin {
                #expect(
                    within.lowerBound <= typical.lowerBound && typical.upperBound <= within.upperBound,
                    "\(species.code)")
            }
            if let typical = species.sg, let within = species.sgWithin {
                #expect(
                    within.lowerBound <= typical.lowerBound && typical.upperBound <= within.upperBound,
                    "\(species.code)")
            }
        }
    }
}
