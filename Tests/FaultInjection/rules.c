// The rules: read, read again when the file was replaced, and asked for every call.
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RULES = 64, MAX_STEPS = 256, MAX_TEXT = 64 << 10, MAX_PART = 256, MAX_CALLS = 128 };
// How long changed rules may go unnoticed.
static const int64_t LOOK_AGAIN = 20 * 1000 * 1000;

struct rule {
    uint64_t calls;
    char call_names[MAX_CALLS];
    char part[MAX_PART];
    char what[16];
    // An error number, FAULT_SHORT, FAULT_KILL_AFTER or one of these.
    int fault;
    long every, first, after, milliseconds;
    int64_t until;
    long seen, hits;
};

enum { FAULT_KILL = -10, FAULT_SLEEP = -11 };

struct step { int64_t from, offset; };

static const char *const call_names[CALL_COUNT] = {
    "open", "openat", "openat2", "read", "pread", "write", "pwrite", "fsync", "fdatasync", "ftruncate", "fallocate",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "mkdir", "stat", "readdir", "flock", "inotify", "copy",
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[MAX_RULES];
static int rule_count;
static struct step steps[MAX_STEPS];
static atomic_int step_count;
static int parsed_steps;
static _Atomic uint64_t active_calls;
static _Atomic int64_t next_look;
static struct stat known;

void *faults_real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        fprintf(stderr, "FaultInjection: libc has no '%s'\n", name);
        abort();
    }
    return found;
}

// libc's own, so that nothing here is counted or comes back to here.
static long raw(long number, long a, long b, long c, long d) {
    static _Atomic(long (*)(long, ...)) next;
    long (*call)(long, ...) = next;
    if (call == NULL) next = call = (long (*)(long, ...))faults_real("syscall");
    return call(number, a, b, c, d);
}

