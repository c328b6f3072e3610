// simdjson behind a C face: a text goes in, its tape comes out, which is read without a call a value.
// No C++ exception can leave: simdjson returns its errors, and running out of memory is one of them.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csimdjson_parser csimdjson_parser;

// Makes a parser that refuses values nested deeper than `depth`; NULL where memory ran out.
csimdjson_parser *csimdjson_make(size_t depth);
void csimdjson_free(csimdjson_parser *parser);

// Parses the one text that `length` bytes are, which need no room behind them. Returns 0, or the number of an error.
int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length);

// The tape of the text that was parsed last, as simdjson's doc/tape.md describes it, and the strings that it points to: each
// has its length in four bytes before it. Both are valid until the next text, and undefined after an error.
const uint64_t *csimdjson_tape(const csimdjson_parser *parser);
const uint8_t *csimdjson_strings(const csimdjson_parser *parser);

// Gives memory back that a long text needed.
void csimdjson_shrink(csimdjson_parser *parser);

// The sentence of an error's number.
const char *csimdjson_message(int error);

#ifdef __cplusplus
}
#endif
