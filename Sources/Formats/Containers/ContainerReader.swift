import Archives
import Articles

/// Reads the members of a container, and of containers in it, each as a file of its own.
///
/// One member is held in memory, and a piece of each container around it. A bad member, and a damaged container in a
/// container, is a failed part; only what makes the rest of the file unreadable, or expands too far, ends the reading.
final class ContainerReader: PartReader {
    private(set) var format: String
    private let kind: ContainerKind
    private let source: any ByteSource
    private let name: [UInt8]
    private let context: FormatContext
    private let formats: FormatRegistry
    private let rules: ContainerRules
    private let budget: ExpansionBudget
    /// How many mails and containers are around the file.
    private let outerDepth: Int

    private var isOpen = false
    /// The containers that are open, each a member of the one before it.
    private var open: [OpenContainer] = []
    /// Parts of the last member.
    private var parts: [ParsedPart].SubSequence = []
    /// The member that is read piece by piece.
    private var inner: (reader: any PartReader, path: [UInt8])?
    /// How many parts there were.
    private var count = 0
    private var end: (any Error)?

    /// How much of a member is read at a time.
    private static let pieceSize = 64 << 10

    init(
        _ kind: ContainerKind, _ source: any ByteSource, name: [UInt8], _ context: FormatContext,
        formats: FormatRegistry, rules: ContainerRules
    ) {
        self.kind = kind
        self.source = source
        self.name = name
        self.context = context
        self.formats = formats
        self.rules = rules
        format = kind.name
        // What lies in a mail is counted with all else that does.
        budget = context.inner?.budget ?? ExpansionBudget(rules, size: context.bytes, container: kind.name)
        outerDepth = context.inner?.depth ?? 0
    }

    func next() throws -> ParsedPart? {
        if let end { throw end }
        do {
            if !isOpen {
                isOpen = true
                try push(kind, source, name: name, path: [], depth: outerDepth + 1)
            }
            while true {
                if let part = parts.popFirst() { return part }
                guard let container = open.last else { return nil }
                do {
                    if let inner {
                        try readPart(of: inner.reader, inner.path)
                    } else {
                        try readMember(of: container)
                    }
                } catch let error as ArchiveError {
                    inner = nil
                    try recover(from: error)
                } catch let error as OpenContainer.NotOpened {
                    try giveUp(open.count - 1, error.error)
                }
            }
        } catch {
            end = error
            throw error
        }
    }

    // MARK: Containers

    private func push(_ kind: ContainerKind, _ source: any ByteSource, name: [UInt8], path: [UInt8], depth: Int) throws
    {
        let isLayer = open.allSatisfy { $0.isCompression }
        if isLayer, !open.isEmpty { format = "\(kind.name)+\(format)" }
        if let explain = context.explain {
            var explanation = Explanation(.container, kind.name, reason: kind.sign)
            explanation.member = path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
            explain(explanation)
        }
        open.append(
            try OpenContainer(
                kind, source, name: name, path: path, depth: depth, partsBefore: count, budget: budget, rules: rules))
    }

    /// Takes the last container off, which has no further member.
    private func pop() {
        let container = open.removeLast()
        if count == container.partsBefore { add(.ignored(.emptyContainer), of: container.path) }
    }

    /// Lists what an error spoils: a member, or the outermost container that cannot be read further.
    ///
    /// - Throws: `ParseError` where that leaves nothing to go on with.
    private func recover(from error: ArchiveError) throws {
        guard let culprit = open.firstIndex(where: { $0.isDead }) else {
            return add(.failed(ParseError(error, open.last!.kind)), of: open.last!.current)
        }
        var failure = ParseError(error, open[culprit].kind)
        // Where the file itself is complete, waiting brings no more of what lies in it.
        failure.looksTruncated = error.isTruncated && culprit == 0
        try giveUp(culprit, failure)
    }

    /// Goes on behind a container that cannot be read further, or throws where it is the whole file.
    private func giveUp(_ index: Int, _ failure: ParseError) throws(ParseError) {
        let path = open[index].path
        open.removeSubrange(index...)
        // Compressed data has no other member to go on with.
        while open.last?.isCompression == true { open.removeLast() }
        guard !open.isEmpty else { throw failure }
        add(.failed(failure), of: path)
    }

    // MARK: Members

