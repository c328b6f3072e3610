/// The fields of a form that narrows a list.
enum FilterField {
    /// Writes a choice of one or any.
    static func choice(
        _ name: StaticString, label: StaticString, _ values: [String], names: [String]? = nil, chosen: String?,
        any: StaticString, _ html: inout HTMLWriter
    ) {
        begin(name, label, &html)
        html.markup("<select name=\"")
        html.markup(name)
        html.markup("\"><option value=\"\">")
        html.markup(any)
        html.markup("</option>")
        // What is chosen can be seen even where it is none of them any more.
        let known = values.contains(chosen ?? "") ? values : values + [chosen].compactMap { $0 }
        for (index, value) in known.enumerated() where !value.isEmpty {
            html.markup("<option value=\"")
            html.text(value, atMost: 400)
            html.markup(value == chosen ? "\" selected>" : "\">")
            html.text(names.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? value, atMost: 200)
            html.markup("</option>")
        }
        html.markup("</select></label>")
    }

    /// Writes a field to write in.
    static func text(_ name: StaticString, label: StaticString, _ value: String?, _ html: inout HTMLWriter) {
        begin(name, label, &html)
        html.markup("<input name=\"")
        input(name, value, &html)
    }

    /// Writes a field for a day.
    static func day(_ name: StaticString, label: StaticString, _ value: String?, _ html: inout HTMLWriter) {
        begin(name, label, &html)
        html.markup("<input type=\"date\" name=\"")
        input(name, value, &html)
    }

    private static func begin(_ name: StaticString, _ label: StaticString, _ html: inout HTMLWriter) {
        html.markup("<label><span>")
        html.markup(label)
        html.markup("</span> ")
    }

    private static func input(_ name: StaticString, _ value: String?, _ html: inout HTMLWriter) {
        html.markup(name)
        html.markup("\" value=\"")
        html.text(value ?? "", atMost: 400)
        html.markup("\"></label>")
    }
}
