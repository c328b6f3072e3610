import Linux
import TOML
import Testing

@testable import Ingestion

/// Which names are companions, and which are followed without their file.
@Suite struct CompanionNamesTests {
    private func names(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) -> CompanionNames {
        var configuration = DropDirectoryConfiguration(path: "/a")
        configuration.doneMarkers = ["*.done", "ready-*", "go.*.flag", "batch.done"]
        change(&configuration)
        return CompanionNames(configuration)
    }

    @Test(arguments: [
        ("a.txt.done", Companion.Kind.marker, "a.txt"), ("ready-a", .marker, "a"), ("go.a.flag", .marker, "a"),
        ("a.txt.sha256", .checksum(.sha256), "a.txt"), ("a.md5", .checksum(.md5), "a"),
        ("a.txt.meta.json", .metadata, "a.txt"), ("a.txt.meta.json.sha256", .attached, "a.txt"),
        ("a.sha256.done", .attached, "a"), ("ready-a.meta.json", .attached, "a"),
    ]) func `a companion is known by its name`(name: String, kind: Companion.Kind, owner: String) {
        #expect(names().role(of: RelativePath(name)) == .init(kind: kind, owner: RelativePath(owner)))
    }

    @Test(arguments: [
        "a.txt", ".sha256", "sha256", ".meta.json", "a.json", "ready-", "go..flag", "a.done.txt", "a.sha512",
    ])
    func `other names are those of articles`(name: String) {
        #expect(names().role(of: RelativePath(name)) == nil)
        #expect(!names().isBatchMarker(RelativePath(name)))
    }

    @Test func `what is not configured is no companion`() {
        let none = names {
            $0.doneMarkers = []
            $0.checksums = .ignore
            $0.hasMetadata = false
        }
        #expect(none.isEmpty && !none.isNeeded)
        for name in ["a.done", "a.sha256", "a.meta.json", "batch.done"] {
            #expect(none.role(of: RelativePath(name)) == nil && !none.isBatchMarker(RelativePath(name)))
        }
        #expect(names().isBatchMarker(RelativePath("batch.done")) && names().isNeeded)
        #expect(names { $0.doneMarkers = [] }.isNeeded == false)
    }

    @Test func `the places of a file's companions lie beside it, and their names tell the file's`() {
        let path = RelativePath(bytes: Array("d/".utf8) + [0xff])
        let places = names().places(of: path)
        #expect(places.map(\.pattern) == ["*.done", "ready-*", "go.*.flag", "*.sha256", "*.md5", "*.meta.json"])
        for place in places {
            #expect(names().role(of: place.path.lastPart)?.owner == path.lastPart)
            #expect(Companion.name(place.pattern, of: path) == place.path.lastPart)
            for attached in names().places(attachedTo: place) {
                #expect(names().role(of: attached.path.lastPart)?.owner == path.lastPart)
                #expect(Companion.name(attached.pattern, of: path) == attached.path.lastPart)
            }
        }
    }

    @Test(arguments: ["", "*", "a/b", "*.*", ".done", ".quarantine", ".dropwire"])
    func `a marker must have a name that can be`(marker: String) {
        let text = "[[drop]]\npath = \"/a\"\ndone_markers = [\"*.done\", \"\(marker)\"]\n"
        let error = #expect(throws: TOMLError.self) {
            try TOMLDocument(text: text, name: "test.toml").decode(Configuration.self)
        }
        #expect(error.map { "\($0)".contains("done_markers") && "\($0)".contains("has \"\(marker)\"") } == true)
    }

    private func readiness(since: Duration) -> Readiness {
        let status = FileStatus(kind: .regular, device: 1, inode: 1, size: 1, modified: 1, changed: 1)
        return Readiness(status, age: .zero, now: since)
    }

    @Test func `those that wait longest are due first, and no more are followed than can be`() {
        var early = EarlyCompanions(limit: 3)
        for (name, since) in [("b", 2), ("a", 1), ("c", 3), ("d", 0)] {
            early.put(RelativePath(name), readiness(since: .seconds(since)))
        }
        #expect(early.count == 3 && early[RelativePath("d")] == nil)
        #expect(early.nextDue(after: .seconds(10)) == .seconds(11))
        #expect(early.takeDue(after: .seconds(10), now: .seconds(10)) == nil)
        #expect(early.takeDue(after: .seconds(10), now: .seconds(12))?.path == RelativePath("a"))
        early.put(RelativePath("b"), readiness(since: .seconds(5)))
        #expect(early.takeDue(after: .seconds(10), now: .seconds(12)) == nil)
        #expect(early.nextDue(after: .seconds(10)) == .seconds(13))
        early.remove(RelativePath("c"))
        early.remove(RelativePath("b"))
        #expect(early.nextDue(after: .seconds(10)) == nil)
        let answers = [early.takeHasRoomForMore(), early.takeHasRoomForMore()]
        #expect(answers == [true, false], "the one that had no room is looked for again, once")
    }
}
