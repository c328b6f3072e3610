/// Finds the records of erased articles among those of a log, by the bytes that our own writer begins them with: a log of
/// millions is gone through without reading their JSON.
package struct ErasureMatcher: Sendable {
    private let ids: [[UInt8]: ErasureSubject]
    /// What follows an id where a source and a uri do.
    private let names: [(bytes: [UInt8], subject: ErasureSubject)]
    private static let beginning = Array(#"{"v":1,"type":"article","id":""#.utf8)
    private static let idLength = 32

    /// Makes a matcher.
    package init(_ subjects: some Sequence<ErasureSubject>) {
        var ids: [[UInt8]: ErasureSubject] = [:]
        var names: [(bytes: [UInt8], subject: ErasureSubject)] = []
        for subject in subjects {
            switch subject {
            case .article(let id): ids[Array(id.description.utf8)] = subject
            case .versions:
                var writer = JSONWriter(capacity: 100)
                writer.beginObject()
                subject.write(to: &writer)
                names.append((Array("\",".utf8) + writer.bytes.dropFirst(), subject))
            }
        }
        self.ids = ids
        self.names = names
    }

    /// Returns the id that stands in a record which was found; nil where it is none.
    package static func id(of record: [UInt8]) -> ArticleID? {
        let end = beginning.count + idLength
        guard record.count > end else { return nil }
        return ArticleID(String(decoding: record[beginning.count..<end], as: UTF8.self))
    }

    /// Nothing is looked for.
    package var isEmpty: Bool { ids.isEmpty && names.isEmpty }

    /// Returns what takes an `article` record; nil for every other record.
    package func subject(of record: UnsafeRawBufferPointer) -> ErasureSubject? {
        let beginning = ErasureMatcher.beginning
        let end = beginning.count + ErasureMatcher.idLength
        guard record.count > end, record.prefix(beginning.count).elementsEqual(beginning) else { return nil }
        if !ids.isEmpty, let subject = ids[Array(record[beginning.count..<end])] { return subject }
        let rest = UnsafeRawBufferPointer(rebasing: record[end...])
        return names.first { rest.starts(with: $0.bytes) }?.subject
    }
}
