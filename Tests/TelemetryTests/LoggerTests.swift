import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Telemetry

/// The logger of a process. In exit tests: its settings belong to the whole process.
@Suite(.timeLimit(.minutes(20))) struct LoggerTests {
    /// What was sent to the journal.
    private final class Heard: Sendable {
        let entries = Mutex<[[String: String]]>([])

        func take(_ fields: [(name: String, value: String)]) -> Bool {
            entries.withLock { $0.append(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })) }
            return true
        }

        var messages: [String] { entries.withLock { $0.map { $0["MESSAGE"] ?? "" } } }
    }

    /// Writes a line; returns the place in this file. The body of an exit test has another place in the end.
    private static func step() -> UInt {
        let before: UInt = #line
        Logger(label: "x").notice("A step.", [.seq: "7"])
        return before + 1
    }

    @Test func `an entry says where in the code it comes from`() async {
        await #expect(processExitsWith: .success) {
            let heard = Heard()
            Logger.configure(level: .info, form: .journal, send: heard.take)
            let line = LoggerTests.step()
            let entry = try #require(heard.entries.withLock { $0.first })
            #expect(entry["CODE_FILE"] == "TelemetryTests/LoggerTests.swift")
            #expect(entry["CODE_LINE"].flatMap { UInt($0) } == line)
            #expect(entry["MESSAGE"] == "x: A step. seq=7" && entry["DROPWIRE_SEQ"] == "7")
            Logger(label: "x").debug("Nobody wants to know.")
            #expect(heard.messages.count == 1)
        }
    }

    @Test func `a sentence that comes too often is left out, and that is told`() async {
        await #expect(processExitsWith: .success) {
            let heard = Heard()
            Logger.configure(level: .debug, form: .journal, send: heard.take)
            let logger = Logger(label: "x")
            for number in 0..<1000 { logger.warning("It happened.", [.seq: "\(number)"]) }
            let written = heard.messages.count
            #expect(written >= LogRate.burst && written < 1000)
            for number in 0..<1000 { logger.debug("A developer wants all.", [.seq: "\(number)"]) }
            #expect(heard.messages.count >= written + 1000)
            try waitUntil("it is told what was left out") {
                Logger.tellLeftOut()
                return heard.messages.contains { $0.contains("Lines were left out.") }
            }
            let told = try #require(
                heard.entries.withLock { $0.first { $0["MESSAGE_ID"] == LogMessage.linesLeftOut.id?.description } })
            #expect(told["DROPWIRE_SENTENCE"] == "It happened.")
            #expect(told["DROPWIRE_COUNT"].flatMap { Int($0) }.map { $0 <= 1000 - LogRate.burst && $0 > 0 } == true)
        }
    }

    @Test func `where the journal takes nothing, the line goes to standard error`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            Logger.configure(level: .info, form: .journal) { _ in false }
            Logger(label: "x").error("It happened.", [.path: "a\nb"])
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("<3>x: It happened. path=\"a\\nb\"\n"), "\(text)")
    }
}
