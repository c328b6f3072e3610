import Articles
import Glibc
import Linux
import Telemetry

/// Looks after the archive and the quarantine of one drop directory: counts them, and removes from the archive what is
/// older or more than the directory's limits allow, the oldest first.
///
/// It touches nothing but regular files and links within the folders named after days, follows no link and leaves the
/// archive's file system never.
struct ArchiveKeeper {
    let house: Housekeeper.House
    /// Called after every so many entries; false ends the work early.
    typealias Pause = () -> Bool

    private static let slice = 128
    /// Files of one day that are remembered as its oldest, at most.
    private static let memory = 16_384
    private static let countInterval: Int64 = 86_400_000
    private static let dayInterval: Int64 = 600_000

    private var counted: Int64 = 0
    private var lookedAtDays: Int64 = 0
    private var entries = 0
    private var lastFailure = ""
    private let logger = Logger(label: "archive")

    init(_ house: Housekeeper.House) { self.house = house }

    /// Does what is due.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - pause: called now and then.
    mutating func tidy(now: Int64, pause: Pause) {
        do throws(SystemError) {
            if counted == 0 || abs(now - counted) >= ArchiveKeeper.countInterval { try count(now: now, pause) }
            if house.retention > .zero, abs(now - lookedAtDays) >= ArchiveKeeper.dayInterval {
                lookedAtDays = now
                try removeOldDays(now: now, pause)
            }
            if house.maximumBytes > 0 { try removeExcess(pause) }
            lastFailure = ""
        } catch {
            let failure = "\(error)"
            if failure != lastFailure {
                logger.warning("The archive cannot be tidied.", [.directory: house.directory, .error: failure])
            }
            lastFailure = failure
        }
    }

    // MARK: Counting

    private mutating func count(now: Int64, _ pause: Pause) throws(SystemError) {
        house.kept.beginCount()
        var days: [String: Int64] = [:]
        if house.maximumBytes > 0, let base = try open() {
            for day in try dayFolders(of: base) {
                var bytes: Int64 = 0
                guard try walk(base, day.name, pause, { bytes += $1.size }) else { return }
                days[day.text] = bytes
            }
        }
        guard let quarantined = try countQuarantine(pause) else { return }
        house.kept.endCount(archived: days, quarantined: quarantined)
        counted = now
    }

    private mutating func countQuarantine(_ pause: Pause) throws(SystemError) -> Int? {
        var count = 0
        do throws(SystemError) {
            let isWhole = try walk(Directory(path: house.directory), Disposal.quarantine, pause) { path, _ in
                if QuarantineReason.isName(path) { count += 1 }
            }
            return isWhole ? count : nil
        } catch  where error.code == ENOENT {
            return 0
        }
    }

    // MARK: Removing

    private mutating func removeOldDays(now: Int64, _ pause: Pause) throws(SystemError) {
        guard let base = try open() else { return }
        // A folder goes when its last file is old enough.
        let end = Timestamp(milliseconds: max(0, now - house.retention.wholeMilliseconds)).day
        for day in try dayFolders(of: base) where day.text < end {
            guard try remove(day, base, reason: "archive_retention", pause, wanted: .max) else { return }
        }
    }

    private mutating func removeExcess(_ pause: Pause) throws(SystemError) {
        guard let bytes = house.kept.numbers.archivedBytes, bytes > house.maximumBytes, let base = try open() else {
            return
        }
        // A little more than must be, so that the same day is not gone through for every file that comes.
        var excess = bytes - house.maximumBytes + house.maximumBytes / 64
        for day in try dayFolders(of: base) where excess > 0 {
            let before = house.kept.numbers.removedBytes
            guard try remove(day, base, reason: "archive_max_bytes", pause, wanted: excess) else { return }
            excess -= house.kept.numbers.removedBytes - before
        }
    }

    private struct Old {
        let changed: Int64
        let size: Int64
        let path: RelativePath
    }

