import FoundationEssentials
import Testing

/// The arrows between the rooms, read from their imports: a transitive import slips past the build's own check.
@Suite struct LayeringTests {
    /// What each room may import of ours, beside the wrappers. A role never imports another role.
    private static let house: [String: Set<String>] = [
        "Telemetry": [], "Lifecycle": ["Telemetry"], "TextAnalysis": [], "LanguageDetection": [],
        "Articles": [], "Exporting": ["Articles"], "Formats": ["Articles"],
        "Messaging": ["Articles", "Lifecycle", "Telemetry"],
        "DropwireClient": ["Articles", "Messaging", "Lifecycle", "Telemetry"],
        "Ingestion": ["Formats", "LanguageDetection", "Articles", "Messaging", "Lifecycle", "Telemetry"],
        "Deduplication": ["Articles", "Messaging", "TextAnalysis", "Lifecycle", "Telemetry"],
        "Indexing": ["Articles", "Messaging", "TextAnalysis", "Lifecycle", "Telemetry"],
        "Webhooks": ["Articles", "Messaging", "Lifecycle", "Telemetry"],
        "Summarization": ["Articles", "Messaging", "TextAnalysis", "Lifecycle", "Telemetry"],
        "Status": ["Articles", "Exporting", "Messaging", "Lifecycle", "Telemetry"],
    ]
    /// The C modules of each wrapper; nobody else imports them.
    private static let wrappers: [String: Set<String>] = [
        "ZeroMQ": ["CZeroMQ"], "SQLite": ["CSQLite"], "Stemming": ["CStemmer"], "HTTP": ["CMicroHTTPD", "CZlib"],
        "HTTPClient": ["CCURL"],
        "Systemd": ["CSystemd"], "TOML": ["CTOMLPlusPlus"], "Linux": ["CLinux"], "Hashing": ["COpenSSL", "CXXHash"],
        "Archives": ["CArchive", "CZlib"],
        "XML": ["CXML2"], "YAML": ["CYAML"], "Markdown": ["CMD4C"], "JSON": ["CSimdJSON"], "Encodings": ["CUchardet"],
        "TimeZones": ["CCCTZ"], "Terminal": ["CTerminal"],
    ]
    private static let sources = "Sources"

    @Test func `arrows go down, and only a wrapper imports its C module`() throws {
        let rooms = Set(LayeringTests.house.keys)
        let wrappers = Set(LayeringTests.wrappers.keys)
        let cModules = LayeringTests.wrappers.values.reduce(into: Set()) { $0.formUnion($1) }
        var files = 0
        for room in rooms.union(wrappers) {
            for (file, imports) in try imports(of: room) {
                files += 1
                for imported in imports {
                    if rooms.contains(imported) {
                        #expect(LayeringTests.house[room]?.contains(imported) == true, "\(file) imports \(imported)")
                    } else if wrappers.contains(imported) {
                        #expect(rooms.contains(room), "\(file) is a wrapper and imports \(imported)")
                    } else if cModules.contains(imported) {
                        #expect(
                            LayeringTests.wrappers[room]?.contains(imported) == true, "\(file) imports \(imported)")
                    } else {
                        #expect(
                            ["Glibc", "Synchronization", "FoundationEssentials"].contains(imported),
                            "\(file) imports \(imported)")
                    }
                }
            }
        }
        // A room that is not found would pass unseen.
        #expect(files > 150)
    }

    @Test func `the top level has what belongs there`() throws {
        let allowed: Set<String> = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "Config", "systemd", "README.md",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: root).filter { !$0.hasPrefix(".") }
        #expect(Set(names).subtracting(allowed).isEmpty)
    }

    @Test func `no mutex holds a function, which would be wrapped anew at every look`() throws {
        // swift-format leaves a type on one line.
        let pattern = #/Mutex<\(*@|Mutex<[^=]*->/#
        var mutexes = 0
        let folder = "\(root)/\(LayeringTests.sources)"
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: URL(filePath: "\(folder)/\(path)"), encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains("Mutex<") {
                mutexes += 1
                // What a dictionary or an array holds is held in one way only.
                guard !line.contains("Mutex<[") else { continue }
                #expect(line.firstMatch(of: pattern) == nil, "\(path) (see Callback): \(line)")
            }
        }
        #expect(mutexes > 20)
    }

    private var root: String {
        String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/HouseTests/")!.lowerBound))
    }

    /// The modules that each file of a room imports.
    private func imports(of room: String) throws -> [(file: String, modules: [String])] {
        let folder = "\(root)/\(LayeringTests.sources)/\(room)"
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            // The examples of a catalog are programs of others'.
            $0.hasSuffix(".swift") && !$0.contains(".docc/")
        }.map { path in
            let text = try String(contentsOf: URL(filePath: "\(folder)/\(path)"), encoding: .utf8)
            let modules = text.split(separator: "\n").compactMap { line -> String? in
                let words = line.split(separator: " ").map(String.init)
                guard let place = words.firstIndex(of: "import"), place <= 2, words.count == place + 2 else {
                    return nil
                }
                return words[place + 1]
            }
            return ("\(room)/\(path)", modules)
        }
    }
}
