import TestSupport
import Testing

@testable import dropwire

/// The drop-in by which a service is let into a directory.
@Suite struct DropInFileTests {
    @Test(arguments: [
        ("/srv/in", "\"-/srv/in\""), ("/srv/two words", "\"-/srv/two words\""), ("/srv/100%", "\"-/srv/100%%\""),
        ("/srv/a\"b", "\"-/srv/a\\\"b\""), ("/srv/a\\b", "\"-/srv/a\\\\b\""), ("/srv/a:b", "\"-/srv/a:b\""),
    ])
    func `a path is written so that systemd reads it as it is`(path: String, written: String) {
        #expect(DropInFile.escaped(path) == written)
        #expect(DropInFile(directory: path).text.contains("\nReadWritePaths=\(written)\n"))
    }

    @Test func `homes stay out of sight but for the directory`() {
        let text = DropInFile(directory: "/home/alice/drop").text
        #expect(text.contains("\nProtectHome=tmpfs\nBindPaths=\"-/home/alice/drop\"\n"))
        #expect(!text.contains("ReadWritePaths"))
        #expect(!DropInFile(directory: "/homes/alice").isBelowHome)
    }

    @Test(arguments: ["/srv/in", "/srv/a-b", "/srv/a/b", "/srv/two words \"x\" 100% \u{e9}", "/home/x/y"])
    func `what was written is read again, under a name of its own`(path: String) {
        let file = DropInFile(directory: path)
        #expect(DropInFile(name: file.name, text: file.text) == file)
        #expect(file.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x2f })
    }

    @Test func `names tell paths apart, also long ones`() {
        #expect(DropInFile(directory: "/srv/a-b").name != DropInFile(directory: "/srv/a/b").name)
        let long = "/srv/" + String(repeating: "\u{fc}", count: 300)
        let names = [long + "a", long + "b"].map { DropInFile(directory: $0).name }
        #expect(names[0] != names[1])
        #expect(names.allSatisfy { $0.utf8.count <= 255 })
    }

    @Test func `others' files are no drop-ins of its own`() {
        let text = DropInFile(directory: "/srv/in").text
        #expect(DropInFile(name: "override.conf", text: text) == nil)
        #expect(DropInFile(name: "allow-x.conf", text: "[Service]\nReadWritePaths=/srv/in\n") == nil)
    }
}
