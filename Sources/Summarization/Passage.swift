/// A sentence of the text with what its score is made of.
struct Passage {
    /// Its bytes in the text.
    let range: Range<Int>
    /// Its words.
    let words: Range<Int>
    /// The numbers of its different terms.
    var terms: [Int] = []
    var score = 0.0
    /// It says nothing by itself: boilerplate, or too short.
    var isLast = false
}
