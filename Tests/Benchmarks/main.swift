import Glibc

// The wiring alone: what is written here belongs to the main actor, the benchmark itself is plain code.
exit(Benchmark.run(Array(CommandLine.arguments.dropFirst())))
