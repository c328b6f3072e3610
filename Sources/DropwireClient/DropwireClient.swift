// What programs of others' build on: the stream of articles as an `AsyncSequence`, and workers that report to the status
// service as the built-in ones do.
//
// It speaks DW1 to a watcher's log and to the status service. It does not drop files, search, or serve a stream of its own.
// The model of what travels (`Article` and the other records) is that of the whole program.
@_exported public import Articles
