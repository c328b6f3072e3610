import Glibc
import Ingestion
import TestSupport
import Testing

@testable import TOML
@testable import dropwire

/// A configuration file with `conf.d` beside it.
@Suite struct LoadedConfigurationTests {
    private let scratch: ScratchDirectory
    private var path: String { scratch.path("dropwire.toml") }

    init() throws {
        scratch = try ScratchDirectory()
        try scratch.write("[watch]\nmax_log_bytes = \"1GiB\"\n[[watch.drop]]\npath = \"/main\"\n", to: "dropwire.toml")
    }

    private func problems() -> [String] {
        do throws(TOMLError) {
            _ = try LoadedConfiguration(path: path)
            return []
        } catch {
            return error.problems.map { $0.description.replacing(scratch.path + "/", with: "") }
        }
    }

    @Test func `conf.d is read after the file, in the byte order of its names`() throws {
        try scratch.makeDirectory("conf.d")
        try scratch.write("[watch]\nmax_log_bytes = \"2GiB\"\n[[watch.drop]]\npath = \"/b\"\n", to: "conf.d/b.toml")
        try scratch.write("[watch]\nmax_log_bytes = \"3GiB\"\n[[watch.drop]]\npath = \"/B\"\n", to: "conf.d/B.toml")
        try scratch.write("[[watch.drop]]\npath = \"/ü\"\n", to: "conf.d/ü.toml")
        for left in [
            ".hidden.toml", "#b.toml#", "#b.toml", "~b.toml", "b.toml~", "b.toml.bak", ".b.toml.swp", "README",
        ] {
            try scratch.write("nonsense", to: "conf.d/\(left)")
        }
        try scratch.makeDirectory("conf.d/below")
        try scratch.write("nonsense", to: "conf.d/below/c.toml")
        let loaded = try LoadedConfiguration(path: path)
        #expect(
            loaded.files == ["dropwire.toml", "conf.d/B.toml", "conf.d/b.toml", "conf.d/ü.toml"].map(scratch.path))
        #expect(loaded.configuration.watch.maximumLogBytes == .gibibytes(2))
        #expect(loaded.configuration.watch.settings.directories.map(\.path) == ["/main", "/B", "/b", "/ü"])
        let limit = loaded.settings.first { $0.key == "watch.max_log_bytes" }
        #expect(limit?.place == scratch.path("conf.d/b.toml") + ":2:17")
    }

    @Test func `without conf.d the file is all there is`() throws {
        #expect(try LoadedConfiguration(path: path).files == [path])
        #expect(try ConfigurationFiles.paths(for: "dropwire.toml") == ["dropwire.toml"])
    }

    @Test func `no file at all is the defaults`() throws {
        let loaded = try LoadedConfiguration(path: nil)
        #expect(loaded.files == [])
        #expect(try loaded.configuration == dropwire.Configuration())
    }

    @Test func `a directory that two files name is told with both places`() throws {
        try scratch.makeDirectory("conf.d")
        try scratch.write("\n[[watch.drop]]\nsource = \"x\"\npath = \"/main/\"\n", to: "conf.d/a.toml")
        #expect(
            problems() == [
                "conf.d/a.toml:4:8: watch.drop[1].path: the directory '/main' is named in dropwire.toml:4:8 already"
            ])
    }

    @Test func `a directory within that of another file is told with both places`() throws {
        try scratch.makeDirectory("conf.d")
        try scratch.write("[[watch.drop]]\npath = \"/main/x/y\"\n", to: "conf.d/a.toml")
        #expect(
            problems() == [
                "conf.d/a.toml:2:8: watch.drop[1].path: the directory '/main/x/y' lies in '/main' (dropwire.toml:4:8), "
                    + "which takes its files, too; set recursive = false there"
            ])
    }

    @Test func `a conf.d that is no directory, and what is no file in it, are errors`() throws {
        try scratch.write("", to: "conf.d")
        #expect(problems() == ["conf.d: Not a directory"])
        try scratch.remove("conf.d")
        try scratch.makeDirectory("conf.d/a.toml")
        #expect(problems() == ["conf.d/a.toml: is no regular file"])
        try scratch.remove("conf.d/a.toml")
        mkfifo(scratch.path("conf.d/a.toml"), 0o600)
        #expect(problems() == ["conf.d/a.toml: is no regular file"])
        try scratch.remove("conf.d/a.toml")
        symlink("nowhere", scratch.path("conf.d/a.toml"))
        #expect(problems() == ["conf.d/a.toml: No such file or directory"])
    }

    @Test func `the listing has every key of the sample, and the text of it is the same configuration`() throws {
        try scratch.makeDirectory("conf.d")
        try scratch.write("[status]\nhosts = [\"news.example\"]\n[summarize]\nprocesses = 3\n", to: "conf.d/a.toml")
        try scratch.write(
            """
            [[index.webhook]]
            name = "desk"
            url = "http://desk.example/"
            key_file = "/key"
            [[upstream]]
            name = "oslo"
            log = "tcp://127.0.0.1:9472"
            """, to: "conf.d/b.toml")
        let loaded = try LoadedConfiguration(path: path)
        let text = SettingsText(loaded.settings).lines.joined(separator: "\n")
        let again = try TOMLDocument(text: text, name: "again").decodeListing(dropwire.Configuration.self)
        #expect(again.value == loaded.configuration)
        #expect(again.settings.map(\.key) == loaded.settings.map(\.key))
        let sample = try TOMLDocument(text: SampleTests().uncommented(), name: "sample")
            .decodeListing(dropwire.Configuration.self).settings
        #expect(Set(sample.map(\.key)) == Set(loaded.settings.map(\.key)))
        #expect(sample.allSatisfy { $0.place != nil })
    }
}
