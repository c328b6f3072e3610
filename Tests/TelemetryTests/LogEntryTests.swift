import FoundationEssentials
import Testing

@testable import Telemetry

/// A line in both of its forms.
@Suite struct LogEntryTests {
    private static let sources =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Sources/Telemetry"

    private func entry(_ message: LogMessage, _ keys: KeyValuePairs<LogKey, String>) -> LogEntry {
        LogEntry(
            level: .warning, label: "intake", message: message, keys: keys,
            place: LogEntry.Place(file: "Ingestion/CommitDesk.swift", line: 56, function: "run()"))
    }

    @Test func `a line is the sentence with its data, and the journal has both apart`() {
        let entry = entry(.fileQuarantined, [.source: "bbc", .path: "a b.txt", .code: "bad_xml"])
        #expect(entry.line(.journal) == "<4>intake: A file was quarantined. source=bbc path=\"a b.txt\" code=bad_xml\n")
        #expect(
            entry.line(.plain).wholeMatch(
                of: /\d\d:\d\d:\d\d\.\d{3} warning intake: A file was quarantined\. source=bbc .*\n/) != nil)
        let fields = Dictionary(uniqueKeysWithValues: entry.fields.map { ($0.name, $0.value) })
        #expect(
            fields == [
                "MESSAGE": "intake: A file was quarantined. source=bbc path=\"a b.txt\" code=bad_xml",
                "PRIORITY": "4", "SYSLOG_IDENTIFIER": "dropwire", "CODE_FILE": "Ingestion/CommitDesk.swift",
                "CODE_LINE": "56", "CODE_FUNC": "run()",
                "MESSAGE_ID": LogMessage.fileQuarantined.id?.description ?? "", "DROPWIRE_COMPONENT": "intake",
                "DROPWIRE_SOURCE": "bbc", "DROPWIRE_PATH": "a b.txt", "DROPWIRE_CODE": "bad_xml",
            ])
        #expect(self.entry("A step.", [.articleID: "12"]).fields.map(\.name).contains("DROPWIRE_ARTICLE_ID"))
        #expect(!self.entry("A step.", [:]).fields.map(\.name).contains("MESSAGE_ID"))
    }

    @Test(arguments: ["a\nMESSAGE=b", "\"\\", "\u{1b}[31m", "\u{85}x", "a\u{2028}b", "\u{0}", ""])
    func `no value breaks a line, and the journal has it as it is`(value: String) {
        let entry = entry("A file was put back.", [.path: value])
        let line = entry.line(.journal)
        #expect(line.unicodeScalars.count { $0.properties.generalCategory == .control || $0 == "\u{2028}" } == 1)
        #expect(line.hasSuffix("\"\n"))
        #expect(entry.fields.last?.value == value)
    }

    @Test func `values and lines have an end, between characters`() {
        let long = String(repeating: "é", count: 5000)
        let entry = entry("A file was put back.", [.path: long, .reason: String(repeating: "\u{1}", count: 5000)])
        let path = entry.fields.first { $0.name == "DROPWIRE_PATH" }?.value ?? ""
        #expect(path.utf8.count <= LogEntry.longestValue && path.utf8.count > LogEntry.longestValue - 4)
        #expect(path.hasSuffix("é…"))
        #expect(entry.text.utf8.count <= LogEntry.longestLine)
        let many = self.entry(
            "A file was put back.",
            [.path: entry.fields.last!.value, .reason: entry.fields.last!.value, .hint: entry.fields.last!.value])
        #expect(many.text.utf8.count <= LogEntry.longestLine && many.text.hasSuffix("…"))
    }

    @Test func `every key is a name that the journal takes, and stands there once`() throws {
        let text = try String(contentsOfFile: "\(LogEntryTests.sources)/LogKey.swift", encoding: .utf8)
        let names = text.matches(of: /= LogKey\("([^"]*)"\)/).map { String($0.output.1) }
        #expect(names.count > 40 && Set(names).count == names.count)
        // journald takes 64 bytes, DROPWIRE_ among them.
        for name in names { #expect(name.wholeMatch(of: /[a-z][a-z_.]{1,54}/) != nil, "\(name)") }
    }
}
