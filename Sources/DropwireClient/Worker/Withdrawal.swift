/// An article is not to be shown any more.
@nonexhaustive
public enum Withdrawal: Sendable {
    /// Its publisher withdrew it: for ever, with all of its versions, and perhaps before it came.
    case kill(KillRecord)
    /// It was erased: what a worker keeps of its words is to be removed. It may come several times, and before its article.
    case gone(GoneRecord)
}
