/// Tells a person at a terminal how far a tool is, twice a second at most, and everybody at the end.
struct ArticleProgress {
    private let isShown: Bool
    private var count = 0
    private var last = ContinuousClock.now

    /// - Parameter isShown: somebody looks at standard error while it runs.
    init(isShown: Bool) { self.isShown = isShown }

    /// So many more are done.
    mutating func add(_ number: Int) {
        count += number
        guard isShown, ContinuousClock.now - last > .milliseconds(500) else { return }
        last = ContinuousClock.now
        Output.errorText("\r\(count) articles")
    }

    /// All are done.
    func end() {
        if isShown { Output.errorText("\r") }
        Output.error("\(count) articles")
    }
}
