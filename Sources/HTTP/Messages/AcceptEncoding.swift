/// Which content codings a client takes, by its `Accept-Encoding` (RFC 9110, 12.5.3).
struct AcceptEncoding {
    /// Weights from 0 to 1000 by coding in small letters, `*` for all others.
    private var weights: [String: Int] = [:]

    /// Reads the header; what cannot be read in it is as good as not there.
    init(_ header: String?) {
        for item in (header ?? "").split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let coding = parts.first, !coding.isEmpty else { continue }
            let stated = parts.dropFirst().first { $0.hasPrefix("q=") }
            if let weight = stated.map({ AcceptEncoding.weight($0.dropFirst(2)) }) ?? 1000 { weights[coding] = weight }
        }
    }

    /// Returns how much the client likes a coding, 0 to 1000; 0 is not at all.
    func weight(of coding: String) -> Int {
        if let weight = weights[coding] { return weight }
        // The plain bytes are taken unless they are refused, by name or by the asterisk; nothing else is liked less.
        if coding == "identity" { return weights["*"] == 0 ? 0 : 1 }
        return weights["*"] ?? 0
    }

    /// `0` or `1`, with up to three digits behind a point.
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count > 1 ? parts[1].utf8.map { Int($0) - 48 } : []
        guard parts[0] == "0" || parts[0] == "1", digits.count <= 3, digits.allSatisfy({ (0...9).contains($0) }) else {
            return nil
        }
        var weight = parts[0] == "1" ? 1 : 0
        for place in 0..<3 { weight = weight * 10 + (place < digits.count ? digits[place] : 0) }
        return weight <= 1000 ? weight : nil
    }
}
