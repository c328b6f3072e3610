/// The schemes behind the aliases of codes such as `medtop:20000523`, as an item's own catalogs have them. Catalogs that
/// lie elsewhere are not fetched: their codes stay as they are.
struct QCodes {
    private var schemes: [String: String] = [:]

    /// Reads the catalogs of a message.
    init(ofMessage news: NewsTree) {
        for index in news.indices where news.tag(index) == .catalog { read(index, news) }
    }

    /// Reads the catalogs of an item, which go before those of its message.
    init(_ item: NewsTree, message: NewsMessage?) {
        if let message { self = message.codes }
        for child in item.children(of: 0) where item.tag(child) == .catalog { read(child, item) }
    }

    private mutating func read(_ catalog: Int, _ news: NewsTree) {
        for scheme in news.children(of: catalog) where news.tag(scheme) == .scheme {
            if let alias = news.value(.alias, of: scheme), let uri = news.value(.uri, of: scheme) {
                schemes[alias] = uri
            }
        }
    }

    /// Returns a code as a URI and its scheme; the code itself and its alias where nothing says what that stands for.
    func resolve(_ code: String) -> (uri: String, scheme: String?) {
        guard let colon = code.firstIndex(of: ":") else { return (code, nil) }
        let alias = String(code[..<colon])
        guard let scheme = schemes[alias] else { return (code, alias) }
        return (scheme + code[code.index(after: colon)...], scheme)
    }

    /// The word of a code or a URI, without what it is from: `usable` of `stat:usable`.
    static func word(_ code: String) -> String {
        let start = code.lastIndex { $0 == ":" || $0 == "/" || $0 == "#" }
        return start.map { String(code[code.index(after: $0)...]) } ?? code
    }
}
