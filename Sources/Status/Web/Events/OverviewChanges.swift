import Articles
import HTTP
import Messaging

/// What has changed from one overview to the next, as events tell it.
struct OverviewChanges {
    private struct Known {
        var members: JSONMembers
        /// The heartbeats, which have no age in them: ages change though nothing does.
        var processes: [[UInt8]]
        var troubles: [StatusBoard.Trouble]
    }

    /// A trouble that began or ended.
    struct Turn {
        var trouble: StatusBoard.Trouble
        var hasBegun: Bool
    }

    private var known: Known?

    /// Forgets what it knows: nobody has been told anything.
    mutating func forget() { known = nil }

    /// Takes in an overview.
    ///
    /// - Returns: the members of `/api/v1/status` that are others than before, with its time, nil where there are none; and
    ///   the troubles that began and ended.
    mutating func take(_ moment: Moment) -> (members: [UInt8]?, turns: [Turn]) {
        let now = Known(
            members: JSONMembers(moment.representation.body),
            processes: moment.snapshot.processes.map { $0.heartbeat.json + [$0.isAlive ? 1 : 0] },
            troubles: moment.snapshot.troubles)
        defer { known = now }
        guard let known else { return (nil, []) }
        var changed: [(name: String, value: ArraySlice<UInt8>)] = []
        for (name, value) in now.members.members where name != "time" {
            let isSame = name == "processes" ? now.processes == known.processes : known.members[name] == value
            if !isSame { changed.append((name, value)) }
        }
        let names = Set(now.members.members.map(\.name))
        let gone = known.members.members.map(\.name).filter { !names.contains($0) }
        let turns =
            known.troubles.filter { !now.troubles.contains($0) }.map { Turn(trouble: $0, hasBegun: false) }
            + now.troubles.filter { !known.troubles.contains($0) }.map { Turn(trouble: $0, hasBegun: true) }
        guard !changed.isEmpty || !gone.isEmpty else { return (nil, turns) }
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        for (name, value) in now.members.members.filter({ $0.name == "time" }) + changed {
            writer.key(text: name)
            writer.raw(Array(value))
        }
        // What is absent now and was there: told, since the rest is to be kept.
        for name in gone {
            writer.key(text: name)
            writer.null()
        }
        writer.endObject()
        return (writer.bytes, turns)
    }
}
