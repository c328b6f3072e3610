import Articles
import Testing

@testable import Status

/// The OpenAPI document says what there is: schemathesis holds the answers to it, in the process tests.
@Suite struct DocumentTests {
    private let document: JSONValue

    init() throws { document = try JSONValue(json: PackageResources.openapi_json) }

    private static func members(_ value: JSONValue?) -> [String: JSONValue] {
        if case .object(let members) = value { members } else { [:] }
    }

    @Test func `every route for programs is in the document, and the other way round`() {
        var told: Set<String> = []
        for (path, operations) in DocumentTests.members(document["paths"]) {
            for method in DocumentTests.members(operations).keys { told.insert("\(method.uppercased()) \(path)") }
        }
        let areas = ["/api/", "/feeds/", "/healthz", "/readyz", "/metrics"]
        var served: Set<String> = []
        for route in Site.routes where areas.contains(where: { route.pattern.hasPrefix($0) }) {
            for method in route.actions.keys { served.insert("\(method) \(route.pattern)") }
        }
        #expect(told.subtracting(served) == [])
        #expect(served.subtracting(told) == [])
        #expect(told.count > 30)
    }

    /// The names of all members that a schema has, at any depth.
    private func names(_ schema: JSONValue?) -> Set<String> {
        if let place = schema?["$ref"]?.stringValue {
            return names(place.split(separator: "/").dropFirst().reduce(document) { $0?[String($1)] })
        }
        var found: Set<String> = []
        for (name, member) in DocumentTests.members(schema?["properties"]) {
            found.formUnion(names(member).union([name]))
        }
        let parts = ["oneOf", "anyOf", "allOf"].flatMap { schema?[$0]?.arrayValue ?? [] }
        for part in parts + [schema?["items"]].compactMap({ $0 }) { found.formUnion(names(part)) }
        return found
    }

    @Test func `whatever a body may have is looked at for null`() {
        var told: Set<String> = []
        for (_, operations) in DocumentTests.members(document["paths"]) {
            let content = operations["post"]?["requestBody"]?["content"]
            told.formUnion(names(content?["application/json"]?["schema"]))
        }
        #expect(told == ActionBody.members)
    }

    @Test func `the right that an operation needs is told`() {
        for route in Site.routes {
            for (method, action) in route.actions {
                guard let operation = document["paths"]?[route.pattern]?[method.lowercased()] else { continue }
                #expect(operation["x-role"]?.stringValue == "\(action.role)", "\(method) \(route.pattern)")
            }
        }
    }

    @Test func `every reference leads somewhere, and nothing lies about unused`() {
        var references: Set<String> = []
        func look(_ value: JSONValue) {
            switch value {
            case .object(let members):
                if let reference = members["$ref"]?.stringValue { references.insert(reference) }
                for member in members.values { look(member) }
            case .array(let elements): for element in elements { look(element) }
            default: break
            }
        }
        look(document)
        var known: Set<String> = []
        for (kind, parts) in DocumentTests.members(document["components"]) where kind != "securitySchemes" {
            for name in DocumentTests.members(parts).keys { known.insert("#/components/\(kind)/\(name)") }
        }
        #expect(references.subtracting(known) == [])
        // Events are told of in words: a stream has no schema.
        let events = ["Result", "File", "Kill", "Trouble", "Skipped"].map { "#/components/schemas/\($0)Event" }
        #expect(known.subtracting(references) == Set(events))
    }

    @Test func `every operation has a name of its own, and says what it may answer`() {
        var names: Set<String> = []
        for (path, operations) in DocumentTests.members(document["paths"]) {
            for (method, operation) in DocumentTests.members(operations) {
                let isNew = names.insert(operation["operationId"]?.stringValue ?? "").inserted
                #expect(isNew, "\(method) \(path)")
                #expect(operation["summary"]?.stringValue?.isEmpty == false)
                let answers = DocumentTests.members(operation["responses"])
                #expect(answers.keys.contains { $0.hasPrefix("2") } && answers["401"] != nil, "\(method) \(path)")
                if path.contains("{") {
                    #expect(operation["parameters"]?.arrayValue?.contains { $0["in"]?.stringValue == "path" } == true)
                }
            }
        }
    }
}
