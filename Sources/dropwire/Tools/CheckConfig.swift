import Articles
import Glibc
import Ingestion
import Messaging
import TOML

extension Command {
    static let checkConfig = Command(
        name: "check-config",
        summary: "check the configuration without starting anything",
        explanation: """
            Names the files that are read, in their order, and prints every problem with file,
            line and column, and ends then with 78. With --effective it prints what holds in the
            end as one TOML text, with the place of every value that is no default.
            """,
        options: [
            .config, Command.Option("--effective", "print every key with its value and where that comes from"),
            Command.Option("--json", "print files, problems and, with --effective, keys as one JSON object"),
        ], operands: "[FILE]",
        examples: [
            Command.Example("dropwire check-config", "Check before a reload."),
            Command.Example(
                "dropwire check-config --effective | grep retention",
                "See what holds, and where it is set."),
        ],
        run: { try CheckConfig.run($0) })
}

/// `dropwire check-config`.
enum CheckConfig {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let path = Configuration.path(
            argument: arguments.value("--config") ?? arguments.operands.first,
            environment: getenv("DROPWIRE_CONFIG").map { String(cString: $0) })
        let isEffective = arguments.has("--effective")
        if arguments.has("--json") { return printJSON(path, isEffective: isEffective) }
        guard isEffective else { return try check(path) }
        for line in SettingsText(try LoadedConfiguration(path: path).settings).lines { Output.line(line) }
        return ExitCode.done
    }

    private static func check(_ path: String?) throws -> Int32 {
        guard let path else {
            Output.line("no configuration file is there (\(Configuration.defaultPath)): the defaults hold")
            return ExitCode.done
        }
        for file in try ConfigurationFiles.paths(for: path) { Output.line("read \(JSONText.terminalSafe(file))") }
        let count = try LoadedConfiguration(path: path).configuration.watch.settings.directories.count
        Output.line(
            "fine: " + (count == 0 ? "no drop directory yet" : "\(count) drop director\(count == 1 ? "y" : "ies")"))
        return ExitCode.done
    }

    private static func printJSON(_ path: String?, isEffective: Bool) -> Int32 {
        let result = Result { () throws(TOMLError) in try LoadedConfiguration(path: path) }
        let text = Reply { writer in
            writer.key("files")
            writer.beginArray()
            for file in (try? path.map(ConfigurationFiles.paths)) ?? [] { writer.string(file) }
            writer.endArray()
            writer.key("problems")
            writer.beginArray()
            if case .failure(let error) = result { for problem in error.problems { problem.write(to: &writer) } }
            writer.endArray()
            guard isEffective, case .success(let loaded) = result else { return }
            writer.key("settings")
            writer.beginArray()
            for setting in loaded.settings {
                writer.beginObject()
                writer.field("key", setting.key)
                writer.key("value")
                setting.value.write(to: &writer)
                writer.field("place", setting.place)
                writer.endObject()
            }
            writer.endArray()
        }.json
        Output.line(text)
        if case .failure = result { return ExitCode.configuration }
        return ExitCode.done
    }
}

extension TOMLError.Problem {
    /// Writes it as an object; members that say nothing are absent.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("file", file)
        if line > 0 {
            writer.field("line", line)
            writer.field("column", column)
        }
        if !key.isEmpty { writer.field("key", key) }
        writer.field("message", message)
        writer.endObject()
    }
}

extension Setting.Value {
    /// Writes it as JSON.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .integer(let integer): writer.integer(integer)
        case .number(let number): writer.number(number)
        case .boolean(let flag): writer.boolean(flag)
        case .list(let values):
            writer.beginArray()
            for value in values { value.write(to: &writer) }
            writer.endArray()
        }
    }
}
