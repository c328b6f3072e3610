import CXML2

extension XMLTree {
    /// Parses a document; what is not well-formed is read over, and the first of it told in ``fault``.
    ///
    /// Nothing is loaded from anywhere, and no entity is expanded but the five of XML itself: those that a document
    /// declares are none here. The corresponding C function is `xmlParseDocument`, driven by its SAX events.
    ///
    /// - Parameter document: valid UTF-8; an encoding that it declares is not looked at.
    /// - Throws: ``XMLError`` where there is no element at all, or a limit is met.
    package init(parsing document: [UInt8], limits: Limits = Limits()) throws(XMLError) {
        XMLTree.initializeLibrary
        guard document.count < Int32.max / 2 else {
            throw XMLError(code: 0, line: 0, message: "the document is larger than a gibibyte")
        }
        let builder = UnsafeMutablePointer<XMLTreeBuilder>.allocate(capacity: 1)
        builder.initialize(to: XMLTreeBuilder(limits: limits, expectedBytes: document.count))
        defer {
            builder.deinitialize(count: 1)
            builder.deallocate()
        }
        document.withUnsafeBufferPointer { XMLTree.run(builder, on: $0) }
        if let fault = builder.pointee.limitFault { throw fault }
        builder.pointee.finish()
        self = builder.pointee.tree
        guard !nodes.isEmpty else {
            throw fault ?? XMLError(code: 0, line: 0, message: "there is no element", isPremature: true)
        }
    }

    /// libxml2 asks for this once, before a second thread may use it.
    private static let initializeLibrary: Void = xmlInitParser()

    private static func run(_ builder: UnsafeMutablePointer<XMLTreeBuilder>, on document: UnsafeBufferPointer<UInt8>) {
        let context = document.withMemoryRebound(to: CChar.self) {
            xmlCreateMemoryParserCtxt($0.baseAddress, Int32($0.count))
        }
        guard let context else { return }
        defer { xmlFreeParserCtxt(context) }
        let options = [
            XML_PARSE_RECOVER, XML_PARSE_NONET, XML_PARSE_NOERROR, XML_PARSE_NOWARNING, XML_PARSE_IGNORE_ENC,
            // Without it an & in an attribute stays a reference. There are no other entities to replace.
            XML_PARSE_NOENT, XML_PARSE_HUGE,
        ]
        xmlCtxtUseOptions(context, Int32(bitPattern: options.reduce(0) { $0 | $1.rawValue }))
        context.pointee.charset = Int32(XML_CHAR_ENCODING_UTF8.rawValue)
        setEvents(context.pointee.sax)
        context.pointee.userData = UnsafeMutableRawPointer(builder)
        builder.pointee.begin(context)
        xmlParseDocument(context)
    }

    private static func setEvents(_ events: UnsafeMutablePointer<xmlSAXHandler>) {
        events.pointee = xmlSAXHandler()
        events.pointee.initialized = UInt32(XML_SAX2_MAGIC)
        events.pointee.startElementNs = { state, local, prefix, namespace, _, _, count, _, attributes in
            guard let state, let local else { return }
            state.assumingMemoryBound(to: XMLTreeBuilder.self).pointee.start(
                local, prefix: prefix, namespace: namespace, attributes: attributes, count: Int(count))
        }
        events.pointee.endElementNs = { state, _, _, _ in
            state?.assumingMemoryBound(to: XMLTreeBuilder.self).pointee.end()
        }
        let text: charactersSAXFunc = { state, text, count in
            guard let state, let text, count > 0 else { return }
            state.assumingMemoryBound(to: XMLTreeBuilder.self).pointee.text(
                UnsafeBufferPointer(start: text, count: Int(count)))
        }
        events.pointee.characters = text
        events.pointee.ignorableWhitespace = text
        events.pointee.cdataBlock = text
        events.pointee.serror = { state, error in
            guard let state, let error, error.pointee.level == XML_ERR_FATAL else { return }
            let message = error.pointee.message.map { String(cString: $0) } ?? "it is not well-formed"
            let parser = error.pointee.ctxt?.assumingMemoryBound(to: xmlParserCtxt.self)
            let left = parser?.pointee.input.map { $0.pointee.end - $0.pointee.cur } ?? 1
            state.assumingMemoryBound(to: XMLTreeBuilder.self).pointee.note(
                XMLError(
                    code: error.pointee.code, line: Int(error.pointee.line),
                    message: String(message.reversed().drop { $0.isWhitespace }.reversed()), isPremature: left <= 0))
        }
    }
}
