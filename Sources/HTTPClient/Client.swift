import CCURL
import Glibc

/// An HTTP client: one easy handle of libcurl, which keeps its connection open from request to request.
///
/// It posts, follows no redirect (what it sends may hold a key), takes only http and https, and verifies certificates. A
/// request blocks its thread; libcurl says: "You must never share the same handle in multiple threads", so a client has
/// one owner. It knows no JSON and does not try again.
package struct Client: ~Copyable {
    private let handle: Handle

    /// Makes a client; no connection is made yet.
    package init() throws(ClientError) {
        _ = Client.global
        guard let made = curl_easy_init() else { throw ClientError(cause: "libcurl has no memory for a handle") }
        handle = Handle(raw: made)
    }

    // "You must call this function once before any other"; a static's initializer runs once, whatever the thread.
    private static let global = curl_global_init(Int(CURL_GLOBAL_ALL))

    /// Sends a POST and returns the answer, whatever its status.
    ///
    /// - Parameters:
    ///   - url: http or https.
    ///   - headers: names and values; what holds a line break is refused, and none is ever part of an error.
    ///   - timeout: for the whole exchange, from the look-up of the name to the last byte.
    ///   - maximumBytes: a longer answer is an error.
    ///   - shouldGoOn: asked at least about once a second while it waits; false ends the request with
    ///     ``ClientError/Kind/canceled``.
    package func post(
        _ url: String, headers: [(name: String, value: String)], body: [UInt8], timeout: Duration, maximumBytes: Int,
        shouldGoOn: () -> Bool = { true }
    ) throws(ClientError) -> ClientReply {
        let lines = try Client.list(headers)
        defer { curl_slist_free_all(lines) }
        let result = withoutActuallyEscaping(shouldGoOn) { goOn in
            let transfer = Transfer(maximumBytes: maximumBytes, shouldGoOn: goOn)
            let code = body.withUnsafeBufferPointer { bytes in
                perform(url, lines, bytes, timeout, transfer)
            }
            return (code: code, bytes: transfer.bytes, isTooLong: transfer.isTooLong)
        }
        guard result.code == CURLE_OK else {
            if result.isTooLong {
                throw ClientError(.tooLong, cause: "the answer is longer than \(maximumBytes) bytes")
            }
            throw ClientError(result.code)
        }
        return reply(result.bytes)
    }

    private func perform(
        _ url: String, _ headers: UnsafeMutablePointer<curl_slist>?, _ body: UnsafeBufferPointer<UInt8>,
        _ timeout: Duration, _ transfer: Transfer
    ) -> CURLcode {
        let raw = handle.raw
        // Forgets the last request's options and keeps the connection.
        curl_easy_reset(raw)
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        let parts = timeout.components
        let milliseconds = max(1, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
        let codes = [
            ccurl_set_text(raw, CURLOPT_URL, url),
            ccurl_set_text(raw, CURLOPT_PROTOCOLS_STR, "http,https"),
            ccurl_set_long(raw, CURLOPT_NOSIGNAL, 1),
            ccurl_set_long(raw, CURLOPT_TIMEOUT_MS, Int(milliseconds)),
            ccurl_set_long(raw, CURLOPT_CONNECTTIMEOUT_MS, Int(min(milliseconds, 10_000))),
            ccurl_set_pointer(raw, CURLOPT_HTTPHEADER, headers),
            ccurl_set_size(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
            // Not copied: it stays where it is for the call.
            ccurl_set_pointer(raw, CURLOPT_POSTFIELDS, body.baseAddress ?? UnsafePointer(Client.nothing)),
            ccurl_set_write(raw, transferWrite), ccurl_set_pointer(raw, CURLOPT_WRITEDATA, context),
            ccurl_set_long(raw, CURLOPT_NOPROGRESS, 0),
            ccurl_set_progress(raw, transferProgress), ccurl_set_pointer(raw, CURLOPT_XFERINFODATA, context),
        ]
        if let failed = codes.first(where: { $0 != CURLE_OK }) { return failed }
        // A proxy of the environment cannot reach this machine's own address.
        if Client.isLoopback(url) { _ = ccurl_set_text(raw, CURLOPT_NOPROXY, "*") }
        return withExtendedLifetime(transfer) { curl_easy_perform(raw) }
    }

    nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    private func reply(_ bytes: [UInt8]) -> ClientReply {
        var status = 0
        var retryAfter: curl_off_t = 0
        var type: UnsafePointer<CChar>?
        _ = ccurl_get_long(handle.raw, CURLINFO_RESPONSE_CODE, &status)
        _ = ccurl_get_size(handle.raw, CURLINFO_RETRY_AFTER, &retryAfter)
        _ = ccurl_get_text(handle.raw, CURLINFO_CONTENT_TYPE, &type)
        return ClientReply(
            status: status, contentType: type.map { String(cString: $0) } ?? "",
            retryAfter: retryAfter > 0 ? .seconds(min(retryAfter, 86_400)) : nil, body: bytes)
    }

    private static func list(
        _ headers: [(name: String, value: String)]
    ) throws(ClientError) -> UnsafeMutablePointer<curl_slist>? {
        // Without it libcurl asks first whether a long body is welcome, and waits a second for the answer.
        var list = curl_slist_append(nil, "Expect:")
        for header in headers {
            guard !(header.name + header.value).utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                curl_slist_free_all(list)
                throw ClientError(cause: "the header '\(header.name)' holds a control character")
            }
            list = curl_slist_append(list, "\(header.name): \(header.value)")
        }
        return list
    }

    /// The URL's host is this machine's own address.
    static func isLoopback(_ url: String) -> Bool {
        guard let start = url.range(of: "://")?.upperBound else { return false }
        let host = url[start...].prefix { $0 != "/" }
        return ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
    }
}

/// Closes the connection with its owner.
private final class Handle {
    let raw: UnsafeMutableRawPointer

    init(raw: UnsafeMutableRawPointer) { self.raw = raw }

    deinit { curl_easy_cleanup(raw) }
}

extension String {
    fileprivate func range(of mark: String) -> Range<Index>? { firstRange(of: mark) }
}
