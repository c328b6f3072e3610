import Articles
import FoundationEssentials
import Glibc
import Ingestion
import Linux
import TOML

extension Command {
    static let submit = Command(
        name: "submit",
        summary: "drop files the safe way",
        explanation: """
            Copies each FILE into a drop directory under a temporary name, makes it durable and
            renames it, so that the watcher never sees half of it. FILE may be - for standard
            input, which needs --name.
            """,
        options: [
            Command.Option("--to", "SOURCE", "the drop directory of this source (the first one)"),
            Command.Option("--name", "NAME", "the name to drop a single file under"), .config, .json,
        ], operands: "FILE…",
        examples: [
            Command.Example("dropwire submit --to bbc story.xml", "Drop a file for one source."),
            Command.Example(
                "curl -s https://www.example.com/feed | dropwire submit --name feed.xml -",
                "Drop what another program prints."),
        ],
        run: { try Submit.run($0) })
}

/// `dropwire submit`.
enum Submit {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard !arguments.operands.isEmpty else { throw UsageError("FILE is missing") }
        let named = arguments.value("--name")
        guard named == nil || arguments.operands.count == 1 else { throw UsageError("--name goes with a single FILE") }
        let directory = try directory(arguments)
        var hasFailed = false
        for path in arguments.operands {
            do {
                let target = try drop(path, named: named, in: directory)
                if arguments.has("--json") {
                    var writer = JSONWriter()
                    writer.beginObject()
                    writer.field("file", path)
                    writer.field("path", "\(directory.path)/\(target)")
                    writer.endObject()
                    Output.line(String(decoding: writer.bytes, as: UTF8.self))
                } else {
                    Output.line("\(directory.path)/\(target)")
                }
            } catch let error as UsageError {
                throw error
            } catch {
                Output.error("dropwire submit: \(error)")
                hasFailed = true
            }
        }
        return hasFailed ? ExitCode.failed : ExitCode.done
    }

    private static func directory(_ arguments: ParsedArguments) throws -> DropDirectoryConfiguration {
        let directories = try Configuration.load(for: arguments).watch.settings.directories
        guard let first = directories.first else {
            throw ConfigurationError(description: "the configuration has no drop directory; is `dropwire up` running?")
        }
        guard let source = arguments.value("--to") else { return first }
        guard let found = directories.first(where: { $0.source == source }) else {
            throw UsageError(
                "no drop directory has the source '\(source)'; there are \(directories.map(\.source).joined(separator: ", "))"
            )
        }
        return found
    }

    private static func drop(_ path: String, named: String?, in configuration: DropDirectoryConfiguration) throws
        -> RelativePath
    {
        guard path != "-" || named != nil else { throw UsageError("standard input needs --name") }
        let name = named ?? String(path.split(separator: "/").last ?? "")
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw UsageError("'\(name)' is no name for a file in a drop directory")
        }
        let bytes: [UInt8]
        if path == "-" {
            bytes = try FileDescriptor.standardInput().readAll(
                expected: 64 << 10, limit: configuration.maximumFileBytes.bytes + 1)
        } else {
            bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        }
        guard bytes.count <= configuration.maximumFileBytes.bytes else {
            throw SystemError(code: EFBIG, operation: "drop '\(name)'")
        }
        let directory = try Directory(path: configuration.path)
        let target = RelativePath(name)
        let temporary = RelativePath(".\(name.prefix(200)).\(getpid()).part")
        try directory.write(bytes, to: temporary)
        do {
            try directory.rename(temporary, to: directory, target)
        } catch {
            try? directory.remove(temporary)
            throw error
        }
        return target
    }
}
