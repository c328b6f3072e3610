import Articles
import Testing

@testable import Status

@Suite struct EventPositionTests {
    @Test func `a place is the same after a trip through its text`() throws {
        var position = EventPosition(store: "0f0e0d0c-1")
        for (table, place) in zip(EventPosition.Table.allCases, [1, 22, 333, Int64.max]) { position[table] = place }
        #expect(position.description == "0f0e0d0c-1.1.22.333.9223372036854775807")
        #expect(EventPosition(position.description) == position)
    }

    @Test(arguments: [
        "", ".", "a", "a.1.2.3", "a.1.2.3.4.5", ".1.2.3.4", "a.1.2.3.-4", "a.1.2.3.", "a.1.2.3.x", "a.1.2.3.٤",
        String(repeating: "9", count: 121) + ".1.2.3.4",
    ])
    func `any other text is none`(text: String) {
        #expect(EventPosition(text) == nil)
    }

    @Test func `the way to a later place is known, and to none that is not later`() throws {
        let start = try #require(EventPosition("a.1.2.3.4"))
        #expect(start.distance(to: start) == 0)
        #expect(start.distance(to: try #require(EventPosition("a.2.2.3.14"))) == 11)
        #expect(start.distance(to: try #require(EventPosition("a.2.2.3.3"))) == nil)
        #expect(start.distance(to: try #require(EventPosition("b.2.2.3.14"))) == nil)
    }

    @Test func `the members of an object are found as they are`() throws {
        var writer = JSONWriter()
        let value: JSONValue = [
            "text": #"a \" , } ] {"#, "list": [1, ["x": "]}"], []], "none": .null, "object": ["a": ["b": "c,d"]],
            "number": .integer(-12), "yes": true,
        ]
        value.write(to: &writer)
        let members = JSONMembers(writer.bytes)
        #expect(members.members.count == 6)
        for (name, bytes) in members.members {
            #expect(
                try JSONValue(json: Array("[".utf8) + bytes + Array("]".utf8)).arrayValue == [try #require(value[name])]
            )
        }
        #expect(JSONMembers(Array("{}".utf8)).members.isEmpty)
        // Whatever it is given, it comes to an end.
        for length in 0..<writer.bytes.count { _ = JSONMembers(Array(writer.bytes[..<length])) }
    }
}
