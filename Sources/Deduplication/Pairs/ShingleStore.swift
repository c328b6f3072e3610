import Linux

/// Runs of shingle hashes, one after the other: the first in memory, those beyond the budget in a temporary file.
struct ShingleStore: ~Copyable {
    /// Where a run's hashes stand, counted in hashes.
    typealias Place = Int

    private let budget: Int
    private var held: [UInt32] = []
    // What comes after `held`: in the file, and behind that what is not written yet.
    private var file: TemporaryFile?
    private var tail: [UInt32] = []
    private var written = 0
    private var scratch: [UInt32] = []

    /// The hashes of all runs.
    private(set) var hashCount = 0

    private static let tailSize = 1 << 18
    private static let header = 2

    /// Makes an empty store that holds at most that many bytes in memory.
    init(budget: Int) { self.budget = budget / MemoryLayout<UInt32>.size }

    /// Adds a run under a number of the caller's.
    @discardableResult
    mutating func append(_ number: UInt32, _ hashes: [UInt32]) throws -> Place {
        hashCount += hashes.count
        if file == nil {
            if held.count + hashes.count + Self.header <= budget {
                held.append(number)
                held.append(UInt32(hashes.count))
                held.append(contentsOf: hashes)
                return held.count - hashes.count
            }
            file = try TemporaryFile()
        }
        tail.append(number)
        tail.append(UInt32(hashes.count))
        tail.append(contentsOf: hashes)
        let place = held.count + written + tail.count - hashes.count
        if tail.count >= Self.tailSize { try flush() }
        return place
    }

    private mutating func flush() throws {
        guard !tail.isEmpty else { return }
        try tail.withUnsafeBytes { try file?.append($0) }
        written += tail.count
        tail.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with each run in the order in which they were added.
    mutating func forEach(_ body: (_ number: UInt32, _ hashes: UnsafeBufferPointer<UInt32>) throws -> Void) throws {
        _ = try held.withUnsafeBufferPointer { try Self.walk($0, body) }
        try flush()
        var window: [UInt32] = []
        var read = 0
        while read < written {
            let count = min(Self.tailSize, written - read)
            let start = window.count
            window.append(contentsOf: repeatElement(0, count: count))
            try window.withUnsafeMutableBytes {
                try file?.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[(start * 4)...]), at: read * 4)
            }
            read += count
            let used = try window.withUnsafeBufferPointer { try Self.walk($0, body) }
            window.removeFirst(used)
        }
    }

    /// Calls `body` with each whole run of a buffer and returns where the first that is not whole begins.
    private static func walk(
        _ buffer: UnsafeBufferPointer<UInt32>,
        _ body: (_ number: UInt32, _ hashes: UnsafeBufferPointer<UInt32>) throws -> Void
    ) rethrows -> Int {
        var place = 0
        while place + header <= buffer.count {
            let start = place + header
            let end = start + Int(buffer[place + 1])
            guard end <= buffer.count else { break }
            try body(buffer[place], UnsafeBufferPointer(rebasing: buffer[start..<end]))
            place = end
        }
        return place
    }

    /// Calls `body` with the hashes of a run.
    mutating func withHashes<Result>(
        at place: Place, count: Int, _ body: (UnsafeBufferPointer<UInt32>) throws -> Result
    ) throws -> Result {
        if place < held.count {
            return try held.withUnsafeBufferPointer {
                try body(UnsafeBufferPointer(rebasing: $0[place..<(place + count)]))
            }
        }
        let offset = place - held.count
        if offset >= written {
            return try tail.withUnsafeBufferPointer {
                try body(UnsafeBufferPointer(rebasing: $0[(offset - written)..<(offset - written + count)]))
            }
        }
        if scratch.count < count { scratch = Array(repeating: 0, count: count) }
        try scratch.withUnsafeMutableBytes {
            try file?.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<(count * 4)]), at: offset * 4)
        }
        return try scratch.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
}
