import CMicroHTTPD
import Glibc

/// One request while its body arrives; made in the first call for it, given back in ``exchangeCompleted``.
///
/// libmicrohttpd handles a connection on one thread, so nothing here is shared.
final class Exchange {
    private let connection: Connection
    private let headers: [Request.Field]
    private let check: RequestCheck
    private var body: [UInt8] = []
    private var discarded = 0
    /// A client that does not stop sending what is not wanted is cut off after so many bytes.
    private static let patience = 16 << 20

    init(connection: Connection, headers: [Request.Field], check: RequestCheck) {
        self.connection = connection
        self.headers = headers
        self.check = check
    }

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
    func response(method: String, query raw: [Request.Field], _ shared: ServerContext) -> Response {
        let refusal = shared.configuration.refusal
        guard discarded == 0 else { return refusal(413, "The body is longer than allowed.") }
        var query: [Request.Field] = []
        for field in raw {
            guard let name = percentDecoded(field.name.utf8), let value = percentDecoded(field.value.utf8) else {
                return refusal(400, "The query has an escape that is not one.")
            }
            query.append(.init(name: name, value: value))
        }
        let request = Request(
            method: method, path: check.path, rawPath: check.rawPath, query: query, headers: headers, body: body,
            clientAddress: connection.address.text, peer: connection.peer, isSecure: connection.worker.isSecure)
        connection.enter(.handler)
        var response = connection.worker.answering { shared.handler(request) }
        if method == "HEAD", let stream = response.eventStream {
            // libmicrohttpd would send the end of a body that it does not send.
            stream.end()
            response.eventStream = nil
        }
        return response
    }
}

/// libmicrohttpd calls this first when the headers are there, then with each piece of the body, then without one.
///
/// The corresponding C type is `MHD_AccessHandlerCallback`.
func exchangeCalled(
    _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let handle, let url, let method, let version, let uploadSize, let state,
        let connection = connection(of: handle)
    else { return .NO }
    let shared = Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
    guard let known = state.pointee else {
        return begin(
            handle, connection, url: String(cString: url), method: String(cString: method),
            version: String(cString: version), state: state, shared)
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if uploadSize.pointee > 0 {
        let bytes = UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
        uploadSize.pointee = 0
        return exchange.take(bytes, maximum: shared.configuration.maximumBodyBytes) ? .YES : .NO
    }
    let response = exchange.response(
        method: String(cString: method), query: fields(of: handle, kind: .GET_ARGUMENT_KIND), shared)
    return queue(response, on: handle, connection, shared)
}

/// Gives back what the request held. The corresponding C type is `MHD_RequestCompletedCallback`.
func exchangeCompleted(
    _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    if let handle { connection(of: handle)?.endReply() }
    guard let known = state?.pointee else { return }
    Unmanaged<Exchange>.fromOpaque(known).release()
    state?.pointee = nil
}

/// Takes a request on whose head is there, or answers it before its body is read.
private func begin(
    _ handle: OpaquePointer, _ connection: Connection, url: String, method: String, version: String,
    state: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ shared: ServerContext
) -> MHD_Result {
    let headers = fields(of: handle, kind: .HEADER_KIND)
    func refuse(_ response: Response) -> MHD_Result {
        var response = response
        // Where its body ends is not known, or not to be waited for.
        response.addHeader("Connection", "close")
        return queue(response, on: handle, connection, shared)
    }
    do throws(RequestCheck.Refusal) {
        let check = try RequestCheck(method: method, target: url, version: version, headers: headers)
        if let length = check.contentLength, length > shared.configuration.maximumBodyBytes {
            return refuse(shared.configuration.refusal(413, "The body is longer than allowed."))
        }
        if let wait = shared.wait(for: connection.address) {
            var response = shared.configuration.refusal(429, "There are too many requests.")
            response.addHeader("Retry-After", "\(max(1, Int((wait / .seconds(1)).rounded(.up))))")
            return refuse(response)
        }
        connection.enter(.body)
        let exchange = Exchange(connection: connection, headers: headers, check: check)
        state.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return .YES
    } catch {
        return refuse(shared.configuration.refusal(error.status, error.text))
    }
}

private func queue(
    _ response: Response, on handle: OpaquePointer, _ connection: Connection, _ shared: ServerContext
) -> MHD_Result {
    if let stream = response.eventStream, !stream.attach(to: connection) {
        return queue(.text("The event stream serves another one.\n", status: 500), on: handle, connection, shared)
    }
    guard let made = response.eventStream.map({ make($0, handle) }) ?? make(response.body) else { return .NO }
    defer { MHD_destroy_response(made) }
    for header in response.headers where MHD_add_response_header(made, header.name, header.value) == .NO {
        // A line break in a value, for instance: sending the rest would be a different answer than was meant.
        guard response.status != 500 else { continue }
        response.eventStream?.end()
        return queue(
            .text("The answer has a header that cannot be sent.\n", status: 500), on: handle, connection, shared)
    }
    connection.enter(response.eventStream == nil ? .reply : .events)
    if let stream = response.eventStream { shared.attach(stream, to: connection) }
    return MHD_queue_response(handle, UInt32(response.status), made)
}

private func make(_ body: [UInt8]) -> OpaquePointer? {
    body.withUnsafeBytes { bytes in
        // Copied by libmicrohttpd, whose parameter is not const for the other modes' sake.
        MHD_create_response_from_buffer(
            bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
}

/// What the reply of an event stream is read from.
private final class Outlet {
    let stream: EventStream
    let handle: OpaquePointer

    init(stream: EventStream, handle: OpaquePointer) {
        self.stream = stream
        self.handle = handle
    }
}

private func make(_ stream: EventStream, _ handle: OpaquePointer) -> OpaquePointer? {
    let outlet = Unmanaged.passRetained(Outlet(stream: stream, handle: handle))
    let made = MHD_create_response_from_callback(
        // `MHD_SIZE_UNKNOWN`, a macro that Swift does not see: chunks as they come.
        UInt64.max, 1024,
        { context, _, buffer, size in
            guard let context, let buffer else { return Int(MHD_CONTENT_READER_END_WITH_ERROR) }
            let outlet = Unmanaged<Outlet>.fromOpaque(context).takeUnretainedValue()
            return outlet.stream.read(
                into: UnsafeMutableRawBufferPointer(start: buffer, count: size), handle: outlet.handle)
        },
        outlet.toOpaque(),
        { context in
            guard let context else { return }
            Unmanaged<Outlet>.fromOpaque(context).release()
        })
    if made == nil { outlet.release() }
    return made
}

/// The connection that a handle of libmicrohttpd's stands for.
func connection(of handle: OpaquePointer) -> Connection? {
    cmicrohttpd_socket_context(handle).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
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
