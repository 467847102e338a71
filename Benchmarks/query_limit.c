// The limit of a list's page: one prepared statement, its rows' columns copied out, nothing else.
//     query_limit DATABASE PARTY SQL COUNT
// SQL takes the party as ?1. Prints the median in microseconds.
#include "limit.h"

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    sqlite3 *db;
    sqlite3_stmt *query;
    if (sqlite3_open_v2(arguments[1], &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, 0) != SQLITE_OK ||
        sqlite3_prepare_v2(db, arguments[3], -1, &query, 0) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        return 1;
    }
    int rounds = atoi(arguments[4]), columns = sqlite3_column_count(query);
    double *times = malloc(rounds * sizeof *times);
    static char page[1 << 20];
    for (int i = 0; i < rounds; i++) {
        double begin = now();
        char *end = page;
        sqlite3_bind_text(query, 1, arguments[2], -1, SQLITE_STATIC);
        while (sqlite3_step(query) == SQLITE_ROW)
            for (int column = 0; column < columns; column++) {
                const unsigned char *value = sqlite3_column_text(query, column);
                int length = sqlite3_column_bytes(query, column);
                if (value && end + length < page + sizeof page) end = (char *)memcpy(end, value, length) + length;
            }
        sqlite3_reset(query);
        times[i] = now() - begin;
    }
    qsort(times, rounds, sizeof *times, ascending);
    printf("%.2f\n", times[rounds / 2] * 1e6);
}
