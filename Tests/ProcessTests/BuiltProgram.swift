import Glibc
import TestSupport

/// The program as it was built with the tests.
enum BuiltProgram {
    /// It lies beside the test bundle, which the runner was given.
    static let path: String = {
        for argument in CommandLine.arguments {
            guard let bundle = argument.firstMatch(of: /^(?:.*=)?(\/.*)\/[^\/]*\.xctest/) else { continue }
            let candidate = bundle.output.1 + "/dropwire"
            if access(String(candidate), X_OK) == 0 { return String(candidate) }
        }
        return sourceRoot + "/.build/debug/dropwire"
    }()

    /// The top of the source tree.
    static let sourceRoot = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// Where it and what else was built lies.
    static var folder: String { path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } }

    /// Runs the program to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> TestedProcess {
        let process = try TestedProcess(arguments, environment: environment)
        try process.waitUntilEnded()
        return process
    }
}

extension TestedProcess {
    /// Starts the built program.
    ///
    /// - Parameters:
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's environment.
    ///   - readiness: where it says that it is ready.
    ///   - launcher: a program, with its arguments, that becomes it.
    convenience init(
        _ arguments: [String], environment: [String: String] = [:], readiness: ReadinessSocket? = nil,
        launcher: [String] = []
    ) throws {
        try self.init(
            name: "dropwire \(arguments.first ?? "")", command: launcher + [BuiltProgram.path] + arguments,
            environment: environment, readiness: readiness)
    }
}
