/// The order of two versions of one article.
enum VersionOrder {
    /// Compares versions: numerically where both are numbers (of any length); otherwise they say nothing.
    static func compare(_ left: String?, _ right: String?) -> Int {
        guard let left = number(left), let right = number(right) else { return 0 }
        if left.count != right.count { return left.count < right.count ? -1 : 1 }
        return left == right ? 0 : (left.lexicographicallyPrecedes(right) ? -1 : 1)
    }

    private static func number(_ version: String?) -> [UInt8]? {
        guard let version, !version.isEmpty, version.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Array(version.utf8.drop { $0 == 0x30 })
    }
}
