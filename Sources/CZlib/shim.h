#pragma once
#include <zlib.h>

// inflateInit2 is a macro. 15 is the largest window, 16 asks for the gzip format with its checksum.
static inline int czlib_begin_gzip(z_streamp stream) { return inflateInit2(stream, 15 + 16); }

// deflateInit2 and inflateInit2 are macros. A negative window is raw deflate, without header and checksum.
static inline int czlib_begin_packing(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
static inline int czlib_begin_unpacking(z_streamp stream) { return inflateInit2(stream, -15); }

// deflateInit2 is a macro. 15 is the largest window, 16 asks for the gzip format with its checksum.
static inline int czlib_begin_gzipping(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
