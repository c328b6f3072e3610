// The calls of libc that faults may hit; each finds out its path only where some rule may concern it.
#define _GNU_SOURCE
#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PATH = 2 * PATH_MAX + 8 };

// The next definition of a call, looked up once.
#define REAL(name)                                                                                                             \
    ({                                                                                                                         \
        static __typeof__(&name) found;                                                                                        \
        if (found == NULL) found = (__typeof__(&name))faults_real(#name);                                                      \
        found;                                                                                                                 \
    })

// MARK: Paths

static void path_of(int descriptor, char *path) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void path_at(int directory, const char *name, char *path) {
    if (name[0] == '/') {
        // A descriptor by its path stands for what it leads to.
        ssize_t length = strncmp(name, "/proc/self/fd/", 14) == 0 ? readlink(name, path, PATH_MAX - 1) : -1;
        if (length >= 0) path[length] = 0;
        else snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    if (directory == AT_FDCWD) {
        if (getcwd(path, PATH_MAX) == NULL) path[0] = 0;
    } else {
        path_of(directory, path);
    }
    size_t length = strlen(path);
    if (name[0] != 0) snprintf(path + length, PATH_MAX - length, "/%s", name);
}

static int decide_at(enum call call, int directory, const char *name) {
    if (!faults_may_hit(call)) return FAULT_NONE;
    int saved = errno;
    char path[PATH_MAX];
    path_at(directory, name, path);
    int fault = faults_decide(call, path);
    errno = saved;
    return fault;
}

static int decide_on(enum call call, int descriptor) {
    if (!faults_may_hit(call)) return FAULT_NONE;
    int saved = errno;
    char path[PATH_MAX];
    path_of(descriptor, path);
    // Sockets, pipes and eventfds have no path that begins with a slash.
    int fault = path[0] == '/' ? faults_decide(call, path) : FAULT_NONE;
    errno = saved;
    return fault;
}

static int decide_rename(enum call call, int from_directory, const char *from, int to_directory, const char *to) {
    if (!faults_may_hit(call)) return FAULT_NONE;
    int saved = errno;
    char path[MAX_PATH];
    path_at(from_directory, from, path);
    strcat(path, " > ");
    path_at(to_directory, to, path + strlen(path));
    int fault = faults_decide(call, path);
    errno = saved;
    return fault;
}

// Makes the call, or what the fault makes of it.
#define FAULTY(decision, call)                                                                                                 \
    ({                                                                                                                         \
        int fault_ = (decision);                                                                                               \
        __typeof__(call) result_;                                                                                              \
        if (fault_ > 0) {                                                                                                      \
            errno = fault_;                                                                                                    \
            result_ = -1;                                                                                                      \
        } else {                                                                                                               \
            result_ = (call);                                                                                                  \
            if (fault_ == FAULT_KILL_AFTER) faults_kill();                                                                     \
        }                                                                                                                      \
        result_;                                                                                                               \
    })

// The same for what moves bytes: half of `count` where it is to come back short.
#define FAULTY_COUNT(decision, count, call)                                                                                    \
    ({                                                                                                                         \
        int decided_ = (decision);                                                                                             \
        if (decided_ == FAULT_SHORT) {                                                                                         \
            if (count > 1) count = (count + 1) / 2;                                                                            \
            decided_ = FAULT_NONE;                                                                                             \
        }                                                                                                                      \
        FAULTY(decided_, call);                                                                                                \
    })

// MARK: Opening

#define OPEN_MODE(flags, last)                                                                                                 \
    mode_t mode = 0;                                                                                                           \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                                   \
        va_list list;                                                                                                          \
        va_start(list, last);                                                                                                  \
        mode = va_arg(list, mode_t);                                                                                           \
        va_end(list);                                                                                                          \
    }

int open(const char *path, int flags, ...) {
    OPEN_MODE(flags, flags)
    return FAULTY(decide_at(CALL_OPEN, AT_FDCWD, path), REAL(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    OPEN_MODE(flags, flags)
    return FAULTY(decide_at(CALL_OPEN, AT_FDCWD, path), REAL(open64)(path, flags, mode));
}
int openat(int directory, const char *path, int flags, ...) {
    OPEN_MODE(flags, flags)
    return FAULTY(decide_at(CALL_OPENAT, directory, path), REAL(openat)(directory, path, flags, mode));
}
int openat64(int directory, const char *path, int flags, ...) {
    OPEN_MODE(flags, flags)
    return FAULTY(decide_at(CALL_OPENAT, directory, path), REAL(openat64)(directory, path, flags, mode));
}
int __open_2(const char *path, int flags) { return open(path, flags); }
int __openat_2(int directory, const char *path, int flags) { return openat(directory, path, flags); }

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long);
    long e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    int fault = FAULT_NONE;
    switch (number) {
    case SYS_openat2: fault = decide_at(CALL_OPENAT2, (int)a, (const char *)b); break;
    case SYS_renameat2: fault = decide_rename(CALL_RENAMEAT2, (int)a, (const char *)b, (int)c, (const char *)d); break;
    case SYS_getdents64: fault = decide_on(CALL_READDIR, (int)a); break;
    case SYS_statx: fault = decide_at(CALL_STAT, (int)a, (const char *)b); break;
    case SYS_copy_file_range: fault = decide_on(CALL_COPY, (int)c); break;
    default: break;
    }
    return FAULTY(fault, REAL(syscall)(number, a, b, c, d, e, f));
}

// MARK: Reading and writing

ssize_t read(int descriptor, void *buffer, size_t count) {
    return FAULTY_COUNT(decide_on(CALL_READ, descriptor), count, REAL(read)(descriptor, buffer, count));
}
ssize_t __read_chk(int descriptor, void *buffer, size_t count, size_t size) {
    return read(descriptor, buffer, count < size ? count : size);
}
ssize_t pread(int descriptor, void *buffer, size_t count, off_t offset) {
    return FAULTY_COUNT(decide_on(CALL_PREAD, descriptor), count, REAL(pread)(descriptor, buffer, count, offset));
}
ssize_t pread64(int descriptor, void *buffer, size_t count, off64_t offset) {
    return FAULTY_COUNT(decide_on(CALL_PREAD, descriptor), count, REAL(pread64)(descriptor, buffer, count, offset));
}
ssize_t write(int descriptor, const void *buffer, size_t count) {
    return FAULTY_COUNT(decide_on(CALL_WRITE, descriptor), count, REAL(write)(descriptor, buffer, count));
}
ssize_t pwrite(int descriptor, const void *buffer, size_t count, off_t offset) {
    return FAULTY_COUNT(decide_on(CALL_PWRITE, descriptor), count, REAL(pwrite)(descriptor, buffer, count, offset));
}
ssize_t pwrite64(int descriptor, const void *buffer, size_t count, off64_t offset) {
    return FAULTY_COUNT(decide_on(CALL_PWRITE, descriptor), count, REAL(pwrite64)(descriptor, buffer, count, offset));
}
int fsync(int descriptor) { return FAULTY(decide_on(CALL_FSYNC, descriptor), REAL(fsync)(descriptor)); }
int fdatasync(int descriptor) { return FAULTY(decide_on(CALL_FDATASYNC, descriptor), REAL(fdatasync)(descriptor)); }
int ftruncate(int descriptor, off_t size) {
    return FAULTY(decide_on(CALL_FTRUNCATE, descriptor), REAL(ftruncate)(descriptor, size));
}
int ftruncate64(int descriptor, off64_t size) {
    return FAULTY(decide_on(CALL_FTRUNCATE, descriptor), REAL(ftruncate64)(descriptor, size));
}
int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    return FAULTY(decide_on(CALL_FALLOCATE, descriptor), REAL(fallocate)(descriptor, mode, offset, length));
}
int posix_fallocate(int descriptor, off_t offset, off_t length) {
    // It returns its error.
    int fault = decide_on(CALL_FALLOCATE, descriptor);
    return fault > 0 ? fault : REAL(posix_fallocate)(descriptor, offset, length);
}
ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t count, unsigned flags) {
    return FAULTY_COUNT(
        decide_on(CALL_COPY, to), count, REAL(copy_file_range)(from, from_offset, to, to_offset, count, flags));
}
ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    return FAULTY_COUNT(decide_on(CALL_COPY, to), count, REAL(sendfile)(to, from, offset, count));
}
int flock(int descriptor, int operation) {
    return FAULTY(decide_on(CALL_FLOCK, descriptor), REAL(flock)(descriptor, operation));
}

