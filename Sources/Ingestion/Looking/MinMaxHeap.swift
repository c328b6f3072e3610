/// A queue with two ends: its least and its greatest element are at hand, the others in no order (a min-max heap).
///
/// The order is given with every call, always the same one; true where the first element comes before the second.
struct MinMaxHeap<Element> {
    private(set) var elements: [Element] = []

    var count: Int { elements.count }

    /// The least element.
    var least: Element? { elements.first }

    /// Returns the greatest element.
    func greatest(by precedes: (Element, Element) -> Bool) -> Element? {
        indexOfGreatest(by: precedes).map { elements[$0] }
    }

    mutating func insert(_ element: Element, by precedes: (Element, Element) -> Bool) {
        elements.append(element)
        var index = elements.count - 1
        guard index > 0 else { return }
        // Levels of least and of greatest elements take turns, beginning with the root's.
        let parent = (index - 1) / 2
        var isLeast = MinMaxHeap.isLevelOfLeast(index)
        if isLeast ? precedes(elements[parent], elements[index]) : precedes(elements[index], elements[parent]) {
            elements.swapAt(index, parent)
            index = parent
            isLeast.toggle()
        }
        while index > 2 {
            let grandparent = (index - 3) / 4
            let rises =
                isLeast
                ? precedes(elements[index], elements[grandparent]) : precedes(elements[grandparent], elements[index])
            guard rises else { return }
            elements.swapAt(index, grandparent)
            index = grandparent
        }
    }

    mutating func popLeast(by precedes: (Element, Element) -> Bool) -> Element? {
        elements.isEmpty ? nil : remove(at: 0, by: precedes)
    }

    mutating func popGreatest(by precedes: (Element, Element) -> Bool) -> Element? {
        indexOfGreatest(by: precedes).map { remove(at: $0, by: precedes) }
    }

    /// Keeps only some elements.
    mutating func keep(by precedes: (Element, Element) -> Bool, where isKept: (Element) -> Bool) {
        let all = elements
        elements.removeAll(keepingCapacity: true)
        for element in all where isKept(element) { insert(element, by: precedes) }
    }

    mutating func removeAll() { elements.removeAll() }

    private func indexOfGreatest(by precedes: (Element, Element) -> Bool) -> Int? {
        guard elements.count > 2 else { return elements.indices.last }
        return precedes(elements[1], elements[2]) ? 2 : 1
    }

    private mutating func remove(at index: Int, by precedes: (Element, Element) -> Bool) -> Element {
        elements.swapAt(index, elements.count - 1)
        let removed = elements.removeLast()
        if index < elements.count { sink(index, by: precedes) }
        return removed
    }

    private mutating func sink(_ start: Int, by precedes: (Element, Element) -> Bool) {
        let isLeast = MinMaxHeap.isLevelOfLeast(start)
        func comes(_ first: Int, before second: Int) -> Bool {
            isLeast ? precedes(elements[first], elements[second]) : precedes(elements[second], elements[first])
        }
        var index = start
        while true {
            var best = index
            for child in 2 * index + 1...2 * index + 2 where child < elements.count && comes(child, before: best) {
                best = child
            }
            for below in 4 * index + 3...4 * index + 6 where below < elements.count && comes(below, before: best) {
                best = below
            }
            guard best != index else { return }
            elements.swapAt(index, best)
            guard best > 2 * index + 2 else { return }
            let parent = (best - 1) / 2
            if comes(parent, before: best) { elements.swapAt(parent, best) }
            index = best
        }
    }

    private static func isLevelOfLeast(_ index: Int) -> Bool {
        (Int.bitWidth - 1 - (index + 1).leadingZeroBitCount).isMultiple(of: 2)
    }
}
