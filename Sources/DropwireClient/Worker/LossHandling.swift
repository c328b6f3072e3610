/// What a worker does where the log cannot give it what comes next: retention was faster, or the log was restored.
public enum LossHandling: Sendable {
    /// ``Worker/run(onSignals:)`` throws, and says where one could go on.
    case stop
    /// It says so in a line of the log, and goes on behind the gap.
    case goOn
}
