/// Writes numbers as Prometheus reads them: its text format, version 0.0.4.
///
/// Names and helps are ours; what stands in labels may be anybody's. A series that is there already is left out: the
/// format allows none twice, and whoever tells of himself could otherwise spoil what all others tell.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a number is.
    enum Kind: String {
        /// It goes up and down.
        case gauge
        /// It only grows, until its process is started again.
        case counter
        case histogram
    }

    typealias Labels = [(name: String, value: String)]

    private struct Family {
        let name: String
        let kind: Kind
        let help: String
        var samples: [String] = []
    }

    private var families: [Family] = []
    private var places: [String: Int] = [:]
    private var series: Set<String> = []

    /// Adds a whole number.
    mutating func add(
        _ kind: Kind, _ name: String, _ help: String, _ labels: Labels, _ value: some BinaryInteger
    ) {
        add(kind, name, help, name, labels, "\(value)")
    }

    /// Adds a number; one that is none is left out.
    mutating func add(_ kind: Kind, _ name: String, _ help: String, _ labels: Labels, _ value: Double) {
        guard value.isFinite else { return }
        add(kind, name, help, name, labels, "\(value)")
    }

    /// Adds whether something is so, as 1 or 0.
    mutating func add(_ name: String, _ help: String, _ labels: Labels, _ value: Bool) {
        add(.gauge, name, help, name, labels, value ? "1" : "0")
    }

    /// Adds a histogram.
    ///
    /// - Parameter counts: of each limit, and of what is above all of them; not summed up.
    mutating func add(
        histogram name: String, _ help: String, _ labels: Labels, limits: [Double], counts: [Int64], sum: Double
    ) {
        var total: Int64 = 0
        for (limit, count) in zip(limits.map { "\($0)" } + ["+Inf"], counts) {
            total += count
            add(.histogram, name, help, name + "_bucket", labels + [("le", limit)], "\(total)")
        }
        add(.histogram, name, help, name + "_sum", labels, "\(sum)")
        add(.histogram, name, help, name + "_count", labels, "\(total)")
    }

    private mutating func add(
        _ kind: Kind, _ name: String, _ help: String, _ sampleName: String, _ labels: Labels, _ value: String
    ) {
        let text = labels.map { "\($0.name)=\"\(MetricsText.escaped($0.value))\"" }.joined(separator: ",")
        let key = text.isEmpty ? sampleName : "\(sampleName){\(text)}"
        guard series.insert(key).inserted else { return }
        let place = places[name] ?? families.count
        if place == families.count {
            families.append(Family(name: name, kind: kind, help: help))
            places[name] = place
        }
        families[place].samples.append("\(key) \(value)")
    }

    /// The text: every family with its help and its kind.
    var bytes: [UInt8] {
        var text = ""
        for family in families {
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n"
            for sample in family.samples { text += sample + "\n" }
        }
        return Array(text.utf8)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\"": escaped.append(contentsOf: "\\\"".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
