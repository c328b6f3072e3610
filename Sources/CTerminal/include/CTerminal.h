// What termios(3) and ioctl(2) do for a program that fills a terminal's screen.
#pragma once

// The columns and rows of the terminal at a descriptor; -1 where it is none or does not know. ioctl(2) is variadic.
int cterminal_size(int descriptor, int *columns, int *rows);

// Writes `enter` to `output` and lets single keys come from `input` without being shown; ^C, ^Z and ^\ stay signals.
// Until cterminal_leave, the end of the process by a fault of its own puts both back, too: these are the signals that no
// loop can take from a pipe. `enter` and `leave` are texts that outlive it. 0, or -1 with errno.
int cterminal_enter(int input, int output, const char *enter, const char *leave);

// Puts back what cterminal_enter found; nothing where that is done already.
void cterminal_leave(void);
