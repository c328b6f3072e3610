import CXML2

extension HTMLTree {
    /// Returns the character of one of HTML's named entities, without `&` and `;`; nil for no such name.
    ///
    /// The corresponding C function is `htmlEntityLookup`.
    package static func character(ofEntity name: String) -> Unicode.Scalar? {
        guard let entity = htmlEntityLookup(name) else { return nil }
        return Unicode.Scalar(entity.pointee.value)
    }
}
