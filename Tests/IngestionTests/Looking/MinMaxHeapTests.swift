import Testing

@testable import Ingestion

/// A queue with two ends against a sorted array.
@Suite struct MinMaxHeapTests {
    @Test(arguments: UInt64(0)..<50)
    func `both ends are those of a sorted array, whatever is done to it`(seed: UInt64) {
        var random = Seeded(seed: seed)
        var heap = MinMaxHeap<Int>()
        var sorted: [Int] = []
        for _ in 0..<400 {
            switch random.next() % 8 {
            case 0:
                #expect(heap.popLeast(by: <) == (sorted.isEmpty ? nil : sorted.removeFirst()))
            case 1:
                #expect(heap.popGreatest(by: <) == sorted.popLast())
            case 2 where random.next() % 8 == 0:
                heap.keep(by: <) { $0 % 3 != 0 }
                sorted.removeAll { $0 % 3 == 0 }
            default:
                // Few values, so that many are equal.
                let value = Int(random.next() % 60)
                heap.insert(value, by: <)
                sorted.insert(value, at: sorted.firstIndex { $0 > value } ?? sorted.count)
            }
            #expect(heap.least == sorted.first && heap.greatest(by: <) == sorted.last && heap.count == sorted.count)
        }
        while let least = heap.popLeast(by: <) { #expect(least == sorted.removeFirst()) }
        #expect(sorted.isEmpty)
    }
}
