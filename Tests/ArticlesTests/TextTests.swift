import Articles
import FoundationEssentials
import Testing

@Suite struct TopicTests {
    @Test(arguments: [
        ("BBC", "bbc"), ("bbc-sport", "bbc-sport"), ("a b", "a-b"), ("a   b", "a-b"), ("Süddeutsche", "s-ddeutsche"),
        ("日本", "-"), ("", "-"), ("a/b", "a-b"), ("x.y_z-1", "x.y_z-1"), ("!head", "-head"), ("a\u{0}b", "a-b"),
        ("a--b", "a--b"),
    ])
    func `any text folds into one part`(text: String, part: String) { #expect(Topic.part(text) == part) }

    @Test func `a part has at most 40 bytes of the alphabet, whatever comes in`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...80, using: &generator)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0...0x3000, using: &generator))
                    }))
            let part = Topic.part(text)
            #expect((1...40).contains(part.utf8.count))
            #expect(part.utf8.allSatisfy { Array("abcdefghijklmnopqrstuvwxyz0123456789._-".utf8).contains($0) })
            // Folding what is folded changes nothing.
            #expect(Topic.part(part) == part)
        }
        #expect(Topic.part(String(repeating: "x", count: 41)).utf8.count == 40)
    }

    @Test func `topics have their parts closed by slashes`() {
        #expect(Topic.article(source: "BBC", language: "en-GB").description == "art/bbc/en-gb/")
        #expect(Topic.file(source: "BBC News", outcome: .partial).description == "file/bbc-news/partial/")
        #expect(Topic.result(kind: "deduplicate").description == "result/deduplicate/")
    }
}

@Suite struct JSONWriterTests {
    func text(_ value: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(value)
        return writer.bytes
    }

    @Test func `every scalar below U+0300 is read back as it was written`() throws {
        for value in 0..<UInt32(0x300) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let string = "a\(Character(scalar))b"
            let bytes = text(string)
            #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
            #expect(try JSONDecoder().decode(String.self, from: Data(bytes)) == string)
        }
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "\"\\"])
    func `what needs an escape is seen at every place of a text`(mark: String) throws {
        for place in 0...70 {
            for rest in [0, 1, 7, 40] {
                let string = String(repeating: "a", count: place) + mark + String(repeating: "b", count: rest)
                #expect(try JSONDecoder().decode(String.self, from: Data(text(string))) == string)
            }
        }
    }

    @Test func `any text is read back as it was written`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            var string = ""
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                let range: ClosedRange<UInt32> = [0...0x7f, 0x80...0x7ff, 0x2000...0x2fff, 0x1f300...0x1f6ff]
                    .randomElement()!
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                    string.unicodeScalars.append(scalar)
                }
            }
            let back = try JSONDecoder().decode(String.self, from: Data(text(string)))
            #expect(Array(back.utf8) == Array(string.utf8))
        }
    }

    @Test func `any value is read back as it was written`() throws {
        var generator = SystemRandomNumberGenerator()
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
            case 0: return .null
            case 1: return .boolean(.random(using: &generator))
            case 2: return .integer(.random(in: .min ... .max, using: &generator))
            case 3: return .number(Double(Int.random(in: 1...9999, using: &generator)) / 7 * 1e-20)
            case 4: return .string(["", "\"", "\\u0041", "ü\n", "\u{1F5DE}"].randomElement(using: &generator)!)
            case 5: return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth + 1) })
            default:
                let names = ["a", "", "\"q\"", "\u{0}", "ß"].prefix(Int.random(in: 0...5, using: &generator))
                return .object(Dictionary(uniqueKeysWithValues: names.map { ($0, value(depth + 1)) }))
            }
        }
        for _ in 0..<300 {
            let original = JSONValue.array([value(0)])
            var writer = JSONWriter()
            original.write(to: &writer)
            #expect(try JSONDecoder().decode(JSONValue.self, from: Data(writer.bytes)) == original)
        }
    }

    @Test func `numbers that JSON cannot say become 0, extreme ones stand`() throws {
        for (value, expected) in [
            (Double.infinity, 0.0), (-.infinity, 0), (.nan, 0), (.greatestFiniteMagnitude, .greatestFiniteMagnitude),
            (.leastNonzeroMagnitude, .leastNonzeroMagnitude), (-0.0, -0.0), (1e21, 1e21),
        ] {
            var writer = JSONWriter()
            writer.beginArray()
            writer.number(value)
            writer.endArray()
            #expect(try JSONDecoder().decode([Double].self, from: Data(writer.bytes)) == [expected])
        }
    }

    @Test func `absent is absent, and promised arrays are there`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("a", nil as String?)
        writer.field("b", nil as Int?)
        writer.field("c", [] as [String])
        writer.array("d", [] as [String])
        writer.array("e", [1, .max] as [UInt64])
        writer.field("f", nil as Double?)
        writer.key(text: "g\"")
        writer.raw(Array("[null]".utf8))
        writer.field("h", false)
        writer.endObject()
        let text = #"{"d":[],"e":[1,18446744073709551615],"g\"":[null],"h":false}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }
}
