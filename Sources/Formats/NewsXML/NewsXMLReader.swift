import Articles
import Encodings
import XML

/// Reads a document of news item by item: each is cut out, parsed and read by itself.
final class NewsXMLReader: PartReader {
    let format: String
    private let dialect: any NewsDialect
    private let context: FormatContext
    private let source: any ByteSource
    private var cutter: ItemCutter?
    private var message: NewsMessage?
    private var declared: String?
    /// The encoding of a document that was converted as a whole.
    private var wide: TextEncoding?
    private var count = 0
    private var isAtEnd = false
    private var failure: (any Error)?

    init(_ dialect: some NewsDialect, _ source: any ByteSource, _ context: FormatContext) {
        format = dialect.name
        self.dialect = dialect
        self.source = source
        self.context = context
    }

    func next() throws -> ParsedPart? {
        if let failure { throw failure }
        do {
            return try readNext()
        } catch {
            failure = error
            throw error
        }
    }

    private func readNext() throws -> ParsedPart? {
        guard !isAtEnd else { return nil }
        let cutter = try self.cutter ?? open()
        self.cutter = cutter
        let item: ItemCutter.Item?
        do { item = try cutter.next() } catch let cut as ItemCutter.Cut { throw error(of: cut) }
        if count == 0 { begin(cutter.preamble) }
        guard let item else { return try end(cutter) }
        count += 1
        let bytes = Array(cutter.window.bytes[item.range])
        do throws(ParseError) {
            if let fault = item.fault { throw error(of: fault) }
            return ParsedPart(number: count, content: try read(bytes, item.line))
        } catch {
            var error = error
            if error.position == nil { error.position = .line(item.line) }
            var part = ParsedPart(number: count, content: .failed(error))
            if case .tooLarge = item.fault {} else { part.bytes = standingAlone(bytes, cutter) }
            return part
        }
    }

    // MARK: The document

    private func open() throws -> ItemCutter {
        var window = ByteWindow(source)
        while window.count < 8, !window.isAtEnd { try window.readMore() }
        if let encoding = PageEncoding.wide(window.bytes) {
            try convert(&window, from: encoding)
        }
        if window.bytes.starts(with: [0xef, 0xbb, 0xbf]) { window.start = 3 }
        return ItemCutter(window, dialect.rules, limit: context.maximumArticleBytes)
    }

    /// A document in UTF-16 is converted as a whole: nobody streams it.
    private func convert(_ window: inout ByteWindow, from encoding: TextEncoding) throws {
        let limit = context.maximumArticleBytes
        while !window.isAtEnd, window.count <= limit { try window.readMore() }
        guard window.count <= limit else {
            throw ParseError(
                code: .tooLarge, format: format,
                message: "a document in \(encoding) of more than \(limit) bytes is not converted",
                hint: "convert it to UTF-8, or raise max_article_bytes of the drop directory")
        }
        let text = try PageEncoding(window.bytes, format: format)
        window.replace(text.text)
        wide = encoding
    }

    /// Reads what stands before the first item.
    private func begin(_ preamble: [UInt8]) {
        declared = NewsXMLReader.declaredEncoding(preamble)
        guard let text = try? PageEncoding(preamble, format: format, declared: declared).text,
            let tree = try? XMLTree(parsing: XMLRepair.repair(text).bytes)
        else { return }
        message = NewsMessage(NewsTree(tree, firstLine: 1))
    }

    private func end(_ cutter: ItemCutter) throws -> ParsedPart? {
        isAtEnd = true
        guard let root = cutter.around.first else {
            guard count == 0 else { return nil }
            throw ParseError(code: .empty, format: format, message: "there is no element", looksTruncated: true)
        }
        guard cutter.isRootClosed else {
            throw ParseError(
                code: .badXML, format: format, position: .line(cutter.lineOfPlace()),
                message: "the document ends before its \(String(decoding: root, as: UTF8.self)) element does",
                looksTruncated: true)
        }
        guard count == 0 else { return nil }
        count = 1
        return ParsedPart(number: 1, content: .ignored(.noEntries))
    }

    /// An item with what stands around it, so that it can be read by itself; nil where that is much.
    private func standingAlone(_ item: [UInt8], _ cutter: ItemCutter) -> [UInt8]? {
        guard cutter.preamble.count <= 65_536 else { return nil }
        return cutter.around.reversed().reduce(into: cutter.preamble + item) { bytes, name in
            bytes += "</".utf8 + name + ">".utf8
        }
    }

