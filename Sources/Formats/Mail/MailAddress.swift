/// Somebody who wrote or sent a mail (RFC 5322, section 3.4, with the obsolete forms).
struct MailAddress: Equatable {
    /// The name as it is shown.
    var name: String?
    var address: String?

    /// No mail is written by more.
    private static let maximum = 100

    /// Returns the addresses of a field; the members of groups stand for them.
    static func list(_ field: [UInt8], charset: [UInt8]? = nil) -> [MailAddress] {
        var scanner = FieldScanner(field, specials: "<>,;:")
        var output: [MailAddress] = []
        var current = Pending()
        func flush() {
            if let address = current.made(charset), output.count < maximum { output.append(address) }
            current = Pending()
        }
        while let token = scanner.next() {
            switch token {
            case .special(UInt8(ascii: "<")): current.isInBrackets = true
            case .special(UInt8(ascii: ">")): current.isInBrackets = false
            // What stands before is the name of a group, or a route.
            case .special(UInt8(ascii: ":")):
                if current.isInBrackets { current.address = [] } else { current = Pending() }
            case .special(UInt8(ascii: ",")), .special(UInt8(ascii: ";")):
                // A route has commas, too.
                if !current.isInBrackets { flush() }
            case .atom(let text), .quoted(let text): current.add(text, followsSpace: scanner.followsSpace)
            case .comment(let text): current.comments.append(text)
            case .special: break
            }
        }
        flush()
        return output
    }

    /// What was read of an address.
    private struct Pending {
        var words: [UInt8] = []
        var address: [UInt8] = []
        var comments: [[UInt8]] = []
        var isInBrackets = false

        mutating func add(_ text: [UInt8], followsSpace: Bool) {
            if isInBrackets {
                address += text
            } else {
                if followsSpace, !words.isEmpty { words.append(0x20) }
                words += text
            }
        }

        func made(_ charset: [UInt8]?) -> MailAddress? {
            var (words, address) = (words, address)
            // An address alone.
            if address.isEmpty, words.contains(UInt8(ascii: "@")) {
                (words, address) = ([], words.filter { $0 != 0x20 })
            }
            let name =
                EncodedWords.decode(words, charset: charset)
                ?? comments.lazy.compactMap { EncodedWords.decode($0, charset: charset) }.first
            let text = EncodedWords.decode(address)
            return name == nil && text == nil ? nil : MailAddress(name: name, address: text)
        }
    }
}
