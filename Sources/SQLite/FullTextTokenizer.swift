/// A tokenizer of FTS5 that Swift code supplies; see ``Connection/register(tokenizer:name:)``.
///
/// FTS5 calls it on the connection's own thread, never twice at once, so it needs no locks and may keep buffers.
package protocol FullTextTokenizer: AnyObject {
    /// Hands the tokens of `text` to `sink` in the order of their positions; stops when `sink` says so.
    ///
    /// `text` is what the statement brought, not checked for being well-formed UTF-8. It is a span so that no
    /// article is copied on its way into the index.
    func tokenize(_ text: Span<UInt8>, purpose: FullTextPurpose, into sink: borrowing FullTextSink)
}

/// Why FTS5 asks for tokens (its `FTS5_TOKENIZE_…` flags).
package enum FullTextPurpose: Sendable, Equatable {
    /// A row is inserted, or removed by its old values.
    case document
    /// A string of a MATCH expression.
    case query
    /// A string of a MATCH expression that is followed by a star.
    case prefix
    /// An auxiliary function asks.
    case auxiliary
}

/// Where a tokenizer puts its tokens; it lives for one call (and cannot be copied out of it).
package struct FullTextSink: ~Copyable {
    /// Where a token stands.
    package enum Place: Sendable {
        /// One position after the token before it.
        case next
        /// At the same position as the token before it (`FTS5_TOKEN_COLOCATED`): a synonym or a stem.
        case colocated
    }

    /// The corresponding C type is the `xToken` parameter of `fts5_tokenizer.xTokenize`.
    typealias Callback =
        @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int32, Int32, Int32) -> Int32

    private let context: UnsafeMutableRawPointer?
    private let callback: Callback
    private let result: UnsafeMutablePointer<Int32>

    init(context: UnsafeMutableRawPointer?, callback: @escaping Callback, result: UnsafeMutablePointer<Int32>) {
        self.context = context
        self.callback = callback
        self.result = result
    }

    /// Takes a token that came from the bytes `range` of the text; false asks the tokenizer to stop.
    package func put(_ token: Span<UInt8>, from range: Range<Int>, place: Place = .next) -> Bool {
        let code = token.withUnsafeBytes { bytes in
            callback(
                context, place == .colocated ? 1 : 0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(bytes.count), Int32(range.lowerBound), Int32(range.upperBound))
        }
        result.pointee = code
        return code == 0
    }
}
