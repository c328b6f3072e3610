import Articles
import TimeZones

/// A date of a sidecar.
struct MetadataDate: Sendable {
    var text: String
    var moment: Timestamp
    var assumedZone: String?
    var warnings: [String]

    /// Reads a date and time; nil where it is none, or there is no such day or time.
    init?(_ text: String, timeZone: Zone) {
        let bytes = Array(text.utf8)
        let resolved = bytes.withUnsafeBufferPointer { buffer in
            // Whether it lies in the future is seen where the article's own time is known.
            DateLine(buffer[...])?.resolved(in: timeZone, received: Timestamp(milliseconds: .max))
        }
        guard let resolved, let moment = resolved.moment else { return nil }
        self.text = text
        self.moment = moment
        assumedZone = resolved.assumedZone
        warnings = resolved.warnings
    }
}
