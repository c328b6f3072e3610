/// A format whose files may have any number of articles: they are read one after the other, with constant memory.
package protocol StreamedFormat: ArticleFormat {
    /// Opens a file of which nothing was read. What is wrong with it is told by the reader.
    func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader
}

extension StreamedFormat {
    /// Returns all articles of a file.
    package func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        let reader = open(HeldBytes(bytes), context)
        var file = ParsedFile(format: name, articles: [])
        do {
            while let part = try reader.next() {
                switch part.content {
                case .article(let article): file.articles.append(article)
                case .failed(let error): file.failed.append(FailedPart(part: part.number, error: error))
                case .ignored(let reason): file.ignoredReason = file.ignoredReason ?? reason
                }
            }
        } catch let error as ParseError {
            throw error
        } catch {
            // Bytes in memory throw nothing of their own.
            preconditionFailure("\(error)")
        }
        file.format = reader.format
        return file
    }
}
