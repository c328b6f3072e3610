#pragma once

/// How many connections were closed as soon as they came, because the process has few descriptors left.
unsigned long accept_guard_closed(void);
