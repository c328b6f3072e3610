import Articles
import FoundationEssentials
import Testing

@testable import Messaging

@Suite struct PlainReaderTests {
    typealias FetchBody = LogDesk.FetchBody
    typealias ClaimBody = LogDesk.ClaimBody

    /// Both readings of a frame, as texts that show every member.
    private func readings<Body: PlainDecodable>(_ json: String, _ type: Body.Type) -> (plain: String?, decoded: String?)
    {
        (
            Body(plainFrame: Array(json.utf8)).map { "\($0)" },
            (try? JSONDecoder().decode(type, from: Data(json.utf8))).map { "\($0)" }
        )
    }

    @Test(arguments: [
        "{}", " { } ", #"{"after":0}"#, #"{"after":7,"max":1,"max_bytes":2,"wait_ms":3,"topics":[]}"#,
        #"{"stream":"00112233-4455-6677-8899-aabbccddeeff","epoch":1,"after":5,"time_ms":-9,"topics":["art/bbc/","é"]}"#,
        "\t{ \"after\" :\n7 ,\"topics\" : [ \"a\" , \"b\" ] }\r\n",
    ])
    func `a plain frame is read as the decoder reads it`(json: String) {
        let (plain, decoded) = readings(json, FetchBody.self)
        #expect(plain != nil)
        #expect(plain == decoded)
    }

    @Test(arguments: [
        #"{"group":"g","owner":"o"}"#, #"{"owner":"o","group":"g","max":3,"lease_ms":4,"wait_ms":5,"create":{}}"#,
        #"{"group":"g","owner":"o","create":{"topics":["art/"],"from":"first","max_attempts":2}}"#,
        #"{"group":"g","owner":"o","create":{"from":12}}"#,
    ])
    func `a claim with what makes its group is read as the decoder reads it`(json: String) {
        let (plain, decoded) = readings(json, ClaimBody.self)
        #expect(plain != nil)
        #expect(plain == decoded)
    }

    @Test(arguments: [
        "", "null", "[]", "7", "{", "}", "{}}", "{} x", #"{"after":7"#, #"{"after":7,}"#, #"{"after"}"#, #"{after:7}"#,
        #"{"after":}"#, #"{"after":07}"#, #"{"after":7.0}"#, #"{"after":7e1}"#, #"{"after":-7}"#, #"{"after":+7}"#,
        #"{"after":"7"}"#, #"{"after":null}"#, #"{"after":7x}"#, #"{"after":- 7}"#, #"{"after":18446744073709551615}"#,
        #"{"epoch":4294967296}"#, #"{"topics":["a\n"]}"#, #"{"topics":["a",]}"#, #"{"topics":[1]}"#,
        #"{"topics":["a"}"#, #"{"topics":["a"#, #"{"stream":"x"}"#, #"{"unknown":1}"#, "{\"topics\":[\"\u{1}\"]}",
        #"{"\u0061fter":7}"#,
    ])
    func `whatever is not plain is left to the decoder`(json: String) {
        #expect(FetchBody(plainFrame: Array(json.utf8)) == nil)
    }

    @Test func `a string that is not UTF-8 is left to the decoder`() {
        let bytes = Array(#"{"topics":[""#.utf8) + [0xff] + Array(#""]}"#.utf8)
        #expect(FetchBody(plainFrame: bytes) == nil)
    }

    @Test func `no truncation of a frame is read`() {
        let json = #"{"group":"g","owner":"o","max":30,"create":{"topics":["a/","b/"],"from":"end","max_attempts":2}}"#
        #expect(ClaimBody(plainFrame: Array(json.utf8)) != nil)
        for count in 0..<json.utf8.count { #expect(ClaimBody(plainFrame: Array(json.utf8.prefix(count))) == nil) }
    }

    @Test(arguments: [0, 1, -1, 999_999_999_999_999_999, -999_999_999_999_999_999] as [Int64])
    func `numbers of up to eighteen digits are read and written as they are`(number: Int64) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("time_ms", number)
        writer.endObject()
        #expect(writer.bytes == Array("{\"time_ms\":\(number)}".utf8))
        #expect(FetchBody(plainFrame: writer.bytes)?.timeMilliseconds == number)
    }

    @Test func `the largest numbers are written as they are`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(UInt64.max)
        writer.integer(Int64.min)
        writer.integer(Int64.max)
        writer.integer(UInt32.max)
        writer.integer(-5)
        writer.endArray()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "[18446744073709551615,-9223372036854775808,9223372036854775807,4294967295,-5]")
    }
}
