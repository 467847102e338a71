// The limit of bulk registration: the rows of a CSV into SQLite, 256 a commit, each commit synced.
//     bulk_limit DATABASE CSV
#include "limit.h"

int main(int count, char **arguments) {
    if (count != 3) return 2;
    load_stock(arguments[2]);
    sqlite3 *db = open_store(arguments[1]);
    prepare(db);
    double begin = now();
    for (int64_t id = 1; id <= stock_count;) {
        run_sql(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < 256 && id <= stock_count; i++) insert(id++);
        run_sql(db, "COMMIT");
    }
    printf("%.1f\n", stock_count / (now() - begin));
    sqlite3_close(db);
}
