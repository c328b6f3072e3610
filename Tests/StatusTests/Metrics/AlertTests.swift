import FoundationEssentials
import Linux
import TestSupport
import Testing

@testable import Status

/// The alert rules and the dashboard of `Config/`, held against Prometheus' own checker and against what is exported.
@Suite(.timeLimit(.minutes(10))) struct AlertTests {
    private static let root = String(
        #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/StatusTests/")!.lowerBound))
    private static let rules = root + "/Config/prometheus-alerts.yml"
    private static let dashboard = root + "/Config/grafana-dashboard.json"

    private func promtool(_ arguments: String...) throws -> (ending: ChildProcess.Ending, text: String) {
        let scratch = try ScratchDirectory()
        let line = (["promtool"] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let child = try ChildProcess(
            path: "/bin/sh", arguments: ["-c", "\(line) > '\(scratch.path("told"))' 2>&1"], errorOutput: .null)
        let ending = child.wait()
        return (ending, String(decoding: scratch.read("told") ?? [], as: UTF8.self))
    }

    @Test func `the rules are well-formed and fire when they should`() throws {
        let checked = try promtool("check", "rules", AlertTests.rules)
        #expect(checked.ending == .exited(0), "\(checked.text)")
        let tested = try promtool(
            "test", "rules", AlertTests.root + "/Tests/StatusTests/Metrics/prometheus-alerts-test.yml")
        #expect(tested.ending == .exited(0), "\(tested.text)")
    }

    @Test func `every rule is tested, and says what it is about`() throws {
        let rules = try String(contentsOfFile: AlertTests.rules, encoding: .utf8)
        let tests = try String(
            contentsOfFile: AlertTests.root + "/Tests/StatusTests/Metrics/prometheus-alerts-test.yml", encoding: .utf8)
        let names = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
        #expect(names.count > 15 && Set(names).count == names.count)
        for name in names {
            #expect(tests.contains("alertname: \(name)\n"), "\(name) has no test")
        }
        #expect(rules.matches(of: /summary:/).count == names.count)
        #expect(rules.matches(of: /severity: (page|ticket)/).count == names.count)
    }

    @Test func `the operator's guide says of every rule what it means, and each names its section`() throws {
        let rules = try String(contentsOfFile: AlertTests.rules, encoding: .utf8)
        let guide = try String(
            contentsOfFile: AlertTests.root + "/Sources/dropwire/Operations.docc/Alerts.md", encoding: .utf8)
        let sections = guide.matches(of: /(?m)^### (\w+)\n\n(.+)/)
        let named = rules.matches(of: /- alert: (\w+)(?:.|\n)*?runbook: "(.*?)"/)
        #expect(sections.map { String($0.output.1) } == named.map { String($0.output.1) })
        let page = "/usr/share/doc/dropwire/guide/Operations.docc/Alerts.md"
        for rule in named { #expect(rule.output.2 == "\(page)#\(rule.output.1.lowercased())") }
    }

    @Test func `every metric that a rule or the dashboard asks for is exported`() throws {
        let metrics = try WellKnownStatus().metrics()
        let exported = Set(metrics.matches(of: /(?m)^(dropwire_\w+)[{ ]/).map { String($0.output.1) })
        #expect(exported.count > 60)
        for file in [AlertTests.rules, AlertTests.dashboard] {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let asked = Set(text.matches(of: /dropwire_\w+/).map { String($0.output) })
            #expect(asked.count > 15)
            #expect(asked.subtracting(exported).sorted() == [], "\(file)")
        }
    }

    @Test func `the dashboard's queries are understood, and its panels do not overlap`() throws {
        struct Dashboard: Decodable {
            struct Panel: Decodable {
                struct Place: Decodable { var x, y, w, h: Int }
                struct Target: Decodable { var expr: String }
                var id: Int
                var title: String
                var gridPos: Place
                var targets: [Target]?
            }
            var schemaVersion: Int
            var panels: [Panel]
        }
        let board = try JSONDecoder().decode(
            Dashboard.self, from: Data(contentsOf: URL(filePath: AlertTests.dashboard)))
        // Grafana 10 has 38 and later.
        #expect(board.schemaVersion >= 38 && board.panels.count > 20)
        #expect(Set(board.panels.map(\.id)).count == board.panels.count)
        var taken: Set<[Int]> = []
        for panel in board.panels {
            for x in panel.gridPos.x..<panel.gridPos.x + panel.gridPos.w {
                for y in panel.gridPos.y..<panel.gridPos.y + panel.gridPos.h {
                    let isFree = taken.insert([x, y]).inserted
                    #expect(isFree && x < 24, "\(panel.title)")
                }
            }
        }
        // Recording rules are queries that promtool reads.
        let queries = board.panels.flatMap { $0.targets ?? [] }.map(\.expr)
        #expect(queries.count > 30)
        var rules = "groups:\n  - name: dashboard\n    rules:\n"
        for (index, query) in queries.enumerated() {
            let plain = query.replacing("$__rate_interval", with: "5m").replacing("'", with: "''")
            rules += "      - record: query_\(index)\n        expr: '\(plain)'\n"
        }
        let scratch = try ScratchDirectory()
        try scratch.write(rules, to: "queries.yml")
        let checked = try promtool("check", "rules", scratch.path("queries.yml"))
        #expect(checked.ending == .exited(0), "\(checked.text)")
    }
}
