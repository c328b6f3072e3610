import Articles

/// Dates of fields in JSON and feeds: RFC 3339 mostly, and whatever else people write.
enum FieldDate {
    static func read(_ text: String, _ context: FormatContext) -> ResolvedDate? {
        if let moment = Timestamp(text) {
            return ResolvedDate(moment: moment, warnings: moment > context.received ? ["date_future"] : [])
        }
        return DateReader.date(in: text, language: context.language)?
            .resolved(in: context.timeZone, received: context.received)
    }
}
