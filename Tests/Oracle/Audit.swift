import Articles
import Hashing
import Linux

/// Compares what was dropped with what the log, the directories, the feed and the status service say of it.
struct Audit {
    private struct Key: Hashable {
        let place: Place
        let digest: [UInt8]
    }

    private let workplace: Workplace
    private let log: LogCopy
    private let findings: Findings
    private let drops: [Drop]
    private let expectations: [[UInt8]: Content.Expectation]
    /// Drops by place and content.
    private var byKey: [Key: [Drop]] = [:]
    private var byPlace: [Place: [Drop]] = [:]
    private let doubtful: Set<Place>
    private let sites: [String: Int]

    /// Makes it when the last file was dropped.
    init(workplace: Workplace, register: Register, log: LogCopy, findings: Findings) {
        self.workplace = workplace
        self.log = log
        self.findings = findings
        drops = register.drops
        expectations = register.expectations
        byKey = Dictionary(grouping: drops) { Key(place: $0.place, digest: $0.digest) }
        byPlace = Dictionary(grouping: drops, by: \.place)
        // With its companions, which then may have outcomes of their own.
        doubtful = Set(
            drops.filter(\.isDoubtful).flatMap { drop in
                ["", ".sha256", ".meta.json"].map {
                    Place(site: drop.place.site, path: drop.place.path + Array($0.utf8))
                }
            })
        sites = Dictionary(uniqueKeysWithValues: DropSite.all.indices.map { (workplace.path(site: $0), $0) })
    }

    // MARK: Accounting

    /// File records by place and content, and what stands for nothing that was dropped.
    private func accounts() -> (records: [Key: [FileRecord]], strange: [String]) {
        var records: [Key: [FileRecord]] = [:]
        var strange: [String] = []
        for file in log.files {
            guard let place = place(of: file) else {
                strange.append("\(file.directory)/\(file.path)")
                continue
            }
            // What is too large is not read, so that its record has no digest; its name is nobody else's.
            let digest = file.sha256.flatMap { Hexadecimal.decode($0) } ?? byPlace[place]?.first?.digest ?? []
            let key = Key(place: place, digest: digest)
            if byKey[key] == nil {
                if !doubtful.contains(place) { strange.append("\(place) \(file.outcome) \(file.code)") }
            } else {
                records[key, default: []].append(file)
            }
        }
        return (records, strange)
    }

    private func place(of file: FileRecord) -> Place? {
        sites[file.directory].map {
            Place(site: $0, path: file.pathBytes.flatMap { Hexadecimal.decode($0) } ?? Array(file.path.utf8))
        }
    }

    /// Returns what has too few outcomes yet.
    func missing() -> [String] {
        let records = accounts().records
        var missing: [String] = []
        for (key, drops) in byKey {
            let least = drops.reduce(0) { $0 + $1.records.lowerBound }
            let count = records[key]?.count ?? 0
            if count < least { missing.append("\(key.place) (\(drops[0].way.rawValue)): \(count) of \(least)") }
        }
        for (_, drops) in Dictionary(grouping: drops.filter { $0.group != nil }, by: \.group) {
            if !drops.contains(where: { records[Key(place: $0.place, digest: $0.digest)] != nil }) {
                missing.append("\(drops[0].place) (\(drops[0].way.rawValue)): under neither name")
            }
        }
        return missing.sorted()
    }

    /// Files that still lie in a drop directory where none should stay.
    func lying() throws -> [String] {
        try DropSite.all.indices.filter { DropSite.all[$0].after != .leave }.flatMap { site in
            try FileTree(workplace.path(site: site)) { $0.bytes.first != UInt8(ascii: ".") }.files.keys
                .map { "\(Place(site: site, path: $0))" }
        }
    }

    /// Checks everything, when nothing more is to come.
    func check() throws {
        let (records, strange) = accounts()
        for text in missing() { findings.add("a dropped file has no outcome", text) }
        for file in log.held.values { findings.add("a held file has no end", "\(file.directory)/\(file.path)") }
        for text in strange { findings.add("an outcome of what was never dropped", text) }
        for text in try lying() { findings.add("a file still lies in its drop directory", text) }
        for (key, files) in records { checkOutcomes(key, files) }
        checkPublishedOnce(records)
        checkArticles()
        for site in DropSite.all.indices { try checkDirectory(site, records) }
    }

