/// Which containers are opened, how far they may expand, and which of their members are files to read.
package struct ContainerRules: Sendable {
    /// Whether compressed files and archives are opened at all.
    package var opensContainers = true
    /// The number of members of a file, with those of containers in it and those that are passed over.
    package var maximumMembers = 1_000_000
    /// How deep containers may lie in containers; 1 is the file itself. A compressed tar is one container.
    package var maximumNesting = 3
    /// The bytes that a file may expand to.
    package var maximumExpandedBytes = 64 << 30
    /// How many times its own size a file may expand to, beyond ``expansionAllowance``. Text comes to ten times, many copies
    /// of one text to a hundred; gzip cannot do more than 1,032, so that a limit above would let its bombs pass.
    package var maximumExpansion = 250
    /// The bytes that any file may expand to, so that a small text that compresses well is no bomb.
    package static let expansionAllowance = 1 << 20
    /// Whether a name, or the name of a directory that it is in, says that a member is no article: junk and hidden files.
    package var isJunk: @Sendable (ArraySlice<UInt8>) -> Bool = { $0.first == UInt8(ascii: ".") }

    /// Makes the default rules.
    package init() {}
}
