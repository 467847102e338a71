#pragma once
#include <libpq-fe.h>

// Macros that are character constants do not reach Swift.
static inline const char *gem_sqlstate(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }
static inline const char *gem_message(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY); }
