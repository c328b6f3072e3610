import CArchive
import Glibc

/// Reads the entries of a tar or zip, one after the other, holding one piece of one entry at a time.
///
/// It reads and does not extract: nothing is ever written, no path is followed, no program is run. Beyond what libarchive
/// checks, it takes care that nothing is passed over in silence: an archive without its end, or with other bytes behind
/// it, is an error after its last good entry.
package final class ArchiveReader {
    /// The kinds of archives.
    package enum Format: String, Sendable, CaseIterable {
        /// In all dialects: v7, ustar, pax, GNU; also several one after the other.
        case tar
        /// By its directory where the input can be read from any place, else as its entries come.
        case zip
    }

    private let format: Format
    private let bridge: InputBridge
    private let archive: RawArchive
    /// The end of a zip, where it was read before the entries.
    private var end: ZipEnd?
    private var entryCount: UInt64 = 0
    /// There is an entry, of which something may be left.
    private var hasEntry = false
    private var isEntryBad = false
    private var isAtEnd = false
    /// Nothing can be read any more: the archive is damaged, or its input failed.
    package private(set) var isDead = false

    /// Directories of zips above this size are not read, as libarchive holds each of their entries in memory.
    private static let maximumDirectorySize: UInt64 = 8 << 20
    /// A directory and the entries are read once each; more than that, with an allowance, is overlap.
    private static let maximumReadings = 3
    /// How much of the input may be used up to find the next header: one of a tar may bring a path and a map of its holes,
    /// each piece of which libarchive holds in memory, and before the first of a zip its directory is read.
    private static let maximumHeaderBytes = [Format.tar: 4 << 20, .zip: 16 << 20]

    /// Makes a reader of an input of which nothing was read; of a seekable one, its end is read at once.
    ///
    /// - Throws: what the input throws.
    package init(_ format: Format, _ input: any ByteInput) throws {
        self.format = format
        bridge = InputBridge(input, tail: format == .tar ? 512 : ZipEnd.maximumSize)
        archive = RawArchive()
        switch format {
        case .tar:
            archive_read_support_format_tar(archive.handle)
            // Else what follows the mark of the end is passed over in silence.
            archive_read_set_options(archive.handle, "tar:read_concatenated_archives")
            bridge.attach(to: archive.handle)
        case .zip:
            if let input = input as? any SeekableByteInput, let end = try ArchiveReader.readEnd(of: input) {
                self.end = end
                archive_read_support_format_zip_seekable(archive.handle)
                bridge.attach(
                    to: archive.handle,
                    seekingWithin: input.size * ArchiveReader.maximumReadings + 16 * InputBridge.pieceSize)
            } else {
                archive_read_support_format_zip_streamable(archive.handle)
                bridge.attach(to: archive.handle)
            }
        }
        // Recognizing the format reads the first bytes: what fails there is told at the first entry.
        openingCode = archive_read_open1(archive.handle)
    }

    private var openingCode: Int32

    /// Returns the end of a zip whose directory can be used; the input is at its beginning again.
    private static func readEnd(of input: any SeekableByteInput) throws -> ZipEnd? {
        let size = input.size
        try input.seek(to: max(0, size - ZipEnd.maximumSize))
        var tail: [UInt8] = []
        while tail.count < ZipEnd.maximumSize {
            let bytes = try input.read(upTo: ZipEnd.maximumSize - tail.count)
            if bytes.isEmpty { break }
            tail += bytes
        }
        try input.seek(to: 0)
        // Without entries there is no directory to begin with.
        guard let end = ZipEnd(in: tail), end.entries > 0, end.directoryOffset <= UInt64(size),
            UInt64(size) - end.directoryOffset <= maximumDirectorySize
        else { return nil }
        return end
    }

    // MARK: Entries

    /// Returns the next entry; what was not read of the last one is passed over. Nil at the end.
    ///
    /// - Throws: ``ArchiveError``; what the input throws.
    package func next() throws -> ArchiveEntry? {
        guard !isAtEnd, !isDead else { return nil }
        if openingCode < ARCHIVE_WARN { throw failure(openingCode, .rest) }
        if hasEntry {
            hasEntry = false
            let code = archive_read_data_skip(archive.handle)
            if code == ARCHIVE_FATAL { throw failure(code, .rest) }
        }
        var entry: OpaquePointer?
        bridge.mayRead(ArchiveReader.maximumHeaderBytes[format]!)
        defer { bridge.mayRead(nil) }
        let code = carchive_next_header(archive.handle, &entry, RawArchive.locale)
        switch code {
        case ARCHIVE_OK, ARCHIVE_WARN:
            entryCount += 1
            hasEntry = true
            isEntryBad = false
            return ArchiveEntry(entry!)
        case ARCHIVE_EOF:
            try checkEnd()
            isAtEnd = true
            return nil
        default:
            throw failure(code, .rest)
        }
    }

    /// Returns the next bytes of the entry, at most `count` and at least one; none at its end.
    ///
    /// - Throws: ``ArchiveError``, after which the entry has no more bytes; what the input throws.
    package func read(upTo count: Int) throws -> [UInt8] {
        guard hasEntry, !isEntryBad, !isDead, count > 0 else { return [] }
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = archive_read_data(archive.handle, buffer.baseAddress, count)
            initialized = max(0, result)
        }
        guard result >= 0 else {
            isEntryBad = true
            throw failure(Int32(truncatingIfNeeded: result), result > Int(ARCHIVE_FATAL) ? .entry : .rest)
        }
        return bytes
    }

    // MARK: Ends and errors

    private func failure(_ code: Int32, _ extent: ArchiveError.Extent) -> any Error {
        if extent == .rest || bridge.failure != nil { isDead = true }
        if let failure = bridge.failure { return failure }
        let message = archive.message ?? "it cannot be read (libarchive code \(code))"
        let isTruncated = extent == .rest && bridge.hasEnded
        return ArchiveError(
            operation: "read \(format)", message: isTruncated ? "it ends early or is damaged: \(message)" : message,
            position: archive.position, extent: extent, isTruncated: isTruncated)
    }

    private func damage(_ message: String, isTruncated: Bool) -> ArchiveError {
        isDead = true
        return ArchiveError(
            operation: "read \(format)", message: message, position: archive.position, extent: .rest,
            isTruncated: isTruncated)
    }

    /// Throws where the end is not there: a producer may not have come to it.
    private func checkEnd() throws {
        do {
            if end == nil { try bridge.drain() }
        } catch {
            isDead = true
            throw error
        }
        switch format {
        case .tar:
            guard bridge.tail.count == 512, bridge.tail.allSatisfy({ $0 == 0 }) else {
                throw damage("the mark of its end is missing", isTruncated: true)
            }
        case .zip:
            guard let end = end ?? ZipEnd(in: bridge.tail) else {
                throw damage("the record of its end is missing", isTruncated: true)
            }
            // Writers without zip64 count modulo 65,536.
            guard end.entries == entryCount || end.entries == entryCount & 0xffff else {
                throw damage("it counts \(end.entries) entries and has \(entryCount)", isTruncated: false)
            }
        }
    }
}

extension ArchiveEntry {
    /// Reads what libarchive found in a header.
    fileprivate init(_ entry: OpaquePointer) {
        path = carchive_pathname(entry).map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
        size = archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : nil
        isEncrypted = archive_entry_is_encrypted(entry) != 0
        isSparse = archive_entry_sparse_count(entry) > 0
        kind =
            if carchive_is_hard_link(entry) != 0 {
                .hardLink
            } else {
                switch archive_entry_filetype(entry) & S_IFMT {
                case S_IFREG: .file
                case S_IFDIR: .directory
                case S_IFLNK: .symbolicLink
                case S_IFCHR: .characterDevice
                case S_IFBLK: .blockDevice
                case S_IFIFO: .pipe
                case S_IFSOCK: .socket
                default: .unknown
                }
            }
    }
}
