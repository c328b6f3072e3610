import Glibc
import Linux

/// Which names are those of companions in a drop directory, and of what. It does no I/O.
struct CompanionNames: Sendable {
    /// What a name stands for.
    struct Role: Equatable {
        var kind: Companion.Kind
        /// The name of the file that it belongs to: an article's file, also where it belongs to a companion of that.
        var owner: RelativePath
    }

    /// What stands before and behind a file's name in that of a companion.
    private struct Pattern: Sendable {
        var kind: Companion.Kind
        var prefix: [UInt8]
        var suffix: [UInt8]
        var length: Int { prefix.count + suffix.count }

        func beside(_ path: RelativePath) -> RelativePath {
            RelativePath(bytes: path.bytes[..<path.name.startIndex] + prefix + path.name + suffix)
        }
        /// With `*` for the file's name.
        var text: String

        init(kind: Companion.Kind, ending: String) {
            self.init(kind: kind, prefix: [], suffix: Array(ending.utf8), text: "*" + ending)
        }

        init(kind: Companion.Kind, prefix: [UInt8], suffix: [UInt8], text: String) {
            self.kind = kind
            self.prefix = prefix
            self.suffix = suffix
            self.text = text
        }
    }

    private let patterns: [Pattern]
    /// Markers that stand for the files of their directory.
    let batchMarkers: [RelativePath]
    /// No file is complete without a marker.
    let needsMarker: Bool
    /// No file is complete without a checksum.
    let needsChecksum: Bool

    init(_ configuration: DropDirectoryConfiguration) {
        var patterns: [Pattern] = []
        var batch: [RelativePath] = []
        for marker in configuration.doneMarkers {
            let parts = marker.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            if parts.count == 2 {
                patterns.append(Pattern(kind: .marker, prefix: Array(parts[0]), suffix: Array(parts[1]), text: marker))
            } else {
                batch.append(RelativePath(marker))
            }
        }
        if configuration.checksums != .ignore {
            for algorithm in ChecksumFile.Algorithm.allCases {
                patterns.append(Pattern(kind: .checksum(algorithm), ending: ".\(algorithm.rawValue)"))
            }
        }
        if configuration.hasMetadata {
            patterns.append(Pattern(kind: .metadata, ending: ".meta.json"))
        }
        self.patterns = patterns
        batchMarkers = batch
        needsMarker = !configuration.doneMarkers.isEmpty
        needsChecksum = configuration.checksums == .require
    }

    /// There are none.
    var isEmpty: Bool { patterns.isEmpty && batchMarkers.isEmpty }

    /// A file is looked at only when something beside it says so.
    var isNeeded: Bool { needsMarker || needsChecksum }

    /// Returns whether a name is that of a marker for all files of its directory.
    func isBatchMarker(_ name: RelativePath) -> Bool { batchMarkers.contains(name) }

    /// Returns what a name stands for; nil where it is that of an article's file, or of a marker for all.
    func role(of name: RelativePath) -> Role? {
        guard let first = match(name.bytes) else { return nil }
        var owner = first.owner
        var kind = first.kind
        // The checksum of a sidecar, the marker of a checksum: both go with the file of these.
        while let further = match(owner) {
            owner = further.owner
            kind = .attached
        }
        return Role(kind: kind, owner: RelativePath(bytes: owner))
    }

    private func match(_ name: ArraySlice<UInt8>) -> (kind: Companion.Kind, owner: ArraySlice<UInt8>)? {
        for pattern in patterns where name.count > pattern.length {
            guard name.suffix(pattern.suffix.count).elementsEqual(pattern.suffix),
                name.prefix(pattern.prefix.count).elementsEqual(pattern.prefix)
            else { continue }
            return (pattern.kind, name.dropFirst(pattern.prefix.count).dropLast(pattern.suffix.count))
        }
        return nil
    }

    /// A place where a companion of a file may lie.
    struct Place {
        let kind: Companion.Kind
        let path: RelativePath
        /// Its name, with `*` for that of its file.
        let pattern: String
    }

    /// Returns the places of a file's companions.
    func places(of path: RelativePath) -> [Place] {
        patterns.compactMap { CompanionNames.place($0.kind, $0.beside(path), $0.text) }
    }

    /// Returns the places of what belongs to a companion.
    func places(attachedTo place: Place) -> [Place] {
        patterns.compactMap { pattern in
            let text = pattern.text.replacing("*", with: place.pattern)
            return CompanionNames.place(.attached, pattern.beside(place.path), text)
        }
    }

    /// A place, or nil where no file can have that name: to look for one would be an error.
    private static func place(_ kind: Companion.Kind, _ path: RelativePath, _ pattern: String) -> Place? {
        path.name.count <= Int(NAME_MAX) ? Place(kind: kind, path: path, pattern: pattern) : nil
    }
}
