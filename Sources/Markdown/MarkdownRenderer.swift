import CMD4C

/// Writes what md4c finds as HTML. Each of its functions returns 0, or -1 where the HTML has become too large.
struct MarkdownRenderer {
    private(set) var page = MarkdownPage()
    private(set) var isFull = false
    private let limit: Int
    /// How many images are open: in their alternative text there is no markup.
    private var imageDepth = 0
    /// A heading or paragraph whose text is noted.
    private var noted: (start: Int, text: [UInt8], level: Int)?
    /// How many blocks are open around the current place.
    private var depth = 0

    /// More headings are of no interest.
    private static let headingLimit = 64
    /// A longer text is no headline.
    private static let notedLimit = 4096

    init(limit: Int) { self.limit = limit }

    private mutating func write(_ text: StaticString) -> Int32 {
        text.withUTF8Buffer { page.html.append(contentsOf: $0) }
        return checked()
    }

    private mutating func checked() -> Int32 {
        isFull = page.html.count > limit
        // md4c goes on where a number is not negative.
        return isFull ? -1 : 0
    }

    // MARK: Blocks

    private static func heading(_ detail: UnsafeMutableRawPointer?) -> Int {
        Int(detail!.assumingMemoryBound(to: MD_BLOCK_H_DETAIL.self).pointee.level)
    }

    private mutating func note(level: Int) { noted = (page.html.count, [], level) }

    mutating func enter(_ kind: MD_BLOCKTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        depth += 1
        switch kind {
        case MD_BLOCK_QUOTE: return write("<blockquote>\n")
        case MD_BLOCK_UL: return write("<ul>\n")
        case MD_BLOCK_OL:
            let start = detail!.assumingMemoryBound(to: MD_BLOCK_OL_DETAIL.self).pointee.start
            guard start != 1 else { return write("<ol>\n") }
            page.html += Array("<ol start=\"\(start)\">\n".utf8)
            return checked()
        case MD_BLOCK_LI: return write("<li>")
        case MD_BLOCK_HR: return write("<hr>\n")
        case MD_BLOCK_H:
            let level = MarkdownRenderer.heading(detail)
            note(level: level)
            page.html += Array("<h\(level)>".utf8)
            return checked()
        case MD_BLOCK_CODE: return write("<pre><code>")
        case MD_BLOCK_P:
            // The document itself is the block around it.
            if depth == 2, !page.hasText { note(level: 0) }
            return write("<p>")
        case MD_BLOCK_TABLE: return write("<table>\n")
        case MD_BLOCK_TR: return write("<tr>")
        case MD_BLOCK_TH: return write("<th>")
        case MD_BLOCK_TD: return write("<td>")
        default: return 0
        }
    }

    mutating func leave(_ kind: MD_BLOCKTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        depth -= 1
        switch kind {
        case MD_BLOCK_QUOTE: return write("</blockquote>\n")
        case MD_BLOCK_UL: return write("</ul>\n")
        case MD_BLOCK_OL: return write("</ol>\n")
        case MD_BLOCK_LI: return write("</li>\n")
        case MD_BLOCK_H:
            page.html += Array("</h\(MarkdownRenderer.heading(detail))>\n".utf8)
            take()
            return checked()
        case MD_BLOCK_CODE: return write("</code></pre>\n")
        case MD_BLOCK_P:
            let code = write("</p>\n")
            take()
            return code
        case MD_BLOCK_TABLE: return write("</table>\n")
        case MD_BLOCK_TR: return write("</tr>\n")
        case MD_BLOCK_TH: return write("</th>")
        case MD_BLOCK_TD: return write("</td>")
        default: return 0
        }
    }

    /// Ends the heading or the paragraph whose text is noted.
    private mutating func take() {
        guard let (start, bytes, level) = noted else { return }
        noted = nil
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(where: { $0 > 0x20 }) else { return }
        let range = start..<page.html.count
        if level > 0 {
            if page.headings.count < MarkdownRenderer.headingLimit {
                page.headings.append(.init(level: level, range: range, text: text, isFirst: !page.hasText))
            }
        } else if page.opening == nil, !page.hasText, page.headings.isEmpty {
            page.opening = .init(range: range, text: text)
        }
        page.hasText = true
    }

