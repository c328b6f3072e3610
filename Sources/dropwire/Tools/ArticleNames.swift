/// The ids of many articles and where they came from, one after the other in flat arrays.
struct ArticleNames {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var files: [UInt32] = []
    private var numbers: [UInt32] = []

    /// The number of articles.
    var count: Int { ends.count }

    /// Adds an article.
    ///
    /// - Parameters:
    ///   - file: the number of its file.
    ///   - number: its line, or which article of its file it is, from 1.
    mutating func append(_ id: String, file: Int, number: Int) {
        bytes.append(contentsOf: id.utf8)
        ends.append(bytes.count)
        files.append(UInt32(truncatingIfNeeded: file))
        numbers.append(UInt32(truncatingIfNeeded: number))
    }

    /// The UTF-8 of an article's id.
    func id(_ index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    /// The number of its file.
    func file(_ index: Int) -> Int { Int(files[index]) }

    /// Its line, or which article of its file it is, from 1.
    func number(_ index: Int) -> Int { Int(numbers[index]) }
}
