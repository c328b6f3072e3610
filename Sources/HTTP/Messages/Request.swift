/// One HTTP request with its whole body.
package struct Request: Sendable {
    /// The method as it was sent: `GET`, `HEAD`, `POST` …
    package let method: String
    /// The path with percent escapes decoded: `/api/v1/articles/ab cd`. May hold a slash that was escaped as `%2F`,
    /// `..` and `//`: it is a name to compare, not a way through a file system.
    package let path: String
    /// The path as it was sent, with its escapes and without the query.
    package let rawPath: String
    /// The items of the query in their order, decoded; a plus sign is a space.
    package let query: [Field]
    /// The headers in their order.
    package let headers: [Field]
    /// The body, at most as long as the server allows.
    package let body: [UInt8]
    /// The client's numeric address without the port; empty on a socket of the file system.
    package let clientAddress: String
    /// Who the client is, on a socket of the file system.
    package let peer: PeerCredentials?
    /// The request came by TLS.
    package let isSecure: Bool

    /// A name and its value.
    package struct Field: Sendable, Hashable {
        /// The name as it was sent.
        package let name: String
        /// The value; empty where there is none.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        method: String, path: String, rawPath: String? = nil, query: [Field] = [], headers: [Field] = [],
        body: [UInt8] = [], clientAddress: String = "", peer: PeerCredentials? = nil, isSecure: Bool = false
    ) {
        self.method = method
        self.path = path
        self.rawPath = rawPath ?? path
        self.query = query
        self.headers = headers
        self.body = body
        self.clientAddress = clientAddress
        self.peer = peer
        self.isSecure = isSecure
    }

    /// Returns the value of the first header called `name`, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { equalIgnoringCase($0.name, name) }?.value
    }

    /// Returns the values of all headers called `name`, as one list; for headers that are lists.
    package func headerList(_ name: String) -> String? {
        let values = headers.filter { equalIgnoringCase($0.name, name) }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Returns the fields of a body that is a form (`application/x-www-form-urlencoded`), decoded; nil where an escape is
    /// not one.
    package func formFields() -> [Field]? {
        var fields: [Field] = []
        for part in body.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            func text(_ bytes: ArraySlice<UInt8>) -> String? {
                percentDecoded(bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
            }
            guard let name = text(sides[0]), let value = text(sides.count == 2 ? sides[1] : []) else { return nil }
            fields.append(Field(name: name, value: value))
        }
        return fields
    }

    /// Returns the value of the first item of the query called `name`.
    package func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

/// Returns whether both are the same but for the case of ASCII letters.
func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
    func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
    return left.utf8.elementsEqual(right.utf8) { lower($0) == lower($1) }
}

/// Returns `text` with its percent escapes decoded; nil where one is cut short, or the result is no text or holds a
/// NUL.
package func percentDecoded(_ text: some Collection<UInt8>) -> String? {
    func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
}

/// Returns `text` fit for one component of a path or one value of a query: all but letters, digits and `-._~` escaped.
package func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
