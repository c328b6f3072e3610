import CMD4C

/// Reads Markdown, as CommonMark has it with the tables, task lists and strikethrough of GitHub, with md4c.
///
/// md4c takes any text for Markdown and its time grows with the text's length. What can grow faster is what a link's
/// definition stands for, so that the HTML has a limit.
package enum MarkdownReader {
    /// Returns a text, which is UTF-8, as HTML.
    ///
    /// The corresponding C function is `md_parse`.
    ///
    /// - Parameter limit: how many bytes of HTML there may be.
    package static func read(_ text: ArraySlice<UInt8>, limit: Int) throws(MarkdownError) -> MarkdownPage {
        var renderer = MarkdownRenderer(limit: limit)
        var parser = MD_PARSER()
        parser.flags = UInt32(MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS)
        parser.enter_block = { kind, detail, renderer in
            MarkdownReader.renderer(renderer).pointee.enter(kind, detail)
        }
        parser.leave_block = { kind, detail, renderer in
            MarkdownReader.renderer(renderer).pointee.leave(kind, detail)
        }
        parser.enter_span = { kind, detail, renderer in
            MarkdownReader.renderer(renderer).pointee.enter(kind, detail)
        }
        parser.leave_span = { kind, detail, renderer in
            MarkdownReader.renderer(renderer).pointee.leave(kind, detail)
        }
        parser.text = { kind, text, count, renderer in
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count)).bindMemory(to: UInt8.self)
            return MarkdownReader.renderer(renderer).pointee.text(kind, bytes)
        }
        let code = text.withUnsafeBytes { text in
            withUnsafeMutablePointer(to: &renderer) { renderer in
                md_parse(
                    text.baseAddress?.assumingMemoryBound(to: CChar.self), MD_SIZE(text.count), &parser, renderer)
            }
        }
        guard code == 0 else { throw renderer.isFull ? .tooLarge(limit: limit) : .failed }
        return renderer.page
    }

    /// What md4c hands back is what it was given.
    private static func renderer(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<MarkdownRenderer> {
        pointer!.assumingMemoryBound(to: MarkdownRenderer.self)
    }
}
