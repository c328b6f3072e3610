/// A row of bars, one for each span of time.
enum Sparkline {
    /// Writes it.
    ///
    /// - Parameters:
    ///   - unit: what a bar stands for, as in `a minute`.
    ///   - span: what all of them stand for, as a sentence begins.
    static func write(
        _ counts: [Int64], each unit: StaticString, over span: StaticString, _ html: inout HTMLWriter
    ) {
        let most = max(1, counts.max() ?? 1)
        html.markup("<svg class=\"spark\" viewBox=\"0 0 ")
        html.text("\(max(1, counts.count) * 2)")
        html.markup(" 24\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        html.markup(span)
        html.text(": \(Wording.number(counts.reduce(0, &+))), at most \(Wording.number(counts.max() ?? 0)) ")
        html.markup(unit)
        html.markup("\"><path d=\"")
        for (index, count) in counts.enumerated() where count > 0 {
            let height = max(1, Int(24 * Double(count) / Double(most)))
            html.text("M\(index * 2) 24v-\(height)h1.6v\(height)z")
        }
        html.markup("\"/></svg>")
    }
}
