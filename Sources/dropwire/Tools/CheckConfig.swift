import Glibc

extension Command {
    static let checkConfig = Command(
        name: "check-config",
        summary: "check the configuration without starting anything",
        explanation: "Prints every problem with file, line and column. Exit code 0 or 78.",
        options: [.config], operands: "[FILE]", run: { try CheckConfig.run($0) })
}

/// `dropwire check-config`.
enum CheckConfig {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let path = Configuration.path(
            argument: arguments.value("--config") ?? arguments.operands.first,
            environment: getenv("DROPWIRE_CONFIG").map { String(cString: $0) })
        guard let path else {
            Output.line("no configuration file is there (\(Configuration.defaultPath)): the defaults hold")
            return ExitCode.done
        }
        _ = try Configuration.load(path: path)
        Output.line("\(path): fine")
        return ExitCode.done
    }
}
