// accept(2) and accept4(2) of the whole program, in the place of the C library's: connections never take the last
// descriptors of the process.
//
// libzmq's listener on Unix sockets ends the process where accept() fails with EMFILE, which it does not expect
// (libzmq 4.3.4, ipc_listener.cpp). And where connections have taken every descriptor, nothing can be opened any more: no
// file, no database. So a connection whose descriptor would be among the last is closed at once; the caller is told that
// it was aborted, which happens on any network and which libzmq and libmicrohttpd both know. The kernel gives the lowest
// free number, so that a high one says that few are left. Whoever was closed may try again.
//
// It lies in the executable only: a definition there comes before that of the C library, also for the libraries.
#define _GNU_SOURCE
#include "AcceptGuard.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_ulong closed;

unsigned long accept_guard_closed(void) { return atomic_load_explicit(&closed, memory_order_relaxed); }

// The number from which on descriptors are the process's own: an eighth of all, 64 at least and 1024 at most.
static int first_reserved(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > (1 << 20)) return 1 << 20;
    int all = (int)limit.rlim_cur;
    int reserve = all / 8;
    if (reserve < 64) reserve = 64;
    if (reserve > 1024) reserve = 1024;
    return all > reserve ? all - reserve : 0;
}

static int admit(int descriptor) {
    if (descriptor >= 0) {
        if (descriptor < first_reserved()) return descriptor;
        close(descriptor);
    } else if (errno == EMFILE || errno == ENFILE) {
        // The process itself has opened everything. The connection stays in the queue, and the caller comes back at once.
        struct timespec pause = {0, 10 * 1000 * 1000};
        nanosleep(&pause, 0);
    } else {
        return -1;
    }
    atomic_fetch_add_explicit(&closed, 1, memory_order_relaxed);
    errno = ECONNABORTED;
    return -1;
}

int accept4(int listener, __SOCKADDR_ARG address, socklen_t *restrict length, int flags) {
    return admit((int)syscall(SYS_accept4, listener, *(struct sockaddr **)&address, length, flags));
}

int accept(int listener, __SOCKADDR_ARG address, socklen_t *restrict length) {
    return admit((int)syscall(SYS_accept4, listener, *(struct sockaddr **)&address, length, 0));
}
