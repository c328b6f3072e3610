import Linux
import Testing

@testable import Ingestion

/// Which names are looked at.
@Suite struct SelectionTests {
    @Test(arguments: [
        ("*.txt", "a.txt", true), ("*.txt", ".txt", true), ("*.txt", "a.txt.gz", false), ("*", "", true),
        ("news-*", "news-1", true), ("news-*", "news", false), ("a.txt", "a.txt", true), ("a.txt", "aXtxt", false),
        ("a*b*c", "a12b34c", true), ("a*b*c", "a12c34b", false), ("*a*b", "xaxaxb", true), ("?.txt", "é.txt", true),
        ("?.txt", "ab.txt", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true),
        ("[]x]y", "]y", true), ("[a-]y", "-y", true), ("[α-ω]", "λ", true), ("[α-ω]", "l", false),
        (#"\*.txt"#, "*.txt", true), (#"\*.txt"#, "a.txt", false), (#"[\]]"#, "]", true), ("a**b", "axxb", true),
        // With a slash they are matched against the path.
        ("sports/*.txt", "sports/a.txt", true), ("sports/*.txt", "sports/x/a.txt", false),
        ("sports/*.txt", "a.txt", false), ("**/a.txt", "a.txt", true), ("**/a.txt", "x/y/a.txt", true),
        ("**/a.txt", "x/ba.txt", false), ("x/**/a.txt", "x/a.txt", true), ("x/**/a.txt", "x/y/z/a.txt", true),
        ("x/**/a.txt", "a.txt", false), ("x/**", "x/y/z", true), ("x/**", "x", false), ("drafts/", "drafts/a/b", true),
        ("/a.txt", "a.txt", true), ("/a.txt", "x/a.txt", false), ("**/*a/*b", "a/a/xb", true),
        ("**/*a/*b", "za/xb/ya/zb", true), ("**/**/b", "a/b", true), ("*/?[!x]/**/*.t*t", "d/ab/c/d/e.text", true),
        ("x?y/z", "x/y/z", false), ("x[!a]y/z", "x/y/z", false),
    ]) func `a glob matches whole names`(pattern: String, text: String, isMatch: Bool) throws {
        let glob = try #require(Glob(pattern))
        #expect(glob.matches(Array(text.utf8)[...]) == isMatch)
    }

    @Test func `a byte that is no character counts as one`() throws {
        let name: [UInt8] = [0xff] + Array(".txt".utf8)
        #expect(try #require(Glob("?.txt")).matches(name[...]))
        #expect(try #require(Glob("[!a]*")).matches(name[...]))
        #expect(try #require(Glob("*.txt")).matches(name[...]))
        #expect(try !#require(Glob("ÿ.txt")).matches(name[...]))
    }

    @Test func `many stars take no more than a moment`() throws {
        let glob = try #require(Glob(String(repeating: "a*", count: 30) + "b"))
        let text = Array(repeating: UInt8(ascii: "a"), count: 255)
        #expect(!glob.matches(text[...]))
    }

    @Test(arguments: [("", "empty"), ("[a", "["), ("a\\", "\\"), ("[z-a]", "z-a"), ("[]", "["), ("/", "empty")])
    func `what is no glob is refused with its reason`(pattern: String, part: String) throws {
        #expect(Glob(pattern) == nil)
        #expect(try #require(Glob.problem(pattern)).contains(part))
    }

    private func taken(_ paths: [String], _ change: (inout DropDirectoryConfiguration) -> Void) -> [String] {
        var configuration = DropDirectoryConfiguration(path: "/a")
        change(&configuration)
        let selection = Selection(configuration)
        return paths.filter { path in
            // As a scan does: into each directory, then to the file.
            var parent = RelativePath("")
            let parts = path.split(separator: "/").map { RelativePath(String($0)) }
            for part in parts.dropLast() {
                guard selection.takesDirectory(part, in: parent) else { return false }
                parent = part.below(parent)
            }
            return selection.takesFile(parts.last!, in: parent)
        }
    }

    @Test func `hidden names and junk are left`() {
        let junk = [
            ".a", "a.tmp", "a.part", "a.partial", "a.filepart", "a.writing", "a.crdownload", "~a", "Thumbs.db",
            ".DS_Store", ".tmp", "@eaDir/a.txt", "lost+found/a", ".git/a", "x.tmp/a",
        ]
        let good = ["a.txt", "a", "tmp", "a.tmp.txt", "part", "é~", "-a", "x/a"]
        #expect(taken(junk + good) { _ in } == good)
        #expect(taken(["a.txt", "a.bak", "a.tmp"]) { $0.junk = ["*.bak"] } == ["a.txt", "a.tmp"])
        #expect(taken(["a.tmp", ".a"]) { $0.junk = [] } == ["a.tmp"])
    }

    @Test func `the watcher's own is never taken`() {
        let own = [".done/2026-01-01/a.txt", ".quarantine/a.txt", ".dropwire/1", ".dropwire.lock", "x/.done/a.txt"]
        #expect(taken(own + [".a", ".x/b"]) { $0.takesHidden = true } == [".a", ".x/b"])
        let kept = taken(["old/2026/a.txt", "a.txt", "x/old/a"]) { $0.archiveDirectory = "/a/old" }
        #expect(kept == ["a.txt", "x/old/a"])
    }

    @Test func `what is included and not excluded is taken`() {
        let names = ["a.txt", "news-1", "a.xml", "news-old.txt", "sports/b.txt", "drafts/c.txt", "x/drafts/d.txt"]
        let some = taken(names) {
            $0.include = ["*.txt", "news-*"]
            $0.exclude = ["news-old*", "/drafts/"]
        }
        #expect(some == ["a.txt", "news-1", "sports/b.txt", "x/drafts/d.txt"])
        #expect(taken(names) { $0.include = ["sports/**"] } == ["sports/b.txt"])
        #expect(taken(names) { $0.exclude = ["drafts", "*.txt"] } == ["news-1", "a.xml"])
    }
}
