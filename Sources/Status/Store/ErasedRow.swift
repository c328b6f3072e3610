/// What stands of an article whose words were erased, beside the record that says so.
struct ErasedRow {
    /// The article's id as its key has it.
    var id: [UInt8]
    var source: String
    var uri: String?
    var path: String?
    var standing: ArticleStanding
}
