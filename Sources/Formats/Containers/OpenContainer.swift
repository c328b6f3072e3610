import Archives
import Articles

/// A container that is being read: an archive with its entries, or compressed data, which has one member.
///
/// As a source it gives the content of the current member.
final class OpenContainer: ByteSource {
    /// A member that is to be looked at.
    struct Member {
        let path: [UInt8]
        let name: [UInt8]
        /// Nil where only the end tells.
        let size: Int?
        /// Why its content is not read.
        let refusal: (code: ReasonCode, message: String)?
    }

    /// It is no container of articles.
    struct NotOpened: Error {
        let error: ParseError
    }

    private enum Engine {
        case archive(ArchiveReader)
        case compressed(Decompressor, name: [UInt8])
    }

    let kind: ContainerKind
    /// Its own path in the file; empty for the file itself.
    let path: [UInt8]
    /// How deep it lies; 1 is the file itself.
    let depth: Int
    /// How many parts the file had given before it.
    let partsBefore: Int
    /// The path in the file of the member that is read.
    private(set) var current: [UInt8] = []

    private let engine: Engine
    private let budget: ExpansionBudget
    private let rules: ContainerRules
    private var hasGivenMember = false
    private var isCounted = true
    private var hasUnknownSize = false

    /// Opens a container.
    ///
    /// - Throws: what its source throws.
    init(
        _ kind: ContainerKind, _ source: any ByteSource, name: [UInt8], path: [UInt8], depth: Int, partsBefore: Int,
        budget: ExpansionBudget, rules: ContainerRules
    ) throws {
        self.kind = kind
        self.path = path
        self.depth = depth
        self.partsBefore = partsBefore
        self.budget = budget
        self.rules = rules
        engine =
            switch kind {
            case .archive(let format): .archive(try ArchiveReader(format, source))
            case .compressed(let compression):
                .compressed(
                    Decompressor(compression, source), name: MemberPath.withoutCompression(name))
            }
    }

    /// Nothing more can be read from it: it is damaged, or what it lies in is.
    var isDead: Bool {
        switch engine {
        case .archive(let reader): reader.isDead
        case .compressed(let decompressor, _): decompressor.isDead
        }
    }

    /// It has one member, which has no path of its own.
    var isCompression: Bool {
        if case .compressed = engine { return true }
        return false
    }

    /// Returns the next member; directories and junk are passed over. Nil at the end.
    func nextMember() throws -> Member? {
        switch engine {
        case .compressed(_, let name):
            guard !hasGivenMember else { return nil }
            hasGivenMember = true
            try budget.countMember()
            current = joined(name)
            return Member(path: current, name: name, size: nil, refusal: nil)
        case .archive(let reader):
            while true {
                try passOver()
                guard let entry = try reader.next() else { return nil }
                try budget.countMember()
                isCounted = kind == .archive(.zip) || entry.isSparse
                hasUnknownSize = entry.size == nil
                if entry.kind == .directory { continue }
                let path = MemberPath(entry.path)
                if !hasGivenMember, kind == .archive(.zip) { try refuseDocument(path) }
                hasGivenMember = true
                if path.isJunk(rules) { continue }
                current = joined(path.fault == nil ? path.bytes : entry.path)
                return Member(path: current, name: path.name, size: entry.size, refusal: refusal(entry, path))
            }
        }
    }

    /// Documents of office programs, books and programs are zips, whose members are no articles; each begins in its own way.
    private func refuseDocument(_ first: MemberPath) throws(NotOpened) {
        let name = String(decoding: first.bytes, as: UTF8.self)
        guard ["mimetype", "[Content_Types].xml", "META-INF/MANIFEST.MF"].contains(name) else { return }
        throw NotOpened(
            error: ParseError(
                code: .unknownFormat, format: "zip",
                message: "it is a document or program that is packed as a zip: it begins with \(name)",
                hint: "export its text"))
    }

    private func refusal(_ entry: ArchiveEntry, _ path: MemberPath) -> (ReasonCode, String)? {
        if entry.kind != .file { return (.notAFile, "it is a \(entry.kind.rawValue)") }
        if let fault = path.fault { return (.badMemberPath, fault.rawValue) }
        if entry.isEncrypted { return (.encrypted, "it is encrypted") }
        return nil
    }

    /// Reads what is left of a member that has no size: libarchive would do so without end.
    private func passOver() throws {
        guard hasUnknownSize else { return }
        hasUnknownSize = false
        do {
            while try !read(upTo: 64 << 10).isEmpty {}
        } catch let error as ArchiveError where error.extent == .entry {
            // What is wrong with it was told, or nobody wanted it.
        }
    }

    func read(upTo count: Int) throws -> [UInt8] {
        let bytes =
            switch engine {
            case .archive(let reader): try reader.read(upTo: count)
            case .compressed(let decompressor, _): try decompressor.read(upTo: count)
            }
        if isCounted { try budget.spend(bytes.count) }
        return bytes
    }

    private func joined(_ member: [UInt8]) -> [UInt8] { path.isEmpty ? member : path + [UInt8(ascii: "/")] + member }
}
