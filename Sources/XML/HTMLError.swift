/// Why a page was not read: it is built to be expensive, or there is no memory for it.
package enum HTMLError: Error, Sendable, Equatable, CustomStringConvertible {
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case tooManyAttributes(limit: Int)
    case tooMuchWork
    case outOfMemory

    /// The error for people.
    package var description: String {
        switch self {
        case .tooDeep(let limit): "elements nest deeper than \(limit)"
        case .tooManyNodes(let limit): "there are more than \(limit) elements and texts"
        case .tooManyAttributes(let limit): "an element has more than \(limit) attributes"
        case .tooMuchWork: "there are too many tags at too great a depth"
        case .outOfMemory: "there is no memory left for the page"
        }
    }
}
