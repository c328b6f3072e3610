import Glibc
import Linux

/// The conservation oracle: what it takes from the command line, its rounds, and its verdict.
enum Oracle {
    /// Runs it; returns the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        let options: Options
        do {
            guard let made = try Options(arguments) else {
                print(Options.help)
                return 0
            }
            options = made
        } catch let problem as Options.Problem {
            return fail(problem.description, code: 64)
        } catch {
            return fail("\(error)", code: 64)
        }
        if !options.mayMount, options.families.contains(.disk) {
            // The seed goes along, so that what is printed is what is run.
            Namespace.enter(arguments + (arguments.contains("--seed") ? [] : ["--seed", "\(options.seed)"]))
            note("no disk may be mounted here: the fault 'disk' is left out")
        }
        note("--seed \(options.seed)")
        do {
            let report = try runRounds(options)
            print(options.isJSON ? report.json : report.table)
            return report.findings.isEmpty ? 0 : 1
        } catch {
            return fail("\(error)", code: 1)
        }
    }

    private static func runRounds(_ options: Options) throws -> Report {
        let start = ContinuousClock.now
        let end = start + .seconds(options.seconds)
        var report = Report(seed: options.seed)
        while report.findings.isEmpty, report.rounds == 0 || ContinuousClock.now + .seconds(10) < end {
            let left = Int((end - ContinuousClock.now).components.seconds)
            let seed = options.seed &+ UInt64(report.rounds) &* 1000
            let findings = Findings()
            let round = try Round(options: options, seed: seed, findings: findings)
            var outcome = Round.Outcome()
            do {
                outcome = try round.run(seconds: max(1, min(left, options.roundSeconds)))
            } catch {
                findings.add("the round broke off", "\(error)")
            }
            report.add(outcome)
            report.findings = findings.lines
            report.seconds = Int((ContinuousClock.now - start).components.seconds)
            note(
                "round \(report.rounds): \(outcome.ways.values.reduce(0, +)) files, \(outcome.articles) articles, "
                    + "\(outcome.faults.values.reduce(0) { $0 + $1.hits }) faults, fresh file after \(outcome.fresh), "
                    + "all calm after \(outcome.calm)"
                    + (findings.isEmpty ? "" : ": \(findings.lines.count) findings with --seed \(seed)"))
            if !findings.isEmpty, options.isKept {
                note("kept: \(round.path)")
                round.keep()
            }
        }
        report.checkPoints(options.families)
        return report
    }

    /// Says something on standard error.
    static func note(_ text: String) {
        let line = "oracle: \(text)\n"
        _ = write(2, line, line.utf8.count)
    }

    private static func fail(_ text: String, code: Int32) -> Int32 {
        note(text)
        return code
    }
}
