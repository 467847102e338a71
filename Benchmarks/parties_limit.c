// The limit of bringing in parties: the rows that an import of a CSV stores, as bare inserts with the same indexes, 1,024
// parties a commit, each commit synced. Nothing is checked, sealed, hashed or looked up.
//     parties_limit DATABASE CSV
#include "limit.h"

typedef struct {
    char *field[8];
} artisan;

static artisan *artisans;
static int artisan_count;

/// Fields by comma: the generator writes no quotes.
static void load_artisans(const char *path) {
    FILE *file = fopen(path, "r");
    char line[1024];
    if (!file || !fgets(line, sizeof line, file)) exit(1);
    artisans = calloc(100000, sizeof *artisans);
    while (artisan_count < 100000 && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        char *rest = strdup(line), *field;
        for (int i = 0; i < 8 && (field = strsep(&rest, ",")); i++) artisans[artisan_count].field[i] = field;
        artisan_count++;
    }
    fclose(file);
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, 0) != SQLITE_OK) exit(1);
    return s;
}

static void step(sqlite3_stmt *s) {
    if (sqlite3_step(s) != SQLITE_DONE) exit(1);
    sqlite3_reset(s);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    load_artisans(arguments[2]);
    sqlite3 *db = open_store(arguments[1]);
    run_sql(db, "CREATE TABLE party (id TEXT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,"
                " doc TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, sealed BLOB,"
                " cnic_hash BLOB, phone TEXT) STRICT");
    run_sql(db, "CREATE UNIQUE INDEX party_cnic ON party (cnic_hash) WHERE cnic_hash IS NOT NULL");
    run_sql(db, "CREATE INDEX party_phone ON party (phone) WHERE phone IS NOT NULL");
    run_sql(db, "CREATE TABLE event (party_id TEXT NOT NULL, seq INTEGER NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL,"
                " hash BLOB NOT NULL, PRIMARY KEY (party_id, seq)) STRICT");
    run_sql(db, "CREATE INDEX event_subject ON event (party_id, subject, seq)");
    run_sql(db, "CREATE TABLE import_row (party_id TEXT NOT NULL, import_id TEXT NOT NULL, row INTEGER NOT NULL, outcome TEXT NOT NULL,"
                " subject TEXT, version INTEGER, doc TEXT, PRIMARY KEY (party_id, import_id, row)) STRICT");
    sqlite3_stmt *party = prepared(db, "INSERT INTO party VALUES (?,?,?,?,?,?,?,?,?,?,?)"),
                 *event = prepared(db, "INSERT INTO event VALUES (?,?,?,?,?)"),
                 *row = prepared(db, "INSERT INTO import_row VALUES (?,?,?,?,?,?,?)");
    const char *council = "01990a3e-0000-7000-8000-000000000001", *import = "01990a3e-0000-7000-8000-000000000002";
    double begin = now();
    for (int n = 0; n < artisan_count;) {
        run_sql(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < 1024 && n < artisan_count; i++, n++) {
            artisan *a = artisans + n;
            char id[40], code[16], doc[600], data[600];
            unsigned char sealed[60], hash[32];
            snprintf(id, sizeof id, "01990a3e-%04x-7%03x-8000-%012x", n >> 12, n & 0xfff, n * 2654435761u);
            snprintf(code, sizeof code, "ASLAM%d", n + 1);
            snprintf(doc, sizeof doc, "{\"nameUr\":\"%s\",\"district\":\"%s\",\"craft\":\"%s\",\"phone\":\"%s\",\"email\":\"%s\",\"gender\":\"%s\"}",
                     a->field[1], a->field[3], a->field[4], a->field[5], a->field[6], a->field[7]);
            snprintf(data, sizeof data, "{\"seq\":1,\"at\":\"2026-11-22T04:00:00.000Z\",\"kind\":\"party-added\",\"subject\":\"%s\",\"by\":\"%s\","
                     "\"byParty\":\"%s\",\"code\":\"%s\",\"name\":\"%s\"}", id, council, council, code, a->field[0]);
            for (int j = 0; j < 60; j++) sealed[j] = (unsigned char)((n * 31 + j) * 2654435761u >> 24);
            for (int j = 0; j < 32; j++) hash[j] = (unsigned char)((n * 17u + j * 7919u) * 2246822519u >> 24);
            memcpy(hash, &n, sizeof n);
            text(party, 1, id);
            text(party, 2, code);
            text(party, 3, "dealer");
            text(party, 4, a->field[0]);
            text(party, 5, doc);
            sqlite3_bind_int(party, 6, 1);
            sqlite3_bind_int64(party, 7, 1790000000000000 + n);
            sqlite3_bind_int64(party, 8, 1790000000000000 + n);
            sqlite3_bind_blob(party, 9, sealed, sizeof sealed, SQLITE_TRANSIENT);
            sqlite3_bind_blob(party, 10, hash, sizeof hash, SQLITE_TRANSIENT);
            text(party, 11, a->field[5]);
            step(party);
            text(event, 1, id);
            sqlite3_bind_int(event, 2, 1);
            text(event, 3, id);
            text(event, 4, data);
            sqlite3_bind_blob(event, 5, hash, sizeof hash, SQLITE_TRANSIENT);
            step(event);
            text(row, 1, council);
            text(row, 2, import);
            sqlite3_bind_int(row, 3, n + 2);
            text(row, 4, "created");
            text(row, 5, id);
            sqlite3_bind_int(row, 6, 1);
            step(row);
        }
        run_sql(db, "COMMIT");
    }
    printf("%.1f\n", artisan_count / (now() - begin));
    sqlite3_close(db);
}
