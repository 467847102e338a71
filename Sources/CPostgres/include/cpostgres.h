#pragma once
// Without libpq's headers (a build without the trait PostgreSQL) there is nothing here.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>

/// Loads libpq; must have returned null before any other function of it is called, from then on on any thread.
/// Otherwise the reason, good for the life of the process.
///
/// Loaded when a server is first asked for: libpq brings LDAP, Kerberos and a second TLS library, which a daemon
/// that keeps its rows in a file should neither need on the machine nor have in the process that signs.
const char *gem_postgres_load(void);

/// Macros that are character constants do not reach Swift.
static inline const char *gem_sqlstate(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }
static inline const char *gem_message(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY); }
#endif
