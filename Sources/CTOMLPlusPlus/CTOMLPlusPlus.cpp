#include "CTOMLPlusPlus.h"

// The parser returns its error instead of throwing it.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
// toml++ asserts that a table's header begins with a key (`[.a]` ends the process), and with NDEBUG lets the compiler
// assume it; behind each such line stands the code that reports the fault. So nothing is asserted and nothing assumed.
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <toml++/toml.h>

#include <deque>
#include <new>
#include <sstream>
#include <string>
#include <vector>

struct ctoml_document {
    toml::parse_result result;
    std::string error;
    std::vector<ctoml_value> values;
    std::deque<std::string> dates;  // a deque: growing must not move the texts that values point to

    explicit ctoml_document(toml::parse_result &&parsed) : result(std::move(parsed)) {
        if (result) {
            add(result.table(), nullptr);
        } else {
            error = std::string(result.error().description());
        }
    }

    void add(const toml::node &node, const toml::key *key) {
        ctoml_value value{};
        value.line = node.source().begin.line;
        value.column = node.source().begin.column;
        if (key) {
            value.key = key->data();
            value.key_length = key->length();
            value.key_line = key->source().begin.line;
            value.key_column = key->source().begin.column;
        }
        if (const auto *table = node.as_table()) {
            value.kind = CTOML_TABLE;
            value.count = table->size();
            values.push_back(value);
            for (auto &&[name, child] : *table) add(child, &name);
            return;
        }
        if (const auto *array = node.as_array()) {
            value.kind = CTOML_ARRAY;
            value.count = array->size();
            values.push_back(value);
            for (auto &&child : *array) add(child, nullptr);
            return;
        }
        if (const auto *string = node.as_string()) {
            value.kind = CTOML_STRING;
            value.text = string->get().data();
            value.text_length = string->get().size();
        } else if (const auto *integer = node.as_integer()) {
            value.kind = CTOML_INTEGER;
            value.integer = integer->get();
        } else if (const auto *number = node.as_floating_point()) {
            value.kind = CTOML_FLOAT;
            value.number = number->get();
        } else if (const auto *boolean = node.as_boolean()) {
            value.kind = CTOML_BOOLEAN;
            value.integer = boolean->get() ? 1 : 0;
        } else {
            value.kind = CTOML_DATE;
            std::ostringstream text;
            if (const auto *date = node.as_date()) text << date->get();
            if (const auto *time = node.as_time()) text << time->get();
            if (const auto *both = node.as_date_time()) text << both->get();
            dates.push_back(text.str());
            value.text = dates.back().data();
            value.text_length = dates.back().size();
        }
        values.push_back(value);
    }
};

extern "C" ctoml_document *ctoml_parse(const char *bytes, size_t length) {
    try {
        return new ctoml_document(toml::parse(std::string_view(bytes, length)));
    } catch (...) {
        return nullptr;
    }
}

extern "C" const char *ctoml_error(const ctoml_document *document, uint32_t *line, uint32_t *column) {
    if (document->result) return nullptr;
    const auto &position = document->result.error().source().begin;
    *line = position.line;
    *column = position.column;
    return document->error.c_str();
}

extern "C" const ctoml_value *ctoml_values(const ctoml_document *document, size_t *count) {
    *count = document->values.size();
    return document->values.data();
}

extern "C" void ctoml_free(ctoml_document *document) { delete document; }
