import Articles
import Hashing
import Messaging

/// Prints what is said of a quarantined file, for a person at a terminal: whatever comes from outside is made safe.
enum QuarantinedFilePrinter {
    /// Prints a file of the list.
    static func summary(_ file: JSONValue) {
        Output.line("\(text(file, "name"))  \(text(file, "code"))")
        Output.line("    \(text(file, "message"))")
        if !text(file, "hint").isEmpty { Output.line("    \(text(file, "hint"))") }
    }

    /// Prints the reason of a file and the place that is meant.
    static func show(_ reply: Reply, isJSON: Bool) -> Int32 {
        let file = JSONText.read(reply.json)
        let bytes = reply.payload.first ?? []
        if isJSON {
            guard case .object(var members) = file else { return ExitCode.failed }
            members["excerpt_hex"] = .string(Hexadecimal.encode(bytes))
            Output.line(JSONValue.object(members))
            return ExitCode.done
        }
        summary(file)
        Output.line("")
        for (label, key) in [
            ("directory", "directory"), ("path", "path"), ("source", "source"), ("format", "format"),
            ("position", "position"), ("attempts", "attempts"), ("time", "time"), ("bytes", "size"),
        ] {
            let value = file[key]?.integerValue.map { "\($0)" } ?? text(file, key)
            if !value.isEmpty { Output.line("\(Help.pad(label, to: 12))\(value)") }
        }
        guard !bytes.isEmpty else { return ExitCode.done }
        Output.line("")
        let position = file["position"]?.stringValue?.split(separator: " ").last.flatMap { Int($0) }
        let offset = Int(file["excerpt_offset"]?.integerValue ?? 0)
        let line = file["excerpt_line"]?.integerValue
        if let line, let text = textOf(bytes) {
            printLines(text, from: Int(line), marked: position)
        } else {
            printBytes(bytes, from: offset, marked: line == nil ? position : nil)
        }
        return ExitCode.done
    }

    private static func text(_ file: JSONValue, _ name: String) -> String {
        JSONText.terminalSafe(file[name]?.stringValue ?? "")
    }

    /// The bytes as text where they are some; a character that the end of the excerpt cuts is left out.
    private static func textOf(_ bytes: [UInt8]) -> String? {
        for cut in 0..<min(4, bytes.count) {
            guard let text = String(validating: bytes.dropLast(cut), as: UTF8.self) else { continue }
            let controls = text.unicodeScalars.count { $0.value < 0x20 && ![0x09, 0x0a, 0x0d].contains($0.value) }
            return controls * 8 > bytes.count ? nil : text
        }
        return nil
    }

    private static func printLines(_ text: String, from first: Int, marked: Int?) {
        var number = first
        for line in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false) {
            let mark = number == marked ? ">" : " "
            let label = "\(number)"
            let space = String(repeating: " ", count: max(0, 7 - label.utf8.count))
            Output.line(
                "\(mark)\(space)\(label)  \(JSONText.terminalSafe(String(Substring(line.last == 0x0d ? line.dropLast() : line))))"
            )
            number += 1
        }
    }

    private static func printBytes(_ bytes: [UInt8], from offset: Int, marked: Int?) {
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(bytes.count, start + 16)]
            let place = offset + start
            let mark = marked.map { ($0 >= place && $0 < place + 16) ? ">" : " " } ?? " "
            let digits = String(place, radix: 16)
            let label = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
            let hex = Help.pad(row.map { Hexadecimal.encode([$0]) }.joined(separator: " "), to: 49)
            let ascii = String(decoding: row.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
            Output.line("\(mark) \(label)  \(hex) \(ascii)")
        }
    }
}
