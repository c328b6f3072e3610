import HTTP

/// A form that changes something, by one button for each way. It needs no script.
struct ActionForm {
    /// What one button does.
    struct Choice {
        var value: String
        var label: String
    }

    /// What it is sent to.
    var path: String
    /// The hidden field that says that the form is ours.
    var token: String
    /// What is meant.
    var fields: [(name: String, value: String)]
    var choices: [Choice]
    /// Whom the buttons are about, for those who hear the page; nil where their labels say it.
    var about: String?

    /// Writes it.
    func write(to html: inout HTMLWriter) {
        html.markup("<form method=\"post\" class=\"actions\" action=\"")
        html.text(path)
        html.markup("\">")
        for (name, value) in [(Site.formTokenField, token)] + fields {
            html.markup("<input type=\"hidden\" name=\"")
            html.text(name)
            html.markup("\" value=\"")
            html.text(value, atMost: 64 << 10)
            html.markup("\">")
        }
        for choice in choices {
            html.markup("<button name=\"action\" value=\"")
            html.text(choice.value)
            html.markup("\">")
            html.text(choice.label)
            if let about {
                html.markup("<span class=\"unseen\"> ")
                html.foreign(about, atMost: 300)
                html.markup("</span>")
            }
            html.markup("</button> ")
        }
        html.markup("</form>")
    }

    /// Another try, or its end.
    static let retryOrDiscard = [
        Choice(value: "retry", label: "Retry"), Choice(value: "discard", label: "Discard"),
    ]
    /// The same for all that there are.
    static let retryOrDiscardAll = [
        Choice(value: "retry", label: "Retry all"), Choice(value: "discard", label: "Discard all"),
    ]
}
