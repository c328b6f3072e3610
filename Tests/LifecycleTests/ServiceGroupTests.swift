import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Notes what happens, in order.
final class Diary: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func has(_ line: String) -> Bool { all.contains(line) }
}

struct Mishap: Error, Equatable { let place: String }

/// A service that does what a test tells it to.
final class Puppet: Service {
    enum Fault: Sendable { case none, beforeStart, afterStart, neverStarts, neverDrains, endsByItself }

    let name: String
    private let diary: Diary
    private let fault: Fault
    private let bell: WakeUp

    init(_ name: String, _ diary: Diary, _ fault: Fault = .none) throws {
        self.name = name
        self.diary = diary
        self.fault = fault
        bell = try WakeUp()
    }

    func run(started: @Sendable () -> Void) throws {
        diary.note("\(name) runs")
        if fault == .beforeStart { throw Mishap(place: name) }
        if fault != .neverStarts { started() }
        if fault == .afterStart { throw Mishap(place: name) }
        if fault != .endsByItself { _ = Poll.readable([bell.descriptor], timeout: .seconds(30)) }
        if fault == .neverDrains {
            bell.silence()
            _ = Poll.readable([bell.descriptor], timeout: .seconds(30))
        }
        diary.note("\(name) ends")
    }

    func drain() {
        diary.note("\(name) drains")
        bell.ring()
    }
}

/// One group at a time: signals belong to the process.
@Suite(.serialized) struct ServiceGroupTests {
    let diary = Diary()

    func group(_ services: [any Service], deadline: Duration = .seconds(20)) throws -> ServiceGroup {
        try ServiceGroup(services: services, deadline: deadline)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `services start in order and drain in reverse, one after the other`(signal: Int32) throws {
        let group = try group([Puppet("a", diary), Puppet("b", diary), Puppet("c", diary)])
        try group.run(
            ready: {
                diary.note("ready")
                kill(getpid(), signal)
            }, stopping: { diary.note("stopping") })
        #expect(
            diary.all == [
                "a runs", "b runs", "c runs", "ready", "stopping", "c drains", "c ends", "b drains", "b ends",
                "a drains", "a ends",
            ])
    }

    @Test func `an error of one service drains the others and is thrown`() throws {
        let group = try group([Puppet("a", diary), Puppet("b", diary, .afterStart), Puppet("c", diary)])
        #expect(throws: Mishap(place: "b")) { try group.run() }
        #expect(diary.has("a ends"))
        #expect(diary.all.filter { $0.hasPrefix("c") }.isEmpty || diary.has("c ends"))
    }

    @Test func `what fails before it serves keeps the later ones from starting`() throws {
        let group = try group([Puppet("a", diary), Puppet("b", diary, .beforeStart), Puppet("c", diary)])
        #expect(throws: Mishap(place: "b")) { try group.run(ready: { diary.note("ready") }) }
        #expect(!diary.has("c runs") && !diary.has("ready") && diary.has("a ends"))
    }

    @Test func `a service that ends by itself ends the process in order`() throws {
        let group = try group([Puppet("a", diary), Puppet("b", diary, .endsByItself)])
        try group.run()
        #expect(diary.has("a ends") && diary.has("b ends"))
    }

    @Test func `the failure of one is noticed while another never comes to serve`() throws {
        let group = try group([Puppet("a", diary, .afterStart), Puppet("b", diary, .neverStarts)])
        #expect(throws: Mishap(place: "a")) { try group.run() }
    }

    @Test func `a signal while a service starts drains what has started`() throws {
        let group = try group([Puppet("a", diary), Puppet("b", diary, .neverStarts), Puppet("c", diary)])
        let thread = try SystemThread(name: "signal") { [diary] in
            _ = eventually { diary.has("b runs") }
            kill(getpid(), SIGTERM)
        }
        try group.run(ready: { diary.note("ready") })
        thread.join()
        #expect(!diary.has("ready") && !diary.has("c runs") && diary.has("b ends") && diary.has("a ends"))
    }

    @Test func `SIGHUP reloads and drains nothing`() throws {
        let diary = diary
        let group = try ServiceGroup(
            services: [Puppet("a", diary)],
            onReload: {
                diary.note("reload")
                kill(getpid(), SIGTERM)
            })
        try group.run(ready: { kill(getpid(), SIGHUP) })
        #expect(diary.all == ["a runs", "reload", "a drains", "a ends"])
    }

    @Test func `a signal before the run is not lost`() throws {
        let group = try group([Puppet("a", diary)])
        kill(getpid(), SIGTERM)
        try group.run(ready: {})
        #expect(diary.all.isEmpty || diary.has("a ends"))
    }

    @Test func `the deadline ends a process that does not drain, with code 1`() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let group = try ServiceGroup(services: [Puppet("a", Diary(), .neverDrains)], deadline: .milliseconds(50))
            try group.run(ready: { kill(getpid(), SIGTERM) })
        }
    }

    @Test func `a second signal ends it at once`() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let diary = Diary()
            let group = try ServiceGroup(services: [Puppet("a", diary, .neverDrains)], deadline: .seconds(25))
            let thread = try SystemThread(name: "signal") {
                _ = eventually { diary.has("a drains") }
                kill(getpid(), SIGTERM)
            }
            try group.run(ready: { kill(getpid(), SIGTERM) })
            thread.join()
        }
    }

    @Test func `the end of standard input ends a supervised process`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0, dup2(ends[0], 0) == 0 else { exit(3) }
            let ended = ends[1]
            let group = try ServiceGroup(services: [Puppet("a", Diary())], isSupervised: true)
            try group.run(ready: { close(ended) })
            exit(0)
        }
    }
}
