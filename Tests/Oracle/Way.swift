/// How a producer brings a file into a drop directory.
enum Way: String, CaseIterable, Sendable {
    /// Written under a hidden name beside it, then renamed.
    case renamedBeside = "renamed in, from beside"
    /// Written in another directory, then renamed.
    case renamedIn = "renamed in"
    case writtenAtOnce = "written in place"
    /// With pauses, open all the time.
    case writtenSlowly = "written slowly"
    /// Opened, appended to and closed again and again.
    case appended = "appended to"
    /// Linked in; the other name goes later, or stays.
    case linked = "hard link"
    /// Copied, then given its old times.
    case copiedOld = "copied with old times"
    /// Renamed in with old times.
    case restored = "restored from a backup"
    /// A directory of files, renamed in.
    case tree = "directory moved in"
    /// Another file is renamed over it a moment later.
    case replaced = "renamed over"
    /// It is cut and written again a moment later.
    case rewritten = "written again"
    /// It gets another name a moment later.
    case renamedWithin = "renamed there"
    /// The content of an earlier file, under the same or another name.
    case again = "dropped again"
    /// A file that stays gets a new time of change.
    case touched
    case bad = "bad file"
    /// Tar, zip or compressed tar of several files, some of them bad.
    case container
    /// Written slowly behind its checksum, which is wrong now and then.
    case summed = "behind its checksum"
    /// Renamed in behind metadata for it.
    case described = "behind its metadata"
    /// Renamed in behind metadata that names a time before which nobody may show it.
    case embargoed = "under embargo"
    /// Written with pauses that are longer than any wait, then its marker.
    case marked = "before its marker"

    /// The way makes sense at a site.
    func fits(_ site: DropSite) -> Bool {
        if site.isMarked || self == .marked { return site.isMarked && self == .marked }
        return self == .touched ? site.after == .leave : true
    }
}
