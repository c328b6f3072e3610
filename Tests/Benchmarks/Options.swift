/// What the command line asks for.
struct Options {
    static let help = """
        usage: dropwire-bench [--corpus FILE|DIR] [--stage NAME]… [--files N] [--json]

        Measures Dropwire in this run, against bare loops and bare libraries in the same run.

          --corpus FILE|DIR    articles: JSON lines (id, title, date, text; .xz is unpacked by xz), or a
                               directory of files in the native text format; without it they are made up
          --stage NAME         only this stage, repeatable: \(Benchmark.stages.map { $0.name }.joined(separator: ", "));
                               \(Benchmark.stages.filter { $0.isLong }.map { $0.name }.joined(separator: " and ")) take long and run only where they are named
          --files N            files of intake (default 20000), pipeline (10000), scan (300000), backlog
                               and dedup-state (1000000), articles of store (10000000) and files of the backlog beside which latency is measured (40000)
          --size KB            intake only of files of so many KB, repeatable (default 1, 4, 64 and 1024)
          --pages DIR          pages of HTML for the stage html (*.html), scored by the truth.json in DIR or beside
                               it where there is one; without it they are made up
          --python PROGRAM     a Python that has trafilatura or datasketch, to compare with (default python3)
          --install-peers      install datasketch in an environment of Python's in the scratch directory, where it is missing
          --rounds N           pairs of runs of which the median ratio is taken (default 3)
          --idle-seconds N     how long what is idle is watched (default 60)
          --latency-seconds N  how long files are renamed in, 50 a second (default 20)
          --store FILE         a store that the stage store left with --keep, measured instead of a new one; it is added to
          --scratch DIR        where everything is written (default $TMPDIR, or /tmp); removed at the end
          --keep               leave it there
          --json               one JSON object instead of the table
          --help
        """

    /// What is wrong with the command line.
    struct Problem: Error {
        let description: String
    }

    var corpus: String?
    var stages: Set<String> = []
    var files: Int?
    /// Of the intake's files, in KB; empty for those that have rows of their own.
    var sizes: [Int] = []
    var pages: String?
    var python = "python3"
    var installsPeers = false
    var rounds = 3
    var idleSeconds = 60
    var latencySeconds = 20
    var store: String?
    var scratch: String?
    var isKept = false
    var isJSON = false

    /// Reads the arguments; nil where help is asked for.
    init?(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ option: String) throws -> String {
            guard let value = rest.popFirst() else { throw Problem(description: "\(option) needs a value") }
            return value
        }
        func number(_ option: String) throws -> Int {
            let text = try value(option)
            guard let number = Int(text), number > 0 else {
                throw Problem(description: "\(option) needs a number above 0, not '\(text)'")
            }
            return number
        }
        while let option = rest.popFirst() {
            switch option {
            case "--corpus": corpus = try value(option)
            case "--stage":
                let name = try value(option)
                guard Benchmark.stages.contains(where: { $0.name == name }) else {
                    let names = Benchmark.stages.map { $0.name }.joined(separator: ", ")
                    throw Problem(description: "there is no stage '\(name)'; there are \(names)")
                }
                stages.insert(name)
            case "--pages": pages = try value(option)
            case "--python": python = try value(option)
            case "--install-peers": installsPeers = true
            case "--files": files = try number(option)
            case "--size": sizes.append(try number(option))
            case "--rounds": rounds = try number(option)
            case "--idle-seconds": idleSeconds = try number(option)
            case "--latency-seconds": latencySeconds = try number(option)
            case "--store": store = try value(option)
            case "--scratch": scratch = try value(option)
            case "--keep": isKept = true
            case "--json": isJSON = true
            case "--help", "-h": return nil
            default: throw Problem(description: "there is no option '\(option)'; see --help")
            }
        }
    }
}
