/// The members of an object, taken by their names; what nobody took is left in the end.
package struct JSONObject {
    /// The object itself.
    package let element: JSONElement
    /// Where each name stands on the tape; 0 for one that was taken.
    private var names: [Int] = []

    /// Takes an object; nil for anything else.
    package init?(_ element: JSONElement) {
        guard element.kind == .object else { return nil }
        self.element = element
        names.reserveCapacity(24)
        var place = element.index + 1
        let last = element.end - 1
        while place < last {
            names.append(place)
            place = element.at(place + 1).end
        }
    }

    /// Returns the value of a member, the first where there are several; null is none.
    package mutating func take(_ name: StaticString) -> JSONElement? {
        name.withUTF8Buffer { name in
            take { $0.count == name.count && $0.elementsEqual(name) }
        }
    }

    /// Likewise, by a name in lower case that is compared without regard to case in ASCII.
    package mutating func take(ignoringCase name: StaticString) -> JSONElement? {
        name.withUTF8Buffer { name in
            take { $0.count == name.count && $0.elementsEqual(name) { JSONObject.lowercased($0) == $1 } }
        }
    }

    /// Likewise.
    package mutating func take(ignoringCase name: String) -> JSONElement? {
        take { $0.count == name.utf8.count && $0.elementsEqual(name.utf8) { JSONObject.lowercased($0) == $1 } }
    }

    /// Calls with each name that was not taken and its place, in their order.
    package func forEachName(_ body: (_ place: Int, _ name: UnsafeBufferPointer<UInt8>) -> Void) {
        for (place, name) in names.enumerated() where name != 0 { _ = element.at(name).withText { body(place, $0) } }
    }

    /// The value at a place; nil where it was taken, or is null.
    package func value(at place: Int) -> JSONElement? {
        guard names[place] != 0 else { return nil }
        let value = element.at(names[place] + 1)
        return value.isNull ? nil : value
    }

    /// Takes the member at a place.
    package mutating func take(at place: Int) { names[place] = 0 }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }

    private mutating func take(_ isName: (UnsafeBufferPointer<UInt8>) -> Bool) -> JSONElement? {
        for index in names.indices where names[index] != 0 {
            guard element.at(names[index]).withText(isName) == true else { continue }
            let value = element.at(names[index] + 1)
            names[index] = 0
            return value.isNull ? nil : value
        }
        return nil
    }

    /// Returns the members whose names begin so, in their order, with the rest of their names.
    package mutating func take(prefix: StaticString) -> [(name: String, value: JSONElement)] {
        var taken: [(name: String, value: JSONElement)] = []
        for index in names.indices where names[index] != 0 {
            let rest = element.at(names[index]).withText { own in
                prefix.withUTF8Buffer {
                    own.count > $0.count && own.prefix($0.count).elementsEqual($0)
                        ? String(decoding: own.dropFirst($0.count), as: UTF8.self) : nil
                }
            }
            guard case .some(.some(let name)) = rest else { continue }
            let value = element.at(names[index] + 1)
            names[index] = 0
            if !value.isNull { taken.append((name, value)) }
        }
        return taken
    }

    /// Whether there is a member that is not null, taken or not.
    package func has(_ name: StaticString) -> Bool { element[name].map { !$0.isNull } ?? false }

    /// The value of a member, taken or not; null is none.
    package subscript(_ name: StaticString) -> JSONElement? { element[name].flatMap { $0.isNull ? nil : $0 } }

    /// What was not taken, in its order, without nulls.
    package var rest: [(name: String, value: JSONElement)] {
        names.compactMap { place in
            guard place != 0 else { return nil }
            let value = element.at(place + 1)
            return value.isNull ? nil : (element.at(place).text ?? "", value)
        }
    }
}
