import FoundationEssentials
import Glibc

/// What /proc says of the roles that a running `dropwire up` has started.
struct ProcessTree {
    /// One role's process at one moment.
    struct Member {
        let identifier: Int32
        let role: String
        /// VmRSS and VmHWM, in bytes.
        let resident: Int
        let peak: Int
        /// User and system time since its start.
        let processorTime: Duration
    }

    /// The children of a process.
    static func children(of parent: Int32) -> [Member] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return [] }
        return names.compactMap { Int32($0) }.compactMap { member($0, parent: parent) }.sorted { $0.role < $1.role }
    }

    /// One process, of whatever parent where none is given; nil where it has ended.
    static func member(_ identifier: Int32, parent: Int32? = nil) -> Member? {
        guard let line = text("/proc/\(identifier)/stat"), let end = line.lastIndex(of: ")") else { return nil }
        // Behind the name in parentheses: state, ppid, … utime and stime are the 12th and 13th there.
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 13, parent == nil || Int32(fields[1]) == parent, fields[0] != "Z" else { return nil }
        guard let status = text("/proc/\(identifier)/status"), let command = text("/proc/\(identifier)/cmdline") else {
            return nil
        }
        func kibibytes(_ key: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
        }
        let arguments = command.split(separator: "\0")
        let ticks = (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
        return Member(
            identifier: identifier, role: arguments.count > 1 ? String(arguments[1]) : "?",
            resident: kibibytes("VmRSS") << 10, peak: kibibytes("VmHWM") << 10,
            processorTime: .seconds(ticks) / sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String? {
        // Files of /proc have no size: read until the end.
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
