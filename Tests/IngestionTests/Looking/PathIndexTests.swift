import Linux
import Testing

@testable import Ingestion

/// The table of known names against a dictionary.
@Suite struct PathIndexTests {
    /// Keys that lie together as well as keys that are spread, so that entries push each other on.
    private func key(_ random: inout Seeded) -> UInt64 {
        random.next() % 2 == 0 ? .max - random.next() % 40 : (random.next() % 200 + 1) << 56
    }

    @Test(arguments: UInt64(0)..<30)
    func `it holds what a dictionary would, whatever is done to it`(seed: UInt64) {
        var random = Seeded(seed: seed)
        var index = PathIndex()
        var model: [UInt64: Int64] = [:]
        for _ in 0..<3000 {
            let key = key(&random)
            if let place = index.find(key) {
                #expect(index[place].value == model[key])
                if random.next() % 3 > 0 {
                    index.remove(at: place)
                    model[key] = nil
                }
            } else {
                #expect(model[key] == nil)
                let value = Int64(random.next() % UInt64(PathIndex.Entry.maximumValue))
                index.insert(PathIndex.Entry(key: key, kind: .left, value: value, folder: 3, generation: 2))
                model[key] = value
            }
            #expect(index.count == model.count)
        }
        var seen: [UInt64: Int64] = [:]
        index.forEach { seen[$0.key] = $0.value }
        #expect(seen == model)
    }

    @Test func `every part of an entry keeps its value beside the greatest of the others`() {
        let (value, folder) = (PathIndex.Entry.maximumValue, PathIndex.Entry.maximumFolder)
        for kind in [PathIndex.Kind.file, .left, .expected, .aside] {
            var entry = PathIndex.Entry(
                key: 1, kind: kind, value: value, identity: .max, folder: folder, generation: 3)
            #expect(entry.kind == kind && entry.value == value && entry.folder == folder && entry.generation == 3)
            entry.generation = 4
            entry.folder = 0
            #expect(entry.kind == kind && entry.value == value && entry.folder == 0 && entry.generation == 0)
        }
    }

    @Test func `an entry takes some forty bytes, with what the table has free`() {
        var index = PathIndex()
        var random = Seeded(seed: 1)
        var most = 0.0
        for number in 1...200_000 {
            index.insert(PathIndex.Entry(key: random.next() | 1, kind: .left, value: 1, folder: 0, generation: 0))
            if number >= 10_000 { most = max(most, Double(index.bytes) / Double(number)) }
        }
        #expect(most < 42)
    }

    @Test func `the key of a path is that of its name in its folder`() {
        for path in ["a.txt", "a/b.txt", "a/b/c d.txt"].map({ RelativePath($0) }) {
            let folder = PathKey.folder(path.parent ?? RelativePath(""))
            #expect(PathKey.file(path) == PathKey.file(Array(path.name).span, in: folder))
        }
        #expect(PathKey.file(RelativePath("a/b")) != PathKey.file(RelativePath("ab")))
    }
}
