import CXML2

/// Takes libxml2's events and builds a tree of them within limits.
struct XMLTreeBuilder {
    private let limits: XMLTree.Limits
    private(set) var tree = XMLTree()
    private var open: [Int32] = []
    private var namesByAddress = [Slot](repeating: Slot(), count: 64)
    private var context: xmlParserCtxtPtr?
    private(set) var limitFault: XMLError?

    /// libxml2 keeps each name once, so that its addresses say which it is. They are looked up in a table with open
    /// addressing: hashing as a dictionary does took a tenth of all time.
    private struct Slot {
        var local: UInt = 0
        var namespace: UInt = 0
        var name: Int32 = -1
    }

    init(limits: XMLTree.Limits, expectedBytes: Int) {
        self.limits = limits
        tree.nodes.reserveCapacity(expectedBytes / 24)
        tree.bytes.reserveCapacity(expectedBytes)
    }

    mutating func begin(_ context: xmlParserCtxtPtr) { self.context = context }

    /// Closes what is still open.
    mutating func finish() { while !open.isEmpty { end() } }

    private mutating func stop(_ message: String) {
        if limitFault == nil { limitFault = XMLError(code: 0, line: Int(line), message: message) }
        xmlStopParser(context)
    }

    private var line: Int32 { Int32(clamping: Int(context?.pointee.input?.pointee.line ?? 0)) }

    // MARK: Events

    /// Opens an element; `attributes` are five pointers each: name, prefix, namespace, value, end of the value.
    mutating func start(
        _ local: UnsafePointer<xmlChar>, prefix: UnsafePointer<xmlChar>?, namespace: UnsafePointer<xmlChar>?,
        attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int
    ) {
        guard limitFault == nil else { return }
        guard open.count < limits.depth else { return stop("elements are nested more than \(limits.depth) deep") }
        // A second root, behind the end of the first one.
        guard !open.isEmpty || tree.nodes.isEmpty else { return }
        let first = Int32(tree.attributes.count)
        for index in 0..<count {
            guard let fields = attributes.map({ $0 + 5 * index }), let name = fields[0], let start = fields[3],
                let end = fields[4]
            else { continue }
            let place = Int32(tree.bytes.count)
            tree.bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: end - start))
            tree.attributes.append(
                .init(
                    name: self.name(name, fields[2] ?? fields[1]), start: place, count: Int32(tree.bytes.count) - place)
            )
        }
        let index = Int32(tree.nodes.count)
        append(
            XMLTree.Node(
                name: name(local, namespace ?? prefix), parent: open.last ?? -1, end: index + 1, line: line,
                start: first,
                count: Int32(count)))
        tree.nodes[Int(index)].count = Int32(tree.attributes.count) - first
        open.append(index)
    }

    /// Closes the element that was opened last.
    mutating func end() {
        guard let index = open.popLast() else { return }
        tree.nodes[Int(index)].end = Int32(tree.nodes.count)
    }

    /// Adds text to the open element.
    mutating func text(_ text: UnsafeBufferPointer<xmlChar>) {
        guard limitFault == nil, let parent = open.last else { return }
        let place = Int32(tree.bytes.count)
        tree.bytes.append(contentsOf: text)
        if let last = tree.nodes.last, last.isText, last.parent == parent, last.start + last.count == place {
            tree.nodes[tree.nodes.count - 1].count += Int32(text.count)
        } else {
            let index = Int32(tree.nodes.count)
            append(
                XMLTree.Node(
                    name: -1, parent: parent, end: index + 1, line: line, start: place, count: Int32(text.count)))
        }
    }

    /// Notes the first thing that is not well-formed.
    mutating func note(_ error: XMLError) { tree.note(error) }

    // MARK: Tree

    private mutating func append(_ node: XMLTree.Node) {
        if tree.nodes.count >= limits.nodes { stop("there are more than \(limits.nodes) elements and texts") }
        tree.nodes.append(node)
    }

    private mutating func name(_ local: UnsafePointer<xmlChar>, _ namespace: UnsafePointer<xmlChar>?) -> Int32 {
        let address = (local: UInt(bitPattern: local), namespace: UInt(bitPattern: namespace))
        var place = self.place(of: address.local, address.namespace)
        while namesByAddress[place].name >= 0 {
            let slot = namesByAddress[place]
            if slot.local == address.local, slot.namespace == address.namespace { return slot.name }
            place = (place + 1) & (namesByAddress.count - 1)
        }
        let index = Int32(tree.names.count)
        tree.names.append(
            XMLTree.Name(namespace: namespace.map { String(cString: $0) } ?? "", local: String(cString: local)))
        namesByAddress[place] = Slot(local: address.local, namespace: address.namespace, name: index)
        if tree.names.count * 2 > namesByAddress.count { growNames() }
        return index
    }

    private func place(of local: UInt, _ namespace: UInt) -> Int {
        let mixed = (local ^ namespace << 7) &* 0x9e37_79b9_7f4a_7c15
        return Int(mixed >> 32) & (namesByAddress.count - 1)
    }

    private mutating func growNames() {
        let slots = namesByAddress
        namesByAddress = [Slot](repeating: Slot(), count: slots.count * 2)
        for slot in slots where slot.name >= 0 {
            var place = self.place(of: slot.local, slot.namespace)
            while namesByAddress[place].name >= 0 { place = (place + 1) & (namesByAddress.count - 1) }
            namesByAddress[place] = slot
        }
    }
}
