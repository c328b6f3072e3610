/// A file that an erased article came in.
package struct ErasedFile: Sendable, Equatable {
    /// The whole path.
    package var path: String
    /// How many parts were read of it, the erased article among them: the others have gone with it.
    package var parts: Int
    /// Why it stays; nil where it is removed.
    package var trouble: String?
}
