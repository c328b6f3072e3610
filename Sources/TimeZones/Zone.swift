import CCCTZ
import FoundationEssentials
import Synchronization

/// A time zone of the IANA database, by cctz: from the time on the wall to the moment.
///
/// It reads the system's own files (the package `tzdata`). It does not format or parse dates, and it does not know which
/// zone this machine is in.
///
/// What a zone points to is never changed or freed once it is loaded; look-ups keep nothing but an atomic hint of where the
/// last one was found. So any thread may use it.
package struct Zone: Sendable, Equatable {
    /// The moments of a civil time.
    package enum Moments: Sendable, Equatable {
        /// It is one moment.
        case unique(Int64)
        /// Clocks were set forward over it, so that no clock showed it; its moment by the offset before the change.
        case skipped(Int64)
        /// Clocks were set back to it, so that they showed it twice; the first of the two moments.
        case repeated(Int64)
    }

    /// The name, for example `Europe/Helsinki`.
    package let name: String
    nonisolated(unsafe) private let handle: OpaquePointer?

    /// Zones by name: the library never frees one, and neither does the cache.
    private static let loaded = Mutex<[String: Zone]>([:])

    /// Coordinated universal time, which needs no database.
    package static let utc = Zone(name: "UTC", handle: nil)

    private init(name: String, handle: OpaquePointer?) {
        self.name = name
        self.handle = handle
    }

    /// Finds a zone by the name that the database has for it, in its own case; nil where there is none.
    ///
    /// The corresponding C++ function is `cctz::load_time_zone`.
    package init?(_ name: String) {
        if name == "UTC" {
            self = .utc
            return
        }
        // The library takes paths and other names as well; what counts leap seconds is another time scale.
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || Array("_+-/".utf8).contains(byte)
        }
        guard isName, !name.isEmpty, !name.hasPrefix("/"), !name.hasPrefix("right/"), name.utf8.count < 100 else {
            return nil
        }
        let zone: Zone? = Zone.loaded.withLock { loaded in
            if let zone = loaded[name] { return zone }
            guard let handle = ccctz_load(name) else { return nil }
            let zone = Zone(name: name, handle: handle)
            loaded[name] = zone
            return zone
        }
        guard let zone else { return nil }
        self = zone
    }

    /// Returns the moments of a civil time, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// - Parameter seconds: the seconds from 1970-01-01 00:00:00 to the civil time, as if every day had 86,400.
    package func moments(ofCivil seconds: Int64) -> Moments {
        guard let handle else { return .unique(seconds) }
        var before: Int64 = 0
        var after: Int64 = 0
        switch Int(ccctz_lookup(handle, seconds, &before, &after)) {
        case CCCTZ_SKIPPED: return .skipped(before)
        case CCCTZ_REPEATED: return .repeated(before)
        default: return .unique(before)
        }
    }

    package static func == (left: Zone, right: Zone) -> Bool { left.name == right.name }

    /// The names that the system's database has, for suggestions; empty where it has no list.
    package static func names() -> [String] {
        guard let text = try? String(contentsOfFile: "/usr/share/zoneinfo/tzdata.zi", encoding: .utf8) else {
            return []
        }
        // Zones are "Z NAME …", other names of them "L ZONE NAME".
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 3)
            switch words.first {
            case "Z" where words.count > 1: return String(words[1])
            case "L" where words.count > 2: return String(words[2])
            default: return nil
            }
        }
    }
}
