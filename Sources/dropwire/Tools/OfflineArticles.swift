import Articles
import Formats
import Ingestion
import JSON
import Linux
import TOML

/// The articles of files, for tools that work without a watcher.
///
/// Lines of JSON with `id` and `text`, and Dropwire's own records, are read as they stand, under the ids they have; any other
/// file as the watcher would read it. What is wrong is told with file and line, and the rest is read.
struct OfflineArticles {
    /// An article; its bytes are valid during the call.
    struct Item {
        let id: String
        /// The line, or which article of its file, from 1.
        let number: Int
        let title: UnsafeBufferPointer<UInt8>
        let text: UnsafeBufferPointer<UInt8>
    }

    private let parser = JSONParser()
    private let limits = FileOpening.defaults("-")
    /// As where the file is dropped or parsed: an id depends on the source, which is the folder's name.
    private let opening = FileOpening()
    /// Tells people what is wrong.
    private let report: (String) -> Void

    /// What is looked at to know lines of JSON; a first line may not be longer.
    private static let sniffed = 4 << 20

    /// Makes a reader that tells what is wrong with a file to `report`.
    init(report: @escaping (String) -> Void) { self.report = report }

    /// Calls `body` with each article of a file; `-` is standard input.
    ///
    /// - Returns: how many there were.
    func read(_ path: String, _ body: (Item) throws -> Void) throws -> Int {
        let name = path == "-" ? "standard input" : "'\(JSONText.terminalSafe(path))'"
        let file = try path == "-" ? FileDescriptor.standardInput() : FileDescriptor(path: path)
        let start = try file.readAll(expected: 64 << 10, limit: Self.sniffed)
        let count: Int
        if areLines(start) {
            count = try readLines(LineReader(file, begun: start, limit: limits.maximumArticleBytes.bytes), name, body)
        } else if path == "-" {
            let rest = try file.readAll(expected: 64 << 10, limit: limits.maximumFileBytes.bytes)
            count = try readParts(opening.open(start + rest, path), name, body)
        } else {
            count = try readParts(opening.open(path), name, body)
        }
        if count == 0 { report("\(name): there is no article in it") }
        return count
    }

    // MARK: Lines of JSON

    /// Whether one of the first lines has what these lines have: the very first may be damaged.
    private func areLines(_ start: [UInt8]) -> Bool {
        guard let first = start.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") else { return false }
        for line in start.split(separator: UInt8(ascii: "\n")).prefix(100) {
            guard let element = try? parser.parse(Array(line)), element.kind == .object else { continue }
            if isRecord(element) || element["id"] != nil && element["text"] != nil { return true }
        }
        return false
    }

    private func isRecord(_ element: JSONElement) -> Bool {
        element["v"] != nil && element["type"]?.kind == .string && element["id"] != nil
    }

    private func readLines(
        _ lines: consuming LineReader, _ name: String, _ body: (Item) throws -> Void
    ) throws -> Int {
        var count = 0
        while let line = try lines.next() {
            guard case .whole(let range) = line else {
                report("\(name): line \(lines.number): it is longer than \(limits.maximumArticleBytes.bytes) bytes")
                continue
            }
            if lines.bytes[range].allSatisfy({ $0 <= 0x20 }) { continue }
            do {
                if try read(try parser.parse(lines.bytes, range), number: lines.number, body) { count += 1 }
            } catch let error as JSONError {
                report("\(name): line \(lines.number): it is no JSON: \(error.description)")
            } catch let error as LineProblem {
                report("\(name): line \(lines.number): \(error.description)")
            }
        }
        return count
    }

    /// Why a line is no article.
    private struct LineProblem: Error {
        let description: String
    }

    /// Reads a line's object; returns whether it is an article.
    private func read(_ object: JSONElement, number: Int, _ body: (Item) throws -> Void) throws -> Bool {
        guard object.kind == .object else { throw LineProblem(description: "it is no JSON object") }
        let isRecord = isRecord(object)
        // A log also has records of files and kills.
        if isRecord, object["type"]?.isText("article") != true { return false }
        guard let id = object["id"]?.text ?? object["id"]?.integer.map(String.init), !id.isEmpty else {
            throw LineProblem(description: "its id is missing: a string that is not empty, or a whole number")
        }
        let text = isRecord ? object["body"] : object["text"]
        if !isRecord, text?.kind != .string {
            throw LineProblem(description: "its text is missing: a string named text")
        }
        let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        func withText(_ title: UnsafeBufferPointer<UInt8>) throws {
            func read(_ text: UnsafeBufferPointer<UInt8>) throws {
                try body(Item(id: id, number: number, title: title, text: text))
            }
            if try text?.withText(read) == nil { try read(none) }
        }
        if try object["title"]?.withText(withText) == nil { try withText(none) }
        return true
    }

    // MARK: Files of any format

    /// Returns the next part; nil at the end, or where the file cannot be read further, which is told.
    private func next(_ reader: any PartReader, _ name: String) throws -> ParsedPart? {
        do { return try reader.next() } catch let error as ParseError {
            report("\(name): \(error)")
            return nil
        }
    }

    private func readParts(
        _ reader: any PartReader, _ name: String, _ body: (Item) throws -> Void
    ) throws -> Int {
        var count = 0
        var number = 0
        while let part = try next(reader, name) {
            let member = part.member.map { ": '\(JSONText.terminalSafe($0))'" } ?? ""
            number += 1
            switch part.content {
            case .article(let article):
                var (title, text) = (article.title ?? "", article.body ?? "")
                try title.withUTF8 { title in
                    try text.withUTF8 { text in
                        try body(Item(id: article.id.description, number: number, title: title, text: text))
                    }
                }
                count += 1
            case .failed(let error): report("\(name)\(member): \(error)")
            case .ignored: break
            }
        }
        return count
    }
}
