import CArchive

/// A libarchive reader (`archive_read_new`); it is freed when it goes out of scope.
struct RawArchive: ~Copyable {
    let handle: OpaquePointer

    init() {
        guard let handle = archive_read_new() else { fatalError("out of memory") }
        self.handle = handle
    }

    deinit { archive_read_free(handle) }

    /// The locale under which names are converted. It is made once and not changed: a locale object may be used by any
    /// number of threads.
    nonisolated(unsafe) static let locale = carchive_make_locale()

    /// libarchive's sentence about the last error.
    var message: String? { archive_error_string(handle).map { String(cString: $0) } }

    /// How many bytes of the input were used.
    var position: Int { max(0, Int(archive_filter_bytes(handle, -1))) }
}
