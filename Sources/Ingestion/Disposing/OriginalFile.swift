package import Articles
import Glibc
import Hashing
package import Linux

/// A dropped file as it lies now: left where it was, in the archive, or in quarantine. It is found by its name and size, and
/// what is sent of it is known by its hash, so that nothing else is ever sent in its stead.
package struct OriginalFile: Sendable {
    /// What a file record says of a file.
    package struct Description: Sendable {
        /// Below the drop directory.
        package var path: RelativePath
        package var bytes: Int
        /// Of the whole content.
        package var sha256: [UInt8]
        /// When it was received, by which its folder in the archive is named.
        package var received: Timestamp

        package init(path: RelativePath, bytes: Int, sha256: [UInt8], received: Timestamp) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
            self.received = received
        }
    }

    /// Where it lies.
    package enum Place: String, Sendable { case drop, archive, quarantine }

    package let place: Place
    /// The whole path.
    package let path: String
    /// Its bytes; nil for a file that is too large to be sent.
    package let content: [UInt8]?

    /// A larger file is not sent, only where it lies.
    package static let maximumContent = 8 << 20
    /// The names beside its own that are looked at in one folder: those that a name has when it was taken.
    private static let maximumNames = 100

    /// Looks for a file.
    ///
    /// - Parameters:
    ///   - directory: its drop directory.
    ///   - archive: where that keeps its archive.
    /// - Returns: nil where it lies nowhere any more.
    package static func find(
        _ file: Description, in directory: String, archive: String
    ) throws(SystemError) -> OriginalFile? {
        let folder = file.path.parent ?? RelativePath("")
        let day = folder.below(RelativePath(file.received.day))
        let places: [(Place, String, RelativePath)] = [
            (.drop, directory, folder), (.archive, archive, day),
            (.quarantine, "\(directory)/\(Disposal.quarantine)", folder),
        ]
        for (place, base, folder) in places {
            guard let opened = try open(base, folder) else { continue }
            for name in try names(of: file.path.lastPart, in: opened, isKept: place != .drop) {
                guard let status = try opened.status(of: name), status.kind == .regular, status.size == file.bytes
                else { continue }
                let content = file.bytes > maximumContent ? nil : try opened.open(name).readWhole(size: file.bytes)
                if let content, SHA256.hash(content) != file.sha256 { continue }
                return OriginalFile(place: place, path: "\(opened.path)/\(name)", content: content)
            }
        }
        return nil
    }

    private static func open(_ base: String, _ folder: RelativePath) throws(SystemError) -> Directory? {
        do {
            let directory = try Directory(path: base)
            return folder.isEmpty ? directory : try directory.directory(folder)
        } catch  where error.isOfNothing {
            return nil
        }
    }

    /// The names that it may have: its own, and where it is kept, those that begin with it.
    private static func names(
        of name: RelativePath, in folder: Directory, isKept: Bool
    ) throws(SystemError) -> [RelativePath] {
        guard isKept else { return [name] }
        let others = try folder.entries().map(\.name).filter { $0.bytes.starts(with: name.bytes + [UInt8(ascii: "~")]) }
        return [name] + others.sorted().prefix(maximumNames)
    }
}
