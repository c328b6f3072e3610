import Articles
import Linux
import TOML

/// The last look before a file is taken in hand.
extension DropDirectory {
    /// A file to take in hand.
    struct Next {
        /// What is to be done with it.
        enum Purpose: Equatable {
            case read
            /// It has its outcome unread.
            case ignore(ReasonCode)
        }

        let path: RelativePath
        let identity: FileIdentity
        /// What belongs to it and goes with it.
        var companions: [Companion] = []
        var purpose = Purpose.read
        /// Other sidecars lie beside it than at the last try.
        fileprivate(set) var hasOtherSidecars = false
        /// What is known of it and of these.
        fileprivate(set) var readiness: Readiness
    }

    /// Takes the first complete file in hand; nil where none is. What came of it must be told.
    func takeNext(now: Readiness.Moment) -> Next? {
        guard canTake(now: now), rate.next <= now, let next = firstAdmitted(now: now) ?? takeOrphan(now: now) else {
            return nil
        }
        inHand.insert(next.path)
        rate.take(bytes: next.purpose == .read ? next.identity.size : 0, now: now)
        return next
    }

    private func firstAdmitted(now: Readiness.Moment) -> Next? {
        while let path = table.takeNext(now: now), let slot = table.slot(of: path) {
            if let next = admit(path, slot, now: now) { return next }
        }
        return nil
    }

    /// Returns a file whose turn has come, or nil where it must wait after all.
    private func admit(_ path: RelativePath, _ slot: Int32, now: Readiness.Moment) -> Next? {
        guard let file = table[slot] else { return nil }
        if scanner.looksAtAll, !isSelected(path, size: file.readiness.identity.size) {
            table.remove(path)
            return nil
        }
        var readiness = file.readiness
        var next = Next(path: path, identity: readiness.identity, readiness: readiness)
        if configuration.maximumAge > .zero, readiness.age > configuration.maximumAge {
            next.purpose = .ignore(.tooOld)
        }
        readiness.wait(until: earliest(path, readiness, now: now))
        if companionNames.isNeeded || hasSeenCompanion || !companionNames.isEmpty && !isScanned {
            do { next.companions = try lookAtCompanions(of: path, &readiness, now: now) } catch {
                // Without what belongs to it, it would be another file.
                block(path, reason: "\(Trouble(error, during: .take))", now: now)
                return nil
            }
        }
        let due = table.settled(readiness, in: file.folder)
        if due == Readiness.never {
            // The listing that shows what is missing brings it back; until then others have its place.
            table.remove(path)
            return nil
        }
        guard due > now else {
            next.hasOtherSidecars = readiness.sidecars != file.readiness.sidecars
            next.readiness = readiness
            return next
        }
        update(slot, readiness, now: now)
        return nil
    }

    /// Takes in what is known of a file and of what belongs to it. Other sidecars have their time to become complete.
    func update(_ slot: Int32, _ readiness: Readiness, now: Readiness.Moment) {
        table.update(slot, now: now) { file in
            if readiness.sidecars != file.readiness.sidecars { file.truncatedSince = nil }
            file.readiness = readiness
        }
    }

    /// A file is one to take by its name, place and size: asked while a new configuration was not held against all of them.
    private func isSelected(_ path: RelativePath, size: Int64) -> Bool {
        var names = path.bytes.split(separator: UInt8(ascii: "/")).map { RelativePath(bytes: $0) }
        guard size >= configuration.minimumBytes.bytes, names.count == 1 || configuration.isRecursive,
            names.count <= configuration.maximumDepth
        else { return false }
        let file = names.removeLast()
        var parent = RelativePath("")
        for name in names {
            guard selection.takesDirectory(name, in: parent) else { return false }
            parent = name.below(parent)
        }
        return selection.takesFile(file, in: parent)
    }

    /// The moment before which a file is not taken, for its age or its other names; nil where there is none.
    private func earliest(_ path: RelativePath, _ readiness: Readiness, now: Readiness.Moment) -> Readiness.Moment? {
        var moment: Readiness.Moment?
        if configuration.minimumAge > .zero, readiness.age < configuration.minimumAge {
            moment = now + configuration.minimumAge - readiness.age
        }
        if configuration.hardLinks == .wait, let status = regularStatus(path), status.links > 1 {
            moment = max(moment ?? .zero, now + configuration.pollInterval)
        }
        return moment
    }
}

extension Readiness {
    /// How long ago the content was changed, by the wall clock; by the time that only the kernel sets, where the other one
    /// lies in the future.
    fileprivate var age: Duration {
        .milliseconds(Clocks.wallMilliseconds() - min(identity.modified, changed) / 1_000_000)
    }
}
