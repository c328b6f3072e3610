#pragma once
#include <errno.h>
#include <zmq.h>

// ETERM is an expression with a private base, which Swift does not import.
enum { CZMQ_ETERM = ETERM };
