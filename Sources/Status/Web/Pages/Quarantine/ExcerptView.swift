import Articles

/// Writes the place of a file that is the reason of its quarantine, as lines of text or as bytes; never as what they mean.
enum ExcerptView {
    private static let longestLine = 400

    /// Writes it; nothing where there are no bytes.
    static func write(_ file: QuarantinedFile, _ html: inout HTMLWriter) {
        guard !file.excerpt.isEmpty, let reason = file.reason else { return }
        let position = reason["position"]?.stringValue?.split(separator: " ").last.flatMap { Int($0) }
        let line = reason["excerpt_line"]?.integerValue
        html.markup("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The place in the file\">")
        html.markup("<table class=\"excerpt\"><tbody>")
        if let line, let text = text(of: file.excerpt) {
            lines(text, from: Int(clamping: line), marked: position, &html)
        } else {
            let offset = Int(clamping: reason["excerpt_offset"]?.integerValue ?? 0)
            rows(file.excerpt, from: offset, marked: line == nil ? position : nil, &html)
        }
        html.markup("</tbody></table></div>")
    }

    /// The bytes as text where they are some; a character that the end cuts is left out.
    private static func text(of bytes: [UInt8]) -> String? {
        for cut in 0..<min(4, bytes.count) {
            guard let text = String(validating: bytes.dropLast(cut), as: UTF8.self) else { continue }
            let controls = text.utf8.count { $0 < 0x20 && ![0x09, 0x0a, 0x0d].contains($0) }
            return controls * 8 > bytes.count ? nil : text
        }
        return nil
    }

    private static func lines(_ text: String, from first: Int, marked: Int?, _ html: inout HTMLWriter) {
        for (index, line) in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let number = first + index
            begin("\(number)", isMarked: number == marked, &html)
            html.text(String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self), atMost: longestLine)
            end(isMarked: number == marked, &html)
        }
    }

    private static func rows(_ bytes: [UInt8], from offset: Int, marked: Int?, _ html: inout HTMLWriter) {
        let digits = Array("0123456789abcdef".utf8)
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(bytes.count, start + 16)]
            let place = offset + start
            let isMarked = marked.map { $0 >= place && $0 < place + 16 } ?? false
            let hexadecimal = row.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)], UInt8(ascii: " ")] }
            let letters = row.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") }
            begin("byte \(place)", isMarked: isMarked, &html)
            html.text(String(decoding: hexadecimal + [0x20] + letters, as: UTF8.self))
            end(isMarked: isMarked, &html)
        }
    }

    private static func begin(_ label: String, isMarked: Bool, _ html: inout HTMLWriter) {
        html.markup(isMarked ? "<tr class=\"meant\"><th scope=\"row\">" : "<tr><th scope=\"row\">")
        html.text(label)
        if isMarked { html.markup("<span class=\"unseen\"> (the place that is meant)</span>") }
        html.markup(isMarked ? "</th><td><mark>" : "</th><td>")
    }

    private static func end(isMarked: Bool, _ html: inout HTMLWriter) {
        html.markup(isMarked ? "</mark></td></tr>" : "</td></tr>")
    }
}