    /// The encoding that an XML declaration names.
    private static func declaredEncoding(_ preamble: [UInt8]) -> String? {
        var start = preamble[...]
        if start.starts(with: [0xef, 0xbb, 0xbf]) { start = start.dropFirst(3) }
        start = start.drop { $0.isSpace }
        guard start.starts(with: "<?xml".utf8), let end = start.prefix(512).end(of: "?>"),
            let value = start[..<end].end(of: "encoding")
        else { return nil }
        let label = start[value..<end].drop { $0.isSpace || [0x3d, 0x22, 0x27].contains($0) }
            .prefix { $0.isLetter || $0.isDigit || [0x2d, 0x5f, 0x2e, 0x3a].contains($0) }
        return label.isEmpty ? nil : String(decoding: label, as: UTF8.self)
    }

    // MARK: Items

    private func read(_ bytes: [UInt8], _ line: Int) throws(ParseError) -> ParsedPart.Content {
        let text = try PageEncoding(bytes, format: format, declared: declared)
        var warnings = text.warnings
        let tree = try parse(text.text, line, &warnings)
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: count, bytes: context.bytes, format: format,
                encoding: (wide ?? text.encoding).description, received: context.received, warnings: warnings))
        article.language = message.flatMap { $0.news.language(at: 0) } ?? context.language
        let content = try dialect.read(NewsTree(tree, firstLine: line), of: message, article, context)
        guard case .article(var article) = content else { return content }
        article.deriveID()
        return .article(article)
    }

    /// Parses an item. What is not well-formed fails, but for names of HTML's characters, an & that begins none and
    /// characters that XML does not have: what was meant by them is plain.
    private func parse(_ text: [UInt8], _ line: Int, _ warnings: inout [String]) throws(ParseError) -> XMLTree {
        do throws(XMLError) {
            let tree = try XMLTree(parsing: text)
            guard tree.fault != nil else { return tree }
        } catch {
            throw self.error(of: error, line)
        }
        if let entity = EntityScan.unknown(in: text) {
            throw ParseError(
                code: .badXML, format: format, position: .line(line - 1 + entity.line),
                message: "the entity '\(entity.name)' is one of the document's own, or none; such are not expanded",
                hint: "have them resolved where the document is made")
        }
        let tree: XMLTree
        do throws(XMLError) {
            tree = try XMLTree(parsing: XMLRepair.repair(text).bytes)
            if let fault = tree.fault { throw fault }
        } catch {
            throw self.error(of: error, line)
        }
        warnings.append("markup_repaired")
        return tree
    }

    // MARK: Errors

    private func error(of fault: XMLError, _ line: Int) -> ParseError {
        // Without a code it is a limit of ours.
        ParseError(
            code: fault.code == 0 ? .tooComplex : .badXML, format: format,
            position: fault.line > 0 ? .line(line - 1 + fault.line) : nil, message: located(fault.message, line),
            hint: fault.code == 0 ? nil : "have it written again by a program that writes well-formed XML")
    }

    /// libxml2's sentence with the lines of the file, where it names some of the item.
    private func located(_ message: String, _ line: Int) -> String {
        message.replacing(/\bline (\d+)/) { match in "line \(line - 1 + (Int(match.1) ?? 1))" }
    }

    private func error(of fault: ItemCutter.Fault) -> ParseError {
        switch fault {
        case .endMissing:
            ParseError(code: .badXML, format: format, message: "the item does not end before the next one begins")
        case .tooLarge: tooLarge("the item")
        case .tooManyAttributes:
            ParseError(
                code: .tooComplex, format: format,
                message: "an element has more than \(TagScan.attributeLimit) attributes")
        }
    }

    private func error(of cut: ItemCutter.Cut) -> ParseError {
        var error =
            switch cut.reason {
            case .ends:
                ParseError(
                    code: .badXML, format: format, message: "what begins here does not end", looksTruncated: true)
            case .tooLarge: tooLarge("what begins here")
            case .tooDeep:
                ParseError(code: .tooComplex, format: format, message: "elements are nested more than 256 deep")
            }
        error.position = .line(cut.line)
        return error
    }

    private func tooLarge(_ what: String) -> ParseError {
        .overArticleLimit(what, context, format: format)
    }
}
