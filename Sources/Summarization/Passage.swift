/// A sentence of the text with what its score is made of.
struct Passage {
    /// Its bytes in the text.
    let range: Range<Int>
    /// Its words.
    let words: Range<Int>
    /// Where the numbers of its different terms stand among those of all sentences.
    let terms: Range<Int>
    var score = 0.0
    /// The largest part of its terms that a chosen sentence has.
    var repeated = 0.0
    /// It says nothing by itself: boilerplate, or too short.
    var isLast = false
    var isChosen = false
}
