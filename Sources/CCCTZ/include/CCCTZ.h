// cctz behind a C face: a zone by its name, and the moments of civil times in it. No C++ exception can leave.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ccctz_zone ccctz_zone;

enum {
    CCCTZ_UNIQUE = 0,    // the civil time is one moment
    CCCTZ_SKIPPED = 1,   // clocks were set forward over it
    CCCTZ_REPEATED = 2,  // clocks were set back to it: it is two moments
};

// The zone of a name of the IANA database; NULL where there is none, or memory ran out. Zones are never freed: the library
// keeps what it has loaded.
const ccctz_zone *ccctz_load(const char *name);

// Takes a civil time as the seconds that it would be since 1970 in UTC. `before` and `after` become its moments, in seconds
// since 1970, by the offsets before and after the change of clocks; they are the same for a unique one.
int32_t ccctz_lookup(const ccctz_zone *zone, int64_t civil, int64_t *before, int64_t *after);

#ifdef __cplusplus
}
#endif
