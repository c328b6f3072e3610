import XML

/// How an element takes part in the text of a page.
enum ElementClass: UInt8 {
    /// Runs within a paragraph.
    case inline
    /// Begins and ends a paragraph.
    case block
    /// Has no text for readers, whatever it holds.
    case void
    /// Frames the page rather than being its content: navigation, margin, footer.
    case frame

    /// Returns the class of an element by its name.
    static func of(_ name: HTMLName) -> ElementClass { table[Int(index(of: name))] }

    /// Names are bytes in the order of their declaration.
    @inline(__always) static func index(of name: HTMLName) -> UInt8 { unsafeBitCast(name, to: UInt8.self) }

    private static let table: [ElementClass] = HTMLName.allCases.map { name in
        switch name {
        case .script, .style, .noscript, .template, .head, .iframe, .embed, .object, .applet, .canvas, .svg, .math,
            .audio, .video, .map, .button, .select, .option, .optgroup, .input, .textarea, .datalist, .output,
            .progress, .meter, .param, .source, .track, .noframes, .link, .meta, .title, .base, .area, .img,
            .figcaption,
            .picture, .dialog, .menu, .rp, .rt:
            .void
        case .nav, .aside, .footer, .search: .frame
        case .html, .body, .frameset, .article, .section, .main, .header, .hgroup, .address, .h1, .h2, .h3, .h4, .h5,
            .h6, .p, .div, .center, .blockquote, .pre, .hr, .figure, .details, .summary, .ol, .ul, .li, .dl, .dt, .dd,
            .dir, .table, .caption, .colgroup, .col, .thead, .tbody, .tfoot, .tr, .td, .th, .form, .fieldset, .legend,
            .marquee, .slot:
            .block
        default: .inline
        }
    }
}
