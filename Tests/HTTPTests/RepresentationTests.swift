import CZlib
import Testing

@testable import HTTP

@Suite struct RepresentationTests {
    private static let text = Array(String(repeating: "All the news that fits. ", count: 200).utf8)

    private func request(_ headers: (String, String)..., method: String = "GET") -> Request {
        Request(method: method, path: "/", headers: headers.map { .init(name: $0.0, value: $0.1) })
    }

    private func header(_ name: String, _ response: Response) -> String? {
        response.headers.first { $0.name == name }?.value
    }

    private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        try #require(czlib_begin_gzip(&stream) == Z_OK)
        defer { inflateEnd(&stream) }
        var input = bytes
        var code = Z_OK
        let plain = [UInt8](unsafeUninitializedCapacity: 1 << 20) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                code = inflate(&stream, Z_FINISH)
            }
            count = output.count - Int(stream.avail_out)
        }
        try #require(code == Z_STREAM_END)
        return plain
    }

    private let both = [
        Representation(contentType: "text/html; charset=utf-8", body: text),
        Representation(asset: text, contentType: "text/html; charset=utf-8"),
    ]

    @Test func `who takes gzip gets it, with a tag of its own`() throws {
        for representation in both {
            let plain = representation.response(to: request())
            #expect(plain.body == RepresentationTests.text && header("Content-Encoding", plain) == nil)
            let packed = representation.response(to: request(("Accept-Encoding", "br, gzip")))
            #expect(header("Content-Encoding", packed) == "gzip")
            #expect(packed.body.count < plain.body.count / 10)
            #expect(try unpacked(packed.body) == RepresentationTests.text)
            for response in [plain, packed] { #expect(header("Vary", response) == "Accept-Encoding") }
            let tags = [header("ETag", plain), header("ETag", packed)]
            #expect(tags[0] != tags[1] && tags.allSatisfy { $0?.hasPrefix("\"") == true })
        }
        #expect(both[0].tag == both[1].tag)
    }

    @Test func `who has it is told so`() {
        for representation in both {
            for coding in ["identity", "gzip"] {
                let first = representation.response(to: request(("Accept-Encoding", coding)))
                let tag = header("ETag", first) ?? ""
                for known in [tag, "W/\(tag)", "\"x\", \(tag)", "\"x\",W/\"y\" ,\(tag)", "*"] {
                    for method in ["GET", "HEAD"] {
                        let response = representation.response(
                            to: request(("Accept-Encoding", coding), ("If-None-Match", known), method: method))
                        #expect(response.status == 304 && response.body.isEmpty)
                        #expect(header("ETag", response) == tag && header("Vary", response) == "Accept-Encoding")
                        #expect(header("Content-Encoding", response) == nil)
                    }
                }
                for other in ["\"x\"", tag.filter { $0 != "\"" }, "", "\"\(tag)\"", "\"x", tag + "x\"".dropFirst(2)]
                    .dropLast()
                {
                    let response = representation.response(
                        to: request(("Accept-Encoding", coding), ("If-None-Match", other)))
                    #expect(response.status == 200, "\(other)")
                }
                let posted = representation.response(
                    to: request(("Accept-Encoding", coding), ("If-None-Match", tag), method: "POST"))
                #expect(posted.status == 200)
            }
        }
    }

    @Test func `the tag of one form is not the tag of the other`() {
        let plain = both[0].response(to: request())
        let response = both[0].response(
            to: request(("Accept-Encoding", "gzip"), ("If-None-Match", header("ETag", plain) ?? "")))
        #expect(response.status == 200)
    }

    @Test func `what is small or compressed already is left alone`() {
        let gzip = request(("Accept-Encoding", "gzip"))
        let small = Representation(contentType: "application/json", body: Array(RepresentationTests.text.prefix(1023)))
        #expect(header("Content-Encoding", small.response(to: gzip)) == nil)
        #expect(header("Vary", small.response(to: gzip)) == "Accept-Encoding")
        let large = Representation(contentType: "application/json", body: Array(RepresentationTests.text.prefix(1024)))
        #expect(header("Content-Encoding", large.response(to: gzip)) == "gzip")
        let picture = Representation(contentType: "image/png", body: RepresentationTests.text)
        #expect(header("Content-Encoding", picture.response(to: gzip)) == nil)
        #expect(header("Vary", picture.response(to: gzip)) == nil)
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<2000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let asset = Representation(asset: noise, contentType: "text/plain")
        #expect(asset.response(to: gzip).body == noise)
    }

    @Test(
        arguments: [
            (nil, "plain"), ("", "plain"), ("gzip", "gzip"), ("GZIP", "gzip"), ("x-gzip", "plain"), ("*", "gzip"),
            ("gzip;q=0", "plain"), ("gzip; q=0.000", "plain"), ("gzip;q=0.001", "gzip"), ("gzip ;\tQ=1.000", "gzip"),
            ("*;q=0, gzip", "gzip"), ("*;q=0", "none"), ("identity;q=0", "none"), ("identity;q=0, gzip", "gzip"),
            ("identity;q=0, gzip;q=0", "none"), ("identity;q=0,*", "gzip"), ("gzip;q=0,*", "plain"),
            ("identity, gzip;q=0.5", "plain"), ("identity;q=0.5, gzip;q=0.5", "gzip"), ("br;q=1, deflate", "plain"),
            ("gzip;q=2", "plain"), ("gzip;q=x", "plain"), ("gzip;q=0.0001", "plain"), ("gzip;q=1.001", "plain"),
            (",,;q=1, gzip", "gzip"), ("*;q=0, identity", "plain"),
        ] as [(String?, String)])
    func `the form is the one that the client likes`(accepted: String?, form: String) {
        let asked = accepted.map { request(("Accept-Encoding", $0)) } ?? request()
        for representation in both {
            let response = representation.response(to: asked)
            switch form {
            case "none": #expect(response.status == 406)
            case "gzip": #expect(response.status == 200 && header("Content-Encoding", response) == "gzip")
            default: #expect(response.status == 200 && header("Content-Encoding", response) == nil)
            }
        }
    }

    @Test func `a small answer is compressed where nothing else is taken`() throws {
        let small = Representation(contentType: "text/plain", body: Array("ok".utf8))
        let response = small.response(to: request(("Accept-Encoding", "identity;q=0, gzip")))
        #expect(try unpacked(response.body) == Array("ok".utf8))
        let empty = Representation(asset: [], contentType: "text/plain")
        #expect(empty.response(to: request(("Accept-Encoding", "gzip"))).status == 200)
    }

    @Test func `tags are alike where contents are`() {
        #expect(EntityTag(of: Array("a".utf8)) == EntityTag(of: Array("a".utf8)))
        #expect(EntityTag(of: Array("a".utf8)) != EntityTag(of: Array("b".utf8)))
        #expect(EntityTag(of: []).value == "e3b0c44298fc1c149afbf4c8996fb924")
        #expect(Representation(contentType: "text/plain", body: [], tag: EntityTag("v7")).tag.description == "\"v7\"")
    }

    @Test func `it goes over the wire as it is`() throws {
        let representation = both[0]
        let server = try Server { representation.response(to: $0) }
        let client = try RawClient(port: server.port)
        let plain = try client.request("GET /")
        #expect(plain.status == 200 && Array(plain.body.utf8) == RepresentationTests.text)
        let tag = try #require(plain.headers["etag"])
        let known = try client.request("GET /", headers: "If-None-Match: \"x\"\r\nIf-None-Match: \(tag)\r\n")
        #expect(known.status == 304 && known.body.isEmpty && known.headers["etag"] == tag)
        let head = try client.request("HEAD /", headers: "Accept-Encoding: gzip\r\n")
        #expect(head.headers["content-encoding"] == "gzip")
        #expect(head.headers["content-length"].flatMap { Int($0) } ?? .max < 1000)
        #expect(try client.request("GET /").status == 200)
    }
}
