import CMicroHTTPD
import Glibc

/// What all callbacks of one daemon share.
final class ExchangeContext: Sendable {
    let maximumBodyBytes: Int
    let handler: Server.Handler

    init(maximumBodyBytes: Int, handler: @escaping Server.Handler) {
        self.maximumBodyBytes = maximumBodyBytes
        self.handler = handler
    }
}

/// One request while its body arrives; made in the first call for it, given back in ``exchangeCompleted``.
///
/// libmicrohttpd handles a connection on one thread, so nothing here is shared.
final class Exchange {
    private var body: [UInt8] = []
    private var discarded = 0
    /// A client that does not stop sending what is not wanted is cut off after so many bytes.
    private static let patience = 16 << 20

    /// Takes a piece of the body; returns false where the client is to be cut off.
    func take(_ bytes: UnsafeRawBufferPointer, maximum: Int) -> Bool {
        guard discarded == 0, body.count + bytes.count <= maximum else {
            body = []
            discarded += bytes.count
            return discarded <= Exchange.patience
        }
        body += bytes
        return true
    }

    /// Answers the complete request.
    func response(
        to connection: OpaquePointer?, method: String, rawPath: String, context: ExchangeContext
    ) -> Response {
        guard discarded == 0 else { return .text("The body is longer than allowed.\n", status: 413) }
        guard let path = percentDecoded(Array(rawPath.utf8)) else {
            return .text("The path has an escape that is not one.\n", status: 400)
        }
        var query: [Request.Field] = []
        for field in fields(of: connection, kind: .GET_ARGUMENT_KIND) {
            guard let name = percentDecoded(Array(field.name.utf8)), let value = percentDecoded(Array(field.value.utf8))
            else { return .text("The query has an escape that is not one.\n", status: 400) }
            query.append(.init(name: name, value: value))
        }
        return context.handler(
            Request(
                method: method, path: path, rawPath: rawPath, query: query,
                headers: fields(of: connection, kind: .HEADER_KIND), body: body,
                clientAddress: clientAddress(of: connection)))
    }
}

/// libmicrohttpd calls this first when the headers are there, then with each piece of the body, then without one.
///
/// The corresponding C type is `MHD_AccessHandlerCallback`.
func exchangeCalled(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let url, let method, let uploadSize, let state else { return .NO }
    let shared = Unmanaged<ExchangeContext>.fromOpaque(context).takeUnretainedValue()
    guard let known = state.pointee else {
        state.pointee = Unmanaged.passRetained(Exchange()).toOpaque()
        let announced = fields(of: connection, kind: .HEADER_KIND)
            .first { equalIgnoringCase($0.name, "Content-Length") }
            .map { Int($0.value) ?? Int.max }
        // Answered before the body is read; libmicrohttpd closes the connection afterwards.
        if let announced, announced > shared.maximumBodyBytes {
            return queue(.text("The body is longer than allowed.\n", status: 413), on: connection)
        }
        return .YES
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if uploadSize.pointee > 0 {
        let bytes = UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
        uploadSize.pointee = 0
        return exchange.take(bytes, maximum: shared.maximumBodyBytes) ? .YES : .NO
    }
    let response = exchange.response(
        to: connection, method: String(cString: method), rawPath: String(cString: url), context: shared)
    return queue(response, on: connection)
}

/// Gives back what the request held. The corresponding C type is `MHD_RequestCompletedCallback`.
func exchangeCompleted(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    guard let known = state?.pointee else { return }
    Unmanaged<Exchange>.fromOpaque(known).release()
    state?.pointee = nil
}

private func queue(_ response: Response, on connection: OpaquePointer?) -> MHD_Result {
    let made = response.body.withUnsafeBytes { bytes in
        // Copied by libmicrohttpd, whose parameter is not const for the other modes' sake.
        MHD_create_response_from_buffer(
            bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    for header in response.headers where MHD_add_response_header(made, header.name, header.value) == .NO {
        // A line break in a value, for instance: sending the rest would be a different answer than was meant.
        guard response.status != 500 else { continue }
        return queue(.text("The answer has a header that cannot be sent.\n", status: 500), on: connection)
    }
    return MHD_queue_response(connection, UInt32(response.status), made)
}

private func fields(of connection: OpaquePointer?, kind: MHD_ValueKind) -> [Request.Field] {
    var fields: [Request.Field] = []
    withUnsafeMutablePointer(to: &fields) { fields in
        _ = MHD_get_connection_values(
            connection, kind,
            { context, _, name, value in
                guard let fields = context?.assumingMemoryBound(to: [Request.Field].self), let name else {
                    return .NO
                }
                fields.pointee.append(
                    .init(name: String(cString: name), value: value.map { String(cString: $0) } ?? ""))
                return .YES
            }, fields)
    }
    return fields
}

private func clientAddress(of connection: OpaquePointer?) -> String {
    guard let address = cmicrohttpd_client_address(connection) else { return "" }
    let length = MemoryLayout<sockaddr_in6>.size
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let size = Int32(address.pointee.sa_family) == AF_INET6 ? length : MemoryLayout<sockaddr_in>.size
    guard getnameinfo(address, socklen_t(size), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else {
        return ""
    }
    return host.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
}
