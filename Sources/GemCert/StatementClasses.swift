package import GemModel

// What each class says beyond the members that all have. A day is RFC 3339's `2026-11-21`, by the calendar where
// it was done; texts are the laboratory's own.

extension Statement {
    /// Somebody with a part in a certificate: the code they are enrolled under, and their name.
    package struct Person: Hashable, Sendable {
        package var member: String
        package var name: String

        package init(member: String, name: String) {
            self.member = member
            self.name = name
        }

        var json: JSON { .object(["member": .string(member), "name": .string(name)]) }
    }

    package struct Instrument: Hashable, Sendable {
        package var name: String
        /// The day it was last calibrated; not after the examination.
        package var calibratedOn: String
        /// The day its calibration ends, if it does; not before the examination.
        package var dueOn: String?

        package init(name: String, calibratedOn: String, dueOn: String? = nil) {
            self.name = name
            self.calibratedOn = calibratedOn
            self.dueOn = dueOn
        }

        var json: JSON {
            .object([
                "name": .string(name), "calibratedOn": .string(calibratedOn), "dueOn": dueOn.map { .string($0) },
            ])
        }
    }

    /// A laboratory's report; the members answer ISO/IEC 17025:2017 §7.8.2.1 (docs/certificate.md has the table).
    package struct Examination: Hashable, Sendable {
        package struct Lab: Hashable, Sendable {
            package var code: String
            package var name: String
            /// Where the work was done.
            package var place: String

            package init(code: String, name: String, place: String) {
                self.code = code
                self.name = name
                self.place = place
            }
        }

        package var lab: Lab
        /// How the item came in: loose, mounted, damaged, sealed.
        package var condition: String
        package var receivedOn: String
        package var examinedOn: String
        /// Two, or three when the first two differed; none of them is the approver.
        package var examiners: [Person]
        package var approver: Person
        package var methods: [String]
        /// What was left out of a method, added to it or done otherwise.
        package var deviations: String?
        package var uncertainty: String
        package var instruments: [Instrument]
        /// That the results relate to the item examined and to no other.
        package var scope: String
        /// Which facts of the piece are opinions: `stone.origin`. `opinions(in:)` finds them.
        package var opinions: [String]

        package init(
            lab: Lab, condition: String, receivedOn: String, examinedOn: String, examiners: [Person],
            approver: Person, methods: [String], deviations: String? = nil, uncertainty: String,
            instruments: [Instrument], scope: String, opinions: [String]
        ) {
            self.lab = lab
            self.condition = condition
            self.receivedOn = receivedOn
            self.examinedOn = examinedOn
            self.examiners = examiners
            self.approver = approver
            self.methods = methods
            self.deviations = deviations
            self.uncertainty = uncertainty
            self.instruments = instruments
            self.scope = scope
            self.opinions = opinions
        }

        var members: [JSON.Member] {
            var members: [JSON.Member] = [
                .init(
                    "lab",
                    .object(["code": .string(lab.code), "name": .string(lab.name), "place": .string(lab.place)])),
                .init("condition", .string(condition)),
                .init("receivedOn", .string(receivedOn)),
                .init("examinedOn", .string(examinedOn)),
                .init("examiners", .array(examiners.map(\.json))),
                .init("approver", approver.json),
                .init("methods", .array(methods.map { .string($0) })),
                .init("uncertainty", .string(uncertainty)),
                .init("instruments", .array(instruments.map(\.json))),
                .init("scope", .string(scope)),
                .init("opinions", .array(opinions.map { .string($0) })),
            ]
            if let deviations { members.append(.init("deviations", .string(deviations))) }
            return members
        }

        /// The paths of all facts that are opinions by their kind: every origin, and every fact that was graded.
        package static func opinions(in piece: JSON) -> [String] {
            var paths: [String] = []
            func look(_ json: JSON, _ path: String) {
                for member in json.members ?? [] {
                    let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
                    if member.name == "origin" || member.value["basis"]?.string == "graded" {
                        paths.append(inner)
                    } else {
                        look(member.value, inner)
                    }
                }
                for (i, element) in (json.elements ?? []).enumerated() {
                    let inner = "\(path)[\(i)]"
                    if element["basis"]?.string == "graded" { paths.append(inner) } else { look(element, inner) }
                }
            }
            look(piece, "")
            return paths.sorted()
        }
    }

    /// The council's comparison of a piece with an earlier record on one day; it grades nothing.
    package struct Check: Hashable, Sendable {
        package enum Record: Hashable, Sendable {
            /// A certificate of this council.
            case certificate(CertificateNumber)
            /// Another laboratory's report.
            case report(lab: String, number: String)
        }

        package enum Result: String, Hashable, Sendable {
            case match, mismatch
        }

        package var compared: Record
        package var result: Result
        package var checkedOn: String
        /// What was compared, and how.
        package var methods: [String]
        /// One, who is not the approver.
        package var examiners: [Person]
        package var approver: Person

        package init(
            compared: Record, result: Result, checkedOn: String, methods: [String], examiners: [Person],
            approver: Person
        ) {
            self.compared = compared
            self.result = result
            self.checkedOn = checkedOn
            self.methods = methods
            self.examiners = examiners
            self.approver = approver
        }

        var members: [JSON.Member] {
            let record: JSON =
                switch compared {
                case .certificate(let number): .object(["number": .string(number.description)])
                case .report(let lab, let number): .object(["lab": .string(lab), "report": .string(number)])
                }
            return [
                .init("compared", record),
                .init("result", .string(result.rawValue)),
                .init("checkedOn", .string(checkedOn)),
                .init("methods", .array(methods.map { .string($0) })),
                .init("examiners", .array(examiners.map(\.json))),
                .init("approver", approver.json),
            ]
        }
    }

    /// A copy of what another laboratory's report says. Only that laboratory vouches for it.
    package struct External: Hashable, Sendable {
        package struct Report: Hashable, Sendable {
            package var lab: String
            /// As the laboratory writes it; never a number, for some have letters and leading zeros.
            package var number: String
            /// Name and value of each field, as printed.
            package var fields: JSON
            /// The day somebody last looked it up with that laboratory.
            package var checkedOn: String

            package init(lab: String, number: String, fields: JSON, checkedOn: String) {
                self.lab = lab
                self.number = number
                self.fields = fields
                self.checkedOn = checkedOn
            }
        }

        package var report: Report
        /// Who copied it.
        package var recordedBy: Declarant

        package init(report: Report, recordedBy: Declarant) {
            self.report = report
            self.recordedBy = recordedBy
        }

        var members: [JSON.Member] {
            [
                .init(
                    "report",
                    .object([
                        "lab": .string(report.lab), "number": .string(report.number),
                        "fields": report.fields.withoutNulls, "checkedOn": .string(report.checkedOn),
                    ])),
                .init("recordedBy", recordedBy.json),
            ]
        }
    }
}

extension Statement.Declarant {
    var json: JSON { .object(["party": .string(party), "name": .string(name)]) }
}
