import CXML2

/// Reads a document of XML node by node, without building a tree. The corresponding C type is `xmlTextReader`.
///
/// It loads nothing: no DTD, no external entity. An entity that the document defines itself is reported by name and not
/// expanded in text; libxml2 bounds what it expands in attributes, how deep elements nest (256) and how long a text is
/// (10 MB).
package struct XMLReader: ~Copyable {
    /// What the reader stands on.
    package enum Node: Sendable, Equatable {
        /// A start tag; ``isEmpty`` says whether it is its own end.
        case element
        case endElement
        /// Text or a CDATA section that is more than white space.
        case text
        /// A reference to an entity that is not predefined.
        case entity
        /// A comment, an instruction, the doctype, white space.
        case other
    }

    private let handle: xmlTextReaderPtr
    /// The document: libxml2 reads from it as long as it is open.
    private let document: UnsafeMutableBufferPointer<UInt8>
    private let problem: UnsafeMutablePointer<Problem>

    /// What the error handler writes down.
    private struct Problem {
        let size: Int
        var error: XMLError?
    }

    /// Opens a document; its encoding is what `encoding` names, else what it says itself.
    package init(_ bytes: [UInt8], encoding: String? = nil) throws(XMLError) {
        xmlInitParser()
        document = .allocate(capacity: max(1, bytes.count))
        _ = document.update(fromContentsOf: bytes)
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_NOBLANKS.rawValue
        let start = UnsafeRawPointer(document.baseAddress)?.assumingMemoryBound(to: CChar.self)
        guard bytes.count <= Int(Int32.max),
            let opened = xmlReaderForMemory(start, Int32(bytes.count), nil, encoding, Int32(options))
        else {
            document.deallocate()
            throw XMLError(code: Int32(XML_ERR_DOCUMENT_EMPTY.rawValue), line: 0, message: "the document is not opened")
        }
        handle = opened
        problem = .allocate(capacity: 1)
        problem.initialize(to: Problem(size: bytes.count))
        xmlTextReaderSetStructuredErrorHandler(
            opened,
            { state, error in
                // The first fatal error is the cause; what follows it is its consequence.
                guard let problem = state?.assumingMemoryBound(to: Problem.self), let error,
                    problem.pointee.error == nil, error.pointee.level == XML_ERR_FATAL
                else { return }
                let message = error.pointee.message.map { String(cString: $0) } ?? "it is not well-formed"
                // "Extra content at the end" is also said of an end that comes before the root's.
                let parser = error.pointee.ctxt?.assumingMemoryBound(to: xmlParserCtxt.self)
                let isWithin =
                    error.pointee.code == Int32(XML_ERR_DOCUMENT_END.rawValue)
                    && parser?.pointee.instate != XML_PARSER_EPILOG
                let consumed = parser.map { xmlByteConsumed($0) } ?? 0
                problem.pointee.error = XMLError(
                    code: error.pointee.code, line: Int(error.pointee.line),
                    message: String(message.reversed().drop { $0.isWhitespace }.reversed()),
                    isPremature: isWithin || consumed >= problem.pointee.size)
            }, problem)
    }

    deinit {
        xmlFreeTextReader(handle)
        problem.deinitialize(count: 1)
        problem.deallocate()
        document.deallocate()
    }

    /// Goes to the next node; nil at the end. The corresponding C function is `xmlTextReaderRead`.
    package mutating func next() throws(XMLError) -> Node? {
        switch xmlTextReaderRead(handle) {
        case 1: break
        case 0: return nil
        default:
            throw problem.pointee.error
                ?? XMLError(
                    code: Int32(XML_ERR_INTERNAL_ERROR.rawValue), line: line, message: "the document is not well-formed"
                )
        }
        return switch xmlTextReaderNodeType(handle) {
        case Int32(XML_READER_TYPE_ELEMENT.rawValue): .element
        case Int32(XML_READER_TYPE_END_ELEMENT.rawValue): .endElement
        case Int32(XML_READER_TYPE_TEXT.rawValue), Int32(XML_READER_TYPE_CDATA.rawValue):
            .text
        case Int32(XML_READER_TYPE_ENTITY_REFERENCE.rawValue): .entity
        default: .other
        }
    }

    /// How many elements are around the node.
    package var depth: Int { Int(xmlTextReaderDepth(handle)) }
    /// Whether an element is its own end, as `<br/>`: no ``Node/endElement`` follows.
    package var isEmpty: Bool { xmlTextReaderIsEmptyElement(handle) == 1 }
    /// The line in the document, from 1.
    package var line: Int { Int(xmlTextReaderGetParserLineNumber(handle)) }
    /// The name without its prefix.
    package var name: String { string(xmlTextReaderConstLocalName(handle)) ?? "" }
    /// The namespace's name; nil where there is none.
    package var namespace: String? { string(xmlTextReaderConstNamespaceUri(handle)) }
    /// The language in force, as `xml:lang` says.
    package var language: String? { string(xmlTextReaderConstXmlLang(handle)) }
    /// A text's content.
    package var value: String { string(xmlTextReaderConstValue(handle)) ?? "" }

    /// Returns whether the node is called that, without making a `String`.
    package func isNamed(_ name: StaticString) -> Bool {
        guard let own = xmlTextReaderConstLocalName(handle) else { return false }
        return xmlStrEqual(own, name.utf8Start) == 1
    }

    /// Appends a text's content.
    package func appendValue(to output: inout [UInt8]) {
        guard let value = xmlTextReaderConstValue(handle) else { return }
        output.append(contentsOf: UnsafeBufferPointer(start: value, count: Int(xmlStrlen(value))))
    }

    /// Returns the value of an element's attribute without a namespace; nil where it has none of that name.
    package func attribute(_ name: StaticString) -> String? {
        guard let value = xmlTextReaderGetAttribute(handle, name.utf8Start) else { return nil }
        defer { cxml2_free(value) }
        return String(cString: value)
    }

    private func string(_ text: UnsafePointer<xmlChar>?) -> String? { text.map { String(cString: $0) } }
}
