import CCURL

/// Why no answer came. It names no header and no URL: they may hold what is secret.
package struct ClientError: Error, Sendable, CustomStringConvertible {
    /// What a caller decides on.
    package enum Kind: Sendable, Equatable {
        /// Nobody answered in time.
        case timedOut
        /// The connection could not be made, or broke: perhaps it can be made later.
        case unreachable
        /// The answer is longer than allowed.
        case tooLong
        /// The caller ended the request.
        case canceled
        /// Anything else, which will be so the next time: a wrong URL, a certificate that is not trusted.
        case other
    }

    package let kind: Kind
    package let description: String

    init(_ kind: Kind = .other, cause: String) {
        self.kind = kind
        description = cause
    }

    init(_ code: CURLcode) {
        kind =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_ABORTED_BY_CALLBACK: .canceled
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
                CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_COULDNT_RESOLVE_PROXY, CURLE_HTTP2, CURLE_HTTP2_STREAM:
                .unreachable
            default: .other
            }
        let text = curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue) of libcurl"
        description = text.prefix(1).lowercased() + text.dropFirst()
    }
}
