import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import dropwire

/// State of a later version, which no process touches, and of an earlier one, which an end of the process leaves as it was.
@Suite struct StateVersionTests {
    /// Runs every role of an installation once, so that it has made its databases.
    private func makeState(of dropwire: Installation) throws {
        let roles = try ["status", "watch", "deduplicate", "index"].map { try dropwire.start($0) }
        for role in roles { try role.waitUntilReady() }
        for role in roles { #expect(try role.stop() == .exited(0), "\(role.errorOutput)") }
    }

    /// Sets the version that a database has.
    private func set(_ version: Int64, of tables: StateVersion, in path: String) throws {
        let connection = try Connection(path: path)
        switch tables.place {
        case .header: try connection.execute("PRAGMA user_version=\(version)")
        case .row(let table, let key): try connection.execute("UPDATE \(table) SET v=\(version) WHERE k='\(key)'")
        }
    }

    @Test func `state of a later version ends each role with a sentence and code 78, and is left as it is`() throws {
        let dropwire = try Installation()
        try makeState(of: dropwire)
        let stores = StateInventory.versions.flatMap { path, versions in versions.map { (path, $0) } }
        #expect(Set(stores.map(\.0)) == Set(BackupOrder.databases))
        var rounds = Dictionary(grouping: stores) { $0.0.prefix { $0 != "/" } }
        while !rounds.isEmpty {
            // One of each role at a time.
            var started: [(path: String, tables: StateVersion, schema: DatabaseSchema, process: TestedProcess)] = []
            for (role, rest) in rounds {
                guard let (path, tables) = rest.first else { continue }
                rounds[role] = rest.count == 1 ? nil : Array(rest.dropFirst())
                let file = dropwire.scratch.path("state/\(path)")
                #expect(try tables.found(in: Connection(path: file, mode: .readOnly)) == tables.known, "\(path)")
                try set(tables.known + 1, of: tables, in: file)
                let schema = try DatabaseSchema(of: Connection(path: file, mode: .readOnly))
                started.append((file, tables, schema, try dropwire.start(String(role))))
            }
            for (file, tables, schema, process) in started {
                #expect(try process.waitUntilEnded() == .exited(78), "\(file), \(tables.name): \(process.errorOutput)")
                let words = [tables.name, "'\(file)'", "in version \(tables.known + 1)", "install the later one again"]
                for word in words { #expect(process.errorOutput.contains(word), "\(process.errorOutput)") }
                let connection = try Connection(path: file, mode: .readOnly)
                #expect(try DatabaseSchema(of: connection) == schema)
                #expect(try tables.found(in: connection) == tables.known + 1)
                try set(tables.known, of: tables, in: file)
            }
        }
        try makeState(of: dropwire)
    }

    @Test func `the operator's guide says which state has which version`() throws {
        let table = try DocumentedTable(page: "Upgrading", of: "dropwire/Operations.docc", columns: 3)
        let versions = StateInventory.versions.flatMap { path, all in all.map { [path, $0.name, "\($0.known)"] } }
        #expect(table.rows == versions)
    }

    @Test func `what a later version has backed up is not put back, and the doctor says what to do`() throws {
        let dropwire = try Installation()
        try dropwire.startReady("watch").stop()
        let ledger = try #require(StateInventory.versions.first { $0.key == "watch/log.sqlite" }?.value.last)
        try set(ledger.known + 1, of: ledger, in: dropwire.scratch.path("state/watch/log.sqlite"))
        let doctor = try dropwire.run(["doctor"])
        #expect(doctor.ending == .exited(1) && doctor.output.contains("install the later version again"))
        #expect(try dropwire.run(["backup", dropwire.scratch.path("backup")]).ending == .exited(0))
        try dropwire.scratch.rename("state", to: "lost")
        try dropwire.scratch.makeDirectory("state")
        let restored = try dropwire.run(["restore", dropwire.scratch.path("backup")])
        #expect(restored.ending == .exited(78), "\(restored.errorOutput)")
        #expect(restored.errorOutput.contains("the ledger"))
        #expect(dropwire.scratch.list("state/watch") == ["lock"])
    }

    @Test func `an upgrade that is killed anywhere leaves the earlier version or this one, and goes through at last`()
        throws
    {
        let dropwire = try Installation()
        try dropwire.scratch.makeDirectory("state/status")
        let path = dropwire.scratch.path("state/status/results.sqlite")
        let tests = "\(BuiltProgram.sourceRoot)/Tests/StatusTests/SchemaTests.swift"
        let first = try #require(SchemaFixture.all(of: "results", besides: tests).first)
        try makeLarge(first, at: path)
        // No connection of this process outlives the look: SQLite would take the next file at the path for the same one.
        let (schema, count) = try look(at: path) {
            (try DatabaseSchema(of: $0), try $0.scalar("SELECT count(*) FROM article"))
        }
        let bytes = try #require(dropwire.scratch.read("state/status/results.sqlite"))

        /// Puts the earlier store in its place, lets a rule take effect and starts the service.
        func start(_ rule: String) throws -> TestedProcess {
            for end in ["-wal", "-shm", "-groups"] { unlink(path + end) }
            try dropwire.scratch.write(bytes, to: "state/status/results.sqlite")
            try dropwire.scratch.write("\(rule)\n", to: "faults")
            try dropwire.scratch.write("", to: "hits")
            return try dropwire.start("status", launcher: FaultTests.launcher(dropwire))
        }
        // Every call that writes to the store is a place to die; how many are there?
        let whole = try start("pwrite results.sqlite sleep ms=0")
        try whole.waitUntilReady(within: .seconds(60))
        #expect(try whole.stop() == .exited(0))
        let writes = try #require(dropwire.scratch.read("hits")).count { $0 == 10 }
        #expect(writes > 100)

        var random = SystemRandomNumberGenerator()
        var left: [Int64] = []
        for part in 0..<6 {
            let place = writes * part / 6 + Int.random(in: 0..<writes / 6, using: &random)
            let killed = try start("pwrite results.sqlite kill after=\(place)")
            #expect(try killed.waitUntilEnded(within: .seconds(60)) == .killed(signal: SIGKILL), "at write \(place)")
            try look(at: path) { connection in
                let version = try #require(try connection.scalar("SELECT v FROM meta WHERE k='status_schema'"))
                left.append(version)
                #expect([1, 5].contains(version), "at write \(place)")
                if version == 1 { #expect(try DatabaseSchema(of: connection) == schema, "at write \(place)") }
                #expect(try connection.scalar("SELECT count(*) FROM article") == count)
            }
        }
        print("upgrade: \(writes) writes, left in versions \(left)")
        // What was killed last goes on from there.
        let last = try dropwire.startReady("status")
        #expect(try last.stop() == .exited(0))
        try look(at: path) { (connection: Connection) throws in
            #expect(try connection.scalar("SELECT v FROM meta WHERE k='status_schema'") == 5)
            #expect(try connection.scalar("SELECT count(*) FROM article") == count)
            #expect(try connection.scalar("SELECT count(*) FROM article WHERE standing NOT IN (0, 1, 3)") == 0)
        }
    }

    /// Looks at a database as whoever opens it next does.
    private func look<Result>(at path: String, _ body: (Connection) throws -> Result) throws -> Result {
        let connection = try Connection(path: path)
        var problems: [String] = []
        try connection.prepare("PRAGMA quick_check(3)").forEachRow { problems.append($0.string(0)) }
        #expect(problems == ["ok"])
        return try body(connection)
    }

    /// Makes the database of a fixture with thousands of further articles and results.
    private func makeLarge(_ fixture: SchemaFixture, at path: String) throws {
        let connection = try Connection(path: path)
        try connection.configure(durability: .normal)
        try fixture.make(on: connection)
        try connection.execute(
            """
            BEGIN;
            CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000) SELECT i FROM n;
            INSERT INTO article SELECT NULL, stream, epoch, seq+100*i, time_ms, id, source, uri, title, language, published_ms,
                received_ms, path, hidden, record FROM article JOIN number ON true;
            INSERT INTO result SELECT stream, epoch, seq+100*i, kind, gen, attempt, status, time_ms, verdict, dead, record
                FROM result JOIN number ON true;
            COMMIT;
            """)
        #expect(try connection.emptyLog())
    }

    @Test func `the service manager is told of an upgrade, and waits`() throws {
        let dropwire = try Installation()
        try dropwire.scratch.makeDirectory("state/status")
        let tests = "\(BuiltProgram.sourceRoot)/Tests/StatusTests/SchemaTests.swift"
        let first = try #require(SchemaFixture.all(of: "results", besides: tests).first)
        try first.make(on: Connection(path: dropwire.scratch.path("state/status/results.sqlite")))
        let socket = try ReadinessSocket(path: dropwire.scratch.path("run/notify"))
        let process = try TestedProcess(
            ["status", "--serve", "--config", dropwire.configurationPath, "--supervised"], readiness: socket)
        try process.waitUntilTold("that it needs time") { $0 == "EXTEND_TIMEOUT_USEC=600000000" }
        try process.waitUntilReady()
        #expect(process.errorOutput.contains("State of an earlier version is upgraded."))
        #expect(try process.stop() == .exited(0))
    }
}
