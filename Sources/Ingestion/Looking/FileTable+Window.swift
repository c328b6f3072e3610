import Linux

/// What is due, and what is given up where there is no room.
extension FileTable {
    // MARK: What is due

    /// Returns the first complete file by the directory's order and takes it off the queue; what becomes of it must be told.
    func takeNext(now: Readiness.Moment) -> RelativePath? {
        guard hasNext(now: now), let next = waiting.popLeast(by: Turn.precedes) else { return nil }
        move(next.slot, to: self[next.slot]!.stage, .inHand)
        return next.path
    }

    /// Some file is complete.
    func hasNext(now: Readiness.Moment) -> Bool {
        promote(now: now)
        while let first = waiting.least {
            if isCurrent(first) { return true }
            _ = waiting.popLeast(by: Turn.precedes)
        }
        return false
    }

    /// Returns the moment from which the next file is complete; nil where none is on its way.
    func nextDue(now: Readiness.Moment) -> Readiness.Moment? {
        if hasNext(now: now) { return now }
        while let first = due.least {
            if isCurrent(first) { return first.moment }
            _ = due.popLeast(by: Due.precedes)
        }
        return nil
    }

    /// Returns when the oldest complete file was last changed, in nanoseconds since 1970; nil where there is none.
    func oldestWaiting(now: Readiness.Moment) -> Int64? {
        guard hasNext(now: now) else { return nil }
        switch order {
        case .oldest: return waiting.least.map(\.rank)
        case .newest: return worst(&waiting).map { ~$0.rank }
        case .name:
            if let known = oldestKnown, isCurrent(known) { return self[known.slot]!.readiness.identity.modified }
            oldestKnown = waiting.elements.filter { isCurrent($0) }.min {
                self[$0.slot]!.readiness.identity.modified < self[$1.slot]!.readiness.identity.modified
            }
            return oldestKnown.map { self[$0.slot]!.readiness.identity.modified }
        }
    }

    /// Returns files that are not complete yet, by their slots, from one on and round; none where none settles.
    func settlingFiles(from start: Int32, limit: Int) -> [(slot: Int32, path: RelativePath)] {
        guard count(in: .settling) + count(in: .open) > 0, slotCount > 0 else { return [] }
        var found: [(slot: Int32, path: RelativePath)] = []
        for offset in 0..<slotCount {
            let slot = (start + offset) % slotCount
            guard let file = self[slot], file.place == .settling || file.place == .open else { continue }
            found.append((slot, file.path))
            if found.count == limit { break }
        }
        return found
    }

    private func promote(now: Readiness.Moment) {
        while let first = due.least, first.moment <= now {
            _ = due.popLeast(by: Due.precedes)
            guard isCurrent(first) else { continue }
            // A blocked one is tried again and counts as blocked until that went well.
            let stage = self[first.slot]!.stage
            move(first.slot, to: stage == .settling ? .waiting : stage, .waiting)
        }
    }

    private func isCurrent(_ turn: Turn) -> Bool { self[turn.slot]?.turn == turn.number }
    private func isCurrent(_ due: Due) -> Bool { self[due.slot]?.turn == due.number }

    /// Puts a file into the queues of its place.
    func enqueue(_ slot: Int32, _ file: File) {
        // What is out of date is cleared away now and then: a file that changes all the time leaves an entry a change.
        switch file.place {
        case .inHand: return
        case .waiting:
            if waiting.count > 2 * count(in: .waiting) + 64 { waiting.keep(by: Turn.precedes, where: isCurrent) }
            waiting.insert(turn(slot, file), by: Turn.precedes)
            return
        case .settling:
            if settling.count > 2 * count(in: .settling) + 64 {
                settling.keep(by: Turn.precedes, where: isCurrent)
            }
            settling.insert(turn(slot, file), by: Turn.precedes)
        case .open, .blocked: break
        }
        let live = count(in: .settling) + count(in: .open) + count(in: .blocked)
        if due.count > 2 * live + 64 { due.keep(by: Due.precedes, where: isCurrent) }
        due.insert(Due(moment: file.due, slot: slot, number: file.turn), by: Due.precedes)
    }

    private func turn(_ slot: Int32, _ file: File) -> Turn {
        Turn(rank: file.rank, path: file.path, slot: slot, number: file.turn)
    }

    // MARK: What does not fit

    /// Gives up the file that matters least; the directory still has it. Returns whether there was one.
    func giveUpWorst() -> Bool {
        if count(in: .blocked) > 0 {
            // They need no place in the window to be remembered.
            setBlockedAside()
            return true
        }
        let (complete, unsettled) = (worst(&waiting), worst(&settling))
        if let unsettled, complete.map({ isCrowded || Turn.precedes($0, unsettled) }) ?? true {
            giveUp(unsettled.slot)
        } else if let complete {
            giveUp(complete.slot)
        } else {
            while let last = due.popGreatest(by: Due.precedes) {
                guard isCurrent(last) else { continue }
                hasLostEvidence = true
                giveUp(last.slot)
                return true
            }
            return false
        }
        return true
    }

    /// What settles may be better by the order, and still must not crowd out what is complete.
    private var isCrowded: Bool { count(in: .settling) > count(in: .waiting) }

    /// Returns the turn that would be given up first, but for one that comes after it; nil where something else would be.
    func worst(isComplete: Bool) -> Turn? {
        guard count(in: .blocked) == 0 else { return nil }
        if isCrowded { return isComplete ? nil : worst(&settling) }
        guard let complete = worst(&waiting) else { return worst(&settling) }
        guard let unsettled = worst(&settling) else { return complete }
        return Turn.precedes(complete, unsettled) ? unsettled : complete
    }

    private func worst(_ heap: inout MinMaxHeap<Turn>) -> Turn? {
        while let last = heap.greatest(by: Turn.precedes) {
            if isCurrent(last) { return last }
            _ = heap.popGreatest(by: Turn.precedes)
        }
        return nil
    }

    private func giveUp(_ slot: Int32) {
        let file = self[slot]!
        noteBeyond(file.folder)
        if let place = index.find(PathKey.file(file.path)) { removeEntry(at: place) }
    }

    private func setBlockedAside() {
        forEachSlot { slot in
            guard let file = self[slot], file.place == .blocked, let place = index.find(PathKey.file(file.path)) else {
                return
            }
            let until = file.blockedUntil ?? .zero
            changeEntry(at: place) { entry in
                entry.kind = .aside
                entry.identity = file.readiness.identity.key
                entry.value = Aside(until: until, failures: file.failures).value
            }
            vacate(slot)
        }
    }
}
