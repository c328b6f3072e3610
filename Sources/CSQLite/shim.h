#pragma once
#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast macro, which Swift does not import. SQLite copies the bytes before it returns.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, unsigned long long count) {
    return sqlite3_bind_blob64(statement, index, count == 0 ? "" : bytes, count, SQLITE_TRANSIENT);
}
// SQLITE_STATIC, likewise: SQLite does not copy, and the caller keeps the bytes until the binding is cleared.
static inline int csqlite_bind_blob_static(sqlite3_stmt *statement, int index, const void *bytes,
                                           unsigned long long count) {
    return sqlite3_bind_blob64(statement, index, count == 0 ? "" : bytes, count, SQLITE_STATIC);
}
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes, unsigned long long count) {
    return sqlite3_bind_text64(statement, index, count == 0 ? "" : bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
