import Articles

/// Reads messages one after the other, with one of them in memory. A bad message is a failed part, and reading goes on at
/// the next one.
final class WireReader: PartReader {
    let format = WireFormat.name
    private let context: FormatContext
    private var window: ByteWindow
    private var count = 0
    private var failure: (any Error)?

    init(_ source: any ByteSource, _ context: FormatContext) {
        window = ByteWindow(source)
        self.context = context
    }

    func next() throws -> ParsedPart? {
        if let failure { throw failure }
        do {
            guard try goToMessage() else {
                guard count == 0 else { return nil }
                throw ParseError(
                    code: .empty, format: format, position: .byte(0),
                    message: "no message begins in the file: SOH is missing",
                    looksTruncated: true)
            }
            let content = try readMessage()
            count += 1
            return ParsedPart(number: count, complete: content)
        } catch {
            failure = error
            throw error
        }
    }

    // MARK: Messages

    /// Goes to the next SOH; false at the end.
    private func goToMessage() throws -> Bool {
        while true {
            if let found = window.bytes[window.start...].firstIndex(of: WireMessage.startOfHeader) {
                window.start = found
                return true
            }
            window.start = window.bytes.count
            guard !window.isAtEnd else { return false }
            try window.readMore()
        }
    }

    private func readMessage() throws -> ParsedPart.Content {
        let place = window.offset + window.start
        let limit = context.maximumArticleBytes
        var scanned = 1
        while true {
            let rest = window.bytes[(window.start + scanned)...]
            let next = rest.firstIndex(of: WireMessage.startOfHeader)
            if let end = next ?? (window.isAtEnd ? window.bytes.endIndex : nil) {
                let bytes = window.bytes[window.start..<end]
                window.start = end
                guard bytes.count <= limit else { return .failed(tooLarge(place)) }
                return try parse(bytes, place, isLast: next == nil)
            }
            guard window.count <= limit else {
                window.start = window.bytes.count
                return .failed(tooLarge(place))
            }
            scanned = window.count
            try window.readMore()
        }
    }

    private func parse(_ bytes: ArraySlice<UInt8>, _ place: Int, isLast: Bool) throws(ParseError) -> ParsedPart.Content
    {
        let isOver = bytes.contains(WireMessage.endOfTransmission)
        let message = WireMessage(bytes)
        // What comes over a wire ends with ETX; where the file ends before it, the rest may be on its way.
        if isLast, !isOver, message?.isEnded != true {
            throw ParseError(
                code: .damagedContainer, format: format, position: .byte(place),
                message: "the file ends within the message that begins here: ETX is missing", looksTruncated: true)
        }
        guard let message else {
            return .failed(
                ParseError(
                    code: .damagedContainer, format: format, position: .byte(place),
                    message: "the message that begins here has no text: STX is missing"))
        }
        do throws(ParseError) {
            return .article(try WireArticle(message, context).article())
        } catch {
            var error = error
            error.position = .byte(place)
            error.looksTruncated = false
            return .failed(error)
        }
    }

    private func tooLarge(_ place: Int) -> ParseError {
        .overArticleLimit("the message", context, format: format, at: .byte(place))
    }
}
