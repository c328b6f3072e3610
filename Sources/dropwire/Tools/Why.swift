import Articles
import Messaging
import ZeroMQ

extension Command {
    static let why = Command(
        name: "why",
        summary: "tell the journey of a file or an article",
        explanation: """
            FILE is a path, whole or as its drop directory has it; that of a marker or sidecar tells of
            its file. ID is an article's id.
            """,
        options: [.config, .json], operands: "FILE|ID", run: { try Why.run($0) })
}

/// `dropwire why`: what the status service knows of a file or an article, from the drop to each worker.
enum Why {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1 else { throw UsageError("one FILE or ID is asked for") }
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(context: try Context(), endpoints: [configuration.status.report.description])
        let reply = try client.request("WHY", json: Reply { $0.field("what", arguments.operands[0]) }.json)
        if arguments.has("--json") {
            Output.line(String(decoding: reply.json, as: UTF8.self))
            return ExitCode.done
        }
        let journey = JSONText.read(reply.json)
        func text(_ value: JSONValue, _ name: String) -> String {
            JSONText.terminalSafe(value[name]?.stringValue ?? "")
        }
        let files = journey["files"]?.arrayValue ?? []
        let articles = journey["articles"]?.arrayValue ?? []
        guard !files.isEmpty || !articles.isEmpty else {
            Output.error(
                "dropwire why: nothing is known of '\(arguments.operands[0])'; is it still in its drop directory?")
            return ExitCode.failed
        }
        for file in files {
            Output.line(
                "\(text(file, "received"))  file  \(text(file, "path"))  \(text(file, "outcome"))  \(text(file, "code"))"
            )
            let companions = file["companions"]?.arrayValue?.compactMap(\.stringValue) ?? []
            for companion in companions { Output.line("    with \(JSONText.terminalSafe(companion))") }
            if !text(file, "message").isEmpty { Output.line("    \(text(file, "message"))") }
        }
        for article in articles {
            Output.line(
                "\(text(article, "time"))  article  #\(article["seq"]?.integerValue ?? 0)  \(text(article, "id"))")
            Output.line("    \(text(article, "title"))")
            for result in article["results"]?.arrayValue ?? [] {
                let data = result["data"] ?? .null
                let detail = data["verdict"] ?? data["action"] ?? data["reason"] ?? .null
                Output.line(
                    "\(text(result, "time"))  \(text(result, "kind"))  \(text(result, "status"))  \(detail.stringValue ?? "")"
                )
            }
        }
        return ExitCode.done
    }
}
