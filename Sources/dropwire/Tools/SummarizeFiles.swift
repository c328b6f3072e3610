import Articles
import Glibc
import Summarization

/// `dropwire summarize --offline`: files in, a line of JSON an article out.
enum SummarizeFiles {
    static let options: [Command.Option] = [
        Command.Option("--offline", "summarize FILE… instead, and print a line an article"),
        Command.Option("--sentences", "N", "with --offline: sentences at most (3, or 100 with words or characters)"),
        Command.Option("--words", "N", "with --offline: words at most (no limit)"),
        Command.Option("--characters", "N", "with --offline: characters at most (no limit)"),
        Command.Option("--phrases", "N", "with --offline: key phrases at most (8)"),
        Command.Option(
            "--language", "TAG", "with --offline: the language of articles that do not say theirs (guessed)"),
    ]

    static let explanation = """
        With --offline it needs no configuration and no other process: FILE is read in any format that is
        known, or as JSON lines with the members id, text and, where there are, title and language; records
        are such lines too. `-` is standard input. For each article it prints
            {"id": …, "summary": [sentences], "phrases": [key phrases]}
        """

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard !arguments.operands.isEmpty else { throw UsageError("FILE is missing") }
        for name in ["--config", "--instance", "--supervised"] where arguments.has(name) {
            throw UsageError("\(name) does not go with --offline")
        }
        let budget = Budget(
            sentences: try arguments.integer("--sentences", in: 1...100),
            words: try arguments.integer("--words", in: 1...10_000),
            characters: try arguments.integer("--characters", in: 1...100_000))
        let summarizer = Summarizer(
            budget: budget, phrases: try arguments.integer("--phrases", in: 0...100) ?? 8)
        let articles = ArticleFiles(arguments.operands, language: arguments.value("--language") ?? "und")
        var progress = ArticleProgress(isShown: isatty(2) == 1 && isatty(1) == 0)
        var hasFailed = false
        while let item = articles.next() {
            switch item {
            case .article(let article):
                Output.line(line(article, summarizer))
                progress.add(1)
            case .problem(let sentence):
                Output.error("dropwire summarize: \(sentence)")
                hasFailed = true
            }
        }
        progress.end()
        return hasFailed ? ExitCode.failed : ExitCode.done
    }

    private static func line(_ article: OfflineArticle, _ summarizer: Summarizer) -> [UInt8] {
        let summary = summarizer.summarize(title: article.title, body: article.text, language: article.language)
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.field("id", article.id)
        writer.array("summary", summary.sentences)
        writer.array("phrases", summary.phrases)
        writer.endObject()
        return writer.bytes
    }
}
