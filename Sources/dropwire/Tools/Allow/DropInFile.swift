import Hashing

/// The drop-in that lets a watcher's unit write to one drop directory: its name and its text.
struct DropInFile: Sendable, Equatable {
    /// The directory, absolute and without symbolic links.
    let directory: String

    private static let prefix = "allow-"
    private static let suffix = ".conf"
    private static let mark = "# The drop directory: "
    /// A file's name has 255 bytes at most, and each byte of a path may become four.
    private static let longestStem = 180

    init(directory: String) { self.directory = directory }

    /// Reads one that was written before; nil where it is another's.
    init?(name: String, text: String) {
        guard name.hasPrefix(DropInFile.prefix), name.hasSuffix(DropInFile.suffix),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(DropInFile.mark) })
        else { return nil }
        directory = String(line.dropFirst(DropInFile.mark.count))
    }

    /// What it is called, and what the file of the configuration is called: one each for a directory.
    var name: String { DropInFile.prefix + stem + DropInFile.suffix }
    /// The name of the file in conf.d that names the directory.
    var configurationName: String { DropInFile.prefix + stem + ".toml" }

    /// Where homes are, which the unit does not see otherwise.
    var isBelowHome: Bool { ["/home/", "/root/"].contains { directory.hasPrefix($0) } }

    /// What stands in it. A directory that is away does not keep the unit from starting.
    var text: String {
        let path = DropInFile.escaped(directory)
        let grant =
            isBelowHome
            ? """
            # Homes stay out of sight, but for this directory.
            ProtectHome=tmpfs
            BindPaths=\(path)
            """
            : "ReadWritePaths=\(path)"
        return """
            # Written by `dropwire allow`, and removed by `dropwire allow --remove`.
            \(DropInFile.mark)\(directory)
            [Service]
            \(grant)

            """
    }

    /// What names the directory in the configuration.
    var configuration: String {
        let path = directory.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "[[watch.drop]]\npath = \"\(path)\"\n"
    }

    /// A path as systemd's lists of paths have it: in quotes, since it may have spaces and colons, and with what means
    /// something there written so that it does not.
    static func escaped(_ path: String) -> String {
        let text = path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
        return "\"-\(text)\""
    }

    /// The path as a part of a file's name, as systemd-escape(1) has it.
    private var stem: String {
        var stem = ""
        for byte in directory.utf8.drop(while: { $0 == UInt8(ascii: "/") }) {
            switch byte {
            case UInt8(ascii: "/"): stem += "-"
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                stem.unicodeScalars.append(Unicode.Scalar(byte))
            default: stem += "\\x" + Hexadecimal.encode([byte])
            }
        }
        guard stem.utf8.count > DropInFile.longestStem else { return stem }
        return stem.prefix(DropInFile.longestStem - 17) + "-"
            + Hexadecimal.encode(SHA256.hash(Array(directory.utf8)).prefix(8))
    }
}