    /// Removes files of a day, the oldest first, until `wanted` bytes are gone; returns whether it was not ended early.
    private mutating func remove(
        _ day: DayFolder, _ base: Directory, reason: String, _ pause: Pause, wanted: Int64
    ) throws(SystemError) -> Bool {
        var files = 0
        var bytes: Int64 = 0
        defer {
            if files > 0 {
                logger.notice(
                    "Archived files were removed.",
                    [
                        .directory: house.directory, .day: day.text, .files: "\(files)", .bytes: "\(bytes)",
                        .reason: reason,
                    ])
            }
        }
        while bytes < wanted {
            let (oldest, isAll) = try findOldest(day, base, pause)
            guard !oldest.isEmpty else { break }
            var folder: (path: RelativePath?, open: Directory) = (nil, base)
            for old in oldest where bytes < wanted {
                // By way of its open folder: no part of a path may be a link.
                if folder.path != old.path.parent, let parent = old.path.parent {
                    folder = (parent, try base.directory(parent))
                }
                guard try folder.open.removeIfThere(old.path.lastPart) else { continue }
                files += 1
                bytes += old.size
                house.kept.removed(day: day.text, files: 1, bytes: old.size)
                guard goOn(pause) else { return false }
            }
            if isAll { break }
        }
        try removeEmptyFolders(base, day.name)
        return true
    }

    /// Returns files of a day in order of age, as many as are remembered at once, and whether these are all.
    private mutating func findOldest(
        _ day: DayFolder, _ base: Directory, _ pause: Pause
    ) throws(SystemError) -> (files: [Old], isAll: Bool) {
        var oldest: [Old] = []
        var isAll = true
        let isWhole = try walk(base, day.name, pause) { path, status in
            oldest.append(Old(changed: status.changed, size: status.size, path: path))
            guard oldest.count >= 2 * ArchiveKeeper.memory else { return }
            isAll = false
            oldest.sort { $0.changed < $1.changed }
            oldest.removeLast(oldest.count - ArchiveKeeper.memory)
        }
        guard isWhole else { return ([], true) }
        oldest.sort { $0.changed < $1.changed }
        return (oldest, isAll)
    }

    /// Removes folders in which nothing is left.
    private mutating func removeEmptyFolders(_ base: Directory, _ path: RelativePath) throws(SystemError) {
        let folder: Directory
        do throws(SystemError) { folder = try base.directory(path) } catch {
            if error.isOfNothing || error.code == EXDEV { return }
            throw error
        }
        let listing = try DirectoryListing(folder)
        while try listing.next() {
            if listing.kind == .directory { try removeEmptyFolders(base, path.appending(listing.name.bytes)) }
        }
        do throws(SystemError) { try base.removeDirectory(path) } catch {
            // Not empty, or a mount.
            if ![ENOTEMPTY, EEXIST, EBUSY, ENOENT].contains(error.code) { throw error }
        }
    }

    // MARK: Walking

    private struct DayFolder {
        let name: RelativePath
        let text: String
    }

    private func open() throws(SystemError) -> Directory? {
        do throws(SystemError) { return try Directory(path: house.archive) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// Returns the folders that are named after days, the oldest first.
    private func dayFolders(of base: Directory) throws(SystemError) -> [DayFolder] {
        var days: [DayFolder] = []
        let listing = try DirectoryListing(base)
        while try listing.next() {
            let name = listing.name
            if ArchiveKeeper.isDay(name.description) { days.append(DayFolder(name: name, text: name.description)) }
        }
        return days.sorted { $0.text < $1.text }
    }

    private static func isDay(_ text: String) -> Bool {
        text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7
                    ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    /// Shows every regular file and link below a folder, without following any and without leaving its file system;
    /// returns whether it was not ended early.
    private mutating func walk(
        _ base: Directory, _ path: RelativePath, _ pause: Pause, _ body: (RelativePath, FileStatus) -> Void
    ) throws(SystemError) -> Bool {
        let folder: Directory
        do throws(SystemError) { folder = try base.directory(path) } catch {
            if error.isOfNothing { return true }
            throw error
        }
        guard try folder.status().device == base.status().device else { return true }
        let listing = try DirectoryListing(folder)
        while try listing.next() {
            guard goOn(pause) else { return false }
            let below = path.appending(listing.name.bytes)
            guard let status = try listing.status() else { continue }
            switch status.kind {
            case .regular, .symbolicLink: body(below, status)
            case .directory: guard try walk(base, below, pause, body) else { return false }
            case .fifo, .socket, .device: continue
            }
        }
        return true
    }

    private mutating func goOn(_ pause: Pause) -> Bool {
        entries &+= 1
        return entries % ArchiveKeeper.slice == 0 ? pause() : true
    }
}
