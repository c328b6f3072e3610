#pragma once
#include <zlib.h>

// inflateInit2 is a macro. 15 is the largest window, 16 asks for the gzip format with its checksum.
static inline int czlib_begin_gzip(z_streamp stream) { return inflateInit2(stream, 15 + 16); }
