#include "CTerminal.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
enum { fault_count = sizeof faults / sizeof faults[0] };

static struct {
    volatile sig_atomic_t is_entered;
    int input, output;
    const char *leave;
    struct termios settings;
    struct sigaction handlers[fault_count];
} terminal;

int cterminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    if (size.ws_col == 0 || size.ws_row == 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

// write(2) and tcsetattr(3) are async-signal-safe.
static void restore(void) {
    if (!terminal.is_entered) return;
    terminal.is_entered = 0;
    if (write(terminal.output, terminal.leave, strlen(terminal.leave)) < 0) { /* it is gone */ }
    tcsetattr(terminal.input, TCSANOW, &terminal.settings);
}

// The fault happens again on return and meets who was there before: the default action, or Swift's backtraces. What was
// sent by a process does not happen again by itself.
static void restore_and_pass_on(int number, siginfo_t *information, void *context) {
    (void)context;
    restore();
    for (int index = 0; index < fault_count; index++) sigaction(faults[index], &terminal.handlers[index], NULL);
    if (information->si_code <= 0) raise(number);
}

int cterminal_enter(int input, int output, const char *enter, const char *leave) {
    if (terminal.is_entered) return 0;
    if (tcgetattr(input, &terminal.settings) != 0) return -1;
    terminal.input = input;
    terminal.output = output;
    terminal.leave = leave;
    struct termios single = terminal.settings;
    single.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    single.c_cc[VMIN] = 1;
    single.c_cc[VTIME] = 0;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = restore_and_pass_on;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < fault_count; index++) sigaction(faults[index], &action, &terminal.handlers[index]);
    terminal.is_entered = 1;
    if (tcsetattr(input, TCSANOW, &single) != 0) return -1;
    return write(output, enter, strlen(enter)) < 0 ? -1 : 0;
}

void cterminal_leave(void) {
    if (!terminal.is_entered) return;
    restore();
    for (int index = 0; index < fault_count; index++) sigaction(faults[index], &terminal.handlers[index], NULL);
}
