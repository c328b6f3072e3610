#include "CSimdJSON.h"

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <new>

struct csimdjson_parser {
    simdjson::dom::parser parser;
    size_t depth;
};

extern "C" csimdjson_parser *csimdjson_make(size_t depth) {
    try {
        auto made = new (std::nothrow) csimdjson_parser;
        if (made != nullptr) made->depth = depth;
        return made;
    } catch (...) {
        return nullptr;
    }
}

extern "C" void csimdjson_free(csimdjson_parser *parser) { delete parser; }

extern "C" int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length) {
    try {
        auto &inner = parser->parser;
        if (inner.capacity() < length || inner.max_depth() != parser->depth) {
            // With some room, so that texts that grow a little do not allocate each time.
            const auto error = inner.allocate(length + length / 4 + 1024, parser->depth);
            if (error) return error;
        }
        return inner.parse(bytes, length, true).error();
    } catch (...) {
        return simdjson::MEMALLOC;
    }
}

extern "C" const uint64_t *csimdjson_tape(const csimdjson_parser *parser) { return parser->parser.doc.tape.get(); }

extern "C" const uint8_t *csimdjson_strings(const csimdjson_parser *parser) {
    return parser->parser.doc.string_buf.get();
}

extern "C" void csimdjson_shrink(csimdjson_parser *parser) {
    const auto depth = parser->depth;
    parser->~csimdjson_parser();
    new (parser) csimdjson_parser;
    parser->depth = depth;
}

extern "C" const char *csimdjson_message(int error) {
    return simdjson::error_message(static_cast<simdjson::error_code>(error));
}
