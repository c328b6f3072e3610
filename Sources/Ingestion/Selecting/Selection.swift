import Linux

/// Decides by its name and place whether something in a drop directory is looked at.
///
/// What belongs to the watcher is never taken, whatever a configuration says: the archive and the quarantine would come in
/// again.
struct Selection: Sendable {
    private static let own: [ArraySlice<UInt8>] = [Disposal.archive.bytes, Disposal.quarantine.bytes]
    /// `.dropwire` and what is named after it.
    private static let ownPrefix = Disposal.privateNames.bytes

    private let include: [Glob]
    private let exclude: [Glob]
    private let junk: [Glob]
    private let takesHidden: Bool
    private let archive: RelativePath?
    /// Some glob is matched against paths.
    private let looksAtPaths: Bool

    init(_ configuration: DropDirectoryConfiguration) {
        // A configuration's globs were checked when it was read.
        include = configuration.include == ["*"] ? [] : configuration.include.compactMap { Glob($0) }
        exclude = configuration.exclude.compactMap { Glob($0) }
        junk = configuration.junk.compactMap { Glob($0) }
        takesHidden = configuration.takesHidden
        looksAtPaths = (include + exclude + junk).contains { $0.isPath }
        let below = configuration.archiveDirectory.flatMap { archive -> String? in
            archive.hasPrefix(configuration.path + "/") ? String(archive.dropFirst(configuration.path.count + 1)) : nil
        }
        archive = below.map { RelativePath($0) }
    }

    /// Returns whether a directory is scanned: it is neither the watcher's own, nor hidden, junk or excluded.
    func takesDirectory(_ name: RelativePath, in parent: RelativePath) -> Bool {
        if let archive, name.below(parent) == archive { return false }
        return takes(name, in: parent) { _ in true }
    }

    /// Returns whether a file is looked at: it is none of these either, and one of those that are included.
    func takesFile(_ name: RelativePath, in parent: RelativePath) -> Bool {
        takes(name, in: parent) { matches in include.isEmpty || matches(include) }
    }

    private func takes(
        _ name: RelativePath, in parent: RelativePath, _ isIncluded: (([Glob]) -> Bool) -> Bool
    ) -> Bool {
        let bytes = name.bytes
        if bytes.first == UInt8(ascii: ".") {
            if !takesHidden || bytes.starts(with: Selection.ownPrefix) { return false }
            if Selection.own.contains(where: { $0.elementsEqual(bytes) }) { return false }
        }
        let path = looksAtPaths ? name.below(parent) : name
        func matches(_ globs: [Glob]) -> Bool { globs.contains { $0.matches($0.isPath ? path.bytes : bytes) } }
        return !matches(junk) && !matches(exclude) && isIncluded(matches)
    }
}
