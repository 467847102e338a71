#define _GNU_SOURCE
#include "cpostgres.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#if __has_include(<postgresql/libpq-fe.h>)

// The functions of libpq that gemd uses, under their own names and types (libpq-fe.h), each handed on to the loaded
// library. Hidden, so that the library's own calls of itself never come here.
#define EACH(F)                                                                                                        \
    F(void, PQclear, (PGresult * r), (r))                                                                              \
    F(char *, PQcmdStatus, (PGresult * r), (r))                                                                        \
    F(char *, PQcmdTuples, (PGresult * r), (r))                                                                        \
    F(PGconn *, PQconnectdbParams, (const char *const *k, const char *const *v, int e), (k, v, e))                     \
    F(void, PQconninfoFree, (PQconninfoOption * o), (o))                                                               \
    F(PQconninfoOption *, PQconninfoParse, (const char *t, char **e), (t, e))                                          \
    F(PGresult *, PQdescribePrepared, (PGconn * c, const char *s), (c, s))                                             \
    F(char *, PQerrorMessage, (const PGconn *c), (c))                                                                  \
    F(int, PQenterPipelineMode, (PGconn * c), (c))                                                                     \
    F(PGresult *, PQexec, (PGconn * c, const char *q), (c, q))                                                         \
    F(PGresult *, PQexecParams,                                                                                        \
      (PGconn * c, const char *q, int n, const Oid *t, const char *const *v, const int *l, const int *f, int r),       \
      (c, q, n, t, v, l, f, r))                                                                                        \
    F(int, PQexitPipelineMode, (PGconn * c), (c))                                                                      \
    F(void, PQfinish, (PGconn * c), (c))                                                                               \
    F(void, PQfreemem, (void *p), (p))                                                                                 \
    F(Oid, PQftype, (const PGresult *r, int i), (r, i))                                                                \
    F(int, PQgetisnull, (const PGresult *r, int i, int j), (r, i, j))                                                  \
    F(int, PQgetlength, (const PGresult *r, int i, int j), (r, i, j))                                                  \
    F(PGresult *, PQgetResult, (PGconn * c), (c))                                                                      \
    F(char *, PQgetvalue, (const PGresult *r, int i, int j), (r, i, j))                                                \
    F(int, PQnfields, (const PGresult *r), (r))                                                                        \
    F(int, PQnparams, (const PGresult *r), (r))                                                                        \
    F(int, PQntuples, (const PGresult *r), (r))                                                                        \
    F(Oid, PQparamtype, (const PGresult *r, int i), (r, i))                                                            \
    F(int, PQpipelineSync, (PGconn * c), (c))                                                                          \
    F(PGresult *, PQprepare, (PGconn * c, const char *s, const char *q, int n, const Oid *t), (c, s, q, n, t))         \
    F(char *, PQresultErrorField, (const PGresult *r, int i), (r, i))                                                  \
    F(ExecStatusType, PQresultStatus, (const PGresult *r), (r))                                                        \
    F(int, PQsendQueryParams,                                                                                          \
      (PGconn * c, const char *q, int n, const Oid *t, const char *const *v, const int *l, const int *f, int r),       \
      (c, q, n, t, v, l, f, r))                                                                                        \
    F(int, PQsendQueryPrepared,                                                                                        \
      (PGconn * c, const char *s, int n, const char *const *v, const int *l, const int *f, int r),                     \
      (c, s, n, v, l, f, r))                                                                                           \
    F(int, PQserverVersion, (const PGconn *c), (c))                                                                    \
    F(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn * c, PQnoticeProcessor p, void *a), (c, p, a))                  \
    F(ConnStatusType, PQstatus, (const PGconn *c), (c))                                                                \
    F(PGTransactionStatusType, PQtransactionStatus, (const PGconn *c), (c))

#define POINTER(type, name, parameters, arguments) static type(*loaded_##name) parameters;
EACH(POINTER)

#define FORWARD(type, name, parameters, arguments)                                                                     \
    __attribute__((visibility("hidden"))) type name parameters { return loaded_##name arguments; }
EACH(FORWARD)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    const char *missing = library ? NULL : "libpq.so.5";
#define RESOLVE(type, name, parameters, arguments)                                                                     \
    if (library && !(loaded_##name = (type(*) parameters)dlsym(library, #name))) missing = #name;
    EACH(RESOLVE)
    if (missing) snprintf(failure, sizeof failure, "%s cannot be loaded: install the package libpq5", missing);
}

const char *gem_postgres_load(void) {
    pthread_once(&once, load);
    return failure[0] ? failure : NULL;
}
#endif
