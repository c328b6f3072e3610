import Articles
import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// Many consumers at once, killed and frozen at random while articles flow: each reliable one has every article once.
///
/// For longer runs: DROPWIRE_CROWD_RELIABLE (10) and DROPWIRE_CROWD_CASUAL (10) consumers, DROPWIRE_CROWD_SECONDS (8),
/// DROPWIRE_CROWD_SEED.
@Suite struct CrowdTests {
    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    /// A consumer with a database of its own, and what was done to it.
    private struct Member {
        let command: [String]
        let database: String?
        var process: TestedProcess
        var kills = 0
        var freezes = 0
        /// When it is thawed; nil while it runs.
        var thaw: ContinuousClock.Instant?
    }

    @Test(.timeLimit(.minutes(30)))
    func `every reliable consumer of a crowd has every article once, whoever is killed or frozen`() throws {
        let reliable = CrowdTests.setting("DROPWIRE_CROWD_RELIABLE") ?? 10
        let casual = CrowdTests.setting("DROPWIRE_CROWD_CASUAL") ?? 10
        let seconds = CrowdTests.setting("DROPWIRE_CROWD_SECONDS") ?? 8
        let seed = CrowdTests.setting("DROPWIRE_CROWD_SEED").map { UInt64($0) } ?? .random(in: 0...999_999_999)
        print("crowd: DROPWIRE_CROWD_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)

        let dropwire = try Installation()
        var watch = try dropwire.startReady("watch")
        let commands = (
            reliable: try PublishedProgram(page: .consumers, name: "c-reliable").command(in: dropwire.scratch),
            casual: try PublishedProgram(page: .consumers, name: "c-casual").command(in: dropwire.scratch)
        )
        var members = try (0..<reliable).map { number in
            let database = dropwire.scratch.path("consumer-\(number).sqlite")
            let command = commands.reliable + [database]
            return Member(command: command, database: database, process: try dropwire.startConsumer(command))
        }
        members += try (0..<casual).map { _ in
            Member(command: commands.casual, database: nil, process: try dropwire.startConsumer(commands.casual))
        }

        let producer = Producer(dropwire)
        let begin = ContinuousClock.now
        let middle = begin + .milliseconds(seconds * 500)
        let end = begin + .seconds(seconds)
        var count = 0
        var isWatcherKilled = false
        try producer.run {
            while ContinuousClock.now < end {
                count += 5
                producer.allow(count)
                try waitUntil("the articles are dropped", within: .seconds(60)) { producer.count >= count }
                try CrowdTests.disturb(&members, dropwire, &random)
                // The watcher, too, in the middle.
                if !isWatcherKilled, ContinuousClock.now > middle {
                    isWatcherKilled = true
                    #expect(try watch.kill() == .killed(signal: SIGKILL))
                    watch = try dropwire.startReady("watch")
                }
            }
        }
        for member in members { member.process.send(SIGCONT) }
        let kills = members.map(\.kills).reduce(0, +)
        let freezes = members.map(\.freezes).reduce(0, +)
        print("crowd: \(members.count) consumers, \(count) articles, \(kills) kills, \(freezes) freezes")
        try check(members, count, dropwire)
        #expect(kills > 0 && freezes > 0 && isWatcherKilled)
        #expect(try watch.stop() == .exited(0))
    }

    /// Kills some and starts them again, freezes some, and thaws those whose time has come.
    private static func disturb(
        _ members: inout [Member], _ dropwire: Installation, _ random: inout SeededGenerator
    ) throws {
        for index in members.indices {
            guard let thaw = members[index].thaw, thaw <= ContinuousClock.now else { continue }
            members[index].thaw = nil
            members[index].process.send(SIGCONT)
        }
        for _ in 0..<max(1, members.count / 50) {
            let index = Int.random(in: 0..<members.count, using: &random)
            if Bool.random(using: &random) {
                let ending = try members[index].process.kill()
                guard ending == .killed(signal: SIGKILL) else {
                    throw Trouble("a consumer ended by itself, \(ending): \(members[index].process.errorOutput)")
                }
                members[index].process = try dropwire.startConsumer(members[index].command)
                members[index].thaw = nil
                members[index].kills += 1
            } else if members[index].thaw == nil {
                members[index].process.send(SIGSTOP)
                let milliseconds = Int.random(in: 50...5000, using: &random)
                members[index].thaw = ContinuousClock.now + .milliseconds(milliseconds)
                members[index].freezes += 1
            }
        }
    }

    private func check(_ members: [Member], _ count: Int, _ dropwire: Installation) throws {
        let databases = members.compactMap(\.database)
        var last = 0
        var isThere = false
        while !isThere {
            let before = last
            // However slow they are together: only a standstill is one.
            try waitUntil("the consumers have more than \(last) of \(databases.count * count)", within: .seconds(60)) {
                last = databases.map(CrowdTests.count).reduce(0, +)
                isThere = last >= databases.count * count
                return isThere || last > before
            }
        }
        let expected = try dropwire.records().compactMap { entry in
            entry.article.map { "\(entry.position.seq) \($0.id) \($0.title ?? "")" }
        }
        #expect(expected.count == count)
        for database in databases {
            var rows: [String] = []
            try Connection(path: database, mode: .readOnly).statement("SELECT seq, id, title FROM article ORDER BY seq")
                .forEachRow { rows.append("\($0.int64(0)) \($0.string(1)) \($0.string(2))") }
            #expect(rows == expected)
        }
        for member in members {
            #expect(try member.process.kill() == .killed(signal: SIGKILL), "\(member.process.errorOutput)")
        }
    }

    private static func count(_ database: String) -> Int {
        guard access(database, R_OK) == 0 else { return 0 }
        // Its tables may not be there yet, or it may be writing just now.
        return Int((try? Connection(path: database, mode: .readOnly).scalar("SELECT count(*) FROM article")) ?? 0)
    }
}
