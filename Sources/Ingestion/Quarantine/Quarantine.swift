import Articles
import Hashing
import Linux
import Synchronization

/// The quarantines of all drop directories, for an operator who looks: what lies there and why. It changes nothing; the ways
/// out are the intake's (``Intake/retry(_:within:)``, ``Intake/discard(_:within:)``). Safe on any thread.
package final class Quarantine: Sendable {
    /// A file that lies there.
    package struct File: Sendable {
        /// The drop directory.
        package let directory: String
        package let reason: QuarantineReason
    }

    /// Which files are meant; all, where nothing is said.
    package struct Filter: Sendable, Decodable {
        package var code: String?
        package var source: String?
        /// Not before this time, milliseconds since 1970: what was quarantined since is left out.
        package var until: Int64?

        package init(code: String? = nil, source: String? = nil, until: Int64? = nil) {
            self.code = code
            self.source = source
            self.until = until
        }

        /// A file is among them.
        package func matches(_ reason: QuarantineReason) -> Bool {
            (code ?? reason.code) == reason.code && (source ?? reason.source) == reason.source
                && (until ?? .max) >= reason.time.milliseconds
        }
    }

    /// A part of the list.
    package struct Page: Sendable {
        package var files: [File] = []
        /// Where the next page begins; nil at the end.
        package var next: String?

        /// Makes an empty one.
        package init() {}
    }

    /// Files of a page, at most; files that are looked at for it, and bytes of what is said of them.
    private enum Limit {
        static let files = 500
        static let looks = 2000
        static let bytes = 256 << 10
    }

    private let known: Mutex<[String]>
    /// What the last part of a list has listed ahead of it.
    private let ahead = Mutex<QuarantineWalk.Ahead?>(nil)

    /// Makes it for drop directories, by their paths.
    package init(paths: [String]) { known = Mutex(paths) }

    /// Says anew which drop directories there are.
    func setPaths(_ paths: [String]) { known.withLock { $0 = paths } }

    /// Lists files with their reasons, in the order of directory and name. A page may be empty though another one follows.
    ///
    /// - Parameter after: `next` of the page before.
    package func page(_ filter: Filter = Filter(), after: String? = nil, limit: Int = 500) throws -> Page {
        let start = after.flatMap(Place.init)
        var page = Page()
        var looks = 0
        var bytes = 0
        for path in known.withLock({ $0 }).sorted() where path >= start?.directory ?? "" {
            // A directory that is away has nothing to show; the watcher says so elsewhere.
            guard let root = try? Directory(path: path) else { continue }
            let from = path == start?.directory ? start?.file : nil
            var walk = QuarantineWalk(root, ahead: from == nil ? nil : ahead.withLock { $0 })
            let isWhole = try walk.visit(after: from) { file in
                looks += 1
                let reason = try QuarantineReason.read(of: file, in: root, path)
                if filter.matches(reason) {
                    page.files.append(File(directory: path, reason: reason))
                    bytes += reason.name.utf8.count + reason.path.utf8.count + reason.message.utf8.count + 300
                }
                guard page.files.count < min(limit, Limit.files), looks < Limit.looks, bytes < Limit.bytes else {
                    page.next = Place(directory: path, file: file).text
                    return false
                }
                return true
            }
            let rest = walk.ahead
            ahead.withLock { $0 = isWhole ? nil : rest }
            if !isWhole { break }
        }
        return page
    }

    /// Returns the files of a name, one a drop directory at most.
    package func files(named name: String) throws -> [File] {
        let file = RelativePath(name)
        // Asked for by what stands in a list: names that are no text have another character in place of what is none.
        guard !name.contains("\u{fffd}") else { return try search(name) }
        let parts = file.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0.elementsEqual([0x2e]) || $0.elementsEqual([0x2e, 0x2e]) }),
            !file.bytes.contains(0), !QuarantineReason.isName(file), parts.first != Disposal.privateNames.bytes,
            parts.first != Disposal.companions.bytes
        else { return [] }
        return try known.withLock { $0 }.compactMap { path in
            guard let root = try? Directory(path: path),
                let folder = try QuarantineWalk(root).folder(file.parent),
                try folder.status(of: file.lastPart)?.isFileOrLink == true
            else { return nil }
            return File(directory: path, reason: try QuarantineReason.read(of: file, in: root, path))
        }
    }

    private func search(_ name: String) throws -> [File] {
        var found: [File] = []
        var after: String?
        repeat {
            let page = try page(after: after)
            found += page.files.filter { $0.reason.name == name }
            after = page.next
        } while after != nil
        return found
    }

    /// A place in the list.
    private struct Place {
        let directory: String
        let file: RelativePath

        init(directory: String, file: RelativePath) {
            self.directory = directory
            self.file = file
        }

        /// Reads the text of ``text``; nil where it is none.
        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let directory = Hexadecimal.decode(String(parts[0])),
                let file = Hexadecimal.decode(String(parts[1]))
            else { return nil }
            self.init(directory: String(decoding: directory, as: UTF8.self), file: RelativePath(bytes: file))
        }

        var text: String {
            "\(Hexadecimal.encode(Array(directory.utf8))).\(Hexadecimal.encode(Array(file.bytes)))"
        }
    }
}
