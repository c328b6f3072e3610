import Articles
import FoundationEssentials
import Testing

@testable import Messaging

/// The drop directories in a heartbeat: in which order, how many, and that the frame is never too large.
@Suite struct DirectoryListTests {
    private func directory(_ path: String, _ change: (inout DirectoryStatus) -> Void = { _ in }) -> DirectoryStatus {
        var directory = DirectoryStatus(path: path, source: "s")
        change(&directory)
        return directory
    }

    @Test func `those in trouble come first, then the paused, those with work, and the rest`() {
        let list = DirectoryList(
            [
                directory("/idle"), directory("/busy") { $0.waiting = 3 }, directory("/paused") { $0.pausedSince = 1 },
                directory("/bad") { $0.trouble = "gone" }, directory("/idle too"),
                directory("/slow") { $0.settling = 1 },
            ], pausedSince: nil)
        #expect(list.listed.map(\.path) == ["/bad", "/paused", "/busy", "/slow", "/idle", "/idle too"])
        #expect(list.others == DirectoryList.Sum())
    }

    @Test func `what has no room is summed up, and nothing is lost of the counts`() throws {
        let directories = (0..<1000).map { number in
            directory("/srv/dropwire/source number \(number)") {
                $0.waiting = number % 7
                $0.settling = 1
                $0.blocked = number % 2
                $0.left = 2
                $0.quarantined = number % 3 == 0 ? nil : 3
                $0.trouble = number % 2 == 0 ? "open '/srv': Permission denied" : nil
                $0.pausedSince = number == 999 ? 5 : nil
            }
        }
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.directories = DirectoryList(directories, pausedSince: 7)
        let read = try JSONDecoder().decode(Heartbeat.self, from: Data(heartbeat.json))
        let list = try #require(read.directories)
        #expect(list == heartbeat.directories)
        #expect(list.pausedSince == 7)
        #expect(list.listed.count > 100)
        var sum = list.others
        for directory in list.listed { sum.add(directory) }
        var all = DirectoryList.Sum()
        for directory in directories { all.add(directory) }
        #expect(sum == all)
        #expect(all.troubled == 500 && all.paused == 1)
        #expect(read.troubles.count == list.listed.count + 1)
        #expect(read.troubles.last == "nothing is taken from \(500 - list.listed.count) more directories")
    }

    @Test func `hostile names and long sentences never make a frame that is refused`() throws {
        let hostile = String(repeating: "\u{1}\"\\\u{7f}é\u{202e}", count: 500)
        let directories = (0..<300).map { number in
            directory("/\(number)" + hostile) { $0.trouble = hostile + hostile }
        }
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.trouble = String(repeating: hostile, count: 100)
        heartbeat.directories = DirectoryList(directories, pausedSince: nil)
        let json = heartbeat.json
        #expect(json.count <= 64 << 10)
        let read = try JSONDecoder().decode(Heartbeat.self, from: Data(json))
        let list = try #require(read.directories)
        #expect(!list.listed.isEmpty)
        #expect(list.listed.count + list.others.count == 300)
        #expect(list.listed[0].path == directories[0].path)
        #expect(list.listed[0].trouble?.hasSuffix("…") == true)
        #expect(read.trouble?.utf8.count ?? 0 <= 2000)
    }
}
