/// A page of HTML as a tree in one piece of memory: nodes in the order of the page, each with where its subtree ends.
///
/// Node 0 is the page itself. A node's descendants are the nodes behind it up to its ``Node/end``, so that a loop over
/// indices visits a subtree, and nesting of any depth costs no stack. Comments, the doctype, styles and scripts are left
/// out, but for scripts whose type says JSON-LD.
package struct HTMLTree: Sendable {
    /// An element or a piece of text.
    package struct Node: Sendable {
        /// The element's name; nil for text.
        package var name: HTMLName?
        /// How many attributes an element has.
        var attributeCount: UInt16
        /// The index of the element around it.
        package var parent: Int32
        /// The index behind its last descendant.
        package var end: Int32
        /// Where a text begins in ``HTMLTree/bytes``, or an element's attributes in the attribute table.
        var start: Int32
        /// How many bytes a text has.
        var count: Int32

        /// Whether it is a piece of text.
        package var isText: Bool { name == nil }
        /// Where a text stands in ``HTMLTree/bytes``.
        package var text: Range<Int> { Int(start)..<Int(start) + Int(count) }
        /// Where an element's attributes stand in ``HTMLTree/attributes``.
        package var attributes: Range<Int> { Int(start)..<Int(start) + Int(attributeCount) }
    }

    /// An attribute of an element. An element whose name is not in ``HTMLName`` has its name in one called ``HTMLName/other``.
    package struct Attribute: Sendable {
        /// Its name.
        package var name: HTMLName
        var start: Int32
        var count: Int32

        /// Where the value stands in ``HTMLTree/bytes``.
        package var value: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// What bounds the work on a hostile page.
    package struct Limits: Sendable {
        /// How deep elements may nest; the tree itself is folded flat below ``treeDepth``.
        package var depth = 4096
        /// Below this depth elements become siblings.
        package var treeDepth = 256
        /// How many elements and texts there may be.
        package var nodes = 1_000_000
        /// How many attributes an element may have.
        package var attributes = 1024
        /// Tags times the depth at which they stand: what the parser's search for the element that a tag closes costs.
        package var work = 32_000_000

        /// Makes the default limits.
        package init() {}
    }

    /// The nodes in the order of the page.
    package internal(set) var nodes: [Node]
    /// The attributes of all elements, those of one behind each other.
    package internal(set) var attributes: [Attribute]
    /// Valid UTF-8: every text and every attribute's value.
    package internal(set) var bytes: [UInt8]

    /// Returns where the value of an element's attribute stands in ``bytes``; nil where it has none of that name.
    package func value(of name: HTMLName, at node: Int) -> Range<Int>? {
        guard nodes[node].name != nil else { return nil }
        for attribute in attributes[nodes[node].attributes] where attribute.name == name { return attribute.value }
        return nil
    }

    /// Returns the value of an element's attribute; nil where it has none of that name.
    package func string(of name: HTMLName, at node: Int) -> String? {
        value(of: name, at: node).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}
