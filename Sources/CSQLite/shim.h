#pragma once
#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>

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

// The error number of the last read of the database or of its write-ahead log that failed for which SQLite says that the
// database is damaged (unixRead in os_unix.c: EIO, ENXIO, ERANGE), else 0. It stays when later reads succeed.
static inline int csqlite_read_failure(sqlite3 *connection) {
    int number = 0;
    sqlite3_file *log = NULL;
    sqlite3_file_control(connection, NULL, SQLITE_FCNTL_LAST_ERRNO, &number);
    if (number != EIO && number != ENXIO && number != ERANGE) {
        number = 0;
        sqlite3_file_control(connection, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log);
        if (log != NULL && log->pMethods != NULL)
            log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number == EIO || number == ENXIO || number == ERANGE ? number : 0;
}