// MARK: Names

int rename(const char *from, const char *to) {
    return FAULTY(decide_rename(CALL_RENAME, AT_FDCWD, from, AT_FDCWD, to), REAL(rename)(from, to));
}
int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    return FAULTY(
        decide_rename(CALL_RENAMEAT, from_directory, from, to_directory, to),
        REAL(renameat)(from_directory, from, to_directory, to));
}
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    return FAULTY(
        decide_rename(CALL_RENAMEAT2, from_directory, from, to_directory, to),
        REAL(renameat2)(from_directory, from, to_directory, to, flags));
}
int unlink(const char *path) { return FAULTY(decide_at(CALL_UNLINK, AT_FDCWD, path), REAL(unlink)(path)); }
int unlinkat(int directory, const char *path, int flags) {
    return FAULTY(decide_at(CALL_UNLINKAT, directory, path), REAL(unlinkat)(directory, path, flags));
}
int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags) {
    return FAULTY(
        decide_rename(CALL_LINK, from_directory, from, to_directory, to),
        REAL(linkat)(from_directory, from, to_directory, to, flags));
}
int mkdir(const char *path, mode_t mode) { return FAULTY(decide_at(CALL_MKDIR, AT_FDCWD, path), REAL(mkdir)(path, mode)); }
int mkdirat(int directory, const char *path, mode_t mode) {
    return FAULTY(decide_at(CALL_MKDIR, directory, path), REAL(mkdirat)(directory, path, mode));
}
int inotify_add_watch(int descriptor, const char *path, uint32_t mask) {
    return FAULTY(decide_at(CALL_INOTIFY, AT_FDCWD, path), REAL(inotify_add_watch)(descriptor, path, mask));
}