static int64_t monotonic(void) {
    struct timespec time = {0, 0};
    raw(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&time, 0, 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

void faults_kill(void) {
    raw(SYS_kill, getpid(), SIGKILL, 0, 0);
    for (;;) pause();
}

static void note(const char *calls, const char *what, const char *path) {
    const char *hits = getenv("DROPWIRE_FAULT_HITS");
    if (hits == NULL) return;
    char line[4096];
    int length = snprintf(line, sizeof line, "%s %s %s\n", calls, what, path);
    if (length >= (int)sizeof line) {
        length = sizeof line;
        line[length - 1] = '\n';
    }
    long descriptor = raw(SYS_openat, AT_FDCWD, (long)hits, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    raw(SYS_write, descriptor, (long)line, length, 0);
    raw(SYS_close, descriptor, 0, 0, 0);
}

// MARK: Reading

static _Noreturn void refuse(const char *line) {
    fprintf(stderr, "FaultInjection: not a rule: '%s'\n", line);
    _exit(70);
}

static int error_number(const char *name) {
    static const struct { const char *name; int number; } numbers[] = {
        {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"ESTALE", ESTALE}, {"EMFILE", EMFILE}, {"ENFILE", ENFILE},
        {"EACCES", EACCES}, {"EPERM", EPERM}, {"EINTR", EINTR}, {"ENOMEM", ENOMEM}, {"EROFS", EROFS}, {"ENOTCONN", ENOTCONN},
        {"ENOENT", ENOENT}, {"EXDEV", EXDEV}, {"ETIMEDOUT", ETIMEDOUT}, {"ENOSYS", ENOSYS}, {"EBUSY", EBUSY}, {"EINVAL", EINVAL},
    };
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++)
        if (strcmp(name, numbers[index].name) == 0) return numbers[index].number;
    return 0;
}

static uint64_t parse_calls(char *text, const char *line) {
    uint64_t calls = 0;
    char *place = NULL;
    for (char *name = strtok_r(text, ",", &place); name != NULL; name = strtok_r(NULL, ",", &place)) {
        int call = 0;
        while (call < CALL_COUNT && strcmp(name, call_names[call]) != 0) call++;
        if (call == CALL_COUNT) refuse(line);
        calls |= 1ull << call;
    }
    return calls;
}

static void parse_rule(char *line, int64_t now) {
    char whole[512];
    snprintf(whole, sizeof whole, "%s", line);
    char *place = NULL;
    char *calls = strtok_r(line, " ", &place);
    if (calls == NULL || *calls == '#') return;
    char *part = strtok_r(NULL, " ", &place);
    char *what = strtok_r(NULL, " ", &place);
    if (part == NULL || what == NULL) refuse(whole);
    if (strcmp(calls, "clock") == 0) {
        if (parsed_steps == MAX_STEPS) refuse(whole);
        steps[parsed_steps].from = atoll(part);
        steps[parsed_steps].offset = atoll(what) * 1000000;
        parsed_steps++;
        return;
    }
    if (rule_count == MAX_RULES || strlen(part) >= MAX_PART || strlen(calls) >= MAX_CALLS) refuse(whole);
    struct rule *rule = &rules[rule_count];
    memset(rule, 0, sizeof *rule);
    snprintf(rule->call_names, sizeof rule->call_names, "%s", calls);
    rule->calls = parse_calls(calls, whole);
    snprintf(rule->part, sizeof rule->part, "%s", strcmp(part, "*") == 0 ? "" : part);
    snprintf(rule->what, sizeof rule->what, "%s", what);
    rule->every = 1;
    rule->first = -1;
    rule->until = INT64_MAX;
    if (strcmp(what, "short") == 0) rule->fault = FAULT_SHORT;
    else if (strcmp(what, "kill-after") == 0) rule->fault = FAULT_KILL_AFTER;
    else if (strcmp(what, "kill") == 0) rule->fault = FAULT_KILL;
    else if (strcmp(what, "sleep") == 0) rule->fault = FAULT_SLEEP;
    else if ((rule->fault = error_number(what)) == 0) refuse(whole);
    for (char *option = strtok_r(NULL, " ", &place); option != NULL; option = strtok_r(NULL, " ", &place)) {
        if (strncmp(option, "every=", 6) == 0) rule->every = atol(option + 6);
        else if (strncmp(option, "first=", 6) == 0) rule->first = atol(option + 6);
        else if (strncmp(option, "after=", 6) == 0) rule->after = atol(option + 6);
        else if (strncmp(option, "ms=", 3) == 0) rule->milliseconds = atol(option + 3);
        else if (strncmp(option, "for=", 4) == 0) rule->until = now + (int64_t)(atof(option + 4) * 1e9);
        else refuse(whole);
    }
    if (rule->every < 1) refuse(whole);
    rule_count++;
}

// Called with the lock.
static void load(const char *path, int64_t now) {
    static char text[MAX_TEXT];
    long descriptor = raw(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0);
    // Not there yet, or no descriptor to be had: the rules stay as they are.
    if (descriptor < 0) return;
    size_t count = 0;
    long got;
    while (count < sizeof text - 1 && (got = raw(SYS_read, descriptor, (long)(text + count), sizeof text - 1 - count, 0)) > 0)
        count += (size_t)got;
    raw(SYS_close, descriptor, 0, 0, 0);
    text[count] = 0;
    rule_count = 0;
    parsed_steps = 0;
    char *place = NULL;
    for (char *line = strtok_r(text, "\n", &place); line != NULL; line = strtok_r(NULL, "\n", &place)) parse_rule(line, now);
    uint64_t calls = 0;
    for (int index = 0; index < rule_count; index++) calls |= rules[index].calls;
    active_calls = calls;
    if (parsed_steps > step_count) note("clock", "stepped", "-");
    step_count = parsed_steps;
}

static void look(void) {
    int64_t now = monotonic();
    if (now < next_look) return;
    int saved = errno;
    pthread_mutex_lock(&lock);
    if (now >= next_look) {
        const char *path = getenv("DROPWIRE_FAULTS");
        struct stat status;
        if (path == NULL) {
            next_look = INT64_MAX;
        } else {
            if (raw(SYS_newfstatat, AT_FDCWD, (long)path, (long)&status, 0) == 0
                && (status.st_ino != known.st_ino || status.st_mtim.tv_sec != known.st_mtim.tv_sec
                    || status.st_mtim.tv_nsec != known.st_mtim.tv_nsec)) {
                load(path, now);
                known = status;
            }
            next_look = now + LOOK_AGAIN;
        }
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
}

// MARK: Asking

int faults_may_hit(enum call call) {
    look();
    return (active_calls >> call & 1) != 0;
}

int faults_decide(enum call call, const char *path) {
    int fault = FAULT_NONE;
    int saved = errno;
    int64_t now = monotonic();
    struct timespec sleep = {0, 0};
    pthread_mutex_lock(&lock);
    for (int index = 0; index < rule_count && fault == FAULT_NONE; index++) {
        struct rule *rule = &rules[index];
        if ((rule->calls >> call & 1) == 0 || now > rule->until || strstr(path, rule->part) == NULL) continue;
        long number = rule->seen++ - rule->after;
        if (number < 0 || (number + 1) % rule->every != 0 || (rule->first >= 0 && rule->hits >= rule->first)) continue;
        rule->hits++;
        note(rule->call_names, rule->what, path);
        fault = rule->fault;
        if (fault == FAULT_KILL) faults_kill();
        sleep.tv_sec = rule->milliseconds / 1000;
        sleep.tv_nsec = rule->milliseconds % 1000 * 1000000;
    }
    pthread_mutex_unlock(&lock);
    if (fault == FAULT_SLEEP) {
        nanosleep(&sleep, NULL);
        fault = FAULT_NONE;
    }
    errno = saved;
    return fault;
}

int64_t faults_clock(int64_t nanoseconds) {
    look();
    int64_t offset = 0;
    // Without the lock: lines are only ever added while a program runs, and the moment of a new one is yet to come.
    for (int index = 0, count = step_count; index < count; index++)
        if (steps[index].from <= nanoseconds) offset = steps[index].offset;
    return nanoseconds + offset;
}

int64_t faults_true_time(int64_t shown) {
    look();
    int count = step_count;
    for (int index = count - 1; index >= 0; index--) {
        int64_t time = shown - steps[index].offset;
        if (steps[index].from <= time && (index == count - 1 || time < steps[index + 1].from)) return time;
    }
    return shown;
}
