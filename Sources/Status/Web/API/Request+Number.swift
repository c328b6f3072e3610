import HTTP

extension HTTP.Request {
    /// Reads a number of the query; nil where there is none.
    func number<Number: FixedWidthInteger>(_ name: String, in range: ClosedRange<Number>) throws(Problem) -> Number? {
        guard let text = query(name) else { return nil }
        guard let number = Number(text), range.contains(number) else {
            throw .badRequest(
                "'\(name)' is a number from \(range.lowerBound) to \(range.upperBound).", parameter: name)
        }
        return number
    }
}