// MARK: Listings

static struct dirent *faulty_entry(DIR *stream, struct dirent *(*next)(DIR *)) {
    int fault = decide_on(CALL_READDIR, dirfd(stream));
    if (fault > 0) {
        errno = fault;
        return NULL;
    }
    struct dirent *entry = next(stream);
    if (fault == FAULT_KILL_AFTER) faults_kill();
    return entry;
}
struct dirent *readdir(DIR *stream) { return faulty_entry(stream, REAL(readdir)); }
struct dirent64 *readdir64(DIR *stream) {
    return (struct dirent64 *)faulty_entry(stream, (struct dirent * (*)(DIR *)) REAL(readdir64));
}
ssize_t getdents64(int descriptor, void *buffer, size_t count) {
    return FAULTY(decide_on(CALL_READDIR, descriptor), REAL(getdents64)(descriptor, buffer, count));
}

// MARK: Looks, with times as the stepped clock said them

static void step_time(struct timespec *time) {
    int64_t true_time = time->tv_sec * 1000000000ll + time->tv_nsec;
    int64_t shown = faults_clock(true_time);
    if (shown == true_time) return;
    time->tv_sec = shown / 1000000000;
    time->tv_nsec = shown % 1000000000;
}

static int stepped(int result, struct stat *status) {
    if (result == 0) {
        step_time(&status->st_atim);
        step_time(&status->st_mtim);
        step_time(&status->st_ctim);
    }
    return result;
}

int stat(const char *path, struct stat *status) {
    return stepped(FAULTY(decide_at(CALL_STAT, AT_FDCWD, path), REAL(stat)(path, status)), status);
}
int lstat(const char *path, struct stat *status) {
    return stepped(FAULTY(decide_at(CALL_STAT, AT_FDCWD, path), REAL(lstat)(path, status)), status);
}
int fstat(int descriptor, struct stat *status) {
    return stepped(FAULTY(decide_on(CALL_STAT, descriptor), REAL(fstat)(descriptor, status)), status);
}
int fstatat(int directory, const char *path, struct stat *status, int flags) {
    return stepped(FAULTY(decide_at(CALL_STAT, directory, path), REAL(fstatat)(directory, path, status, flags)), status);
}
// One layout on 64-bit Linux.
int stat64(const char *path, struct stat64 *status) { return stat(path, (struct stat *)status); }
int lstat64(const char *path, struct stat64 *status) { return lstat(path, (struct stat *)status); }
int fstat64(int descriptor, struct stat64 *status) { return fstat(descriptor, (struct stat *)status); }
int fstatat64(int directory, const char *path, struct stat64 *status, int flags) {
    return fstatat(directory, path, (struct stat *)status, flags);
}
int statx(int directory, const char *path, int flags, unsigned mask, struct statx *status) {
    int result = FAULTY(decide_at(CALL_STAT, directory, path), REAL(statx)(directory, path, flags, mask, status));
    if (result == 0) {
        struct statx_timestamp *times[] = {&status->stx_mtime, &status->stx_ctime, &status->stx_btime};
        for (int index = 0; index < 3; index++) {
            struct timespec time = {times[index]->tv_sec, times[index]->tv_nsec};
            step_time(&time);
            times[index]->tv_sec = time.tv_sec;
            times[index]->tv_nsec = (unsigned)time.tv_nsec;
        }
    }
    return result;
}

// Times that the program sets are those of its clock; they are shown to it as it set them.
static const struct timespec *unstepped(const struct timespec *times, struct timespec *own) {
    if (times == NULL) return NULL;
    for (int index = 0; index < 2; index++) {
        own[index] = times[index];
        if (times[index].tv_nsec == UTIME_NOW || times[index].tv_nsec == UTIME_OMIT) continue;
        int64_t time = faults_true_time(times[index].tv_sec * 1000000000ll + times[index].tv_nsec);
        own[index].tv_sec = time / 1000000000;
        own[index].tv_nsec = time % 1000000000;
    }
    return own;
}
int futimens(int descriptor, const struct timespec times[2]) {
    struct timespec own[2];
    return REAL(futimens)(descriptor, unstepped(times, own));
}
int utimensat(int directory, const char *path, const struct timespec times[2], int flags) {
    struct timespec own[2];
    return REAL(utimensat)(directory, path, unstepped(times, own), flags);
}

// MARK: Clocks

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = REAL(clock_gettime)(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) step_time(time);
    return result;
}
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec precise;
    if (zone != NULL) return REAL(gettimeofday)(time, zone);
    clock_gettime(CLOCK_REALTIME, &precise);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *result) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME_COARSE, &precise);
    if (result != NULL) *result = precise.tv_sec;
    return precise.tv_sec;
}
