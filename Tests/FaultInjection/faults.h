// What the calls and the rules know of each other.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum call {
    CALL_OPEN, CALL_OPENAT, CALL_OPENAT2, CALL_READ, CALL_PREAD, CALL_WRITE, CALL_PWRITE, CALL_FSYNC, CALL_FDATASYNC,
    CALL_FTRUNCATE, CALL_FALLOCATE, CALL_RENAME, CALL_RENAMEAT, CALL_RENAMEAT2, CALL_UNLINK, CALL_UNLINKAT, CALL_LINK,
    CALL_MKDIR, CALL_STAT, CALL_READDIR, CALL_FLOCK, CALL_INOTIFY, CALL_COPY, CALL_COUNT
};

// What a rule makes of a call; an error number above zero is returned as it is.
enum { FAULT_NONE = 0, FAULT_SHORT = -1, FAULT_KILL_AFTER = -2 };

// Some rule may concern a call: only then is its path worth finding out.
int faults_may_hit(enum call call);

// Decides what happens to a call. A process that is to end before the call ends here.
int faults_decide(enum call call, const char *path);

// Ends the process (SIGKILL).
void faults_kill(void);

// The next definition of a symbol: libc's own.
void *faults_real(const char *name);

// What the stepped clock shows at a moment of the true one, both in nanoseconds since 1970.
int64_t faults_clock(int64_t nanoseconds);

// The moment of the true clock at which the stepped one shows a time; the time itself where there is none.
int64_t faults_true_time(int64_t shown);
