import CXML2

extension HTMLTree {
    /// Parses a page with libxml2's forgiving parser; `page` must be valid UTF-8 without NULs.
    ///
    /// Bytes that are not are replaced or dropped as libxml2 sees fit, never read beyond. Nothing is loaded from anywhere.
    /// The corresponding C function is `htmlParseDocument`, driven by its SAX events: libxml2's own tree costs an
    /// allocation a node, which is more than all that is done with the tree afterwards.
    package init(parsing page: [UInt8], limits: Limits = Limits()) throws(HTMLError) {
        HTMLTree.initializeLibrary
        guard page.count < Int32.max / 2 else { throw .tooMuchWork }
        let builder = UnsafeMutablePointer<HTMLTreeBuilder>.allocate(capacity: 1)
        builder.initialize(to: HTMLTreeBuilder(limits: limits, expectedBytes: page.count))
        defer {
            builder.deinitialize(count: 1)
            builder.deallocate()
        }
        let isParsed = page.withUnsafeBufferPointer { HTMLTree.run(builder, on: $0) }
        guard isParsed else { throw .outOfMemory }
        if let failure = builder.pointee.failure { throw failure }
        self = builder.pointee.finish()
    }

    /// libxml2 asks for this once, before a second thread may use it.
    private static let initializeLibrary: Void = xmlInitParser()

    private static func run(
        _ builder: UnsafeMutablePointer<HTMLTreeBuilder>, on page: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let context = htmlNewParserCtxt() else { return false }
        defer { htmlFreeParserCtxt(context) }
        builder.pointee.open(page, context)
        // Read in pieces rather than as one, since the limits are looked at between them: within a tag there is no event.
        let read: xmlInputReadCallback = { state, buffer, size in
            guard let state, let buffer, size > 0 else { return 0 }
            let builder = state.assumingMemoryBound(to: HTMLTreeBuilder.self)
            return Int32(builder.pointee.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(size))))
        }
        guard let buffer = xmlParserInputBufferCreateIO(read, nil, builder, XML_CHAR_ENCODING_NONE) else {
            return false
        }
        guard let input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE) else {
            xmlFreeParserInputBuffer(buffer)
            return false
        }
        guard inputPush(context, input) >= 0 else {
            xmlFreeInputStream(input)
            return false
        }
        let options = [
            HTML_PARSE_RECOVER, HTML_PARSE_NONET, HTML_PARSE_NOERROR, HTML_PARSE_NOWARNING, HTML_PARSE_IGNORE_ENC,
        ]
        htmlCtxtUseOptions(context, Int32(options.reduce(0) { $0 | $1.rawValue }))
        context.pointee.charset = Int32(XML_CHAR_ENCODING_UTF8.rawValue)
        setEvents(context.pointee.sax)
        context.pointee.userData = UnsafeMutableRawPointer(builder)
        htmlParseDocument(context)
        return context.pointee.errNo != Int32(XML_ERR_NO_MEMORY.rawValue)
    }

    private static func setEvents(_ events: UnsafeMutablePointer<xmlSAXHandler>) {
        events.pointee = xmlSAXHandler()
        events.pointee.startElement = { state, name, attributes in
            guard let state, let name else { return }
            state.assumingMemoryBound(to: HTMLTreeBuilder.self).pointee.start(name, attributes)
        }
        events.pointee.endElement = { state, name in
            guard let state, let name else { return }
            state.assumingMemoryBound(to: HTMLTreeBuilder.self).pointee.end(name)
        }
        let text: charactersSAXFunc = { state, text, count in
            guard let state, let text, count > 0 else { return }
            state.assumingMemoryBound(to: HTMLTreeBuilder.self).pointee.text(
                UnsafeBufferPointer(start: text, count: Int(count)))
        }
        events.pointee.characters = text
        events.pointee.ignorableWhitespace = text
        events.pointee.cdataBlock = { state, text, count in
            guard let state, let text, count > 0 else { return }
            state.assumingMemoryBound(to: HTMLTreeBuilder.self).pointee.script(
                UnsafeBufferPointer(start: text, count: Int(count)))
        }
    }
}
