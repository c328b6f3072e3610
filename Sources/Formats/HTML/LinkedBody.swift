/// The text of an article as JSON-LD has it.
struct LinkedBody {
    /// How many bytes it may have; no article that was written for people has more, and the page has its text all the same.
    static let longest = 1 << 20

    /// Paragraphs parted by blank lines.
    let text: String
    /// How much there is to read, as ``PageMap/weight`` has it.
    let weight: Int

    /// Takes the value of `articleBody`, which may be plain text or markup.
    init(_ value: String) {
        // Some have their markup as entities.
        var markup = value.contains("<") || !value.contains("&lt;") ? value : VisibleText.resolvingEntities(value)
        for tag in ["</p>", "</P>", "<br>", "<br/>", "<br />", "</h2>", "</h3>", "</li>", "</div>"]
        where markup.contains(tag) {
            markup = markup.replacing(tag, with: "\n")
        }
        let lines = markup.split(whereSeparator: \.isNewline).map { VisibleText.withoutMarkup(String($0)) }
        text = lines.filter { !$0.isEmpty }.joined(separator: "\n\n")
        weight = text.utf8.reduce(0) { $0 + Int(PageMap.weights[Int($1)]) }
    }
}
