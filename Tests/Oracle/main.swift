import Glibc

// The wiring alone: what is written here belongs to the main actor, the oracle itself is plain code.
exit(Oracle.run(Array(CommandLine.arguments.dropFirst())))
