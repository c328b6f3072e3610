// swift-tools-version: 6.3
import PackageDescription

// Every C library is a Debian package, listed in Config/packages-build.txt, and reached through a system library
// target whose module map links it (`pkgConfig:` would warn on every build). The reason for each stands beside it.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of our own, with the settings of the house.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
        exclude: exclude,
        swiftSettings: house)
}

/// A program of the client library's documentation, built as it stands there.
func example(_ name: String) -> Target {
    .executableTarget(
        name: "dropwire-example-\(name)", dependencies: ["DropwireClient"],
        path: "Sources/DropwireClient/DropwireClient.docc/Resources",
        exclude: ["follow", "package", "places", "places-begun", "tally"].filter { $0 != name }.map { "\($0).swift" },
        sources: ["\(name).swift"],
        swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
    name: "dropwire",
    products: [
        .executable(name: "dropwire", targets: ["dropwire"]),
        // What programs of others' build on; everything else is the house's own.
        .library(name: "DropwireClient", targets: ["DropwireClient"]),
        // For tests of the built program: faults of the operating system, by LD_PRELOAD.
        .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
    ],
    targets: [
        // MARK: C libraries
        .systemLibrary(name: "CZeroMQ"),  // libzmq3-dev: the wire; CURVE built in
        .systemLibrary(name: "CSQLite"),  // libsqlite3-dev: log, ledger, state and index; embedded, crash-safe, FTS5
        .systemLibrary(name: "COpenSSL"),  // libssl-dev: SHA-256 with the processor's own instructions
        .systemLibrary(name: "CXXHash"),  // libxxhash-dev: the fast hash of shingles and fingerprints
        .systemLibrary(name: "CStemmer"),  // libstemmer-dev: Snowball stemmers
        .systemLibrary(name: "CMicroHTTPD"),  // libmicrohttpd-dev: a small, embeddable HTTP server; with GnuTLS for TLS
        .systemLibrary(name: "CCURL"),  // libcurl4-openssl-dev: HTTP to others' servers, with TLS, proxies and HTTP/2
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0"),  // libxml2-dev: HTML parser and XML pull reader
        .systemLibrary(name: "CUchardet"),  // libuchardet-dev: the encoding of text that does not say its own
        .systemLibrary(name: "CArchive"),  // libarchive-dev: zip, tar, zstd, bzip2, xz in one, streaming
        .systemLibrary(name: "CZlib"),  // zlib1g-dev: gzip with its checksum, which libarchive leaves out; records
        .systemLibrary(name: "CSystemd"),  // libsystemd-dev: readiness, watchdog, journal
        .systemLibrary(name: "CYAML"),  // libyaml-dev: front matter in YAML; what most readers of YAML are built on
        .systemLibrary(name: "CMD4C"),  // libmd4c-dev: Markdown in time that grows with its length, whatever it is
        .target(name: "CLinux"),  // system calls that Glibc's Swift module does not show
        .target(name: "CTerminal"),  // termios(3) for a screen that is given back whatever ends the process
        .target(name: "CTOMLPlusPlus"),  // libtomlplusplus-dev behind an extern "C" face: configuration
        .target(name: "AcceptGuard"),  // accept(2) in the place of the C library's: EMFILE never ends the process
        // libsimdjson-dev behind an extern "C" face: JSON that others wrote, at the speed of the disk
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        // libcctz-dev behind an extern "C" face: the moments of dates without a zone, by the system's own tables
        .target(name: "CCCTZ", linkerSettings: [.linkedLibrary("cctz")]),

        // MARK: Swift faces of one C library each; they know no word of Dropwire
        room("Terminal", ["CTerminal"]),
        room("ZeroMQ", ["CZeroMQ"]),
        room("SQLite", ["CSQLite"]),
        room("Hashing", ["COpenSSL", "CXXHash"]),
        room("Stemming", ["CStemmer"]),
        room("XML", ["CXML2"]),
        room("Encodings", ["CUchardet"]),
        room("HTTP", ["CMicroHTTPD", "CZlib"]),
        room("HTTPClient", ["CCURL"]),
        room("Systemd", ["CSystemd"]),
        room("TOML", ["CTOMLPlusPlus"]),
        room("YAML", ["CYAML"]),
        room("Markdown", ["CMD4C"]),
        room("JSON", ["CSimdJSON"]),
        room("TimeZones", ["CCCTZ"]),
        room("Linux", ["CLinux"]),
        room("Archives", ["CArchive", "CZlib"]),

        // MARK: The house
        room("Telemetry", ["Linux"]),
        room("Lifecycle", ["Telemetry", "Linux"]),
        room("TextAnalysis", ["Stemming"]),
        room("LanguageDetection", []),
        room("Articles", ["Hashing"]),
        room("Exporting", ["Articles"]),
        room(
            "Formats",
            ["Articles", "XML", "JSON", "YAML", "TOML", "Markdown", "Encodings", "TimeZones", "Archives"]),
        room("Messaging", ["TOML", "Articles", "ZeroMQ", "SQLite", "Lifecycle", "Telemetry", "Linux"]),
        room("DropwireClient", ["Articles", "Messaging", "ZeroMQ", "SQLite", "Lifecycle", "Telemetry", "Linux"]),
        room(
            "Ingestion",
            [
                "TOML", "Formats", "LanguageDetection", "Articles", "Messaging", "SQLite", "Hashing", "TimeZones",
                "Lifecycle", "Telemetry", "Linux",
            ]),
        room(
            "Deduplication",
            [
                "TOML", "Articles", "Messaging", "SQLite", "Hashing", "TextAnalysis", "Lifecycle", "Telemetry", "Linux",
            ]),
        room(
            "Indexing",
            [
                "TOML", "Articles", "JSON", "Messaging", "ZeroMQ", "SQLite", "Stemming", "TextAnalysis", "Archives",
                "Lifecycle", "Telemetry", "Linux",
            ]),
        room(
            "Webhooks",
            [
                "TOML", "Articles", "Messaging", "SQLite", "HTTPClient", "Hashing", "Lifecycle", "Telemetry", "Linux",
            ]),
        room(
            "Summarization",
            ["TOML", "Articles", "Messaging", "TextAnalysis", "HTTPClient", "Lifecycle", "Telemetry", "Linux"]),
        room(
            "Status",
            [
                "TOML", "Articles", "Exporting", "Messaging", "ZeroMQ", "SQLite", "HTTP", "Hashing", "Lifecycle",
                "Telemetry", "Linux",
            ],
            resources: [.embedInCode("Assets")]),
        .executableTarget(
            name: "dropwire",
            dependencies: [
                "Ingestion", "Deduplication", "Indexing", "Webhooks", "Summarization", "Status", "Messaging", "Formats",
                "Exporting", "Articles", "JSON",
                "TOML", "TimeZones", "Systemd", "Lifecycle", "Telemetry", "Linux", "Terminal", "ZeroMQ", "SQLite",
                "Hashing", "AcceptGuard",
            ],
            resources: [.embedInCode("Tools/Documentation/dropwire.toml")],  // a link to the one in Config
            swiftSettings: house),

        // MARK: Tests and tools of the developers
        .target(
            name: "TestSupport", dependencies: ["Linux", "Articles", "Archives", "CZlib", "SQLite"],
            path: "Tests/TestSupport", swiftSettings: house),
        tests("ZeroMQ", ["Linux"]),
        tests("SQLite", []),
        tests("Hashing", []),
        tests("XML", []),
        tests("JSON", []),
        tests("Encodings", []),
        tests("HTTP", ["Linux", "CZlib"]),
        tests("HTTPClient", ["HTTP", "Linux"]),
        tests("TOML", []),
        tests("YAML", []),
        tests("Markdown", []),
        tests("Archives", []),
        tests("TimeZones", []),
        tests("Systemd", []),
        tests("Linux", []),
        tests("Telemetry", ["Linux"]),
        tests("Lifecycle", ["Linux", "Telemetry"]),
        tests("TextAnalysis", []),
        tests("LanguageDetection", []),
        tests("Articles", []),
        tests("Exporting", ["Articles", "Formats", "XML", "JSON", "Linux"]),
        tests(
            "Formats", ["FormatPromises", "Articles", "TimeZones", "Archives", "Encodings"],
            exclude: ["Fixtures", "Manifests"]),
        tests("DropwireClient", ["Messaging", "Articles", "ZeroMQ", "SQLite", "Lifecycle", "Linux"]),
        tests(
            "Messaging", ["Articles", "ZeroMQ", "SQLite", "Lifecycle", "Linux", "Telemetry"],
            exclude: ["Fixtures"]),
        tests(
            "Ingestion",
            [
                "TOML", "Formats", "Articles", "Messaging", "SQLite", "Hashing", "TimeZones", "Linux", "Lifecycle",
                "Telemetry",
            ], exclude: ["Fixtures"]),
        tests("Deduplication", ["Articles", "Messaging", "SQLite", "TextAnalysis"], exclude: ["Fixtures"]),
        tests(
            "Indexing", ["Articles", "Messaging", "SQLite", "TextAnalysis", "ZeroMQ", "Lifecycle"],
            exclude: ["Fixtures"]),
        tests("Webhooks", ["TOML", "Articles", "Messaging", "SQLite", "Hashing", "Linux"], exclude: ["Fixtures"]),
        tests(
            "Summarization",
            ["TOML", "Articles", "Messaging", "TextAnalysis", "HTTPClient", "HTTP", "Linux", "Lifecycle"]),
        tests(
            "Status", ["TOML", "Articles", "Messaging", "ZeroMQ", "SQLite", "HTTP", "Lifecycle", "Linux"],
            exclude: ["Metrics/prometheus-alerts-test.yml", "Fixtures"]),
        // What several roles have to agree on.
        .testTarget(
            name: "AgreementTests",
            dependencies: [
                "Deduplication", "Indexing", "Summarization", "Status", "Messaging", "Articles", "SQLite",
                "TestSupport",
            ],
            swiftSettings: house),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: ["dropwire", "TOML", "Messaging", "Summarization", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "TerminalTests", dependencies: ["dropwire", "Terminal", "Articles"], exclude: ["Fixtures"],
            swiftSettings: house),
        .testTarget(
            name: "ProcessTests",
            dependencies: [
                "dropwire", "TestSupport", "Articles", "Ingestion", "Indexing", "Messaging", "ZeroMQ", "SQLite",
                "Linux", "Telemetry", "dropwire-example-follow", "dropwire-example-places",
                "dropwire-example-places-begun",
                "dropwire-example-tally",
            ],
            exclude: ["Network/switch.py", "OpenAPI/schemathesis.toml", "Operations/host", "Terminal/user.py"]
                + ["inside", "machine.py", "relink"].map { "Systemd/\($0)" }
                + ["checks", "crew", "hostile", "pages"].map { "Browser/\($0).py" },
            swiftSettings: house),
        example("follow"),
        example("places-begun"),
        example("places"),
        example("tally"),
        .testTarget(name: "HouseTests", swiftSettings: house),
        // Makes the table by which languages are told apart.
        .executableTarget(
            name: "dropwire-train-languages", dependencies: ["LanguageDetection", "TestSupport"],
            path: "Tests/LanguageTraining", swiftSettings: house),
        // What formats and the wire promise of any bytes: what the fuzzer holds them to, and the tests on what it found.
        .target(
            name: "FormatPromises", dependencies: ["Formats", "Articles", "Messaging"], path: "Tests/Fuzzing/Promises",
            swiftSettings: house),
        .target(name: "FaultInjection", path: "Tests/FaultInjection"),
        .executableTarget(
            name: "dropwire-oracle",
            dependencies: ["Ingestion", "Messaging", "Articles", "ZeroMQ", "Hashing", "Linux", "TestSupport"],
            path: "Tests/Oracle", swiftSettings: house),
        .executableTarget(
            name: "dropwire-bench",
            dependencies: [
                "Ingestion", "Deduplication", "Indexing", "Summarization", "Status", "Messaging", "Formats",
                "LanguageDetection",
                "Articles", "JSON", "ZeroMQ", "SQLite", "Hashing", "Linux", "TestSupport", "TextAnalysis", "Stemming",
                // What the wrappers are measured against.
                "CZeroMQ", "CSQLite", "CXML2",
            ],
            path: "Tests/Benchmarks", swiftSettings: house),
    ]
)

// The fuzzer, which libFuzzer's main runs: it is here only for who asks for it, as Tests/Fuzzing/Fuzzer says.
if Context.environment["DROPWIRE_FUZZING"] != nil {
    package.products.append(.executable(name: "dropwire-fuzz", targets: ["dropwire-fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "dropwire-fuzz", dependencies: ["FormatPromises"], path: "Tests/Fuzzing/Fuzzer", swiftSettings: house)
    )
}
