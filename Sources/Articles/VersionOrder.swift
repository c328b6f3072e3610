/// How a publisher's version stands to another version of the same article.
///
/// Publishers count, date or number in parts, and some do none of these. So versions are compared by the first of these
/// rules that both of them fit:
///
/// 1. Numbers, also with dots (`2`, `007`, `1.10`): part by part, of any length, exactly; a part that is missing is 0.
/// 2. Dates and times of RFC 3339: by the moment that they name.
/// 3. Versions of one form, that is with the same text around their digits (`v3` and `v10`, `2025-02-26` and
///    `2025-03-01`): by the first number that differs.
///
/// Whatever else there is (a hash, one that is missing) says nothing, and the order of arrival decides.
package enum VersionOrder: Sendable {
    /// It is lower: it came late.
    case earlier
    /// It is the same version.
    case same
    /// It is higher.
    case later
    /// The two say nothing of each other.
    case unordered

    /// Compares a version with another one.
    package init(of version: String?, to other: String?) {
        guard let version, let other, !version.isEmpty, !other.isEmpty else {
            self = .unordered
            return
        }
        if version == other {
            self = .same
            return
        }
        let (left, right) = (Array(version.utf8), Array(other.utf8))
        if let left = Self.numbers(left), let right = Self.numbers(right) {
            self = Self.compare(left, right)
        } else if let left = Timestamp(version), let right = Timestamp(other) {
            self = left == right ? .same : left < right ? .earlier : .later
        } else {
            self = Self.compareForms(left[...], right[...])
        }
    }

    /// The digits of each part of a number with dots, without leading zeros; nil where it is none.
    private static func numbers(_ version: [UInt8]) -> [ArraySlice<UInt8>]? {
        guard version.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) else { return nil }
        let parts = version.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return parts.map { $0.drop { $0 == UInt8(ascii: "0") } }
    }

    private static func compare(_ left: [ArraySlice<UInt8>], _ right: [ArraySlice<UInt8>]) -> VersionOrder {
        for index in 0..<max(left.count, right.count) {
            let order = compare(index < left.count ? left[index] : [], index < right.count ? right[index] : [])
            if order != .same { return order }
        }
        return .same
    }

    /// Compares numbers without leading zeros: the longer one is greater.
    private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> VersionOrder {
        if left.count != right.count { return left.count < right.count ? .earlier : .later }
        return left.elementsEqual(right) ? .same : left.lexicographicallyPrecedes(right) ? .earlier : .later
    }

    private static func compareForms(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> VersionOrder {
        var (left, right) = (left, right)
        var found = VersionOrder.same
        while let first = left.first, let second = right.first {
            guard isDigit(first), isDigit(second) else {
                guard first == second else { return .unordered }
                left.removeFirst()
                right.removeFirst()
                continue
            }
            let (number, other) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
            left = left.dropFirst(number.count)
            right = right.dropFirst(other.count)
            // The rest is looked at too: only versions of one form have an order.
            if found == .same {
                found = compare(number.drop { $0 == UInt8(ascii: "0") }, other.drop { $0 == UInt8(ascii: "0") })
            }
        }
        return left.isEmpty && right.isEmpty ? found : .unordered
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