    private func checkOutcomes(_ key: Key, _ files: [FileRecord]) {
        let drops = byKey[key]!
        let most = drops.reduce(0) { $0 + $1.records.upperBound }
        if files.count > most {
            let texts = files.map { "\($0.outcome) \($0.received)" }.joined(separator: ", ")
            findings.add(
                "a file has more outcomes than drops",
                "\(key.place) (\(drops.map(\.way.rawValue))): \(texts), at most \(most)")
        }
        guard let expectation = expectations[key.digest] else { return }
        for file in files {
            let isRight =
                switch file.outcome {
                case .published: !expectation.articles.isEmpty && !expectation.isDamaged
                case .duplicate: !expectation.articles.isEmpty && !DropSite.all[key.place.site].republishes
                case .partial: !expectation.articles.isEmpty && expectation.isDamaged
                case .quarantined: expectation.articles.isEmpty && expectation.isDamaged
                default: expectation.articles.isEmpty && !expectation.isDamaged
                }
            if !isRight { findings.add("an outcome is wrong", "\(key.place): \(file.outcome) \(file.code)") }
        }
    }

    /// Where duplicates are skipped, content is published once, however often it was dropped.
    private func checkPublishedOnce(_ records: [Key: [FileRecord]]) {
        struct Owner: Hashable {
            let site: Int
            let digest: [UInt8]
        }
        var outcomes: [Owner: [FileOutcome]] = [:]
        for (key, files) in records where !DropSite.all[key.place.site].republishes {
            outcomes[Owner(site: key.place.site, digest: key.digest), default: []] += files.map(\.outcome)
        }
        for (owner, outcomes) in outcomes where outcomes.contains(.duplicate) || outcomes.contains(.published) {
            let count = outcomes.count { $0 == .published || $0 == .partial }
            if count != 1 {
                let text = "\(DropSite.all[owner.site].name): \(expectations[owner.digest]?.articles ?? []) \(outcomes)"
                findings.add("content was not published exactly once", text)
            }
        }
    }

    // MARK: Articles

    private func checkArticles() {
        var counts: [String: Int] = [:]
        var numbers: [String: [Int: Int]] = [:]
        for published in log.articles {
            let article = published.article
            counts["\(article.source) \(article.ingest.sha256)", default: 0] += 1
            guard let site = DropSite.all.firstIndex(where: { $0.name == article.source }),
                let number = article.title?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
            else {
                findings.add("an article was invented", "\(article.source): \(article.title ?? "untitled")")
                continue
            }
            let digest = Hexadecimal.decode(article.ingest.sha256) ?? []
            let text = Text(number: number)
            numbers["\(article.source) \(article.ingest.sha256)", default: [:]][number, default: 0] += 1
            guard expectations[digest]?.articles.contains(number) == true else {
                // The beginning of a file whose producer was too slow.
                let isPiece =
                    doubtful.contains {
                        $0.site == site && String(decoding: $0.path, as: UTF8.self) == article.ingest.path
                    }
                    && text.title.hasPrefix(article.title ?? "?") || text.body.hasPrefix(article.body ?? "?")
                if !isPiece {
                    findings.add("an article was invented", "\(article.source): \(article.title ?? "untitled")")
                }
                continue
            }
            let section = expectations[digest]?.section
            let parts = [
                ("title", article.title, text.title), ("body", article.body, text.body),
                ("abstract", article.abstract, text.abstract), ("section", article.section, section),
            ]
            for (name, found, expected) in parts where found != expected {
                findings.add(
                    "an article differs from what was dropped",
                    "\(article.source): report \(number), \(article.ingest.path): \(name) is "
                        + "'\(found?.prefix(80) ?? "")' and not '\(expected?.prefix(80) ?? "")'")
            }
        }
        for (key, counts) in numbers where Set(counts.values).count > 1 {
            findings.add(
                "articles of one file are there in different numbers", "\(key): \(counts.filter { $0.value > 1 })")
        }
        var announced: [String: Int] = [:]
        for file in log.files where file.articles > 0 {
            announced["\(file.source) \(file.sha256 ?? "")", default: 0] += file.articles
        }
        if announced != counts {
            let keys = Set(announced.keys).union(counts.keys).filter { announced[$0] != counts[$0] }
            for key in keys.sorted() {
                findings.add(
                    "file records announce other articles than there are",
                    "\(key): \(announced[key] ?? 0) announced, \(counts[key] ?? 0) there")
            }
        }
    }

