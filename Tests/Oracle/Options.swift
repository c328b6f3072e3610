/// What the command line asks for.
struct Options: Sendable {
    static let help = """
        usage: dropwire-oracle [--seconds N] [--seed N] [--faults NAME,…] [--keep] [--verbose] [--json]

        Runs a real watcher and a real status service on a scratch directory, drops files in every way that
        producers have, does what disks, kernels and operators do to the watcher meanwhile, and checks at the
        end that every file that was completely dropped has exactly one outcome and nothing was lost, invented
        or removed unread. Exit code 0 where all is well, 1 where not.

          --seconds N          how long (default 40); every fault comes at least once, however long that takes
          --round-seconds N    a long run is made of rounds of this length, each on a new directory (default 150)
          --seed N             the choices of a run (default: at random, printed first)
          --faults NAME,…      only these, or none: \(Fault.Family.allCases.map(\.rawValue).joined(separator: ", "))
          --producers N        files are dropped by so many threads (default 3)
          --keep               leave the directory of a round that failed
          --verbose            say when a fault comes and goes
          --json               one JSON object instead of the table
          --help
        """

    /// What is wrong with the command line.
    struct Problem: Error {
        let description: String
    }

    var seconds = 40
    var roundSeconds = 150
    var seed = UInt64.random(in: 0...999_999_999)
    var families = Set(Fault.Family.allCases)
    var producers = 3
    var isKept = false
    var isJSON = false
    var isVerbose = false
    /// It runs in a mount namespace of its own, where it may mount small disks.
    var mayMount = false

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
            case "--seconds": seconds = try number(option)
            case "--round-seconds": roundSeconds = try number(option)
            case "--seed": seed = UInt64(try number(option))
            case "--faults": families = try Options.families(value(option))
            case "--producers": producers = try number(option)
            case "--keep": isKept = true
            case "--json": isJSON = true
            case "--verbose": isVerbose = true
            case Namespace.option: mayMount = true
            case "--help", "-h": return nil
            default: throw Problem(description: "there is no option '\(option)'; see --help")
            }
        }
    }

    private static func families(_ text: String) throws -> Set<Fault.Family> {
        if text == "none" { return [] }
        return try Set(
            text.split(separator: ",").map { name in
                guard let family = Fault.Family(rawValue: String(name)) else {
                    throw Problem(description: "there is no fault '\(name)'; see --help")
                }
                return family
            })
    }
}
