import Glibc
import Linux

/// Goes through the files of a quarantine in the order of their names, from any place on, without holding all names.
struct QuarantineWalk {
    private let root: Directory
    /// Names of one folder that are held at once.
    private static let memory = 1024

    init(_ root: Directory) { self.root = root }

    /// Opens a folder of the quarantine; nil where it is not there.
    func folder(_ below: RelativePath?) throws(SystemError) -> Directory? {
        do throws(SystemError) {
            return try root.directory((below ?? RelativePath("")).below(Disposal.quarantine))
        } catch {
            if [ENOENT, ENOTDIR, ELOOP].contains(error.code) { return nil }
            throw error
        }
    }

    /// Shows every file after a place, until `body` returns false; returns whether it came to the end.
    func visit(after: RelativePath?, _ body: (RelativePath) throws -> Bool) throws -> Bool {
        try visit(RelativePath(""), after?.bytes ?? [], body)
    }

    private func visit(
        _ path: RelativePath, _ after: ArraySlice<UInt8>, _ body: (RelativePath) throws -> Bool
    ) throws -> Bool {
        guard let folder = try folder(path.isEmpty ? nil : path) else { return true }
        let slash = after.firstIndex(of: UInt8(ascii: "/"))
        var last = RelativePath(bytes: after[..<(slash ?? after.endIndex)])
        var rest = slash.map { after[($0 + 1)...] } ?? []
        // The folder of the place itself is gone on with.
        var isIncluded = slash != nil
        while true {
            let names = try next(in: folder, after: last, isIncluded: isIncluded)
            guard let end = names.last else { return true }
            for name in names {
                let below = name.below(path)
                let isResumed = isIncluded && name == last
                switch try folder.status(of: name)?.kind {
                case .directory where name != Disposal.privateNames && name != Disposal.companions:
                    guard try visit(below, isResumed ? rest : [], body) else { return false }
                case .regular where !QuarantineReason.isName(name) && !isResumed, .symbolicLink where !isResumed:
                    guard try body(below) else { return false }
                default: continue
                }
            }
            (last, rest, isIncluded) = (end, [], false)
        }
    }

    /// Returns the first names after one, in order.
    private func next(
        in folder: Directory, after last: RelativePath, isIncluded: Bool
    ) throws(SystemError) -> [RelativePath] {
        var names: [RelativePath] = []
        let listing = try DirectoryListing(folder)
        while try listing.next() {
            guard listing.kind == nil || [.regular, .symbolicLink, .directory].contains(listing.kind) else { continue }
            let name = listing.name
            guard last.isEmpty || last < name || isIncluded && last == name else { continue }
            names.append(name)
            guard names.count >= 2 * QuarantineWalk.memory else { continue }
            names.sort()
            names.removeLast(names.count - QuarantineWalk.memory)
        }
        names.sort()
        return Array(names.prefix(QuarantineWalk.memory))
    }
}

extension FileStatus {
    /// It is what may be quarantined: a file, or where links are followed a link.
    var isFileOrLink: Bool { kind == .regular || kind == .symbolicLink }
}
