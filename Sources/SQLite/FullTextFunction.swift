import CSQLite

/// An auxiliary function of FTS5 that Swift code supplies, called for a row of a MATCH query; see
/// ``Connection/register(function:name:)``.
///
/// Its value is 1 in SQL and says nothing: what it finds out it keeps itself, which spares a conversion a row.
package protocol FullTextFunction: AnyObject {
    /// Looks at the current row.
    func visit(_ match: borrowing FullTextMatch) throws(SQLiteError)
}

/// The current row of a full-text query as its auxiliary function sees it; it lives for one call.
package struct FullTextMatch: ~Copyable {
    private let api: UnsafePointer<Fts5ExtensionApi>
    private let context: OpaquePointer

    init(api: UnsafePointer<Fts5ExtensionApi>, context: OpaquePointer) {
        self.api = api
        self.context = context
    }

    /// The row's id (`xRowid`).
    package var rowID: Int64 { api.pointee.xRowid(context) }

    /// The number of phrases in the query, in the order in which they stand in it (`xPhraseCount`).
    package var phraseCount: Int { Int(api.pointee.xPhraseCount(context)) }

    /// Adds up the weights of the columns that the phrase's occurrences in this row stand in; 0 where there is none.
    ///
    /// The corresponding C functions are `xPhraseFirst` and `xPhraseNext`. A column without a weight counts nothing.
    package func weight(ofPhrase phrase: Int, columns weights: [Float]) throws(SQLiteError) -> Float {
        var iterator = Fts5PhraseIter()
        var column: Int32 = -1
        var offset: Int32 = 0
        let code = api.pointee.xPhraseFirst(context, Int32(phrase), &iterator, &column, &offset)
        guard code == SQLITE_OK else { throw SQLiteError(fullText: code, operation: "read a phrase's positions") }
        var sum: Float = 0
        while column >= 0 {
            if Int(column) < weights.count { sum += weights[Int(column)] }
            api.pointee.xPhraseNext(context, &iterator, &column, &offset)
        }
        return sum
    }

    /// Calls `body` for every row of the table that holds the phrase, whatever else the query asks
    /// (`xQueryPhrase`); in there the phrase is number 0. False ends it.
    package func forEachRow(
        withPhrase phrase: Int, _ body: (borrowing FullTextMatch) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        try withoutActuallyEscaping(body) { (body) throws(SQLiteError) in
            let visitor = PhraseVisitor(body)
            let code = api.pointee.xQueryPhrase(context, Int32(phrase), Unmanaged.passUnretained(visitor).toOpaque()) {
                api, context, visitor in
                guard let api, let context, let visitor else { return SQLITE_MISUSE }
                let me = Unmanaged<PhraseVisitor>.fromOpaque(visitor).takeUnretainedValue()
                do throws(SQLiteError) {
                    return try me.body(FullTextMatch(api: api, context: context)) ? SQLITE_OK : SQLITE_DONE
                } catch {
                    me.failure = error
                    return SQLITE_ABORT
                }
            }
            if let failure = visitor.failure { throw failure }
            guard code == SQLITE_OK else { throw SQLiteError(fullText: code, operation: "read a phrase's rows") }
        }
    }

    /// Carries a closure and its error through C.
    private final class PhraseVisitor {
        let body: (borrowing FullTextMatch) throws(SQLiteError) -> Bool
        var failure: SQLiteError?

        init(_ body: @escaping (borrowing FullTextMatch) throws(SQLiteError) -> Bool) { self.body = body }
    }
}

extension SQLiteError {
    init(fullText code: Int32, operation: String) {
        self.init(code: code, operation: operation, message: String(cString: sqlite3_errstr(code)))
    }
}
