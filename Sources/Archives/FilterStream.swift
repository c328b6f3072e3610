import CArchive

/// Decompresses one stream with a filter of libarchive.
final class FilterStream {
    private let compression: Compression
    private let bridge: InputBridge
    private let archive: RawArchive
    private var isOpen = false
    private var isAtEnd = false

    init(_ compression: Compression, _ input: any ByteInput) {
        self.compression = compression
        bridge = InputBridge(input)
        archive = RawArchive()
        // Appended, not offered: libarchive would undo compression within compression as well.
        archive_read_append_filter(archive.handle, compression.filter)
        archive_read_support_format_raw(archive.handle)
        archive_read_support_format_empty(archive.handle)
        bridge.attach(to: archive.handle)
    }

    /// Returns the next bytes; none at the end.
    func read(upTo count: Int) throws -> [UInt8] {
        guard !isAtEnd, try open() else { return [] }
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = archive_read_data(archive.handle, buffer.baseAddress, count)
            initialized = max(0, result)
        }
        guard result >= 0 else { throw failure(result) }
        if bytes.isEmpty { try checkEnd() }
        return bytes
    }

    /// Begins the stream where that has not been done; returns whether there is anything in it.
    private func open() throws -> Bool {
        guard !isOpen else { return true }
        isOpen = true
        let opened = archive_read_open1(archive.handle)
        guard opened >= ARCHIVE_WARN else { throw failure(Int(opened)) }
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive.handle, &entry)
        // What libarchive takes for an archive without entries.
        if bridge.bytesRead == 0 { throw failure(Int(ARCHIVE_FATAL)) }
        if code == ARCHIVE_EOF {
            try checkEnd()
            return false
        }
        guard code >= ARCHIVE_WARN else { throw failure(Int(code)) }
        return true
    }

    private func failure(_ code: Int) -> any Error {
        if let failure = bridge.failure { return failure }
        let message = archive.message ?? "it cannot be decompressed (libarchive code \(code))"
        return ArchiveError(
            operation: "decompress \(compression)",
            message: bridge.hasEnded ? "it ends early or is damaged: \(message)" : message,
            position: archive.position, extent: .rest, isTruncated: bridge.hasEnded)
    }

    /// Throws where bytes follow that libarchive passed over.
    private func checkEnd() throws {
        isAtEnd = true
        let end = archive.position
        var rest = bridge.bytesRead - end
        var isZero = bridge.endsInZeros(rest)
        while isZero, case let count = try bridge.advance(), count > 0 {
            rest += count
            isZero = bridge.endsInZeros(count)
        }
        guard isZero else {
            throw ArchiveError(
                operation: "decompress \(compression)", message: "there are other bytes behind its end", position: end,
                extent: .rest, isTruncated: bridge.hasEnded && rest < 16)
        }
    }
}
