/// The types of events of `/api/v1/events`.
enum EventName: String, Sendable, CaseIterable {
    /// The whole overview: the first event of whoever has no place to go on from.
    case snapshot
    /// What has changed of the overview.
    case status
    /// An article has come in.
    case article
    /// An article was withdrawn, with all of its versions.
    case kill
    /// A worker's result has come in.
    case result
    /// A file has an outcome.
    case file
    /// Something has gone wrong, or is well again.
    case trouble
    /// More has come in than is told one by one.
    case skipped
}
