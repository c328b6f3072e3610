import Testing

@testable import HTTP

/// What proxies say, and whom of those that they name is believed.
@Suite struct ForwardingTests {
    private let proxies = ["192.0.2.0/24", "2001:db8::/32"].compactMap { AddressRange($0) }

    private func request(_ headers: [(String, String)]) -> Request {
        Request(method: "GET", path: "/", headers: headers.map { .init(name: $0.0, value: $0.1) })
    }

    @Test(
        arguments: [
            ([("X-Forwarded-For", "198.51.100.7")], "198.51.100.7"),
            // What stands before the first that is no proxy was written by him.
            ([("X-Forwarded-For", "203.0.113.1, 198.51.100.7, 192.0.2.5")], "198.51.100.7"),
            ([("X-Forwarded-For", "203.0.113.1"), ("x-forwarded-for", "198.51.100.7 ,192.0.2.5")], "198.51.100.7"),
            ([("X-Forwarded-For", "nonsense, 198.51.100.7")], "198.51.100.7"),
            ([("X-Forwarded-For", "198.51.100.7, nonsense")], nil),
            ([("X-Forwarded-For", "198.51.100.7, nonsense, 192.0.2.5")], "192.0.2.5"),
            ([("X-Forwarded-For", "192.0.2.4, 192.0.2.5")], "192.0.2.4"),
            ([("X-Forwarded-For", "198.51.100.7:4711")], "198.51.100.7"),
            ([("X-Forwarded-For", "2001:db9::7")], "2001:db9::7"),
            ([("X-Forwarded-For", "[2001:db9::7]")], "2001:db9::7"),
            ([("X-Forwarded-For", "[2001:db9::7]:4711, 2001:db8::1")], "2001:db9::7"),
            ([("X-Forwarded-For", "[2001:db9::7")], nil), ([("X-Forwarded-For", "")], nil),
            ([("X-Forwarded-For", ", ,")], nil), ([("X-Forwarded-For", "::ffff:198.51.100.7")], "198.51.100.7"),
            ([("Forwarded", "for=198.51.100.7;proto=https;by=192.0.2.5")], "198.51.100.7"),
            ([("Forwarded", "for=203.0.113.1, For=\"[2001:db9::7]:4711\" ; proto=http")], "2001:db9::7"),
            ([("Forwarded", "for=_hidden, for=192.0.2.5")], "192.0.2.5"), ([("Forwarded", "for=unknown")], nil),
            ([("Forwarded", "proto=https")], nil), ([("Forwarded", "for=\"198.51.100.7, for=192.0.2.5")], nil),
            // The client's own, beside what the proxy has written.
            ([("Forwarded", "for=203.0.113.1"), ("X-Forwarded-For", "198.51.100.7")], "198.51.100.7"),
            ([("X-Real-IP", "198.51.100.7")], nil), ([], nil),
        ] as [([(String, String)], String?)])
    func `the last one before the proxies is the client`(headers: [(String, String)], client: String?) {
        #expect(request(headers).forwardedClient(trusting: proxies)?.description == client)
    }

    @Test func `whatever a proxy leaves shows that there is one`() {
        for name in ["Forwarded", "x-forwarded-for", "X-FORWARDED-PROTO", "X-Forwarded-Host", "X-Real-Ip", "Via"] {
            #expect(request([(name, "")]).isForwarded, "\(name)")
        }
        #expect(!request([("Host", "a"), ("Origin", "http://a")]).isForwarded)
    }

    @Test func `the scheme is the last proxy's`() {
        #expect(request([("X-Forwarded-Proto", "http, HTTPS ")]).forwardedScheme == "https")
        #expect(request([("Forwarded", "proto=https, for=a;proto=http")]).forwardedScheme == "http")
        #expect(request([("Forwarded", "proto=https"), ("X-Forwarded-Proto", "http")]).forwardedScheme == "http")
        #expect(request([]).forwardedScheme == nil)
    }

    @Test(arguments: [
        ("192.0.2.1", ["192.0.2.1", "::ffff:192.0.2.1"], ["192.0.2.2", "::1"]),
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "9.255.255.255"]),
        ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.128"]),
        ("0.0.0.0/0", ["1.2.3.4"], ["::2"]),
        ("2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::1", "2001:db9::"]),
        ("::1", ["::1"], ["::2", "0.0.0.1"]),
    ])
    func `a range has the addresses that begin alike`(range: String, inside: [String], outside: [String]) throws {
        let range = try #require(AddressRange(range))
        for text in inside { #expect(range.contains(try #require(NetworkAddress(text))), "\(text)") }
        for text in outside { #expect(!range.contains(try #require(NetworkAddress(text))), "\(text)") }
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.1/8", "10.0.0/8",
        "example.org",
        "::/129", "2001:db8::1/32", "fe80::1%eth0", "[::1]", "127.1", "10.0.0.0/8/8", "10.0.0.0/ 8", "1.2.3.4 ",
    ])
    func `anything else is no range`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `an address is what limits count`() throws {
        func group(_ text: String) throws -> String { try #require(NetworkAddress(text)).group }
        #expect(
            try group("2001:db8::1") == group("2001:db8::ffff:2") && group("2001:db8:0:1::1") != group("2001:db8::1"))
        #expect(try group("192.0.2.1") == "192.0.2.1" && group("192.0.2.1") != group("192.0.2.2"))
        #expect(try #require(NetworkAddress("fe80::1%eth0")).description == "fe80::1")
        #expect(try #require(NetworkAddress("127.9.9.9")).isLoopback && #require(NetworkAddress("::1")).isLoopback)
        #expect(NetworkAddress("::1%" + String(repeating: "x", count: 100)) != nil)
        #expect(NetworkAddress(String(repeating: "1", count: 100_000)) == nil)
    }
}
