// Faults of the operating system, for a program that is loaded with this library (LD_PRELOAD): calls of libc on files that
// a rule names fail with an error, are interrupted, come back short, or end the process. No sockets, pipes or eventfds.
//
// DROPWIRE_FAULTS names a file of rules. It may be replaced (by a rename) while the program runs; that is noticed within 20 ms.
// DROPWIRE_FAULT_HITS names a file to which every hit is appended as a line `CALLS WHAT PATH`, the first two as the rule has
// them, before it takes effect.
//
// A rule is a line of words: the calls, separated by commas, a part of the path, what happens, and options:
//
//     openat2 /drop/ EIO every=3          every third open of a path with /drop/ in it fails
//     read .txt short first=10            the first ten reads come back with fewer bytes than were asked for
//     write,fsync /state/ ENOSPC for=2    for two seconds after the rules were read
//     renameat2 /.done/ kill after=4      the fifth such rename ends the process before it is done
//     unlinkat * kill-after               the first removal ends the process when it is done
//     renameat2 /drop/ sleep ms=300       every rename waits before it is done
//
// The path is absolute, resolved through the descriptor that the call was given; that of a rename is `FROM > TO`; `*` stands
// for any path. Calls are open, openat, openat2, read, pread, write, pwrite, fsync, fdatasync, ftruncate, fallocate, rename,
// renameat, renameat2, unlink, unlinkat, link, mkdir, stat, readdir, flock, inotify, copy; variants of a call (fstatat64,
// statx) have its name, and the calls of syscall(2) that are among them count as well.
//
// The clock may be stepped, as if somebody had set it:
//
//     clock 1700000000000000000 3600000   from that moment on (nanoseconds of the true clock) it is an hour ahead (ms)
//
// The last such line whose moment has come counts; `clock stepped -` is the hit that says that one was read. Times of files that the kernel set since are shifted alike, so that a
// file changed after a step has the time that the stepped clock said. Monotonic clocks stay.
#pragma once
