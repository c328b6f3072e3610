import Articles
import FoundationEssentials
import HTTP

/// What a POST wants done: the fields of a form of the page, or a JSON object.
enum ActionBody {
    case form([HTTP.Request.Field])
    case json(Data)

    /// The members that bodies have, as the document says; what else is in one is passed over.
    static let members: Set<String> = [
        "action", "all", "code", "directory", "epoch", "files", "kind", "name", "path", "q", "results", "seq", "seqs",
        "source", "stream", "watcher",
    ]

    /// Reads the body of a request by its type.
    init(_ request: HTTP.Request) throws(Problem) {
        switch request.mediaType {
        case HTTP.Request.formType:
            guard let fields = request.formFields() else {
                throw .badRequest("The form has an escape that is not one.")
            }
            self = .form(fields)
        case "application/json":
            let data = Data(request.body)
            // Whoever names what he means by a variable that is not set means none of it, and not all.
            if let place = (try? JSONDecoder().decode(JSONValue.self, from: data))?.placeOfNull {
                throw .badRequest("'\(place.prefix(100))' is null: leave it out where it is not meant.")
            }
            self = .json(data)
        default: throw Problem(status: 415, detail: "The body is application/json, or a form.")
        }
    }

    /// Decodes a JSON object; what is wrong with it is told with its place.
    static func decode<Body: Decodable>(_ type: Body.Type, _ data: Data) throws(Problem) -> Body {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .badRequest(sentence(error))
        } catch {
            throw .badRequest("The body is no JSON.")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? "the body" : "'\(path.drop { $0 == "." }.prefix(100))'"
        }
        switch error {
        case .keyNotFound(let key, let context): return "In \(place(context)) '\(key.stringValue)' is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "The value of \(place(context)) has another type than it should."
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "The body is no JSON of an object."
                : "The value of \(place(context)) is none: \(context.debugDescription.prefix(200))."
        @unknown default: return "The body is not what it should be."
        }
    }
}

extension JSONValue {
    /// Where a null stands, such as `files[0].directory`, or the empty text; nil where there is none that matters.
    fileprivate var placeOfNull: String? {
        switch self {
        case .null: return ""
        case .array(let values):
            for (index, value) in values.enumerated() {
                if let place = value.placeOfNull { return JSONValue.joined("[\(index)]", place) }
            }
        case .object(let members):
            let known = members.filter { ActionBody.members.contains($0.key) }
            for (name, value) in known.sorted(by: { $0.key < $1.key }) {
                if let place = value.placeOfNull { return JSONValue.joined(name, place) }
            }
        case .boolean, .integer, .number, .string: break
        }
        return nil
    }

    private static func joined(_ outer: String, _ inner: String) -> String {
        inner.isEmpty || inner.hasPrefix("[") ? outer + inner : "\(outer).\(inner)"
    }
}

extension HTTP.Request {
    /// The media type of a form of a page.
    static let formType = "application/x-www-form-urlencoded"

    /// The media type of the body without its parameters, in lower case; empty where none is named.
    var mediaType: String { (header("Content-Type") ?? "").prefix { $0 != ";" }.lowercased() }
}

extension [HTTP.Request.Field] {
    /// The first value of a field that was filled in; nil where none was.
    func value(_ name: String) -> String? { first { $0.name == name && !$0.value.isEmpty }?.value }
}
