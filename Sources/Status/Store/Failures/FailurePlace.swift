/// A place in the list of failures, which goes by their times: what `next` of a page says.
package struct FailurePlace: Sendable, Equatable {
    var time: Int64
    var stream: Int64
    var epoch: Int64
    var seq: Int64
    var kind: Int64

    /// The text that stands for it.
    package var text: String { "\(time)-\(stream)-\(epoch)-\(seq)-\(kind)" }

    init(time: Int64, stream: Int64, epoch: Int64, seq: Int64, kind: Int64) {
        (self.time, self.stream, self.epoch, self.seq, self.kind) = (time, stream, epoch, seq, kind)
    }

    /// Reads a text; nil where it is none of ours.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int64($0) }
        guard parts.count == 5, numbers.count == 5 else { return nil }
        self.init(time: numbers[0], stream: numbers[1], epoch: numbers[2], seq: numbers[3], kind: numbers[4])
    }
}
