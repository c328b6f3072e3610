#include "CCCTZ.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <new>

struct ccctz_zone {
    cctz::time_zone zone;
};

extern "C" const ccctz_zone *ccctz_load(const char *name) {
    try {
        cctz::time_zone zone;
        if (!cctz::load_time_zone(name, &zone)) return nullptr;
        return new ccctz_zone{zone};
    } catch (...) {
        return nullptr;
    }
}

// Arithmetic on civil times does not allocate, and a look-up reads tables: neither throws.
extern "C" int32_t ccctz_lookup(const ccctz_zone *zone, int64_t civil, int64_t *before, int64_t *after) {
    const auto found = zone->zone.lookup(cctz::civil_second(1970, 1, 1) + civil);
    *before = found.pre.time_since_epoch().count();
    *after = found.post.time_since_epoch().count();
    switch (found.kind) {
    case cctz::time_zone::civil_lookup::SKIPPED: return CCCTZ_SKIPPED;
    case cctz::time_zone::civil_lookup::REPEATED: return CCCTZ_REPEATED;
    default: return CCCTZ_UNIQUE;
    }
}
