import Articles
import FoundationEssentials
import Linux
import Messaging
import SQLite
import Telemetry
import TestSupport

@testable import Ingestion

/// An intake on a scratch directory, worked turn by turn on the test's own thread, with a clock that the test moves.
final class Bench {
    /// The process ended here.
    struct Killed: Error { let point: IntakeDesk.Point }

    let scratch: ScratchDirectory
    var now = Duration.seconds(1000)
    /// What the clock on the wall shows, milliseconds since 1970; the machine's own where it is nil.
    var wall: Int64?
    var directory: DropDirectoryConfiguration
    var moreDirectories: [DropDirectoryConfiguration] = []
    var maximumLogBytes = 1 << 30
    /// What retention is not to remove.
    var hold = RetentionHold.none
    /// The memory for the windows of all directories.
    var windowBytes = 24 << 20
    var maximumFolders = 1000
    var parseApart: (@Sendable (String) -> ChildProcess.Ending?)?
    /// So many parts of a file are read at a time.
    var pieceParts: Int?
    /// Ends the process at the n-th visit of a point.
    var killAt: (point: IntakeDesk.Point, visit: Int)?
    /// Called at every point.
    var atPoint: ((IntakeDesk.Point) throws -> Void)?
    private(set) var desk: IntakeDesk?
    private(set) var quarantines: Quarantine
    private let published = Counter()

    init(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws {
        scratch = try ScratchDirectory()
        try scratch.makeDirectory("drop")
        try scratch.makeDirectory("state")
        directory = DropDirectoryConfiguration(path: scratch.path("drop"))
        directory.source = "test"
        change(&directory)
        quarantines = Quarantine(paths: [directory.path])
    }

    /// Starts the intake, or starts it again as after a kill: what was only in memory is gone.
    @discardableResult
    func start() throws -> IntakeDesk {
        desk = nil
        var configuration = Configuration()
        configuration.directories = [directory] + moreDirectories
        quarantines = Quarantine(paths: configuration.directories.map(\.path))
        var options = Intake.Options(
            databasePath: scratch.path("state/log.sqlite"), statePath: scratch.path("state"),
            maximumLogBytes: maximumLogBytes)
        options.parseApart = parseApart
        if let pieceParts { options.pieces.parts = pieceParts }
        var visits = 0
        let made = try IntakeDesk(
            configuration: configuration, options: options, quarantine: quarantines, hold: { [hold] in hold },
            publish: { [published] records in published.add(records.count) },
            lookout: Lookout(window: WindowBudget(limit: windowBytes), maximumFolders: maximumFolders),
            clock: { [unowned self] in now },
            wallClock: { [unowned self] in wall ?? Clocks.wallMilliseconds() },
            onPoint: { [unowned self] point in
                try atPoint?(point)
                guard let killAt, killAt.point == point else { return }
                visits += 1
                if visits == killAt.visit { throw Killed(point: point) }
            })
        desk = made
        return made
    }

    /// Ends the intake as a kill would.
    func kill() { desk = nil }

    /// Works until there is nothing to do at this moment.
    func settle() throws {
        let desk = try desk ?? start()
        var turns = 0
        while try desk.work() || desk.isExamining {
            turns += 1
            precondition(turns < 10_000, "the intake never comes to rest")
            // A child is waited for by its descriptor, as the loop does.
            if desk.isExamining { _ = Poll.readable(desk.descriptors, timeout: .seconds(20)) }
        }
        try desk.rest()
    }

    /// Lets time pass and works, in steps of a poll, as the loop would.
    func pass(_ duration: Duration) throws {
        let end = now + duration
        while now < end {
            now = min(end, now + directory.pollInterval)
            try settle()
        }
    }

    var snapshot: IntakeSnapshot { desk?.snapshot() ?? IntakeSnapshot() }

    // MARK: Dropping

    func dropByRename(_ text: String, _ name: String) throws { try dropByRename(Array(text.utf8), name) }

    func dropByRename(_ bytes: [UInt8], _ name: String) throws {
        // A running intake has seen the directory before, or no event would tell of the rename.
        if let desk, killAt == nil, !desk.snapshot().isFirstScanDone { try settle() }
        try scratch.dropByRename(bytes, to: "drop/\(name)")
    }

    func writeInPlace(_ text: String, _ name: String) throws { try scratch.write(text, to: "drop/\(name)") }

    /// A tar of articles with the numbers of a range.
    static func tar(_ range: Range<Int>, adding more: (inout SampleTar) -> Void = { _ in }) -> [UInt8] {
        var tar = SampleTar()
        for number in range { tar.add("\(number).txt", article(number)) }
        more(&tar)
        return tar.ended
    }

    static func article(_ number: Int) -> String {
        "Headline number \(number)\n\n2025-02-26 03:27:00\n\nAbstract: In short \(number).\n\nA paragraph, \(number).\n"
    }

    // MARK: What came of it

    struct Row {
        let sequence: Int64
        let topic: String
        let json: JSONValue
        func text(_ name: String) -> String? { json[name]?.stringValue }
    }

    /// The records of the log behind a sequence number, or all of them.
    func log(after sequence: Int64 = 0) throws -> [Row] {
        let connection = try Connection(path: scratch.path("state/log.sqlite"), mode: .readOnly)
        var rows: [Row] = []
        try connection.statement(
            "SELECT seq, t.name, l.rec FROM log l JOIN topic t ON t.id=l.topic WHERE seq>\(sequence) ORDER BY seq"
        )
        .forEachRow {
            let json = try JSONDecoder().decode(JSONValue.self, from: Data($0.bytes(2)))
            rows.append(Row(sequence: $0.int64(0), topic: $0.string(1), json: json))
        }
        return rows
    }

    func articles() throws -> [Row] { try log().filter { $0.topic.hasPrefix("art/") } }
    func outcomes() throws -> [Row] { try log().filter { $0.topic.hasPrefix("file/") } }
    func titles() throws -> [String] { try articles().compactMap { $0.text("title") } }

    /// The outcome and code of every file record, in order.
    func verdicts() throws -> [String] {
        try outcomes().map { "\($0.text("outcome") ?? "?") \($0.text("code") ?? "?")" }
    }

    var publishedCount: Int { published.value }

    /// Names that lie in the drop directory, without the watcher's own.
    func lying(_ below: String = "") -> [String] {
        scratch.list("drop" + (below.isEmpty ? "" : "/" + below)).filter { !$0.hasPrefix(".") }
    }

    /// Names in the archive, of all days.
    func archived(_ below: String = "") -> [String] {
        scratch.list("drop/.done").flatMap {
            scratch.list("drop/.done/\($0)" + (below.isEmpty ? "" : "/" + below))
        }.sorted()
    }

    /// Names in the quarantine, without the folders of what belongs to files and of copies under way.
    func quarantined(_ below: String = "") -> [String] {
        scratch.list("drop/.quarantine" + (below.isEmpty ? "" : "/" + below)).filter { !$0.hasPrefix(".") }
    }

    /// The content of every file in the archive.
    func archivedContents() -> [String] {
        scratch.list("drop/.done").flatMap { day in
            scratch.names(in: "drop/.done/\(day)").compactMap {
                scratch.read(Array("drop/.done/\(day)/".utf8) + $0).map { String(decoding: $0, as: UTF8.self) }
            }
        }.sorted()
    }

    /// Rows of the ledger whose file is not disposed of.
    func openRows() throws -> Int {
        let connection = try Connection(path: scratch.path("state/log.sqlite"), mode: .readOnly)
        return Int(try connection.scalar("SELECT count(*) FROM ledger WHERE state<>2") ?? 0)
    }
}
