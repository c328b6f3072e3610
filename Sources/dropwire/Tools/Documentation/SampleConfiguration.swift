/// The sample configuration taken apart: every table with its keys, their defaults and what is said of them.
struct SampleConfiguration {
    /// A key as it stands in the sample.
    struct Key: Equatable {
        let name: String
        /// Its default as TOML has it, or an example in a table that may stand several times.
        let value: String
    }

    /// A piece of a table, in the order of the file.
    enum Piece: Equatable {
        /// What keys have in common that stand below it.
        case heading(String)
        /// Text that belongs to no key alone.
        case text(String)
        /// Keys that one text explains.
        case keys([Key], String)
    }

    /// A table: its name with its brackets, empty for what stands above the first.
    struct Table: Equatable {
        let name: String
        /// What is said of the table as a whole.
        let explanation: String
        var pieces: [Piece] = []
    }

    /// What the file says of itself, paragraphs parted by empty lines.
    let introduction: String
    private(set) var tables: [Table] = [Table(name: "", explanation: "")]

    /// The sample that the program was built with.
    static var embedded: SampleConfiguration {
        SampleConfiguration(String(decoding: PackageResources.dropwire_toml, as: UTF8.self))
    }

    /// Reads a sample: keys and optional tables are commented out, and the comment above each explains it.
    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        introduction = lines.prefix { !$0.isEmpty }.map { SampleConfiguration.uncommented($0) }.joined(separator: "\n")
        lines = lines.drop { !$0.isEmpty }
        var prose: [String] = []
        var keys: [Key] = []
        for line in lines + [""] {
            let content = SampleConfiguration.uncommented(line)
            let key = content.wholeMatch(of: /([a-z0-9_]+) = (.+)/)
            if !keys.isEmpty, key == nil {
                add(.keys(keys, prose.joined(separator: " ")))
                (keys, prose) = ([], [])
            }
            if let key {
                keys.append(Key(name: String(key.output.1), value: String(key.output.2)))
            } else if content.wholeMatch(of: /\[+[a-z_.]+\]+/) != nil {
                tables.append(Table(name: content, explanation: prose.joined(separator: " ")))
                prose = []
            } else if let heading = content.wholeMatch(of: /--- (.+) ---/) {
                add(.heading(String(heading.output.1)))
            } else if content.isEmpty {
                if !prose.isEmpty { add(.text(prose.joined(separator: " "))) }
                prose = []
            } else {
                prose.append(content)
            }
        }
    }

    private mutating func add(_ piece: Piece) { tables[tables.count - 1].pieces.append(piece) }

    /// A line without the sign that makes it a comment.
    private static func uncommented(_ line: Substring) -> String {
        guard line.hasPrefix("#") else { return String(line) }
        return String(line.hasPrefix("# ") ? line.dropFirst(2) : line.dropFirst())
    }
}
