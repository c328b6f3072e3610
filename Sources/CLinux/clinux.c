#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int clinux_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

static volatile int signal_descriptor = -1;

// write(2) is async-signal-safe; errno is kept for the code that was interrupted.
static void forward_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    if (write(signal_descriptor, &byte, 1) < 0) { /* a full pipe holds signals enough */ }
    errno = saved;
}

int clinux_signals_to(int descriptor, const int *signals, int count) {
    signal_descriptor = descriptor;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigset_t taken;
    sigemptyset(&taken);
    for (int index = 0; index < count; index++) {
        if (sigaction(signals[index], &action, NULL) != 0) return -1;
        sigaddset(&taken, signals[index]);
    }
    // A parent may have left them blocked: the mask is inherited through exec.
    return (errno = pthread_sigmask(SIG_UNBLOCK, &taken, NULL)) == 0 ? 0 : -1;
}

void clinux_name_thread(const char *name) {
    char kept[16];
    snprintf(kept, sizeof kept, "%s", name);
    pthread_setname_np(pthread_self(), kept);
}

int clinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
int clinux_openat(int directory, const char *path, int flags, mode_t mode) { return openat(directory, path, flags, mode); }
int clinux_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }
int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int clinux_open_beneath(int directory, const char *path, int flags) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned)flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
    if (descriptor == -1 && (errno == ENOSYS || errno == EPERM)) return openat(directory, path, flags);
    return (int)descriptor;
}

int clinux_sync_file_system(int descriptor) { return syncfs(descriptor); }

int clinux_is_remote(int descriptor) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    switch ((unsigned)status.f_type) {
    case 0x6969u:     // NFS
    case 0x517Bu:     // SMB
    case 0xFF534D42u: // CIFS
    case 0xFE534D42u: // SMB2
    case 0x65735546u: // FUSE: sshfs, s3fs, …
    case 0x01021997u: // 9P
    case 0x00C36400u: // Ceph
    case 0x5346414Fu: // AFS
    case 0x73757245u: // Coda
    case 0x0BD00BD0u: // Lustre
    case 0x01161970u: // GFS2
    case 0x786F4256u: // shared folders of VirtualBox
    case 0x7461636Fu: // OCFS2
        return 1;
    default: return 0;
    }
}
