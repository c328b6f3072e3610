/// What a running worker makes of SIGTERM and SIGINT.
public enum SignalHandling: Sendable {
    /// They are its program's own matter.
    case leave
    /// The first one drains every worker of the process that runs with this; the second ends the process.
    case drain
}
