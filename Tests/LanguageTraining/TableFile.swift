import FoundationEssentials

/// The source file that a table is put into.
enum TableFile {
    /// Writes it.
    static func write(_ table: String, languages: Int, features: Int, to path: String) throws {
        let digits = Array(table.utf8)
        var text = """
            /// The table of the model by which languages are told apart that share a script: \(languages) languages, \(features) n-grams.
            ///
            /// Made by `dropwire-train-languages` (see `Tests/LanguageTraining`); not written by hand. It was learned from the
            /// training part of the sentences of pemistahl/language-testdata (Apache License 2.0, taken from the Leipzig Corpora
            /// Collection); it has none of these sentences in it. It is text, since the compiler reads an array of so many bytes
            /// for minutes.
            enum LanguageModelTable {
                /// Base64, as ``LanguageModel`` reads it.
                static let text: StaticString = \"""

            """
        var start = 0
        while start < digits.count {
            let end = min(digits.count, start + 110)
            text +=
                "        " + String(decoding: digits[start..<end], as: UTF8.self) + (end < digits.count ? "\\\n" : "\n")
            start = end
        }
        text += "        \"\"\"\n}\n"
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
