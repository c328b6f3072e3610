/// Returns the candidate that `word` was most likely meant to be, or nil where none is near.
///
/// Near is at most two edits (insert, delete, replace, swap of neighbours) and at most half of the letters.
package func nearest(to word: String, in candidates: [String]) -> String? {
    let limit = min(2, word.utf8.count / 2)
    return
        candidates
        .map { (distance: editDistance(Array(word.utf8), Array($0.utf8)), candidate: $0) }
        .filter { $0.distance <= limit }
        .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?
        .candidate
}

/// Returns the least number of edits that make `right` of `left` (optimal string alignment).
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
            if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
