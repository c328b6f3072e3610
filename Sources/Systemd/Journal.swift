import Glibc

/// The journal as the place where standard error goes.
package enum Journal {
    /// Standard error is connected to the journal: lines may carry a `<N>` priority prefix.
    ///
    /// `JOURNAL_STREAM` names device and inode of the stream; it is inherited by children whose standard error was
    /// redirected elsewhere, so it is compared with what descriptor 2 really is (systemd.exec(5)).
    package static var isStandardError: Bool {
        guard let value = getenv("JOURNAL_STREAM") else { return false }
        return isStream(String(cString: value), descriptor: 2)
    }

    static func isStream(_ value: String, descriptor: Int32) -> Bool {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
        guard parts.count == 2, let device = parts[0], let inode = parts[1] else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
