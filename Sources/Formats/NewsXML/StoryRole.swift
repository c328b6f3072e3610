/// What an element is in the text of an article, in XHTML or NITF.
enum StoryRole: Equatable {
    case paragraph
    /// 1 to 6.
    case heading(Int)
    case item, quote, preformatted, row, cell, term
    case list(ordered: Bool)
    case table
    /// It parts paragraphs and is none itself.
    case block
    /// What the markup made anew has for it.
    case inline(StaticString)
    case link, lineBreak
    /// It is no text, or none of the article's.
    case leftOut
    /// It says something of its text that nothing is made of.
    case transparent

    static func == (one: StoryRole, other: StoryRole) -> Bool {
        switch (one, other) {
        case (.heading(let a), .heading(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.inline(let a), .inline(let b)): a.utf8Start == b.utf8Start
        case (.paragraph, .paragraph), (.item, .item), (.quote, .quote), (.preformatted, .preformatted), (.row, .row),
            (.cell, .cell), (.term, .term), (.table, .table), (.block, .block), (.link, .link),
            (.lineBreak, .lineBreak), (.leftOut, .leftOut), (.transparent, .transparent):
            true
        default: false
        }
    }

    /// Whether words on both sides of it are not one.
    var parts: Bool {
        switch self {
        case .inline, .link, .transparent: false
        default: true
        }
    }

    /// The role of an element; one that is not known is part of the text around it.
    init(_ tag: NewsTag?) {
        switch tag {
        case .p: self = .paragraph
        case .h1, .hl1: self = .heading(1)
        case .h2, .hl2: self = .heading(2)
        case .h3: self = .heading(3)
        case .h4: self = .heading(4)
        case .h5: self = .heading(5)
        case .h6: self = .heading(6)
        case .li: self = .item
        case .ul: self = .list(ordered: false)
        case .ol: self = .list(ordered: true)
        case .dt: self = .term
        case .blockquote, .bq: self = .quote
        case .pre: self = .preformatted
        case .table: self = .table
        case .tr: self = .row
        case .td, .th: self = .cell
        case .br: self = .lineBreak
        case .a: self = .link
        case .em, .i, .cite, .dfn: self = .inline("em")
        case .strong, .b: self = .inline("strong")
        case .code, .kbd, .samp, .tt: self = .inline("code")
        case .sub: self = .inline("sub")
        case .sup: self = .inline("sup")
        case .q: self = .inline("q")
        case .mark: self = .inline("mark")
        case .ins, .u: self = .inline("u")
        case .del, .s, .strike: self = .inline("s")
        case .head, .script, .style, .template, .figcaption, .media, .nitfTableMetadata, .bibliography:
            self = .leftOut
        case .html, .body, .div, .section, .article, .main, .header, .footer, .nav, .aside, .figure, .address, .form,
            .center, .dl, .dd, .caption, .thead, .tbody, .tfoot, .hr, .fieldset, .details, .summary, .block, .note, .fn,
            .tagline, .bodyHead, .bodyContent, .bodyEnd, .nitfTable, .hedline, .byline, .abstract:
            self = .block
        default: self = .transparent
        }
    }
}
