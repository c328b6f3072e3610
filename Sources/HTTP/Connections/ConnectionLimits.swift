/// Who may connect: so many in all, so many from one address, and some that are kept for clients on this machine.
///
/// A flood from elsewhere therefore never keeps out the proxy in front or a check of health. Pure: the table of
/// connections acts.
struct ConnectionLimits {
    /// Connections at a time.
    let total: Int
    /// Connections at a time from one address, 0 for no limit.
    let perAddress: Int
    /// How many of `total` only clients on this machine get.
    let keptForLocal: Int
    /// Connections that are open.
    private(set) var open = 0
    private var byGroup: [String: Int] = [:]

    init(total: Int, perAddress: Int, keptForLocal: Int) {
        precondition(total > 0 && (0..<total).contains(keptForLocal), "limits of connections that leave none")
        self.total = total
        self.perAddress = perAddress
        self.keptForLocal = keptForLocal
    }

    /// Nobody at all gets in: those who wait are left in the kernel's queue.
    var isFull: Bool { open >= total }

    /// Counts a client in; returns false where it is to be turned away.
    mutating func admit(_ address: ClientAddress) -> Bool {
        guard open < (address.isLocal ? total : total - keptForLocal) else { return false }
        if perAddress > 0, !address.isUnlimited {
            guard byGroup[address.group, default: 0] < perAddress else { return false }
            byGroup[address.group, default: 0] += 1
        }
        open += 1
        return true
    }

    /// Counts a client out that had been admitted.
    mutating func leave(_ address: ClientAddress) {
        open -= 1
        guard perAddress > 0, !address.isUnlimited, let count = byGroup[address.group] else { return }
        byGroup[address.group] = count > 1 ? count - 1 : nil
    }
}
