/// A language that was found, and how sure that is.
package struct DetectedLanguage: Sendable, Equatable {
    /// The language's two-letter code, a BCP 47 tag.
    package let tag: String
    /// 0 to 1: of a hundred texts with 0.9, about ninety are right.
    package let confidence: Double
    /// The confidence that it is this language or one that is so close that they are told apart by little.
    let familyConfidence: Double
}
