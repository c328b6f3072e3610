import Glibc
import Linux

/// Goes through the files of a quarantine in the order of their names, from any place on, without holding all names.
struct QuarantineWalk {
    /// Names of one folder that were listed and not looked at yet: the next part of a list begins with them.
    struct Ahead {
        fileprivate let directory: String
        fileprivate let folder: RelativePath
        /// All names behind this one, up to the last that is held.
        fileprivate let after: RelativePath
        fileprivate let names: [RelativePath]
        /// There are no further ones.
        fileprivate let isAll: Bool
        fileprivate let made: ContinuousClock.Instant
    }

    private let root: Directory
    private(set) var ahead: Ahead?
    /// Names of one folder that are held at once: to list it costs as much for few of them as for many.
    private static let memory = 16_384
    /// What comes into a folder meanwhile is seen by a list that begins later than this.
    private static let patience = Duration.seconds(60)

    init(_ root: Directory, ahead: Ahead? = nil) {
        self.root = root
        self.ahead = ahead.flatMap { $0.directory == root.path && $0.made + QuarantineWalk.patience > .now ? $0 : nil }
    }

    /// Opens a folder of the quarantine; nil where it is not there.
    func folder(_ below: RelativePath?) throws(SystemError) -> Directory? {
        do throws(SystemError) {
            return try root.directory((below ?? RelativePath("")).below(Disposal.quarantine))
        } catch {
            if error.isOfNothing { return nil }
            throw error
        }
    }

    /// Shows every file after a place, until `body` returns false; returns whether it came to the end.
    mutating func visit(after: RelativePath?, _ body: (RelativePath) throws -> Bool) throws -> Bool {
        try visit(RelativePath(""), after?.bytes ?? [], body)
    }

    private mutating func visit(
        _ path: RelativePath, _ after: ArraySlice<UInt8>, _ body: (RelativePath) throws -> Bool
    ) throws -> Bool {
        guard let folder = try folder(path.isEmpty ? nil : path) else { return true }
        let slash = after.firstIndex(of: UInt8(ascii: "/"))
        var last = RelativePath(bytes: after[..<(slash ?? after.endIndex)])
        var rest = slash.map { after[($0 + 1)...] } ?? []
        // The folder of the place itself is gone on with.
        var isIncluded = slash != nil
        while true {
            let names = try next(in: folder, path, after: last, isIncluded: isIncluded)
            guard let end = names.last else { return true }
            for name in names {
                let below = name.below(path)
                let isResumed = isIncluded && name == last
                switch try folder.status(of: name)?.kind {
                case .directory where name != Disposal.privateNames && name != Disposal.companions:
                    guard try visit(below, isResumed ? rest : [], body) else { return false }
                case .regular where !isResumed, .symbolicLink where !isResumed:
                    guard try body(below) else { return false }
                default: continue
                }
            }
            (last, rest, isIncluded) = (end, [], false)
        }
    }

    /// Returns the first names after one, in order.
    private mutating func next(
        in folder: Directory, _ path: RelativePath, after last: RelativePath, isIncluded: Bool
    ) throws(SystemError) -> [RelativePath] {
        if let ahead, ahead.folder == path, !last.isEmpty, ahead.after <= last {
            let rest = ahead.names.drop { isIncluded ? $0 < last : $0 <= last }
            if ahead.isAll || !rest.isEmpty { return Array(rest) }
        }
        var names: [RelativePath] = []
        var isAll = true
        let listing = try DirectoryListing(folder)
        while try listing.next() {
            let kind = listing.kind
            guard kind != .fifo, kind != .socket, kind != .device else { continue }
            let name = listing.name
            guard !QuarantineReason.isName(name), last.isEmpty || last < name || isIncluded && last == name else {
                continue
            }
            names.append(name)
            guard names.count >= 2 * QuarantineWalk.memory else { continue }
            names.sort()
            names.removeLast(names.count - QuarantineWalk.memory)
            isAll = false
        }
        names.sort()
        if names.count > QuarantineWalk.memory {
            names.removeLast(names.count - QuarantineWalk.memory)
            isAll = false
        }
        ahead = Ahead(directory: root.path, folder: path, after: last, names: names, isAll: isAll, made: .now)
        return names
    }
}

extension FileStatus {
    /// It is what may be quarantined: a file, or where links are followed a link.
    var isFileOrLink: Bool { kind == .regular || kind == .symbolicLink }
}
