/// A source of which some first bytes were read already: gives them again before the rest.
final class ContinuedBytes: ByteSource {
    private var start: [UInt8]
    private let rest: any ByteSource

    init(_ start: [UInt8], _ rest: any ByteSource) {
        self.start = start
        self.rest = rest
    }

    func read(upTo count: Int) throws -> [UInt8] {
        guard !start.isEmpty else { return try rest.read(upTo: count) }
        guard start.count > count else {
            defer { start = [] }
            return start
        }
        defer { start.removeFirst(count) }
        return Array(start.prefix(count))
    }
}

extension ByteSource {
    /// Returns the next `count` bytes; fewer only at the end.
    func readFully(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try read(upTo: min(count - bytes.count, 1 << 20))
            if more.isEmpty { break }
            if bytes.isEmpty { bytes = more } else { bytes += more }
        }
        return bytes
    }
}
