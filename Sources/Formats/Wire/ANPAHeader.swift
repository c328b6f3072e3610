/// The header of a wire message of ANPA 1312: who sent it, how urgent it is, what it is about and when it was sent.
///
///     SYN SYN SOH f0704 US reute
///     u f DC3 DC1 BC-COCOA-REVIEW 02-26 0105
struct ANPAHeader {
    /// The service and the number of the message, as `f0704`.
    private(set) var number: String?
    /// For whom it is: the selector codes behind the number.
    private(set) var selector: String?
    /// A letter: `f` for a flash, `u` for urgent, `r` for rush.
    private(set) var priority: Character?
    /// A letter: `f` for finance, `s` for sports.
    private(set) var category: Character?
    /// What it is about, as `BC-COCOA-REVIEW`.
    private(set) var slugline: String?
    /// What stands behind it, as `1stLd-Writethru`.
    private(set) var take: String?
    /// Month and day, as `02-26`.
    private(set) var date: String?
    private(set) var words: Int?
    /// Whether its lines are those of a table, by DC2.
    private(set) var isTabular = false

    /// Reads the lines of a header.
    init(_ lines: some Sequence<some StringProtocol>) {
        for line in lines {
            let parts = ANPAHeader.parts(of: line)
            guard let first = parts.first else { continue }
            if number == nil, priority == nil, ANPAHeader.isNumber(first) {
                readNumber(parts)
            } else if priority == nil {
                isTabular = line.unicodeScalars.contains("\u{12}")
                readLine(parts)
            }
        }
    }

    /// Whether there is enough in it to be a header of this standard.
    var isComplete: Bool { priority != nil && category != nil }

    /// 1 for what interrupts everything to 8 for what may wait for Sunday.
    var urgency: Int? {
        guard let priority else { return nil }
        return switch Character(priority.lowercased()) {
        case "f": 1
        case "b": 2
        case "u": 3
        case "r": 4
        case "d": 5
        case "a": 6
        case "w": 7
        case "s": 8
        default: nil
        }
    }

    /// The words between spaces and control characters.
    private static func parts(of line: some StringProtocol) -> [String] {
        line.unicodeScalars.split { $0.value <= 0x20 }.map { String(String.UnicodeScalarView($0)) }
    }

    /// A letter and three or four digits.
    private static func isNumber(_ word: String) -> Bool {
        let digits = word.utf8.dropFirst()
        return word.utf8.first?.isLetter == true && (3...4).contains(digits.prefix { $0.isDigit }.count)
    }

    private mutating func readNumber(_ parts: [String]) {
        // A selector may stand right behind the number.
        let end = parts[0].index(
            parts[0].startIndex, offsetBy: 1 + parts[0].dropFirst().prefix { $0.isASCII && $0.isNumber }.count)
        number = String(parts[0][..<end])
        let rest = [String(parts[0][end...])] + parts.dropFirst()
        selector = rest.first { !$0.isEmpty }
    }

    private mutating func readLine(_ parts: [String]) {
        guard parts.count >= 3, parts[0].utf8.count == 1, parts[1].utf8.count == 1, parts[0].utf8.first!.isLetter,
            parts[1].utf8.first!.isLetter
        else { return }
        priority = parts[0].first
        category = parts[1].first
        var rest = parts.dropFirst(2)
        if let place = rest.lastIndex(where: ANPAHeader.isDate) {
            date = rest[place]
            words = rest[(place + 1)...].first.flatMap { Int($0) }
            rest = rest[..<place]
        }
        slugline = rest.first
        let behind = rest.dropFirst().joined(separator: " ")
        take = behind.isEmpty ? nil : behind
    }

    /// Whether a word is a month and a day.
    private static func isDate(_ word: String) -> Bool {
        let numbers = word.split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let month = Int(numbers[0]), let day = Int(numbers[1]) else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
