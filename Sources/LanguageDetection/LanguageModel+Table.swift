extension LanguageModel {
    /// The model that ships: it is made of the table when the first text needs it.
    static let standard = LanguageModel(table: LanguageModelTable.text)

    /// Reads a table as ``encoded(languages:features:)`` writes it.
    ///
    /// The table is a part of the program: one that is wrong is an error of the programmer.
    private init(table: StaticString) {
        var input = TableInput(table)
        let languages = (0..<Int(input.byte())).map { _ in
            let tag = String(decoding: [input.byte(), input.byte()], as: UTF8.self)
            guard let script = Script(rawValue: input.byte()) else { preconditionFailure("the table names no script") }
            let bias = input.float()
            var weights = SIMD16<Float>()
            for index in 0..<16 { weights[index] = input.float() }
            return Language(tag: tag, script: script, bias: bias, weights: weights)
        }
        var key: UInt32 = 0
        let features = (0..<Int(input.number())).map { _ in
            key += input.number()
            var vector = Vector()
            for index in 0..<8 {
                let byte = input.byte()
                vector[2 * index] = Int16(byte & 0x0f) - 8
                vector[2 * index + 1] = Int16(byte >> 4) - 8
            }
            return (key: key, vector: vector)
        }
        precondition(input.isAtEnd, "the table is longer than it says")
        self.init(languages: languages, features: features)
    }

    /// Writes a model as a table: base64 of the languages, and of the n-grams by the differences of their numbers with
    /// two of their numbers a byte.
    package static func encoded(languages: [Language], features: [(key: UInt32, vector: Vector)]) -> String {
        var bytes = [UInt8(languages.count)]
        func append(_ value: Float) {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
            }
        }
        func append(_ number: UInt32) {
            var left = number
            while left >= 0x80 {
                bytes.append(UInt8(left & 0x7f) | 0x80)
                left >>= 7
            }
            bytes.append(UInt8(left))
        }
        for language in languages {
            precondition(language.tag.utf8.count == 2, "a language has two letters")
            bytes += Array(language.tag.utf8) + [language.script.rawValue]
            append(language.bias)
            for index in 0..<16 { append(language.weights[index]) }
        }
        append(UInt32(features.count))
        var last: UInt32 = 0
        for feature in features.sorted(by: { $0.key < $1.key }) {
            append(feature.key - last)
            last = feature.key
            for index in 0..<8 {
                bytes.append(UInt8(feature.vector[2 * index] + 8) | UInt8(feature.vector[2 * index + 1] + 8) << 4)
            }
        }
        return Base64.encode(bytes)
    }

    /// The bytes of a table.
    private struct TableInput {
        private let bytes: [UInt8]
        private var index = 0

        init(_ table: StaticString) { bytes = table.withUTF8Buffer { Base64.decode(Array($0)) } }

        var isAtEnd: Bool { index == bytes.count }

        mutating func byte() -> UInt8 {
            index += 1
            return bytes[index - 1]
        }

        mutating func float() -> Float {
            var pattern: UInt32 = 0
            for shift in stride(from: 0, to: 32, by: 8) { pattern |= UInt32(byte()) << UInt32(shift) }
            return Float(bitPattern: pattern)
        }

        mutating func number() -> UInt32 {
            var number: UInt32 = 0
            var shift: UInt32 = 0
            while true {
                let next = byte()
                number |= UInt32(next & 0x7f) << shift
                if next < 0x80 { return number }
                shift += 7
            }
        }
    }
}
