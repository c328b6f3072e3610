import Linux

/// The folders of a drop directory, with itself as the first, and what is known of each.
struct FolderTree {
    /// The drop directory itself.
    static let root: Int32 = 0
    /// Stands for all folders that are too many to be known one by one.
    static let elsewhere: Int32 = 1

    /// The times of a directory: while they stay the same, no name in it changes.
    struct Times: Equatable {
        var modified: Int64
        var changed: Int64
    }

    /// One folder.
    struct Folder {
        let path: RelativePath
        let key: UInt64
        let depth: Int
        fileprivate var parent: Int32
        fileprivate var firstChild: Int32 = -1
        fileprivate var next: Int32 = -1
        fileprivate var previous: Int32 = -1

        /// What was seen there last; nil before it was seen.
        var device: UInt64 = 0
        var inode: UInt64 = 0
        var isPresent = false
        /// Its parent's listing has shown it, or an event, and it is selected.
        var isAdmitted = false
        /// Its times, and when they were first seen to be these.
        var times = Times(modified: 0, changed: 0)
        var timesSince: Readiness.Moment = .zero
        /// When the last complete listing began.
        var listed: Readiness.Moment?
        /// Something may have happened that its times do not tell of.
        var isDirty = true
        /// Events were lost: what lies there is looked at with the next listing.
        var mayHaveLost = false
        /// No listing before this moment, so that those of a large folder do not follow on each other.
        var nextListing: Readiness.Moment = .zero
        /// When what lies there was last looked at, and how long that took.
        var examined: Readiness.Moment?
        var examinationTook: Duration = .zero
        /// The number of the watch; -1 where it is not watched.
        var watch: Int32 = -1
        /// The pass in which its parent's listing showed it last.
        var pass: UInt32 = 0
        /// The pass in which it was last found to be gone.
        var missed: UInt32 = 0
        /// Names that are no regular files.
        fileprivate(set) var irregular = 0
        /// Files that wait for a marker or a checksum.
        fileprivate(set) var unaccompanied = 0
        /// Files that were looked at and not taken in, for example small ones.
        var passedOver = 0
        /// Folders below that are too many to be known.
        fileprivate(set) var hasUnknown = false
        /// Why it cannot be read; nil where all is well.
        fileprivate(set) var trouble: String?
    }

    private var folders: [Folder?] = []
    private var free: [Int32] = []
    private var byKey: [UInt64: Int32] = [:]

    init() {
        let root = RelativePath("")
        folders = [
            Folder(path: root, key: PathKey.folder(root), depth: 1, parent: -1),
            Folder(path: root, key: PathKey.folder(root), depth: 1, parent: -1),
        ]
        byKey[PathKey.folder(root)] = FolderTree.root
    }

    /// Names that are no regular files, in all folders.
    private(set) var irregularCount = 0
    /// Files that wait for a marker or a checksum, in all folders.
    private(set) var unaccompaniedCount = 0
    /// Folders that have some below that are too many to be known.
    private(set) var unknownCount = 0
    /// Folders that cannot be read.
    private(set) var troubleCount = 0

    mutating func setIrregular(_ number: Int32, _ count: Int) {
        irregularCount += count - self[number].irregular
        self[number].irregular = count
    }

    mutating func setUnaccompanied(_ number: Int32, _ count: Int) {
        unaccompaniedCount += count - self[number].unaccompanied
        self[number].unaccompanied = count
    }

    mutating func setUnknown(_ number: Int32, _ hasUnknown: Bool) {
        unknownCount += (hasUnknown ? 1 : 0) - (self[number].hasUnknown ? 1 : 0)
        self[number].hasUnknown = hasUnknown
    }

    mutating func setTrouble(_ number: Int32, _ trouble: String?) {
        troubleCount += (trouble == nil ? 0 : 1) - (self[number].trouble == nil ? 0 : 1)
        self[number].trouble = trouble
    }

    /// Why some folder cannot be read; nil where all can be.
    var someTrouble: String? {
        guard troubleCount > 0 else { return nil }
        return folders.lazy.compactMap { $0?.trouble }.first
    }

    /// The number of folders that are known.
    var count: Int { byKey.count }

    /// All numbers that were given.
    var indices: Range<Int32> { 0..<Int32(folders.count) }

    subscript(_ number: Int32) -> Folder {
        _read { yield folders[Int(number)]! }
        _modify { yield &folders[Int(number)]! }
    }

    func contains(_ number: Int32) -> Bool { folders[Int(number)] != nil }

    /// Returns the folder of a path; nil where it is not known.
    func find(_ path: RelativePath) -> Int32? {
        byKey[PathKey.folder(path)].flatMap { folders[Int($0)]?.path == path ? $0 : nil }
    }

    /// Adds a folder whose path is not known yet; nil where another path has its key.
    mutating func add(_ path: RelativePath, in parent: Int32) -> Int32? {
        let key = PathKey.folder(path)
        guard byKey[key] == nil else { return nil }
        let number = free.popLast() ?? Int32(folders.count)
        var folder = Folder(path: path, key: key, depth: self[parent].depth + 1, parent: parent)
        folder.next = self[parent].firstChild
        if number == folders.count { folders.append(folder) } else { folders[Int(number)] = folder }
        if folder.next >= 0 { self[folder.next].previous = number }
        self[parent].firstChild = number
        byKey[key] = number
        return number
    }

    /// Removes a folder without folders below.
    mutating func remove(_ number: Int32) {
        let folder = self[number]
        precondition(folder.firstChild < 0, "folders below would be lost")
        if folder.previous >= 0 {
            self[folder.previous].next = folder.next
        } else {
            self[folder.parent].firstChild = folder.next
        }
        if folder.next >= 0 { self[folder.next].previous = folder.previous }
        setIrregular(number, 0)
        setUnaccompanied(number, 0)
        setUnknown(number, false)
        setTrouble(number, nil)
        byKey[folder.key] = nil
        folders[Int(number)] = nil
        free.append(number)
    }

    /// Returns the folder in which one lies; not for the drop directory itself.
    func parent(of number: Int32) -> Int32 { self[number].parent }

    func hasChildren(_ number: Int32) -> Bool { self[number].firstChild >= 0 }

    /// Returns the folder after one, each before those that lie in it; nil at the end of those below `top`.
    func next(after number: Int32, below top: Int32 = root) -> Int32? {
        if self[number].firstChild >= 0 { return self[number].firstChild }
        var number = number
        while number != top {
            if self[number].next >= 0 { return self[number].next }
            number = self[number].parent
        }
        return nil
    }
}
