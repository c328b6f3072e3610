/// A document of XML as a tree in one piece of memory: nodes in the order of the document, each with where its subtree ends.
///
/// Node 0 is the root element. A node's descendants are the nodes behind it up to its ``Node/end``. Comments, instructions
/// and the doctype are left out; white space between elements is kept.
package struct XMLTree: Sendable {
    /// A name with its namespace.
    package struct Name: Sendable, Hashable {
        /// The namespace's name; the prefix where nothing declares it, empty where there is none.
        package var namespace: String
        package var local: String
    }

    /// An element or a piece of text.
    package struct Node: Sendable {
        /// The index of an element's name in ``XMLTree/names``; -1 for text.
        package var name: Int32
        /// The index of the element around it; -1 for the root.
        package var parent: Int32
        /// The index behind its last descendant.
        package var end: Int32
        /// The line where it begins, from 1.
        package var line: Int32
        /// Where a text begins in ``XMLTree/bytes``, or an element's attributes in ``XMLTree/attributes``.
        var start: Int32
        /// How many bytes a text has, or attributes an element.
        var count: Int32

        package var isText: Bool { name < 0 }
        /// Where a text stands in ``XMLTree/bytes``.
        package var text: Range<Int> { isText ? Int(start)..<Int(start + count) : 0..<0 }
    }

    struct Attribute: Sendable {
        var name: Int32
        var start: Int32
        var count: Int32
    }

    /// What bounds the work on a hostile document.
    package struct Limits: Sendable {
        /// How deep elements may nest.
        package var depth = 256
        /// How many elements and texts there may be.
        package var nodes = 4_000_000

        /// Makes the default limits.
        package init() {}
    }

    package internal(set) var nodes: [Node] = []
    var attributes: [Attribute] = []
    /// Texts and the values of attributes, in UTF-8.
    package internal(set) var bytes: [UInt8] = []
    package internal(set) var names: [Name] = []
    /// The first thing that was wrong and was read over; nil for a well-formed document.
    package private(set) var fault: XMLError?

    /// Notes what was wrong, if nothing was so far.
    package mutating func note(_ error: XMLError?) { fault = fault ?? error }

    // MARK: Looking

    /// The name of an element; nil for text.
    package func name(_ index: Int) -> Name? {
        let name = nodes[index].name
        return name < 0 ? nil : names[Int(name)]
    }

    /// The elements directly in an element, by index.
    package func elements(in index: Int) -> [Int] {
        var elements: [Int] = []
        var child = index + 1
        while child < nodes[index].end {
            if !nodes[child].isText { elements.append(child) }
            child = Int(nodes[child].end)
        }
        return elements
    }

    /// The text of a node and all that is in it.
    package func text(_ index: Int) -> String {
        var text: [UInt8] = []
        for node in nodes[index..<Int(nodes[index].end)] where node.isText {
            text += bytes[Int(node.start)..<Int(node.start + node.count)]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text.
    package func bytes(of index: Int) -> ArraySlice<UInt8> {
        let node = nodes[index]
        return node.isText ? bytes[Int(node.start)..<Int(node.start + node.count)] : []
    }

    /// The value of an element's attribute; `namespace` is empty for one without.
    package func attribute(_ local: String, _ namespace: String = "", of index: Int) -> String? {
        let node = nodes[index]
        guard !node.isText else { return nil }
        for attribute in attributes[Int(node.start)..<Int(node.start + node.count)] {
            let name = names[Int(attribute.name)]
            guard name.local == local, name.namespace == namespace else { continue }
            return String(
                decoding: bytes[Int(attribute.start)..<Int(attribute.start + attribute.count)], as: UTF8.self)
        }
        return nil
    }

    /// Where the value stands in ``bytes`` of the first attribute that is wanted, told by its name's index in ``names``.
    package func value(of index: Int, where isWanted: (Int) -> Bool) -> Range<Int>? {
        let node = nodes[index]
        guard !node.isText else { return nil }
        for attribute in attributes[Int(node.start)..<Int(node.start + node.count)]
        where isWanted(Int(attribute.name)) {
            return Int(attribute.start)..<Int(attribute.start + attribute.count)
        }
        return nil
    }

    /// The value of an attribute of the element, or of the nearest one around it that has it.
    package func inherited(_ local: String, _ namespace: String, at index: Int) -> String? {
        var index = index
        while index >= 0 {
            if let value = attribute(local, namespace, of: index) { return value }
            index = Int(nodes[index].parent)
        }
        return nil
    }

    /// The namespace of `xml:lang` and `xml:base`.
    package static let xml = "http://www.w3.org/XML/1998/namespace"

    /// Writes what is in an element as markup, without namespaces, as HTML reads it.
    package func markup(in index: Int) -> String {
        var output: [UInt8] = []
        write(in: index, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func write(in index: Int, to output: inout [UInt8]) {
        var child = index + 1
        while child < nodes[index].end {
            let node = nodes[child]
            if node.isText {
                XMLTree.escape(bytes(of: child), to: &output)
            } else {
                let name = names[Int(node.name)].local
                output.append(UInt8(ascii: "<"))
                output += name.utf8
                for attribute in attributes[Int(node.start)..<Int(node.start + node.count)] {
                    output.append(0x20)
                    output += names[Int(attribute.name)].local.utf8
                    output += "=\"".utf8
                    XMLTree.escape(bytes[Int(attribute.start)..<Int(attribute.start + attribute.count)], to: &output)
                    output.append(UInt8(ascii: "\""))
                }
                output.append(UInt8(ascii: ">"))
                write(in: child, to: &output)
                if !XMLTree.voids.contains(name) {
                    output += "</".utf8
                    output += name.utf8
                    output.append(UInt8(ascii: ">"))
                }
            }
            child = Int(node.end)
        }
    }

    private static let voids: Set<String> = ["br", "hr", "img", "wbr", "input", "meta", "link", "area", "col", "embed"]

    private static func escape(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            default: output.append(byte)
            }
        }
    }
}
