/// A row of counts as a small drawing.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// Draws counts, the oldest first, in at most `width` characters; several counts share one where there are more. The
    /// highest is the fullest, and only nothing at all is as low as it gets.
    static func draw(_ counts: [Int64], width: Int) -> String {
        guard !counts.isEmpty, width > 0 else { return "" }
        let share = (counts.count + width - 1) / width
        // The last character has the last counts: what is new moves in from the right.
        var sums: [Double] = []
        var end = counts.count
        while end > 0 {
            sums.append(counts[max(0, end - share)..<end].reduce(0) { $0 + Double(max(0, $1)) })
            end -= share
        }
        guard let most = sums.max(), most > 0 else { return String(repeating: blocks[0], count: sums.count) }
        let steps = Double(blocks.count - 1)
        return String(sums.reversed().map { $0 == 0 ? blocks[0] : blocks[max(1, Int(($0 / most * steps).rounded()))] })
    }
}
