import FoundationEssentials
import Glibc
import JSON

/// Articles whose near duplicates are known: JSON lines with `id` and `text`, and the exact pairs beside them.
struct NearDuplicateCorpus {
    /// An article.
    struct Text {
        let id: String
        let title: String
        let bytes: [UInt8]
    }

    let name: String
    let texts: [Text]
    /// The similarity of each pair that has at least 0.5, by both ids in their order.
    let truth: [[String]: Double]

    /// Reads `NAME.jsonl.xz` and `NAME.truth_w5_j0.5.tsv`, which may be compressed, from the folder beside the checkout; nil
    /// where they are not there.
    init?(name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/corpora").path
        let lines = "\(folder)/\(name).jsonl.xz"
        let pairs = ["\(folder)/\(name).truth_w5_j0.5.tsv", "\(folder)/\(name).truth_w5_j0.5.tsv.gz"]
        guard access(lines, R_OK) == 0, let found = pairs.first(where: { access($0, R_OK) == 0 }) else { return nil }
        self.name = name
        let bytes = try Corpus.unpack(lines, by: "xz")
        let parser = JSONParser()
        texts = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let object = try parser.parse(Array(line))
            guard let id = object["id"]?.text, let text = object["text"]?.withText({ Array($0) }) else {
                throw BenchmarkFailure("a line of '\(lines)' has no id or no text")
            }
            return Text(id: id, title: object["title"]?.text ?? "", bytes: text)
        }
        let table =
            found.hasSuffix(".gz")
            ? try Corpus.unpack(found, by: "gzip") : Array(try Data(contentsOf: URL(filePath: found)))
        var truth: [[String]: Double] = [:]
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
            let fields = line.split { $0 == "\t" || $0 == " " }.map(String.init)
            guard fields.count >= 3, let similarity = Double(fields[2]) else { continue }
            truth[fields[..<2].sorted()] = similarity
        }
        self.truth = truth
    }

    /// The part of the true pairs that was found, and of the found ones that is true.
    func score(_ found: Set<[String]>, threshold: Double) -> (recall: Double, precision: Double) {
        // The table has five digits.
        let expected = Set(truth.filter { $0.value >= threshold - 1e-9 }.keys)
        let hit = Double(expected.intersection(found).count)
        return (hit / Double(max(1, expected.count)), hit / Double(max(1, found.count)))
    }
}
