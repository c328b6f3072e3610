/// The name of an element or attribute of HTML that readers ask for; every other name is ``other``.
///
/// It is a byte, so that a tree of a hundred thousand elements is walked without a single `String`.
package enum HTMLName: String, CaseIterable, Sendable {
    /// A name that is not in this list.
    case other = ""

    // MARK: Elements
    case html, head, title, base, link, meta, script, style, noscript, template, body, frameset
    case article, section, main, nav, aside, header, footer, hgroup, address, search
    case h1, h2, h3, h4, h5, h6
    case p, div, center, blockquote, pre, hr, br, wbr, figure, figcaption, details, summary, dialog
    case ol, ul, li, dl, dt, dd, menu, dir
    case table, caption, colgroup, col, thead, tbody, tfoot, tr, td, th
    case a, abbr, acronym, b, bdi, bdo, big, cite, code, data, del, dfn, em, font, i, ins, kbd, mark, q, rp, rt, ruby
    case s, samp, small, span, strike, strong, sub, sup, time, tt, u, `var`, nobr, label
    case img, picture, source, audio, video, track, iframe, embed, object, param, canvas, map, area, svg, math
    case form, fieldset, legend, input, button, select, option, optgroup, textarea, output, progress, meter, datalist
    case applet, basefont, marquee, noframes, slot

    // MARK: Attributes
    case alt, border, charset, checked, `class`, colspan, content, datetime, height, hidden, href, hreflang, id
    case itemid, itemprop, itemscope, itemtype, lang, media, name, property, pubdate, rel, rev, role, rowspan, sizes
    case src, srcset, start, target, type, typeof, value, width
    case ariaHidden = "aria-hidden"
    case ariaLabel = "aria-label"
    case dataComponent = "data-component"
    case dataName = "data-name"
    case dataSource = "data-src"
    case dataSourceSet = "data-srcset"
    case dataTestID = "data-testid"
    case dataType = "data-type"
    case httpEquivalent = "http-equiv"
    case xmlLanguage = "xml:lang"
}

extension HTMLName {
    /// The name of these bytes, which the parser gives in lower case.
    static func named(_ text: UnsafeBufferPointer<UInt8>) -> HTMLName {
        text.count <= 16 ? known[String(decoding: text, as: UTF8.self)] ?? .other : .other
    }

    private static let known = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
