#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>

// libarchive converts the names of entries to the character set of the thread's locale; in the "C" locale it replaces
// every letter that is not ASCII. A locale of our own makes its answer the same in every process. LC_CTYPE_MASK is an
// expression that Swift does not import.
static inline locale_t carchive_make_locale(void) { return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

// Where a name cannot be converted, as one that ends in the middle of a letter, libarchive ends the process if errno is
// ENOMEM, without having set it: a call of anybody's that failed long before is enough. So it is set before each call that
// may ask for a name.

// Reads the next header under that locale (`archive_read_next_header`).
static inline int carchive_next_header(struct archive *archive, struct archive_entry **entry, locale_t locale) {
    locale_t before = locale ? uselocale(locale) : (locale_t)0;
    errno = 0;
    int code = archive_read_next_header(archive, entry);
    if (before) uselocale(before);
    return code;
}

// The name of an entry, or NULL (`archive_entry_pathname`).
static inline const char *carchive_pathname(struct archive_entry *entry) {
    errno = 0;
    return archive_entry_pathname(entry);
}

// Whether an entry is a link to another one (`archive_entry_hardlink`).
static inline int carchive_is_hard_link(struct archive_entry *entry) {
    errno = 0;
    return archive_entry_hardlink(entry) != NULL;
}
