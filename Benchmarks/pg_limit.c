// The limit of what gemd does with PostgreSQL: its own rows, read from its tables, into tables alike with the same
// indexes, as bare libpq does it best; and its own queries, with the answer read and thrown away.
//     pg_limit rows URL BATCH TABLE QUERY [TABLE QUERY]…
//         BATCH rows of each table a commit, each table's by one prepared INSERT of many rows; rows of the first a second
//     pg_limit serve URL SOCKET TABLE QUERY [TABLE QUERY]…        (until killed)
//         HTTP-like framing, no parsing of the body; one row of each table a request, one commit for all that wait
//     pg_limit query URL TIMES QUERY [VALUE]…
//         the median of so many runs in milliseconds
// Each commit waits for the disk (synchronous_commit = on, checked). All values go and come in binary.
#include "limit.h"
#include <postgresql/libpq-fe.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
    const char *name;
    PGresult *rows;
    int columns, count, next;
} table;

static PGconn *connection;
static table tables[8];
static int table_count;

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, PQerrorMessage(connection));
    exit(1);
}

static PGresult *checked(PGresult *result, const char *what) {
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) die(what);
    return result;
}

static void run(const char *sql) { PQclear(checked(PQexec(connection, sql), sql)); }

/// Takes over the rows of a query for a table, and makes that table anew in a schema of our own.
static void take(const char *name, const char *query) {
    table *t = tables + table_count++;
    char sql[400];
    t->name = name;
    t->rows = checked(PQexecParams(connection, query, 0, 0, 0, 0, 0, 1), query);
    t->columns = PQnfields(t->rows);
    t->count = PQntuples(t->rows);
    if (!t->count) die("no rows");
    snprintf(sql, sizeof sql, "CREATE TABLE bare.%s (LIKE %s INCLUDING ALL)", name, name);
    run(sql);
}

static void start_tables(int count, char **arguments) {
    run("SET client_min_messages = warning; DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare");
    PGresult *setting = checked(PQexec(connection, "SHOW synchronous_commit"), "SHOW");
    if (strcmp(PQgetvalue(setting, 0, 0), "on")) die("synchronous_commit is not on");
    for (int i = 0; i + 1 < count; i += 2) take(arguments[i], arguments[i + 1]);
}

/// Sends an INSERT of `count` rows from the table's next on, prepared when first met.
static void send_insert(table *t, int count, char *prepared) {
    static const char *values[65535];
    static int lengths[65535], formats[65535];
    char name[40];
    snprintf(name, sizeof name, "%s%d", t->name, count);
    if (!*prepared) {
        char *sql = malloc(200 + (size_t)count * t->columns * 9), *end = sql;
        Oid *types = malloc(sizeof *types * count * t->columns);
        end += sprintf(end, "INSERT INTO bare.%s VALUES ", t->name);
        for (int i = 0; i < count * t->columns; i++) {
            end += sprintf(end, "%s$%d", i == 0 ? "(" : i % t->columns == 0 ? "),(" : ",", i + 1);
            types[i] = PQftype(t->rows, i % t->columns);
        }
        sprintf(end, ")");
        if (!PQsendPrepare(connection, name, sql, count * t->columns, types)) die("prepare");
        free(sql);
        free(types);
        *prepared = 1;
    }
    int n = 0;
    for (int row = 0; row < count; row++, t->next++)
        for (int column = 0; column < t->columns; column++, n++) {
            int from = t->next % t->count;
            int isnull = PQgetisnull(t->rows, from, column);
            values[n] = isnull ? 0 : PQgetvalue(t->rows, from, column);
            lengths[n] = PQgetlength(t->rows, from, column);
            formats[n] = 1;
        }
    if (!PQsendQueryPrepared(connection, name, n, values, lengths, formats, 1)) die("insert");
}

static void send_word(const char *word) {
    if (!PQsendQueryParams(connection, word, 0, 0, 0, 0, 0, 1)) die(word);
}

/// Waits for all answers of what was sent.
static void settle(void) {
    if (!PQpipelineSync(connection)) die("sync");
    for (;;) {
        PGresult *result = PQgetResult(connection);
        if (!result) continue;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR) die(PQresultErrorMessage(result));
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC) return;
    }
}

static void insert_rows(int batch) {
    static char prepared[8][65536];
    PQenterPipelineMode(connection);
    double begin = now();
    int count = tables[0].count;
    for (int done = 0; done < count;) {
        int some = count - done < batch ? count - done : batch;
        send_word("BEGIN");
        // The many parameters of a row leave room for so many rows a statement.
        for (int i = 0; i < table_count; i++)
            for (int left = some; left > 0;) {
                int part = left < 256 ? left : 256;
                send_insert(tables + i, part, &prepared[i][part]);
                left -= part;
            }
        send_word("COMMIT");
        settle();
        done += some;
    }
    printf("%.1f\n", count / (now() - begin));
}

static void serve(const char *path) {
    static char prepared[8];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    unlink(path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 64)) exit(1);
    static char answer[1000], body[850], buffer[1 << 16];
    memset(body, 'j', sizeof body - 1);
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          strlen(body), body);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    PQenterPipelineMode(connection);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poll, events, 64, -1), waiting = 0, asked[64];
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                event.data.fd = accept4(listener, 0, 0, SOCK_NONBLOCK);
                epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
            } else if (read(fd, buffer, sizeof buffer) <= 0) {
                close(fd);
            } else {
                asked[waiting++] = fd;
            }
        }
        if (!waiting) continue;
        send_word("BEGIN");
        for (int i = 0; i < waiting; i++)
            for (int j = 0; j < table_count; j++) send_insert(tables + j, 1, &prepared[j]);
        send_word("COMMIT");
        settle();
        for (int i = 0; i < waiting; i++)
            if (write(asked[i], answer, length) < 0) exit(1);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void ask(int times, const char *query, int count, char **values) {
    double *each = malloc(times * sizeof *each);
    PQclear(checked(PQprepare(connection, "q", query, 0, 0), query));
    for (int i = 0; i < times; i++) {
        double begin = now();
        PGresult *result = checked(PQexecPrepared(connection, "q", count, (const char **)values, 0, 0, 1), query);
        each[i] = now() - begin;
        if (!PQntuples(result)) die("no rows");
        PQclear(result);
    }
    qsort(each, times, sizeof *each, ascending);
    printf("%.4f\n", each[times / 2] * 1e3);
}

int main(int count, char **arguments) {
    if (count < 5) return 2;
    connection = PQconnectdb(arguments[2]);
    if (PQstatus(connection) != CONNECTION_OK) die("connect");
    if (!strcmp(arguments[1], "rows")) {
        start_tables(count - 4, arguments + 4);
        insert_rows(atoi(arguments[3]));
    } else if (!strcmp(arguments[1], "serve")) {
        start_tables(count - 4, arguments + 4);
        serve(arguments[3]);
    } else if (!strcmp(arguments[1], "query")) {
        ask(atoi(arguments[3]), arguments[4], count - 5, arguments + 5);
    } else {
        return 2;
    }
    PQfinish(connection);
}
