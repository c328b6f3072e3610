// toml++ behind a C face: a text goes in, a flat list of its values or one syntax error comes out.
// No C++ exception can leave: toml++ is compiled without them, and running out of memory is reported as an error.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CTOML_TABLE = 1,
    CTOML_ARRAY = 2,
    CTOML_STRING = 3,
    CTOML_INTEGER = 4,
    CTOML_FLOAT = 5,
    CTOML_BOOLEAN = 6,
    CTOML_DATE = 7,
};

// One value. The values of a document stand in pre-order: a table or array is followed by its `count` children.
typedef struct {
    int32_t kind;
    uint32_t line, column;          // where the value begins, from 1
    uint32_t key_line, key_column;  // where its key begins; 0 where it has none (the root, an element of an array)
    const char *key;                // UTF-8, not terminated
    size_t key_length;
    const char *text;               // a string's UTF-8, or a date as it would be written; not terminated
    size_t text_length;
    int64_t integer;                // an integer, or 0 and 1 for a boolean
    double number;
    size_t count;
} ctoml_value;

typedef struct ctoml_document ctoml_document;

// Parses `length` bytes. Always returns a document, except where memory ran out (NULL); free it with ctoml_free.
ctoml_document *ctoml_parse(const char *bytes, size_t length);

// The syntax error's sentence, or NULL where the text is well-formed.
const char *ctoml_error(const ctoml_document *document, uint32_t *line, uint32_t *column);

// The values in pre-order, the root table first; none where there is a syntax error.
const ctoml_value *ctoml_values(const ctoml_document *document, size_t *count);

void ctoml_free(ctoml_document *document);

#ifdef __cplusplus
}
#endif
