/// Delta debugging: what is left of a list when everything is taken away that something does not need to happen.
enum Shrinking {
    /// Returns a list from which no element can be removed any more, in so many tries.
    static func shrink<Element>(
        _ list: [Element], tries: Int = 500, while happens: ([Element]) -> Bool
    ) -> [Element] {
        var list = list
        var left = tries
        var size = max(1, list.count / 2)
        while true {
            var start = 0
            var hasShrunk = false
            while start < list.count, left > 0 {
                let candidate = Array(list[..<start] + list[min(start + size, list.count)...])
                left -= 1
                if happens(candidate) {
                    list = candidate
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if left == 0 || size == 1 && !hasShrunk { return list }
            if !hasShrunk { size = max(1, size / 2) }
        }
    }
}
