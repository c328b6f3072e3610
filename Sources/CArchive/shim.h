#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

// libarchive converts the names of entries to the character set of the thread's locale; in the "C" locale it replaces
// every letter that is not ASCII. A locale of our own makes its answer the same in every process. LC_CTYPE_MASK is an
// expression that Swift does not import.
static inline locale_t carchive_make_locale(void) { return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

// Reads the next header under that locale (`archive_read_next_header`).
static inline int carchive_next_header(struct archive *archive, struct archive_entry **entry, locale_t locale) {
    locale_t before = locale ? uselocale(locale) : (locale_t)0;
    int code = archive_read_next_header(archive, entry);
    if (before) uselocale(before);
    return code;
}
