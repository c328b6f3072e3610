import Formats
import TOML

/// The `fields` of a drop directory: for each field of an article the names of members that mean it; none for the usual ones.
struct FieldNames: Decodable {
    private var names: [FieldMapping.Field: [String]] = [:]

    /// Names nothing.
    init() {}

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: FieldMapping.Field.self)
        for field in FieldMapping.Field.allCases {
            let own = try keys.value(field, default: [String]()) { names in
                names.contains { $0.split(separator: ".").isEmpty }
                    ? "must be names of members such as [\"headline\", \"data.attributes.title\"]" : nil
            }
            if !own.isEmpty { names[field] = own }
        }
    }

    /// The mapping: the usual one, but for what is named.
    var mapping: FieldMapping { names.isEmpty ? .usual : FieldMapping(names) }
}
