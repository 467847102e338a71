import FoundationEssentials
import GemModel

// What examinations, checks and copies must say, besides what all classes say.

extension StatementLinter {
    static func party(_ top: Members, _ name: String) throws(Finding) {
        let party = try top.object(name)
        try party.only(["party", "name"])
        try party.filled("party")
        try party.filled("name")
    }

    /// ISO/IEC 17025:2017 §7.8.2.1, as far as it is the statement that carries it.
    static func checkExamination(_ top: Members, issuedAt: Date, piece: JSON) throws(Finding) {
        let lab = try top.object("lab")
        try lab.only(["code", "name", "place"])
        for name in ["code", "name", "place"] { try lab.filled(name) }
        for name in ["condition", "uncertainty", "scope"] { try top.filled(name) }
        if top.has("deviations") { try top.filled("deviations") }
        let received = try top.day("receivedOn")
        let examined = try top.day("examinedOn")
        guard received <= examined else { throw top.wrong("examinedOn", "lies before the day it was received") }
        try notAfter(issuedAt, top, "examinedOn")
        try texts(top, "methods")
        try people(top, examiners: 2...5)
        for (i, each) in try top.array("instruments").enumerated() {
            let instrument = try Members(each, "instruments[\(i)]")
            try instrument.only(["name", "calibratedOn"], mayHave: ["dueOn"])
            try instrument.filled("name")
            guard try instrument.day("calibratedOn") <= examined else {
                throw instrument.wrong("calibratedOn", "lies after the examination")
            }
            if instrument.has("dueOn"), try instrument.day("dueOn") < examined {
                throw instrument.wrong("dueOn", "lies before the examination: the calibration had run out")
            }
        }
        guard try !top.array("instruments").isEmpty else { throw top.wrong("instruments", "is empty") }
        try checkOpinions(top, piece)
    }

    static func checkComparison(_ top: Members, issuedAt: Date, number: CertificateNumber) throws(Finding) {
        let compared = try top.object("compared")
        if compared.has("number") {
            try compared.only(["number"])
            let text = try compared.text("number")
            guard CertificateNumber(text)?.description == text, text != number.description else {
                throw compared.wrong("number", "is not the number of another certificate")
            }
        } else {
            try compared.only(["lab", "report"])
            try compared.filled("lab")
            try compared.filled("report")
        }
        guard ["match", "mismatch"].contains(try top.text("result")) else {
            throw top.wrong("result", "is neither match nor mismatch")
        }
        _ = try top.day("checkedOn")
        try notAfter(issuedAt, top, "checkedOn")
        try texts(top, "methods")
        try people(top, examiners: 1...1)
    }

    static func checkCopy(_ top: Members, issuedAt: Date) throws(Finding) {
        let report = try top.object("report")
        try report.only(["lab", "number", "fields", "checkedOn"])
        try report.filled("lab")
        try report.filled("number")
        _ = try report.day("checkedOn")
        try notAfter(issuedAt, report, "checkedOn")
        let fields = try report.object("fields")
        guard !fields.members.isEmpty else { throw report.wrong("fields", "is empty") }
        do { try Walk.private(.object(fields.members)) } catch { throw error.inside("report.fields") }
        try party(top, "recordedBy")
    }

    /// Distinct people, of whom each has a signed approval; whether it verifies is not asked here.
    private static func people(_ top: Members, examiners count: ClosedRange<Int>) throws(Finding) {
        var members: Set<String> = []
        func person(_ person: Members) throws(Finding) {
            try person.only(["member", "name"])
            try person.filled("member")
            try person.filled("name")
            guard members.insert(try person.text("member")).inserted else {
                throw person.wrong("member", "has a part already; all are different people")
            }
        }
        let examiners = try top.array("examiners")
        guard count ~= examiners.count else {
            throw top.wrong(
                "examiners",
                count == 1...1 ? "must be exactly one" : "must be \(count.lowerBound) to \(count.upperBound)")
        }
        for (i, each) in examiners.enumerated() { try person(Members(each, "examiners[\(i)]")) }
        try person(top.object("approver"))

        let approver = try top.object("approver").text("member")
        var approved: Set<String> = []
        for (i, each) in try top.array("approvals").enumerated() {
            let approval = try Members(each, "approvals[\(i)]")
            try approval.only(["member", "role", "key", "signature"])
            try approval.filled("key")
            try approval.filled("signature")
            let member = try approval.text("member")
            guard members.contains(member), approved.insert(member).inserted else {
                throw approval.wrong("member", "is nobody whose approval is asked")
            }
            guard try approval.text("role") == (member == approver ? "approver" : "examiner") else {
                throw approval.wrong("role", "is not this person's")
            }
        }
        guard approved == members else { throw top.wrong("approvals", "are not all there") }
    }

