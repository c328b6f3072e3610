import Testing

@testable import dropwire

@Suite struct SparklineTests {
    @Test(
        arguments: [
            ([], 10, ""), ([0, 0, 0], 10, "▁▁▁"), ([0, 1, 2, 4, 8], 10, "▁▂▃▅█"), ([1_000_000, 1], 10, "█▂"),
            ([1, 1, 1, 1, 9], 2, "▂█"), ([5], 0, ""), ([-3, 7], 10, "▁█"),
        ] as [([Int64], Int, String)])
    func `counts are drawn, the last at the right, and little is more than nothing`(
        counts: [Int64], width: Int, drawing: String
    ) { #expect(Sparkline.draw(counts, width: width) == drawing) }

    @Test func `a drawing is never wider than it may be`() {
        for width in 1...70 { #expect(Sparkline.draw(Array(1...60), width: width).count <= width) }
    }
}
