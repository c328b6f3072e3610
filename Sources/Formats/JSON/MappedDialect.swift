import Articles
import JSON

/// Any other object, by names of members that are usual or that the configuration says.
struct MappedDialect: JSONDialect {
    let name = "json"
    let sign = "it is of no dialect that is known: its members are mapped"
    private let mapping: FieldMapping

    init(_ mapping: FieldMapping) { self.mapping = mapping }

    func recognizes(_ object: JSONObject) -> Bool { true }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var article = article(context)
        do throws(ParseError) { try mapping.fill(&article, from: object, context) } catch { return [.failed(error)] }
        return [
            checked(
                article, "object",
                hint:
                    "say under fields of the drop directory which members have them, if they are called something else")
        ]
    }
}