    /// Every opinion named is a fact of the piece, and every origin and grade is named as an opinion.
    private static func checkOpinions(_ top: Members, _ piece: JSON) throws(Finding) {
        var named: Set<String> = []
        // Each is looked up against each fact.
        guard try top.array("opinions").count <= 64 else { throw top.wrong("opinions", "are more than 64") }
        for (i, each) in try top.array("opinions").enumerated() {
            guard let path = each.string, named.insert(path).inserted else {
                throw top.wrong("opinions[\(i)]", "is no path, or stands twice")
            }
        }
        var found: Set<String> = []
        func walk(_ json: JSON, _ path: String) throws(Finding) {
            found.insert(path)
            let isOpinion = path.hasSuffix(".origin") || path == "origin" || json["basis"]?.string == "graded"
            if isOpinion, !isCovered(path, by: named) {
                throw top.wrong("opinions", "do not name \(path), which is one")
            }
            for member in json.members ?? [] {
                try walk(member.value, path.isEmpty ? member.name : "\(path).\(member.name)")
            }
            for (i, element) in (json.elements ?? []).enumerated() { try walk(element, "\(path)[\(i)]") }
        }
        try walk(piece, "")
        if let stray = named.sorted().first(where: { !found.contains($0) || $0.isEmpty }) {
            throw top.wrong("opinions", "name \(stray), which the piece does not have")
        }
    }

    /// A path is an opinion when it, or what it stands in, is named as one.
    private static func isCovered(_ path: String, by named: Set<String>) -> Bool {
        named.contains { path == $0 || path.hasPrefix($0 + ".") || path.hasPrefix($0 + "[") }
    }

    private static func texts(_ top: Members, _ name: String) throws(Finding) {
        let texts = try top.array(name)
        guard !texts.isEmpty else { throw top.wrong(name, "is empty") }
        for (i, each) in texts.enumerated() {
            guard each.string?.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) == true else {
                throw top.wrong("\(name)[\(i)]", "is no text")
            }
        }
    }

    /// A day is written by the calendar where it was lived, which is up to 14 hours ahead of UTC.
    private static func notAfter(_ issuedAt: Date, _ members: Members, _ name: String) throws(Finding) {
        guard try members.day(name) <= CivilTime(issuedAt.addingTimeInterval(14 * 3600)).dayText else {
            throw members.wrong(name, "lies after the day of issue")
        }
    }
}

extension StatementLinter.Members {
    /// A day that exists, `2026-11-21`; such texts sort by time.
    func day(_ name: String) throws(StatementLinter.Finding) -> String {
        let text = try text(name)
        guard CivilTime(text: text + "T00:00:00.000Z") != nil else { throw wrong(name, "is no day like 2026-11-21") }
        return text
    }
}

extension StatementLinter.Walk {
    /// A laboratory says what it saw: every treatment, and that there is none, with the basis of its finding.
    static func laboratorysWords(_ json: JSON) throws(StatementLinter.Finding) {
        try inside(json) { name, value throws(StatementLinter.Finding) in
            if name == "treatments" {
                guard let list = value.elements, !list.isEmpty else {
                    throw StatementLinter.Finding(path: "", reason: "is empty, which would read as no treatment")
                }
                for (i, treatment) in list.enumerated() {
                    let basis = treatment["basis"]?.string
                    let code = scalar(treatment["code"] ?? treatment)
                    if code == "NT" || code == "UND" { continue }
                    guard let basis else {
                        throw StatementLinter.Finding(path: "[\(i)].basis", reason: "is missing: how was it found?")
                    }
                    guard code != "NONE" || basis == "measured" else {
                        throw StatementLinter.Finding(
                            path: "[\(i)].basis", reason: "that there is no treatment must have been measured")
                    }
                }
            }
            try laboratorysWords(value)
        }
    }

    /// A check compares; what the piece is was said by the record it was compared with.
    static func comparersWords(_ json: JSON) throws(StatementLinter.Finding) {
        try inside(json) { name, value throws(StatementLinter.Finding) in
            if name == "basis", value.string == "graded" {
                throw StatementLinter.Finding(path: "", reason: "a check grades nothing")
            }
            try comparersWords(value)
        }
    }

    /// A copy repeats: nothing in it is a finding of whoever copied it, and no treatment is denied but by the report.
    static func copyistsWords(_ json: JSON) throws(StatementLinter.Finding) {
        try inside(json) { name, value throws(StatementLinter.Finding) in
            switch name {
            case "treatments":
                guard let list = value.elements, !list.isEmpty else {
                    throw StatementLinter.Finding(path: "", reason: "is empty, which would read as no treatment")
                }
                for (i, treatment) in list.enumerated()
                where scalar(treatment["code"] ?? treatment) == "NONE" && treatment["basis"]?.string != "external" {
                    throw StatementLinter.Finding(
                        path: "[\(i)].code", reason: "only the laboratory may say that there is none (basis external)")
                }
            case "basis":
                guard value.string != "graded" else {
                    throw StatementLinter.Finding(path: "", reason: "only the laboratory grades (basis external)")
                }
            case "origin":
                if let basis = value["basis"]?.string, ["measured", "estimated"].contains(basis) {
                    throw StatementLinter.Finding(
                        path: "basis", reason: "only the laboratory finds an origin (basis external)")
                }
            default: break
            }
            try copyistsWords(value)
        }
    }
}
