import Linux
import Telemetry

/// The events of the file system for all drop directories: one inotify instance, whose number is limited, and one descriptor.
///
/// Events are hints. Where they are not to be had, or were lost, the scans alone find everything.
final class DirectoryEvents {
    /// Whom a watch belongs to, and the number of the folder that is watched.
    private struct Watch {
        weak var owner: DropDirectory?
        var folder: Int32
    }

    /// How long until it is asked again for what the system did not give.
    private static let rest = Duration.seconds(60)

    private var inotify: Inotify?
    private var nextTry: Readiness.Moment = .zero
    private var watches: [Int32: Watch] = [:]
    /// It was said that something cannot be watched.
    private var wasRefused = false
    private var hasOverflowed = false
    private let logger = Logger(label: "intake")

    /// Makes it; where the system gives none, it says so once and no event comes until it does.
    init() { begin() }

    private func begin() {
        do {
            inotify = try Inotify()
        } catch {
            guard !wasRefused else { return }
            wasRefused = true
            logger.warning(
                .eventsUnavailable,
                [.error: "\(error)", .hint: "raise the sysctl fs.inotify.max_user_instances"])
        }
    }

    /// Asks again where there are none; folders are watched from their next listing on.
    func beginIfMissing(now: Readiness.Moment) {
        guard inotify == nil, nextTry <= now else { return }
        nextTry = now + DirectoryEvents.rest
        begin()
    }

    /// To poll for events; nil where there are none.
    var descriptor: Int32? { inotify?.descriptor }

    /// There are none at all.
    var isMissing: Bool { inotify == nil }

    /// Watches a directory; returns the number of the watch, nil where it cannot be watched.
    ///
    /// Where the same directory was watched under another name, its events belong to the new one from now on.
    func watch(_ directory: Directory, _ folder: Int32, owner: DropDirectory) -> Int32? {
        guard let inotify else { return nil }
        do {
            let number = try inotify.watch(directory)
            if let old = watches[number] { old.owner?.lostWatch(of: old.folder) }
            watches[number] = Watch(owner: owner, folder: folder)
            return number
        } catch {
            if !wasRefused {
                wasRefused = true
                logger.warning(
                    .eventsUnavailableForSome,
                    [
                        .directory: directory.path, .error: "\(error)",
                        .hint: "raise the sysctl fs.inotify.max_user_watches",
                    ])
            }
            return nil
        }
    }

    /// Ends a watch, unless it belongs to another directory by now.
    func unwatch(_ number: Int32, of folder: Int32, owner: DropDirectory) {
        guard let watch = watches[number], watch.folder == folder, watch.owner == nil || watch.owner === owner else {
            return
        }
        watches[number] = nil
        inotify?.unwatch(number)
    }

    /// Takes in the events that have come: each goes to the owner of its watch.
    func take(now: Readiness.Moment) {
        guard let inotify else { return }
        while true {
            let events = inotify.events()
            guard !events.isEmpty else { return }
            for event in events { take(event, now: now) }
        }
    }

    private func take(_ event: Inotify.Event, now: Readiness.Moment) {
        switch event.kind {
        case .overflowed:
            if !hasOverflowed {
                logger.warning(
                    .eventsLost,
                    [.hint: "raise the sysctl fs.inotify.max_queued_events"])
            }
            hasOverflowed = true
            var told: Set<ObjectIdentifier> = []
            for owner in watches.values.compactMap(\.owner) where told.insert(ObjectIdentifier(owner)).inserted {
                owner.eventsWereLost(now: now)
            }
        case .ended:
            guard let watch = watches.removeValue(forKey: event.watch) else { return }
            watch.owner?.lostWatch(of: watch.folder)
        case .moved:
            guard let watch = watches[event.watch] else { return }
            watch.owner?.folderMoved(watch.folder)
        case .created: hand(event, .created, now: now)
        case .modified: hand(event, .modified, now: now)
        case .closed: hand(event, .closed, now: now)
        case .movedIn: hand(event, .movedIn, now: now)
        }
    }

    private func hand(_ event: Inotify.Event, _ kind: Readiness.Event, now: Readiness.Moment) {
        guard let watch = watches[event.watch], let owner = watch.owner else { return }
        owner.take(kind, of: RelativePath(bytes: event.name), in: watch.folder, now: now)
    }
}
