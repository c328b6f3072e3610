/// What a publisher signals of an article, as one word, whatever its format writes.
///
/// The words that all formats give are ``correction``, ``update`` and ``alert``; a signal that is none of these keeps its
/// publisher's word, in lower case and without the vocabulary that it is from.
package enum Signal {
    /// It corrects what was wrong in an earlier version.
    package static let correction = "correction"
    /// It says more than an earlier version.
    package static let update = "update"
    /// It is the first word of something urgent.
    package static let alert = "alert"

    private static let synonyms = [
        "corrected": correction, "corrective": correction, "corr": correction, "erratum": correction,
        "corrigendum": correction, "updated": update, "flash": alert, "snap": alert, "bulletin": alert,
        "newsalert": alert, "breaking": alert,
    ]

    /// Returns the word of a code such as `sig:correction`, `http://cv.iptc.org/newscodes/signal/correction` or `Corrected`;
    /// nil where it is empty.
    package static func word(_ code: String) -> String? {
        let last = code.split(whereSeparator: { ":/#".contains($0) || $0.isWhitespace }).last.map(String.init) ?? ""
        let word = last.lowercased()
        return word.isEmpty ? nil : synonyms[word] ?? word
    }

    /// Returns the words of codes, each once.
    package static func words(_ codes: [String]) -> [String] {
        codes.compactMap(word).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension Article {
    /// Takes in what its publisher says was corrected: the signal, and the words of it in the note to editors.
    package mutating func setCorrection(_ text: String?) {
        if !signals.contains(Signal.correction) { signals.append(Signal.correction) }
        guard let text, !text.isEmpty, editorialNote?.contains(text) != true else { return }
        editorialNote = [editorialNote, text].compactMap(\.self).joined(separator: "\n")
    }
}
