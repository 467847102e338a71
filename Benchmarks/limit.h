// What the limit programs share: the clock, and rows of a realistic stock in a plain SQLite table with
// four indexes and full text. Rows come from a CSV in the form of the ggplot2 `diamonds` data.
#pragma once
#define _GNU_SOURCE
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    double carat, depth, table, x, y, z;
    int price;
    char cut[12], colour[4], clarity[6];
} diamond;

static diamond *stock;
static int stock_count;

static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static inline void load_stock(const char *path) {
    FILE *file = fopen(path, "r");
    char line[512];
    if (!file || !fgets(line, sizeof line, file)) exit(1);
    stock = malloc(sizeof *stock * 60000);
    while (stock_count < 60000 && fgets(line, sizeof line, file)) {
        diamond *d = stock + stock_count;
        if (sscanf(line, "%lf,%11[^,],%3[^,],%5[^,],%lf,%lf,%d,%lf,%lf,%lf", &d->carat, d->cut, d->colour, d->clarity,
                   &d->depth, &d->table, &d->price, &d->x, &d->y, &d->z) == 10)
            stock_count++;
    }
    fclose(file);
}

static inline void run_sql(sqlite3 *db, const char *sql) {
    char *error = 0;
    if (sqlite3_exec(db, sql, 0, 0, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, error);
        exit(1);
    }
}

static inline sqlite3 *open_store(const char *path) {
    char side[600];
    sqlite3 *db;
    unlink(path);
    snprintf(side, sizeof side, "%s-wal", path);
    unlink(side);
    snprintf(side, sizeof side, "%s-shm", path);
    unlink(side);
    if (sqlite3_open(path, &db) != SQLITE_OK) exit(1);
    run_sql(db, "PRAGMA journal_mode = WAL");
    run_sql(db, "PRAGMA synchronous = FULL");
    run_sql(db, "CREATE TABLE stone (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, kind TEXT, species TEXT, variety TEXT,"
                " shape TEXT, cut TEXT, carat INTEGER, colour TEXT, clarity TEXT, length INTEGER, width INTEGER, depth INTEGER,"
                " table_pct REAL, depth_pct REAL, origin TEXT, treatment TEXT, lab TEXT, report TEXT, price INTEGER,"
                " currency TEXT, owner INTEGER, status TEXT, location TEXT, created INTEGER, notes TEXT)");
    run_sql(db, "CREATE INDEX by_carat ON stone (species, carat)");
    run_sql(db, "CREATE INDEX by_price ON stone (status, price)");
    run_sql(db, "CREATE INDEX by_report ON stone (report)");
    run_sql(db, "CREATE VIRTUAL TABLE stone_text USING fts5 (sku, species, variety, origin, notes, content = 'stone',"
                " content_rowid = 'id')");
    return db;
}

static sqlite3_stmt *insert_stone, *insert_text;

static inline void prepare(sqlite3 *db) {
    if (sqlite3_prepare_v2(db, "INSERT INTO stone VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &insert_stone, 0) ||
        sqlite3_prepare_v2(db, "INSERT INTO stone_text (rowid, sku, species, variety, origin, notes) VALUES (?,?,?,?,?,?)", -1,
                           &insert_text, 0))
        exit(1);
}

static inline void text(sqlite3_stmt *s, int column, const char *value) {
    sqlite3_bind_text(s, column, value, -1, SQLITE_TRANSIENT);
}

static inline void insert(int64_t id) {
    diamond *d = stock + id % stock_count;
    char sku[32], report[32], variety[40], notes[200];
    sqlite3_stmt *s = insert_stone;
    snprintf(sku, sizeof sku, "PK-%08lld", (long long)id);
    snprintf(report, sizeof report, "GGAPCP-%010lld", (long long)id * 17 + 3);
    snprintf(variety, sizeof variety, "%s diamond", d->cut);
    snprintf(notes, sizeof notes, "%.2f ct %s diamond, colour %s clarity %s, eye clean, fine lustre, parcel %lld", d->carat, d->cut,
             d->colour, d->clarity, (long long)id / 100);
    sqlite3_bind_int64(s, 1, id);
    text(s, 2, sku);
    text(s, 3, "stone");
    text(s, 4, "diamond");
    text(s, 5, variety);
    text(s, 6, "R");
    text(s, 7, d->cut);
    sqlite3_bind_int(s, 8, (int)(d->carat * 1e5 + .5));
    text(s, 9, d->colour);
    text(s, 10, d->clarity);
    sqlite3_bind_int(s, 11, (int)(d->x * 1000));
    sqlite3_bind_int(s, 12, (int)(d->y * 1000));
    sqlite3_bind_int(s, 13, (int)(d->z * 1000));
    sqlite3_bind_double(s, 14, d->table);
    sqlite3_bind_double(s, 15, d->depth);
    text(s, 16, "Swat, Pakistan");
    text(s, 17, "NT");
    text(s, 18, "GGAPCP");
    text(s, 19, report);
    sqlite3_bind_int64(s, 20, (int64_t)d->price * 100);
    text(s, 21, "USD");
    sqlite3_bind_int(s, 22, (int)(id % 997));
    text(s, 23, "in_stock");
    text(s, 24, "safe/2");
    sqlite3_bind_int64(s, 25, 1790000000 + id);
    text(s, 26, notes);
    if (sqlite3_step(s) != SQLITE_DONE) exit(1);
    sqlite3_reset(s);
    sqlite3_bind_int64(insert_text, 1, id);
    const char *words[] = {sku, "diamond", variety, "Swat, Pakistan", notes};
    for (int i = 0; i < 5; i++) text(insert_text, i + 2, words[i]);
    if (sqlite3_step(insert_text) != SQLITE_DONE) exit(1);
    sqlite3_reset(insert_text);
}
