import Glibc
import Linux
import Synchronization
import TestSupport

/// Drops numbered articles as two producers do: one renames files in, one writes them slowly in place.
///
/// It drops no more than it is allowed to, so that a test can keep it going as long as it needs.
final class Producer: Sendable {
    private let scratch: ScratchDirectory
    private let allowed = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)
    private let trouble = Mutex<(any Error)?>(nil)
    /// Every fifth article is written in place.
    private static let slowStep = 5

    /// Makes a producer for the drop directory of an installation.
    init(_ dropwire: Installation) { scratch = dropwire.scratch }

    /// The number of articles that are dropped whole.
    var count: Int { dropped.load(ordering: .acquiring) }

    /// Lets it drop articles up to a number.
    func allow(_ number: Int) { allowed.store(number, ordering: .releasing) }

    /// The name of an article's file.
    static func name(_ number: Int) -> String { "article-\(number).txt" }

    /// Runs `body` while articles are dropped, and waits at its end until all that are allowed are.
    func run(_ body: () throws -> Void) throws {
        let threads = try [
            SystemThread(name: "rename-in") { [self] in produce({ $0 % Producer.slowStep != 0 }, renameIn) },
            SystemThread(name: "write-slowly") { [self] in produce({ $0 % Producer.slowStep == 0 }, writeSlowly) },
        ]
        let result = Result { try body() }
        isOver.store(true, ordering: .releasing)
        for thread in threads { thread.join() }
        try result.get()
        if let error = trouble.withLock({ $0 }) { throw error }
    }

    private func produce(_ isMine: (Int) -> Bool, _ drop: (Int) throws -> Void) {
        var number = 0
        while true {
            let end = isOver.load(ordering: .acquiring)
            while number < allowed.load(ordering: .acquiring) {
                if isMine(number) {
                    do { try drop(number) } catch { return trouble.withLock { $0 = error } }
                    dropped.add(1, ordering: .releasing)
                }
                number += 1
            }
            if end { return }
            usleep(500)
        }
    }

    private func renameIn(_ number: Int) throws {
        try scratch.dropByRename(Array(Sample.article(number).utf8), to: "drop/\(Producer.name(number))")
        // A producer, not a flood: work is to be under way for as long as processes are killed.
        usleep(1500)
    }

    private func writeSlowly(_ number: Int) throws {
        let text = Array(Sample.article(number).utf8)
        let file = try OpenFile(scratch.path("drop/\(Producer.name(number))"))
        for start in stride(from: 0, to: text.count, by: text.count / 4 + 1) {
            try file.write(text[start..<min(start + text.count / 4 + 1, text.count)])
            usleep(1500)
        }
    }
}
