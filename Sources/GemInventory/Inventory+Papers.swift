import GemModel

/// A paper that was made once and is kept byte for byte.
package struct PaperRecord: Hashable, Sendable {
    package var number: String
    package var form: String
    package var language: String
    /// The blob.
    package var sha256: String
    package var bytes: Int

    package init(number: String, form: String, language: String, sha256: String, bytes: Int) {
        self.number = number
        self.form = form
        self.language = language
        self.sha256 = sha256
        self.bytes = bytes
    }
}

extension Inventory {
    package func paper(_ number: String, form: String, language: String) async throws -> PaperRecord? {
        try await database.lookUp { try Self.paper(number, form, language, tx: $0) }
    }

    /// Keeps a paper whose blob is stored; where two were made at once the first stays, and is what everybody gets.
    /// `old` goes where it is the one that is kept now; its blob stays.
    package func keep(_ paper: PaperRecord, instead old: PaperRecord? = nil) async throws -> PaperRecord {
        let time = now()
        return try await database.write { tx in
            if let old {
                try tx.run(
                    """
                    DELETE FROM paper WHERE number = \(old.number) AND form = \(old.form)
                        AND language = \(old.language) AND sha256 = \(old.sha256)
                    """)
            }
            try tx.run(
                """
                INSERT INTO paper (number, form, language, sha256, bytes, created)
                VALUES (\(paper.number), \(paper.form), \(paper.language), \(paper.sha256), \(paper.bytes),
                    \(time.microseconds))
                ON CONFLICT (number, form, language) DO NOTHING
                """)
            guard let kept = try Self.paper(paper.number, paper.form, paper.language, tx: tx) else {
                throw InventoryError.store("the paper of \(paper.number) was not kept")
            }
            return kept
        }
    }

    private static func paper(
        _ number: String, _ form: String, _ language: String, tx: any Transaction
    ) throws -> PaperRecord? {
        try tx.row(
            """
            SELECT sha256, bytes FROM paper
            WHERE number = \(number) AND form = \(form) AND language = \(language)
            """
        ).map {
            PaperRecord(
                number: number, form: form, language: language, sha256: $0.text(0), bytes: Int($0.int(1)))
        }
    }
}
