import CLinux
import Glibc

/// Watches directories for changes (inotify(7)). Events are hints: they may be lost, and on network file systems there
/// are none for what other machines do.
package final class Inotify {
    /// What happened.
    package struct Event: Sendable {
        /// The watch that it belongs to; -1 for an overflow.
        package let watch: Int32
        package let kind: Kind
        /// The name in the watched directory; empty for the directory itself.
        package let name: [UInt8]
    }

    /// Kinds of events.
    package enum Kind: Sendable {
        /// A name appeared: by creation or a hard link.
        case created
        /// Content was written.
        case modified
        /// A file that was open for writing was closed.
        case closed
        /// A name was renamed into the directory.
        case movedIn
        /// The directory itself was renamed; the watch goes with it.
        case moved
        /// The directory itself is gone, or no longer watched.
        case ended
        /// Events were lost.
        case overflowed
    }

    /// To poll for events.
    package let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Makes a watcher of nothing.
    package init() throws(SystemError) {
        descriptor = try SystemError.check("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)) }
    }

    deinit { close(descriptor) }

    /// Watches a directory for what comes into it; returns the number of the watch, the same for the same directory.
    ///
    /// - Throws: ENOSPC at the limit `fs.inotify.max_user_watches`, EMFILE at `max_user_instances`.
    package func watch(_ directory: Directory) throws(SystemError) -> Int32 {
        let mask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
        // By its descriptor: the name need not be UTF-8, and may be another directory's by now.
        return try SystemError.check("watch '\(directory.path)'") {
            inotify_add_watch(descriptor, "/proc/self/fd/\(directory.descriptor)", UInt32(mask) | UInt32(IN_ONLYDIR))
        }
    }

    /// Ends a watch.
    package func unwatch(_ watch: Int32) { inotify_rm_watch(descriptor, watch) }

    /// Returns the events that have come, without waiting, at most one buffer of them.
    package func events() -> [Event] {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return [] }
        var events: [Event] = []
        var offset = 0
        let header = MemoryLayout<inotify_event>.size
        buffer.withUnsafeBytes { bytes in
            while offset + header <= count {
                let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                let name = bytes[(offset + header)..<(offset + header + Int(event.len))].prefix { $0 != 0 }
                if let kind = Inotify.kind(event.mask) {
                    events.append(Event(watch: event.wd, kind: kind, name: Array(name)))
                }
                offset += header + Int(event.len)
            }
        }
        return events
    }

    private static func kind(_ mask: UInt32) -> Kind? {
        func has(_ bit: some BinaryInteger) -> Bool { mask & UInt32(bit) != 0 }
        if has(IN_Q_OVERFLOW) { return .overflowed }
        if has(IN_MOVED_TO) { return .movedIn }
        if has(IN_CLOSE_WRITE) { return .closed }
        if has(IN_CREATE) { return .created }
        if has(IN_MODIFY) { return .modified }
        if has(IN_MOVE_SELF) { return .moved }
        if has(IN_DELETE_SELF) || has(IN_IGNORED) || has(IN_UNMOUNT) { return .ended }
        return nil
    }
}