    // MARK: Directories

    private func checkDirectory(_ site: Int, _ records: [Key: [FileRecord]]) throws {
        let path = workplace.path(site: site)
        let quarantine = try FileTree(path + "/.quarantine").files.filter {
            !Audit.isTemporary($0.key) && !Audit.isCompanion($0.key)
        }
        for name in try FileTree(path + "/.dropwire").files.keys {
            findings.add("a file lies under its private name", "\(DropSite.all[site].name): \(Audit.text(name))")
        }
        let mine = records.filter { $0.key.place.site == site }
        let isReason = { (name: [UInt8]) in name.suffix(12).elementsEqual(".reason.json".utf8) }
        var kept = mine.mapValues { $0.count { $0.outcome == .quarantined } }
        for (key, files) in mine {
            for file in files where file.outcome == .partial {
                for digest in expectations[key.digest]?.badParts ?? [] {
                    kept[
                        Key(place: Place(site: site, path: Array("\(file.path)#".utf8)), digest: digest), default: 0] +=
                        1
                }
            }
        }
        checkFolder("the quarantine", site, quarantine.filter { !isReason($0.key) }, kept)
        let reasons = quarantine.keys.count(where: isReason)
        if reasons * 2 < quarantine.count {
            findings.add(
                "quarantined files lack their reasons",
                "\(DropSite.all[site].name): \(quarantine.count - reasons) files, \(reasons) reasons")
        }
        switch DropSite.all[site].after {
        case .archive:
            checkFolder(
                "the archive", site,
                try FileTree(workplace.archivePath(site: site)).files.filter { !Audit.isCompanion($0.key) },
                mine.mapValues { $0.count { $0.outcome != .quarantined } })
        case .delete: break
        case .leave:
            let left = try FileTree(path) { $0.bytes.first != UInt8(ascii: ".") }
            for (key, files) in mine where files.contains(where: { $0.outcome != .quarantined }) {
                if byPlace[key.place]!.contains(where: \.mayBeGone) { continue }
                if left.files[key.place.path] != key.digest {
                    findings.add("a file that stays is gone", "\(key.place)")
                }
            }
        }
    }

    /// A folder has each file as often as it has an outcome that leads there, and nothing that was not read.
    private func checkFolder(_ folder: String, _ site: Int, _ files: [[UInt8]: [UInt8]], _ outcomes: [Key: Int]) {
        let lying = Dictionary(files.map { ($0.value, 1) }, uniquingKeysWith: +)
        var read: [[UInt8]: Int] = [:]
        var mayBeGone: Set<[UInt8]> = []
        for (key, count) in outcomes { read[key.digest, default: 0] += count }
        for drop in drops where drop.place.site == site && drop.mayBeGone { mayBeGone.insert(drop.digest) }
        let slow = Set(doubtful.filter { $0.site == site }.map { RelativePath(bytes: $0.path).name })
        for (path, digest) in files where lying[digest]! > read[digest] ?? 0 {
            let name = RelativePath(bytes: path).name
            if slow.contains(where: { name.starts(with: $0.prefix(200)) }) || mayBeGone.contains(digest) { continue }
            findings.add(
                "\(folder) has what was not read",
                "\(DropSite.all[site].name): \(Audit.text(path)) \(expectations[digest]?.articles ?? [])"
            )
        }
        // To another file system a file is copied, and the copy of the same file serves for all.
        let isShared = DropSite.all[site].archivesElsewhere
        for (digest, count) in read where count > 0 && !mayBeGone.contains(digest) {
            guard (isShared ? 1 : count) > lying[digest] ?? 0 else { continue }
            findings.add(
                "\(folder) lacks a file",
                "\(DropSite.all[site].name): \(expectations[digest]?.articles ?? []), \(lying[digest] ?? 0) of \(count)"
            )
        }
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

    /// What lies beside a file and belongs to it.
    private static func isCompanion(_ path: [UInt8]) -> Bool {
        [".sha256", ".meta.json", ".done"].contains { path.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// What a write under a temporary name leaves where the process was killed in it.
    private static func isTemporary(_ path: [UInt8]) -> Bool {
        let name = RelativePath(bytes: path).name
        return name.first == UInt8(ascii: ".") && name.suffix(4).elementsEqual(".tmp".utf8)
    }
}
