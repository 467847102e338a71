import GemCert
import GemModel

extension ExternalReport {
    /// As a statement says it.
    var statement: Statement.External.Report {
        .init(lab: lab, number: number, fields: fields, checkedOn: checkedOn.description)
    }
}
