/// An array in pieces of the same length. To grow copies nothing: a plain array of many elements takes twice its memory for
/// that moment, and room for twice as many elements afterwards.
struct PiecewiseArray<Element> {
    private static var shift: Int { 10 }
    private static var length: Int { 1 << shift }
    private static var mask: Int { length - 1 }

    private var pieces: [[Element]] = []
    private(set) var count = 0

    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> Element {
        get { pieces[index >> PiecewiseArray.shift][index & PiecewiseArray.mask] }
        _modify { yield &pieces[index >> PiecewiseArray.shift][index & PiecewiseArray.mask] }
    }

    mutating func append(_ element: Element) {
        if count == pieces.count << PiecewiseArray.shift {
            pieces.append([])
            pieces[pieces.count - 1].reserveCapacity(PiecewiseArray.length)
        }
        pieces[pieces.count - 1].append(element)
        count += 1
    }

    /// Gives all elements away in their order; the memory of each piece is free when the next one is gone through.
    mutating func drain(_ body: (Element) -> Void) {
        count = 0
        for place in pieces.indices {
            for element in pieces[place] { body(element) }
            pieces[place] = []
        }
        pieces = []
    }
}