    private func readMember(of container: OpenContainer) throws {
        guard let member = try container.nextMember() else { return pop() }
        if let refusal = member.refusal {
            return add(
                .failed(ParseError(code: refusal.code, format: container.kind.name, message: refusal.message)),
                of: member.path)
        }
        let limit = context.maximumArticleBytes
        // One byte more than it should have: its checksum is compared at its end.
        let wanted = min(member.size ?? .max, ContainerReader.pieceSize - 1) + 1
        var bytes = try container.readFully(wanted)
        let isWhole = bytes.count < wanted
        if let inner = innerKind(bytes, member, of: container) {
            let source: any ByteSource = isWhole ? HeldBytes(bytes) : ContinuedBytes(bytes, container)
            return try enter(inner, source, member, of: container)
        }
        let whole = { () -> any ByteSource in isWhole ? HeldBytes(bytes) : ContinuedBytes(bytes, container) }
        if let reader = formats.open(bytes, name: member.name, self.context(of: member, in: container), whole) {
            return inner = (reader, member.path)
        }
        guard member.size ?? 0 <= limit else {
            return add(.failed(tooLarge(container, "\(member.size!)")), of: member.path)
        }
        if !isWhole, let size = member.size { bytes.reserveCapacity(size + 1) }
        while !isWhole, bytes.count <= limit {
            let more = try container.read(upTo: min(ContainerReader.pieceSize, limit + 1 - bytes.count))
            if more.isEmpty { break }
            bytes += more
        }
        guard bytes.count <= limit else {
            return add(.failed(tooLarge(container, "more than \(limit)")), of: member.path)
        }
        parse(bytes, member, of: container)
    }

    /// What a member of a container is told.
    private func context(of member: OpenContainer.Member, in container: OpenContainer) -> FormatContext {
        var context = context.explaining(member: member.path)
        context.inner?.depth = container.depth
        context.inner?.budget = budget
        return context
    }

    /// Takes the next part of a member that is read piece by piece; what is wrong with it ends it alone.
    private func readPart(of reader: any PartReader, _ path: [UInt8]) throws {
        do {
            guard var part = try reader.next() else { return inner = nil }
            count += 1
            part.number = count
            let outer = String(decoding: path, as: UTF8.self)
            part.member = part.member.map { "\(outer)/\($0)" } ?? outer
            if case .article(var article) = part.content {
                article.ingest.part = count
                article.ingest.member = part.member
                part.content = .article(article)
            }
            parts = [part]
        } catch var error as ParseError {
            inner = nil
            // Where the file itself is complete, waiting brings no more of what lies in it.
            error.looksTruncated = false
            add(.failed(error), of: path)
        }
    }

    private func innerKind(_ bytes: [UInt8], _ member: OpenContainer.Member, of container: OpenContainer)
        -> ContainerKind?
    {
        // What was compressed is not cut: its content says what it is.
        if let kind = ContainerKind(bytes, name: container.isCompression ? [] : member.name) { return kind }
        // Nor are its zeros a copy in progress.
        let isEmptyTar = container.isCompression && member.name.hasEnding(".tar") && TarHeader.isEnd(bytes)
        return isEmptyTar ? .archive(.tar) : nil
    }

    private func enter(
        _ kind: ContainerKind, _ source: any ByteSource, _ member: OpenContainer.Member, of container: OpenContainer
    ) throws {
        // A compressed tar is one container.
        let isOne = container.isCompression && kind == .archive(.tar)
        let depth = container.depth + (isOne ? 0 : 1)
        guard depth <= rules.maximumNesting else {
            let error = ParseError(
                code: .expandsTooFar, format: kind.name,
                message: "it is a container \(depth) deep, max_nesting is \(rules.maximumNesting)",
                hint: "raise the limit of the drop directory and retry")
            return add(.failed(error), of: member.path)
        }
        try push(kind, source, name: member.name, path: isOne ? container.path : member.path, depth: depth)
    }

    private func parse(_ bytes: [UInt8], _ member: OpenContainer.Member, of container: OpenContainer) {
        let path = String(decoding: member.path, as: UTF8.self)
        do throws(ParseError) {
            let file = try formats.parseMember(bytes, name: member.name, self.context(of: member, in: container))
            let parsed = file.parts(member: path, from: count + 1)
            count += parsed.count
            parts = parsed[...]
        } catch {
            add(.failed(error), of: member.path, bytes: bytes)
        }
    }

    private func add(_ content: ParsedPart.Content, of member: [UInt8], bytes: [UInt8]? = nil) {
        count += 1
        let path = member.isEmpty ? nil : String(decoding: member.prefix(4096), as: UTF8.self)
        parts = [ParsedPart(number: count, member: path, content: content, bytes: bytes)]
    }

    private func tooLarge(_ container: OpenContainer, _ size: String) -> ParseError {
        ParseError(
            code: .tooLarge, format: container.kind.name,
            message: "the article has \(size) bytes, max_article_bytes is \(context.maximumArticleBytes)",
            hint: "raise the limit of the drop directory and retry")
    }
}

extension ParseError {
    fileprivate init(_ error: ArchiveError, _ kind: ContainerKind) {
        self.init(
            code: .damagedContainer, format: kind.name, position: .byte(error.position), message: error.message,
            looksTruncated: error.isTruncated)
    }
}
