// System calls and structures of Linux that Glibc's Swift module does not show.
#pragma once
#include <stdint.h>
#include <sys/types.h>

// pipe2(2) with both ends close-on-exec.
int clinux_pipe(int *ends);

// eventfd(2): a descriptor that counts; made non-blocking and close-on-exec.
int clinux_eventfd(void);

// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST instead of replacing.
int clinux_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to);

// Writes the number of every delivered signal of `signals` as one byte to `descriptor`; replaces what was set before.
int clinux_signals_to(int descriptor, const int *signals, int count);

// Names the calling thread (at most 15 bytes are kept).
void clinux_name_thread(const char *name);

// open(2) and fcntl(2) are variadic.
int clinux_open(const char *path, int flags, mode_t mode);
int clinux_openat(int directory, const char *path, int flags, mode_t mode);
int clinux_fcntl(int descriptor, int command, int argument);

// openat2(2): every part of `path` stays below `directory` and none is a symbolic link. Kernels and sandboxes without
// the call get openat(2), which checks the last part alone.
int clinux_open_beneath(int directory, const char *path, int flags);

// A flag of open(2) that <fcntl.h> shows only with _GNU_SOURCE: the time of last access stays; EPERM for others' files.
enum { CLINUX_NOATIME = 01000000 };

// syncfs(2): everything on the file system of a descriptor becomes durable.
int clinux_sync_file_system(int descriptor);

// fstatfs(2): 1 where other machines may write to the file system, 0 where not, -1 where it cannot be told.
int clinux_is_remote(int descriptor);
