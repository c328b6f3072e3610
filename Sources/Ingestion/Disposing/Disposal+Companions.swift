import Articles
import Glibc
import Linux

/// Disposing of what belongs to files: it goes where its file went, after it.
extension Disposal {
    /// Returns what belongs to the file of a row, which is looked for where the row was read back: then only what
    /// lay there when the file was read.
    func companions(of entry: Ledger.Entry) throws(SystemError) -> [Companion] {
        if let known = entry.companions { return known }
        let isDiscarded = entry.outcome == .discarded
        guard isDiscarded || !entry.companionStates.isEmpty else { return [] }
        var found: [Companion] = []
        for place in companionNames.places(of: isDiscarded ? keptPath(of: entry) : entry.path) {
            try find(place, of: entry, &found)
            for attached in companionNames.places(attachedTo: place) { try find(attached, of: entry, &found) }
        }
        return found
    }

    /// Where companions of a discarded file lie beside, which itself is in the quarantine.
    private func keptPath(of entry: Ledger.Entry) -> RelativePath {
        let below = RelativePath(bytes: entry.path.bytes.dropFirst(Disposal.quarantine.bytes.count + 1))
        return below.below(Disposal.companions).below(Disposal.quarantine)
    }

    private func find(
        _ place: CompanionNames.Place, of entry: Ledger.Entry, _ found: inout [Companion]
    ) throws(SystemError) {
        // Perhaps it was on its way out already.
        for status in [try root.status(of: place.path), try privateStatus(place.path, of: entry)] {
            guard let status, status.kind == .regular, isOwn(place, status, of: entry) else { continue }
            return found.append(Companion(place, status))
        }
    }

    private func isOwn(_ place: CompanionNames.Place, _ status: FileStatus, of entry: Ledger.Entry) -> Bool {
        // One in the quarantine may have been mended since; of a file that is given up it goes as it is.
        if entry.outcome == .discarded { return status.changed / 1_000_000 <= entry.time }
        return entry.companionStates[place.path] == FileIdentity(status)
    }

    /// Returns the status of a companion that has its private name; nil where none has.
    private func privateStatus(_ path: RelativePath, of entry: Ledger.Entry) throws(SystemError) -> FileStatus? {
        var along = entry
        along.path = path
        return try root.status(of: privateName(of: along).below(Disposal.privateNames))
    }

    /// Disposes of what belongs to a file that is disposed of.
    func disposeOfCompanions(_ entry: Ledger.Entry) throws(Trouble) {
        if entry.companions?.isEmpty ?? companionNames.isEmpty { return }
        if entry.isQuarantined { return try quarantineCompanions(of: entry, keptAs: entry.path.lastPart) }
        if after == .leave, entry.outcome != .discarded { return }
        for companion in try Trouble.judge(.take, { () throws(SystemError) in try companions(of: entry) }) {
            let along = entry.along(companion)
            let isPrivate = try Trouble.judge(.list) { () throws(SystemError) in
                try privateStatus(along.path, of: entry) != nil
            }
            if after == .archive, entry.outcome != .discarded, !isPrivate {
                // Another one that has its name by now is for another file, and stays.
                _ = try move(
                    along, from: along.path, to: archive, archiveFolder(of: along), as: KeptNames(of: along))
            } else {
                _ = try remove(along, from: along.path)
            }
        }
    }

    /// Moves what belongs to a quarantined file to a folder apart, where no list takes it for quarantined itself, under
    /// names that go with the one that the file is kept under.
    func quarantineCompanions(of entry: Ledger.Entry, keptAs name: RelativePath) throws(Trouble) {
        if entry.companions?.isEmpty ?? companionNames.isEmpty { return }
        for companion in try Trouble.judge(.take, { () throws(SystemError) in try companions(of: entry) }) {
            let along = entry.along(companion)
            let kept = Companion.name(companion.pattern, of: name)
            let names = kept.bytes.count <= Int(NAME_MAX) ? KeptNames.only(kept) : KeptNames(of: along)
            let folder = Disposal.companions.appending(entry.path.parent)
            _ = try move(along, from: along.path, to: quarantine, folder, as: names)
        }
    }

    /// Removes a marker whose files are all done; returns false where another one has its name by now.
    func removeMarker(_ path: RelativePath, _ identity: FileIdentity) throws(Trouble) -> Bool {
        let entry = Ledger.Entry(
            id: 0, directory: 0, path: path, identity: identity, state: .committed, outcome: .published, code: "",
            message: "", time: 0, companions: [])
        return try remove(entry, from: path) == .done
    }
}

extension Ledger.Entry {
    /// The row as if it were that of a companion of its file.
    fileprivate func along(_ companion: Companion) -> Ledger.Entry {
        var along = self
        along.path = companion.path
        along.identity = companion.identity
        along.companions = []
        // That is its file's.
        along.sha256 = nil
        return along
    }
}

extension QuarantineReason {
    /// Moves what belongs to a quarantined file back beside the place where the file was dropped, but for what is gone, or
    /// has a newer one in its place.
    func putBackCompanions(in root: Directory, to target: Directory) throws(SystemError) {
        let folder = Disposal.companions.below(Disposal.quarantine).appending(storedPath.parent)
        for pattern in companions ?? [] {
            let kept = Companion.name(pattern, of: storedPath).below(folder)
            let place = Companion.name(pattern, of: relativePath)
            guard try root.status(of: kept) != nil, try target.status(of: place) == nil else { continue }
            try root.putBack(kept, to: target, place)
        }
    }
}

extension RelativePath {
    /// The path with further parts, or the path itself where there are none.
    func appending(_ parts: RelativePath?) -> RelativePath { parts?.below(self) ?? self }
}
