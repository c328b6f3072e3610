package import Articles

/// Nobody knows of the article that was to be erased.
package struct ErasureOfNothing: Error, CustomStringConvertible {
    package let subject: ErasureSubject
    package var description: String {
        switch subject {
        case .article(let id): "no article '\(id)' is known: not on the log, not held, nor elsewhere"
        case .versions(let source, let uri):
            "'\(source)' has no article '\(uri)' that is known: not on the log, not held, nor elsewhere"
        }
    }
}
