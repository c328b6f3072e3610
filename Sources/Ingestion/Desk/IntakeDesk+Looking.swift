import SQLite

/// Looking: what events and listings tell, a little at a time.
extension IntakeDesk {
    /// How long all directories may look before files are taken again, and rows of the ledger that are read at once.
    private enum LookingLimit {
        static let time = Duration.milliseconds(50)
        static let rows = 2000
    }

    /// Takes events in, and looks at the directories whose time has come; a large one goes on the next time.
    func look() throws {
        let now = now
        lookout.check(now: now)
        lookout.events.take(now: now)
        try lookAtDirectories(now: now)
        // What is disposed of apart may be of the same directories.
        if let next = nextHold, next <= now {
            collect()
            retryHolds()
        }
    }

    private func lookAtDirectories(now: Readiness.Moment) throws {
        let end = now + LookingLimit.time
        let count = directories.count
        let first = firstToLook
        for offset in 0..<count {
            let place = (first + offset) % count
            let directory = directories[place]
            if !directory.hasAllRows { try expectRows(of: directory, until: end) }
            guard directory.hasAllRows, directory.untilScan(now: now) == .zero else { continue }
            directory.scan(now: now, until: end, clock: clock) { try repair($0) }
            if inFlight.isEmpty { directory.forgetFolders() }
            if ledger.hasOpenFiles { try closeDeparted(in: directory) }
            if self.now >= end {
                firstToLook = (place + 1) % count
                return
            }
        }
    }

    /// Reads what the ledger knows of files that were left in a directory, so that they are known when they are listed.
    private func expectRows(of directory: DropDirectory, until end: Readiness.Moment) throws {
        try store.attempt(now: now) {
            repeat {
                directory.expect(
                    try ledger.left(directory.id, after: directory.lastRow, limit: LookingLimit.rows))
            } while !directory.hasAllRows && now < end
        }
    }
}
