#pragma once
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>

// xmlFree is a variable, which Swift takes for state that threads may race for.
static inline void cxml2_free(void *memory) { xmlFree(memory); }
