/// The tables, as numbered migrations. A migration, once released, is never edited.
///
/// Written in the portable subset; what the engines spell differently stands as a
/// token: `{INT}` a 64-bit integer, `{BYTES}` a blob, `{TEXT}` text compared by
/// code point, `{STRICT}` and `{CLUSTERED}` the table options, the latter for rows kept in the order of their
/// key. A statement that begins with an engine's name in braces is for that engine alone; `{WORDS}` stands for
/// ``TextIndex/fill(_:)``.
package enum Schema {
    package enum Dialect: Sendable {
        case sqlite
        case postgres

        func spell(_ text: String) -> String {
            let words: [(token: String, word: String)] =
                switch self {
                case .sqlite:
                    [
                        ("{INT}", "INTEGER"), ("{BYTES}", "BLOB"), ("{TEXT}", "TEXT"), ("{STRICT}", "STRICT"),
                        ("{CLUSTERED}", "STRICT, WITHOUT ROWID"), ("{SQLITE}", ""),
                    ]
                case .postgres:
                    [
                        ("{INT}", "BIGINT"), ("{BYTES}", "BYTEA"), ("{TEXT}", "TEXT COLLATE \"C\""), ("{STRICT}", ""),
                        ("{CLUSTERED}", ""), ("{POSTGRES}", ""),
                    ]
                }
            return words.reduce(text) { $0.replacing($1.token, with: $1.word) }
        }

        /// Whether a statement is another engine's.
        func skips(_ statement: Substring) -> Bool { statement.contains(self == .sqlite ? "{POSTGRES}" : "{SQLITE}") }
    }

    static let version = Int64(migrations.count)

    /// Brings the schema to that version, all in the caller's transaction.
    static func migrate(_ tx: any Transaction, to version: Int64 = version) throws {
        let dialect = tx.dialect
        try tx.run(
            SQL(
                stringLiteral: dialect.spell(
                    "CREATE TABLE IF NOT EXISTS schema_version (version {INT} NOT NULL) {STRICT}")))
        let current = try tx.row("SELECT version FROM schema_version")?.int(0) ?? 0
        guard current <= version else {
            throw InventoryError.store(
                "the database has schema \(current), this gemd knows \(version); use the newer gemd that wrote it")
        }
        for migration in migrations.prefix(Int(version)).dropFirst(Int(current)) {
            for statement in migration.split(separator: ";\n") where !statement.allSatisfy(\.isWhitespace) {
                if statement.contains("{WORDS}") {
                    try TextIndex.fill(tx)
                } else if !dialect.skips(statement) {
                    try tx.run(SQL(stringLiteral: dialect.spell(String(statement))))
                }
            }
        }
        guard current < version else { return }
        try tx.run("DELETE FROM schema_version")
        try tx.run("INSERT INTO schema_version (version) VALUES (\(version))")
    }

    /// For who only reads: the schema is this one already.
    static func mustBePresent(_ tx: some Transaction) throws {
        guard let current = try tx.row("SELECT version FROM schema_version")?.int(0), current == version else {
            throw InventoryError.store("the database has another schema; start the gemd that serves it first")
        }
    }

    /// A table as copies read and write it.
    struct Table: Sendable {
        var name: SQL
        var columns: SQL
        /// What brings its rows into one order on every engine.
        var key: SQL
    }

    /// Every table with every column, parents before what refers to them. A new table or column is named here too; a
    /// test compares this with what the migrations make.
    static let tables: [Table] = [
        Table(
            name: "meta", columns: "name, value",
            key: "name"),
        Table(
            name: "party", columns: "id, code, kind, name, doc, version, created, updated, sealed, cnic_hash, phone",
            key: "id"),
        Table(
            name: "member",
            columns: "party_id, id, name, uid, roles, forwarder, created, revoked, approval_key",
            key: "party_id, id"),
        Table(
            name: "token", columns: "party_id, member_id, id, hash, created, expires, revoked",
            key: "party_id, id"),
        Table(
            name: "series", columns: "name, next",
            key: "name"),
        Table(
            name: "piece",
            columns:
                "no, party_id, id, stock_number, stock_key, kind, status, species, variety, shape, colour, clarity, weight, price, version, created, updated, doc, attached, words",
            key: "no"),
        Table(
            name: "event", columns: "party_id, seq, subject, data, hash",
            key: "party_id, seq"),
        Table(
            name: "idempotency", columns: "party_id, key, request, created, answer",
            key: "party_id, key"),
        Table(
            name: "image", columns: "sha256, width, height, bytes, suspect, created, published",
            key: "sha256"),
        Table(
            name: "derivative", columns: "image, edge, sha256, width, height, bytes",
            key: "image, edge"),
        Table(
            name: "piece_image", columns: "party_id, piece_id, image, role, position, created",
            key: "party_id, piece_id, image"),
        Table(
            name: "certificate",
            columns:
                "party_id, piece_id, number, serial, class, state, status, status_index, reserved, actor, statement, sha256, signature, log, log_index, live, idempotency_key, lab, changed, reason, supersedes, supersede_reason, superseded_by, code, draft_sha256",
            key: "number"),
        Table(
            name: "certificate_change",
            columns:
                "number, seq, kind, before, status, reason, at, event, sha256, log, log_index, key_party, idempotency_key",
            key: "number, seq"),
        Table(
            name: "draft",
            columns: "id, party_id, piece_id, class, lab, state, created, updated, actor, statement, number, doc",
            key: "id"),
        Table(
            name: "draft_person",
            columns:
                "draft_id, owner_id, party_id, member_id, role, seq, name, examination, examined, key, signature, approved",
            key: "draft_id, member_id"),
        Table(name: "certificate_print", columns: "number, language, copies, updated", key: "number, language"),
        Table(
            name: "paper", columns: "number, form, language, sha256, bytes, created",
            key: "number, form, language"),
        Table(
            name: "log_state", columns: "log, origin, size, root",
            key: "log"),
        Table(
            name: "log_entry", columns: "log, idx, serial, data, leaf", key: "log, idx"),
        Table(name: "log_tile", columns: "log, level, n, hashes", key: "log, level, n"),
        Table(
            name: "log_checkpoint", columns: "log, size, root, note, created",
            key: "log, size"),
        Table(
            name: "consent", columns: "party_id, piece_id, to_party, markets, until, created, revoked",
            key: "party_id, piece_id, to_party"),
        Table(
            name: "lot", columns: "party_id, id, name, doc, version, created, updated",
            key: "party_id, id"),
        Table(
            name: "lot_piece", columns: "party_id, lot_id, piece_party, piece_id, added",
            key: "party_id, lot_id, piece_party, piece_id"),
        Table(
            name: "market_account", columns: "party_id, market, doc, updated",
            key: "party_id, market"),
        Table(
            name: "export", columns: "party_id, id, lot_id, market, mode, sha256, bytes, pieces, doc, created",
            key: "party_id, id"),
        Table(
            name: "export_piece", columns: "party_id, export_id, piece_party, piece_id, listing_id, operation, sha256",
            key: "party_id, export_id, piece_party, piece_id"),
        Table(
            name: "listing",
            columns: "party_id, market, piece_party, piece_id, lot_id, listing_id, export_id, state, updated",
            key: "party_id, market, piece_party, piece_id"),
        Table(
            name: "movement",
            columns: "party_id, id, piece_id, kind, state, to_party, to_name, until, slip, doc, created",
            key: "party_id, id"),
        Table(
            name: "rate_day", columns: "day, version, findings, updated",
            key: "day"),
        Table(
            name: "rate", columns: "item, day, figure",
            key: "item, day"),
        Table(
            name: "lineage", columns: "party_id, parent_id, child_id, how, weight, created",
            key: "party_id, child_id, parent_id"),
        Table(
            name: "piece_key", columns: "party_id, piece_id, kind, value",
            key: "party_id, piece_id, kind, value"),
        Table(
            name: "likeness", columns: "slot, image, bits",
            key: "slot, image"),
        Table(
            name: "conflict_case", columns: "id, state, opened, closed, outcome, doc",
            key: "id"),
        Table(
            name: "conflict_case_key", columns: "case_id, kind, value, settled",
            key: "case_id, kind, value"),
        Table(
            name: "conflict_case_piece", columns: "party_id, case_id, piece_id, joined, parted, reason",
            key: "party_id, case_id, piece_id"),
        Table(
            name: "import",
            columns:
                "party_id, id, kind, sha256, options, state, rows, done, created, changed, unchanged, refused, doc, begun, ended",
            key: "party_id, id"),
        Table(
            name: "import_row", columns: "party_id, import_id, row, outcome, subject, version, doc",
            key: "party_id, import_id, row"),
        Table(name: "import_ref", columns: "party_id, kind, ref, subject", key: "party_id, kind, ref"),
        Table(
            name: "import_mapping", columns: "party_id, kind, header, mapping, updated", key: "party_id, kind, header"),
    ]

    private static let migrations = [
        """
        CREATE TABLE meta (name {TEXT} NOT NULL PRIMARY KEY, value {TEXT} NOT NULL) {STRICT};

        CREATE TABLE party (
            id {TEXT} NOT NULL PRIMARY KEY, code {TEXT} NOT NULL UNIQUE, kind {TEXT} NOT NULL, name {TEXT} NOT NULL,
            doc {TEXT} NOT NULL, version {INT} NOT NULL, created {INT} NOT NULL, updated {INT} NOT NULL) {STRICT};

        CREATE TABLE member (
            party_id {TEXT} NOT NULL REFERENCES party (id), id {TEXT} NOT NULL, name {TEXT} NOT NULL, uid {INT},
            roles {TEXT} NOT NULL, forwarder {INT} NOT NULL, created {INT} NOT NULL, revoked {INT},
            PRIMARY KEY (party_id, id)) {STRICT};
        CREATE UNIQUE INDEX member_uid ON member (uid) WHERE uid IS NOT NULL AND revoked IS NULL;
        CREATE INDEX member_id ON member (id);

        CREATE TABLE token (
            party_id {TEXT} NOT NULL, member_id {TEXT} NOT NULL, id {TEXT} NOT NULL, hash {BYTES} NOT NULL UNIQUE,
            created {INT} NOT NULL, expires {INT} NOT NULL, revoked {INT},
            PRIMARY KEY (party_id, id), FOREIGN KEY (party_id, member_id) REFERENCES member (party_id, id)) {STRICT};
        CREATE INDEX token_id ON token (id);

        CREATE TABLE series (name {TEXT} NOT NULL PRIMARY KEY, next {INT} NOT NULL) {STRICT};

        CREATE TABLE piece (
            party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, stock_number {TEXT} NOT NULL, stock_key {TEXT} NOT NULL,
            kind {TEXT} NOT NULL, status {TEXT} NOT NULL, species {TEXT}, variety {TEXT}, shape {TEXT}, colour {TEXT},
            clarity {TEXT}, weight {INT}, price {INT}, version {INT} NOT NULL, created {INT} NOT NULL,
            updated {INT} NOT NULL, doc {TEXT} NOT NULL, attached {TEXT} NOT NULL,
            PRIMARY KEY (id, party_id), UNIQUE (party_id, stock_key)) {STRICT};
        CREATE INDEX piece_created ON piece (party_id, created, id);
        CREATE INDEX piece_weight ON piece (party_id, weight, id);
        CREATE INDEX piece_price ON piece (party_id, price, id);

        CREATE TABLE event (
            party_id {TEXT} NOT NULL, seq {INT} NOT NULL, subject {TEXT} NOT NULL, data {TEXT} NOT NULL,
            hash {BYTES} NOT NULL, PRIMARY KEY (party_id, seq)) {STRICT};
        CREATE INDEX event_subject ON event (party_id, subject, seq);

        CREATE TABLE idempotency (
            party_id {TEXT} NOT NULL, key {TEXT} NOT NULL, request {BYTES} NOT NULL, created {INT} NOT NULL,
            answer {TEXT}, PRIMARY KEY (party_id, key)) {STRICT};
        CREATE INDEX idempotency_created ON idempotency (created);

        CREATE TABLE image (
            sha256 {TEXT} NOT NULL PRIMARY KEY, width {INT} NOT NULL, height {INT} NOT NULL, bytes {INT} NOT NULL,
            suspect {INT} NOT NULL, created {INT} NOT NULL, published {INT}) {STRICT};
        CREATE TABLE derivative (
            image {TEXT} NOT NULL REFERENCES image (sha256), edge {INT} NOT NULL, sha256 {TEXT} NOT NULL,
            width {INT} NOT NULL, height {INT} NOT NULL, bytes {INT} NOT NULL, PRIMARY KEY (image, edge)) {STRICT};
        CREATE INDEX derivative_sha256 ON derivative (sha256);
        CREATE TABLE piece_image (
            party_id {TEXT} NOT NULL, piece_id {TEXT} NOT NULL, image {TEXT} NOT NULL REFERENCES image (sha256),
            role {TEXT} NOT NULL, position {INT} NOT NULL, created {INT} NOT NULL,
            PRIMARY KEY (party_id, piece_id, image)) {STRICT};
        CREATE INDEX piece_image_image ON piece_image (image, party_id);

        CREATE TABLE certificate (
            party_id {TEXT} NOT NULL, piece_id {TEXT} NOT NULL, number {TEXT} NOT NULL PRIMARY KEY,
            serial {TEXT} NOT NULL UNIQUE, class {TEXT} NOT NULL, state {TEXT} NOT NULL, status {INT} NOT NULL,
            status_index {INT} NOT NULL, reserved {INT} NOT NULL, actor {TEXT} NOT NULL, statement {BYTES} NOT NULL,
            sha256 {BYTES} NOT NULL, signature {BYTES}, log {INT}, log_index {INT}, live {INT} NOT NULL,
            idempotency_key {TEXT}) {STRICT};
        CREATE UNIQUE INDEX certificate_live ON certificate (party_id, piece_id, class) WHERE live = 1;
        CREATE UNIQUE INDEX certificate_status_index ON certificate (status_index);
        CREATE INDEX certificate_piece ON certificate (party_id, piece_id);
        CREATE INDEX certificate_unfinished ON certificate (serial) WHERE state = 'reserved';

        CREATE TABLE log_state (
            log {INT} NOT NULL PRIMARY KEY, origin {TEXT} NOT NULL UNIQUE, size {INT} NOT NULL, root {BYTES} NOT NULL)
            {STRICT};
        CREATE TABLE log_entry (
            log {INT} NOT NULL, idx {INT} NOT NULL, serial {TEXT} NOT NULL, data {BYTES} NOT NULL,
            leaf {BYTES} NOT NULL UNIQUE, PRIMARY KEY (log, idx)) {STRICT};
        CREATE INDEX log_entry_serial ON log_entry (serial);
        CREATE TABLE log_tile (
            log {INT} NOT NULL, level {INT} NOT NULL, n {INT} NOT NULL, hashes {BYTES} NOT NULL,
            PRIMARY KEY (log, level, n)) {STRICT};
        CREATE TABLE log_checkpoint (
            log {INT} NOT NULL, size {INT} NOT NULL, root {BYTES} NOT NULL, note {BYTES} NOT NULL,
            created {INT} NOT NULL, PRIMARY KEY (log, size)) {STRICT};

        CREATE TABLE consent (
            party_id {TEXT} NOT NULL, piece_id {TEXT} NOT NULL, to_party {TEXT} NOT NULL, markets {TEXT} NOT NULL,
            until {INT}, created {INT} NOT NULL, revoked {INT}, PRIMARY KEY (party_id, piece_id, to_party)) {STRICT};
        CREATE INDEX consent_to ON consent (to_party, piece_id);

        CREATE TABLE lot (
            party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, name {TEXT} NOT NULL, doc {TEXT} NOT NULL,
            version {INT} NOT NULL, created {INT} NOT NULL, updated {INT} NOT NULL, PRIMARY KEY (party_id, id)) {STRICT};
        CREATE TABLE lot_piece (
            party_id {TEXT} NOT NULL, lot_id {TEXT} NOT NULL, piece_party {TEXT} NOT NULL, piece_id {TEXT} NOT NULL,
            added {INT} NOT NULL, PRIMARY KEY (party_id, lot_id, piece_party, piece_id)) {STRICT};

        CREATE TABLE market_account (
            party_id {TEXT} NOT NULL, market {TEXT} NOT NULL, doc {TEXT} NOT NULL, updated {INT} NOT NULL,
            PRIMARY KEY (party_id, market)) {STRICT};

        CREATE TABLE export (
            party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, lot_id {TEXT} NOT NULL, market {TEXT} NOT NULL,
            mode {TEXT} NOT NULL, sha256 {TEXT} NOT NULL, bytes {INT} NOT NULL, pieces {INT} NOT NULL,
            doc {TEXT} NOT NULL, created {INT} NOT NULL, PRIMARY KEY (party_id, id)) {STRICT};
        CREATE INDEX export_lot ON export (party_id, lot_id, market, created);
        CREATE TABLE export_piece (
            party_id {TEXT} NOT NULL, export_id {TEXT} NOT NULL, piece_party {TEXT} NOT NULL, piece_id {TEXT} NOT NULL,
            listing_id {TEXT} NOT NULL, operation {TEXT} NOT NULL, sha256 {BYTES},
            PRIMARY KEY (party_id, export_id, piece_party, piece_id)) {STRICT};
        CREATE TABLE listing (
            party_id {TEXT} NOT NULL, market {TEXT} NOT NULL, piece_party {TEXT} NOT NULL, piece_id {TEXT} NOT NULL,
            lot_id {TEXT} NOT NULL, listing_id {TEXT} NOT NULL, export_id {TEXT} NOT NULL, state {TEXT} NOT NULL,
            updated {INT} NOT NULL, PRIMARY KEY (party_id, market, piece_party, piece_id)) {STRICT};
        CREATE INDEX listing_piece ON listing (piece_party, piece_id);

        CREATE TABLE movement (
            party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, piece_id {TEXT} NOT NULL, kind {TEXT} NOT NULL,
            state {TEXT} NOT NULL, to_party {TEXT}, to_name {TEXT}, until {INT}, slip {TEXT}, doc {TEXT} NOT NULL,
            created {INT} NOT NULL, PRIMARY KEY (party_id, id)) {STRICT};
        CREATE UNIQUE INDEX movement_in_force ON movement (party_id, piece_id) WHERE state <> 'closed';
        CREATE INDEX movement_piece ON movement (party_id, piece_id, id);
        CREATE INDEX movement_to ON movement (to_party, id) WHERE to_party IS NOT NULL;
        CREATE INDEX movement_until ON movement (kind, until) WHERE state = 'open';
        """,
        // Full text; pieces numbered in the order they came, events kept in the order of their chain.
        """
        CREATE TABLE piece_2 (
            no {INT} NOT NULL PRIMARY KEY, party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, stock_number {TEXT} NOT NULL,
            stock_key {TEXT} NOT NULL, kind {TEXT} NOT NULL, status {TEXT} NOT NULL, species {TEXT}, variety {TEXT},
            shape {TEXT}, colour {TEXT}, clarity {TEXT}, weight {INT}, price {INT}, version {INT} NOT NULL,
            created {INT} NOT NULL, updated {INT} NOT NULL, doc {TEXT} NOT NULL, attached {TEXT} NOT NULL,
            words {TEXT} NOT NULL, UNIQUE (id, party_id), UNIQUE (party_id, stock_key)) {STRICT};
        INSERT INTO piece_2 (no, party_id, id, stock_number, stock_key, kind, status, species, variety, shape, colour,
            clarity, weight, price, version, created, updated, doc, attached, words)
            SELECT row_number() OVER (ORDER BY created, id, party_id), party_id, id, stock_number, stock_key, kind,
                status, species, variety, shape, colour, clarity, weight, price, version, created, updated, doc,
                attached, ''
            FROM piece;
        DROP TABLE piece;
        ALTER TABLE piece_2 RENAME TO piece;
        CREATE INDEX piece_created ON piece (party_id, created, id);
        CREATE INDEX piece_weight ON piece (party_id, weight, id);
        CREATE INDEX piece_price ON piece (party_id, price, id);
        {SQLITE} CREATE VIRTUAL TABLE piece_text USING fts5 (words, content = 'piece', content_rowid = 'no',
            columnsize = 0, tokenize = 'unicode61 remove_diacritics 0');
        {POSTGRES} CREATE INDEX piece_text ON piece USING gin (to_tsvector('simple', words));
        {WORDS};

        CREATE TABLE event_2 (
            party_id {TEXT} NOT NULL, seq {INT} NOT NULL, subject {TEXT} NOT NULL, data {TEXT} NOT NULL,
            hash {BYTES} NOT NULL, PRIMARY KEY (party_id, seq)) {CLUSTERED};
        INSERT INTO event_2 (party_id, seq, subject, data, hash)
            SELECT party_id, seq, subject, data, hash FROM event ORDER BY party_id, seq;
        DROP TABLE event;
        ALTER TABLE event_2 RENAME TO event;
        CREATE INDEX event_subject ON event (party_id, subject, seq);
        """,
        """
        CREATE TABLE rate_day (
            day {TEXT} NOT NULL PRIMARY KEY, version {INT} NOT NULL, findings {TEXT} NOT NULL, updated {INT} NOT NULL)
            {STRICT};
        CREATE TABLE rate (
            item {TEXT} NOT NULL, day {TEXT} NOT NULL REFERENCES rate_day (day), figure {TEXT} NOT NULL,
            PRIMARY KEY (item, day)) {STRICT};
        CREATE INDEX rate_of_day ON rate (day);
        CREATE TABLE lineage (
            party_id {TEXT} NOT NULL, parent_id {TEXT} NOT NULL, child_id {TEXT} NOT NULL, how {TEXT} NOT NULL,
            weight {INT} NOT NULL, created {INT} NOT NULL, PRIMARY KEY (party_id, child_id, parent_id)) {STRICT};
        CREATE INDEX lineage_parent ON lineage (party_id, parent_id, child_id);
        """,
        """
        CREATE TABLE piece_key (
            party_id {TEXT} NOT NULL, piece_id {TEXT} NOT NULL, kind {TEXT} NOT NULL, value {TEXT} NOT NULL,
            PRIMARY KEY (party_id, piece_id, kind, value)) {STRICT};
        CREATE INDEX piece_key_value ON piece_key (kind, value, party_id, piece_id);
        INSERT INTO piece_key (party_id, piece_id, kind, value)
            SELECT i.party_id, i.piece_id, 'photograph', i.image FROM piece_image i
            JOIN piece p ON p.party_id = i.party_id AND p.id = i.piece_id
            WHERE p.status NOT IN ('sold', 'destroyed', 'transferred');

        CREATE TABLE likeness (
            slot {INT} NOT NULL, image {TEXT} NOT NULL REFERENCES image (sha256), bits {INT} NOT NULL,
            PRIMARY KEY (slot, image)) {STRICT};
        CREATE INDEX likeness_image ON likeness (image);

        CREATE TABLE conflict_case (
            id {INT} NOT NULL PRIMARY KEY, state {TEXT} NOT NULL, opened {INT} NOT NULL, closed {INT}, outcome {TEXT},
            doc {TEXT} NOT NULL) {STRICT};
        CREATE INDEX conflict_case_state ON conflict_case (state, id);
        CREATE TABLE conflict_case_key (
            case_id {INT} NOT NULL REFERENCES conflict_case (id), kind {TEXT} NOT NULL, value {TEXT} NOT NULL,
            settled {INT}, PRIMARY KEY (case_id, kind, value)) {STRICT};
        CREATE UNIQUE INDEX conflict_case_key_open ON conflict_case_key (kind, value) WHERE settled IS NULL;
        CREATE INDEX conflict_case_key_value ON conflict_case_key (kind, value, case_id);
        CREATE TABLE conflict_case_piece (
            party_id {TEXT} NOT NULL, case_id {INT} NOT NULL REFERENCES conflict_case (id), piece_id {TEXT} NOT NULL,
            joined {INT} NOT NULL, parted {INT}, reason {TEXT}, PRIMARY KEY (party_id, case_id, piece_id)) {STRICT};
        CREATE INDEX conflict_case_piece_case ON conflict_case_piece (case_id);
        CREATE INDEX conflict_case_piece_piece ON conflict_case_piece (party_id, piece_id) WHERE parted IS NULL;
        """,
        """
        ALTER TABLE party ADD COLUMN sealed {BYTES};
        ALTER TABLE party ADD COLUMN cnic_hash {BYTES};
        ALTER TABLE party ADD COLUMN phone {TEXT};
        CREATE UNIQUE INDEX party_cnic ON party (cnic_hash) WHERE cnic_hash IS NOT NULL;
        CREATE INDEX party_phone ON party (phone) WHERE phone IS NOT NULL;

        CREATE TABLE import (
            party_id {TEXT} NOT NULL, id {TEXT} NOT NULL, kind {TEXT} NOT NULL, sha256 {TEXT} NOT NULL,
            options {TEXT} NOT NULL, state {TEXT} NOT NULL, rows {INT} NOT NULL, done {INT} NOT NULL,
            created {INT} NOT NULL, changed {INT} NOT NULL, unchanged {INT} NOT NULL, refused {INT} NOT NULL,
            doc {TEXT} NOT NULL, begun {INT} NOT NULL, ended {INT}, PRIMARY KEY (party_id, id)) {STRICT};
        CREATE INDEX import_running ON import (party_id, sha256) WHERE state = 'running';
        CREATE TABLE import_row (
            party_id {TEXT} NOT NULL, import_id {TEXT} NOT NULL, row {INT} NOT NULL, outcome {TEXT} NOT NULL,
            subject {TEXT}, version {INT}, doc {TEXT}, PRIMARY KEY (party_id, import_id, row)) {STRICT};
        CREATE TABLE import_ref (
            party_id {TEXT} NOT NULL, kind {TEXT} NOT NULL, ref {TEXT} NOT NULL, subject {TEXT} NOT NULL,
            PRIMARY KEY (party_id, kind, ref)) {STRICT};
        CREATE TABLE import_mapping (
            party_id {TEXT} NOT NULL, kind {TEXT} NOT NULL, header {TEXT} NOT NULL, mapping {TEXT} NOT NULL,
            updated {INT} NOT NULL, PRIMARY KEY (party_id, kind, header)) {STRICT};
        """,
        // What became of certificates: each change with the event that the log binds; not yet in the log without `log`.
        """
        ALTER TABLE certificate ADD COLUMN lab {TEXT};
        ALTER TABLE certificate ADD COLUMN changed {INT};
        ALTER TABLE certificate ADD COLUMN reason {TEXT};
        ALTER TABLE certificate ADD COLUMN supersedes {TEXT};
        ALTER TABLE certificate ADD COLUMN supersede_reason {TEXT};
        ALTER TABLE certificate ADD COLUMN superseded_by {TEXT};
        CREATE INDEX certificate_of_piece ON certificate (piece_id);
        CREATE TABLE certificate_change (
            number {TEXT} NOT NULL REFERENCES certificate (number), seq {INT} NOT NULL, kind {TEXT} NOT NULL,
            before {INT} NOT NULL, status {INT} NOT NULL, reason {TEXT} NOT NULL, at {INT} NOT NULL,
            event {BYTES} NOT NULL, sha256 {BYTES} NOT NULL UNIQUE, log {INT}, log_index {INT}, key_party {TEXT},
            idempotency_key {TEXT}, PRIMARY KEY (number, seq)) {STRICT};
        CREATE INDEX certificate_change_unlogged ON certificate_change (at, number, seq) WHERE log IS NULL;
        CREATE TABLE certificate_print (
            number {TEXT} NOT NULL REFERENCES certificate (number), language {TEXT} NOT NULL, copies {INT} NOT NULL,
            updated {INT} NOT NULL, PRIMARY KEY (number, language)) {STRICT};
        """,
        // Requests to laboratories. A person has one part in a draft, and none in one of his own party's pieces.
        """
        ALTER TABLE member ADD COLUMN approval_key {TEXT};
        CREATE UNIQUE INDEX member_approval_key ON member (approval_key)
            WHERE approval_key IS NOT NULL AND revoked IS NULL;
        CREATE TABLE draft (
            id {TEXT} NOT NULL PRIMARY KEY, party_id {TEXT} NOT NULL REFERENCES party (id), piece_id {TEXT} NOT NULL,
            class {TEXT} NOT NULL, lab {TEXT} NOT NULL REFERENCES party (id), state {TEXT} NOT NULL,
            created {INT} NOT NULL, updated {INT} NOT NULL, actor {TEXT} NOT NULL, statement {BYTES}, number {TEXT},
            doc {TEXT} NOT NULL, UNIQUE (id, party_id), CHECK (party_id <> lab),
            CHECK (class IN ('examination', 'check'))) {STRICT};
        CREATE UNIQUE INDEX draft_open ON draft (party_id, piece_id, class)
            WHERE state IN ('open', 'differ', 'agreed', 'approving', 'issuing');
        CREATE INDEX draft_lab ON draft (lab, id);
        CREATE INDEX draft_party ON draft (party_id, id);
        CREATE INDEX draft_number ON draft (number);
        CREATE TABLE draft_person (
            draft_id {TEXT} NOT NULL, owner_id {TEXT} NOT NULL, party_id {TEXT} NOT NULL, member_id {TEXT} NOT NULL,
            role {TEXT} NOT NULL, seq {INT} NOT NULL, name {TEXT} NOT NULL, examination {TEXT}, examined {INT},
            key {TEXT}, signature {TEXT}, approved {INT}, PRIMARY KEY (draft_id, member_id), UNIQUE (draft_id, seq),
            UNIQUE (draft_id, key), FOREIGN KEY (draft_id, owner_id) REFERENCES draft (id, party_id),
            FOREIGN KEY (party_id, member_id) REFERENCES member (party_id, id), CHECK (owner_id <> party_id),
            CHECK (role = 'examiner' AND examination IS NOT NULL OR role = 'approver' AND examination IS NULL)) {STRICT};
        CREATE UNIQUE INDEX draft_approver ON draft_person (draft_id) WHERE role = 'approver';
        """,
        """
        ALTER TABLE certificate ADD COLUMN code {TEXT};
        CREATE INDEX certificate_status ON certificate (status_index) WHERE status <> 0;
        """,
        """
        CREATE TABLE paper (
            number {TEXT} NOT NULL REFERENCES certificate (number), form {TEXT} NOT NULL, language {TEXT} NOT NULL,
            sha256 {TEXT} NOT NULL, bytes {INT} NOT NULL, created {INT} NOT NULL,
            PRIMARY KEY (number, form, language)) {STRICT};
        """,
        """
        ALTER TABLE certificate ADD COLUMN draft_sha256 {BYTES};
        CREATE UNIQUE INDEX certificate_draft ON certificate (draft_sha256);
        """,
        // A certificate writes one page of each index: what other indexes find as well is left to them.
        """
        DROP INDEX certificate_piece;
        DROP INDEX certificate_draft;
        CREATE UNIQUE INDEX certificate_draft ON certificate (draft_sha256) WHERE draft_sha256 IS NOT NULL;
        """,
    ]
}
