extension Timestamp {
    /// The moment as e-mail, RSS and HTTP write it (RFC 9110, 5.6.7): `Wed, 26 Feb 2025 03:27:00 GMT`.
    package var internetMessageDate: String {
        // Its own parts in their usual order: 2025-02-26T03:27:00Z.
        let parts = description.prefix(19)
        let date = parts.prefix(10).split(separator: "-")
        let days = Int((Double(milliseconds) / 86_400_000).rounded(.down))
        // 1970 began on a Thursday.
        let weekday = Timestamp.weekdays[((days + 4) % 7 + 7) % 7]
        guard date.count == 3, let month = Int(date[1]) else { return description }
        return "\(weekday), \(date[2]) \(Timestamp.months[month - 1]) \(date[0]) \(parts.suffix(8)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