    // MARK: Spans

    mutating func enter(_ kind: MD_SPANTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        if kind == MD_SPAN_IMG {
            imageDepth += 1
            guard imageDepth == 1 else { return 0 }
            page.html += Array("<img src=\"".utf8)
            write(detail!.assumingMemoryBound(to: MD_SPAN_IMG_DETAIL.self).pointee.src)
            return write("\" alt=\"")
        }
        guard imageDepth == 0 else { return 0 }
        switch kind {
        case MD_SPAN_EM: return write("<em>")
        case MD_SPAN_STRONG: return write("<strong>")
        case MD_SPAN_CODE: return write("<code>")
        case MD_SPAN_DEL: return write("<del>")
        case MD_SPAN_A:
            page.html += Array("<a href=\"".utf8)
            write(detail!.assumingMemoryBound(to: MD_SPAN_A_DETAIL.self).pointee.href)
            return write("\">")
        default: return 0
        }
    }

    mutating func leave(_ kind: MD_SPANTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        if kind == MD_SPAN_IMG {
            imageDepth -= 1
            return imageDepth == 0 ? write("\">") : 0
        }
        guard imageDepth == 0 else { return 0 }
        switch kind {
        case MD_SPAN_EM: return write("</em>")
        case MD_SPAN_STRONG: return write("</strong>")
        case MD_SPAN_CODE: return write("</code>")
        case MD_SPAN_DEL: return write("</del>")
        case MD_SPAN_A: return write("</a>")
        default: return 0
        }
    }

    /// Writes an address, whose entities stay as they are.
    private mutating func write(_ attribute: MD_ATTRIBUTE) {
        let bytes = UnsafeRawBufferPointer(start: attribute.text, count: Int(attribute.size)).bindMemory(to: UInt8.self)
        guard !bytes.isEmpty, let kinds = attribute.substr_types, let offsets = attribute.substr_offsets else { return }
        var piece = 0
        while Int(offsets[piece]) < bytes.count {
            let range = Int(offsets[piece])..<Int(offsets[piece + 1])
            if kinds[piece] == MD_TEXT_ENTITY {
                page.html.append(contentsOf: bytes[range])
            } else {
                for byte in bytes[range] { escape(byte) }
            }
            piece += 1
        }
    }

    // MARK: Text

    mutating func text(_ kind: MD_TEXTTYPE, _ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
        if imageDepth == 0, noted == nil, !page.hasText, kind != MD_TEXT_HTML, kind != MD_TEXT_SOFTBR {
            page.hasText = bytes.contains { $0 > 0x20 }
        }
        switch kind {
        case MD_TEXT_NULLCHAR:
            page.html.append(contentsOf: [0xef, 0xbf, 0xbd])
        case MD_TEXT_BR:
            if imageDepth == 0 { _ = write("<br>\n") } else { page.html.append(0x20) }
            note(" ")
        case MD_TEXT_SOFTBR:
            page.html.append(0x0a)
            note(" ")
        case MD_TEXT_HTML:
            page.html.append(contentsOf: bytes)
        case MD_TEXT_ENTITY:
            page.html.append(contentsOf: bytes)
            note(bytes)
        default:
            for byte in bytes { escape(byte) }
            note(bytes)
        }
        return checked()
    }

    private mutating func note(_ text: StaticString) { text.withUTF8Buffer { note($0) } }

    private mutating func note(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard imageDepth == 0, let count = noted?.text.count, count < MarkdownRenderer.notedLimit else { return }
        noted?.text.append(contentsOf: bytes)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): page.html.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): page.html.append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): page.html.append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "\""): page.html.append(contentsOf: "&quot;".utf8)
        default: page.html.append(byte)
        }
    }
}
