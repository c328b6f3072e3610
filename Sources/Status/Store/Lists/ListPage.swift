/// A page of a list of arrivals, the last arrived first.
///
/// Row numbers never change, so that a page stays as it is, whatever arrives meanwhile. A page may have fewer rows than its
/// limit, or none, and others beside it: no more rows are looked at for a page than ``ExaminedRows`` allows, and
/// whoever goes on finds the next.
package struct ListPage<Row: Sendable>: Sendable {
    package var rows: [Row] = []
    /// The place for ``ListPlace/before(_:)`` of the page with older ones; nil where there are none.
    package var older: Int64?
    /// The place for ``ListPlace/after(_:)`` of the page with newer ones; nil where there are none now.
    package var newer: Int64?
}
