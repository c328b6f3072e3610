import CSQLite

extension Connection {
    /// Makes `tokenizer` known to FTS5 under `name`, for `CREATE VIRTUAL TABLE … USING fts5(…, tokenize = 'name')`.
    ///
    /// It must be registered on every connection that uses such a table; all tables of one connection share the
    /// object, which the connection keeps. It must not hold the connection, or neither would ever be released.
    package func register(tokenizer: any FullTextTokenizer, name: String) throws(SQLiteError) {
        let api = try fullTextInterface()
        var functions = fts5_tokenizer(
            xCreate: { context, _, _, result in
                guard let context else { return SQLITE_MISUSE }
                result?.pointee = OpaquePointer(context)
                return SQLITE_OK
            },
            // A table's tokenizer is the registered object itself, which goes with the connection.
            xDelete: { _ in },
            xTokenize: { tokenizer, context, flags, text, count, callback in
                guard let tokenizer, let callback else { return SQLITE_MISUSE }
                let box = Unmanaged<FullTextTokenizerBox>.fromOpaque(UnsafeRawPointer(tokenizer)).takeUnretainedValue()
                var result = SQLITE_OK
                let bytes = UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : Int(count))
                bytes.withMemoryRebound(to: UInt8.self) { bytes in
                    box.tokenizer.tokenize(
                        bytes.span, purpose: FullTextPurpose(flags: flags),
                        into: FullTextSink(context: context, callback: callback, result: &result))
                }
                // SQLITE_DONE asks to stop and is no error.
                return result == SQLITE_DONE ? SQLITE_OK : result
            })
        let box = Unmanaged.passRetained(FullTextTokenizerBox(tokenizer))
        // FTS5 copies `functions`, and calls the closure when the connection closes.
        let code = api.pointee.xCreateTokenizer(api, name, box.toOpaque(), &functions) { box in
            if let box { Unmanaged<FullTextTokenizerBox>.fromOpaque(box).release() }
        }
        guard code == SQLITE_OK else { throw error(code, "register tokenizer '\(name)'") }
    }

    /// Makes `function` callable as `name(table)` in MATCH queries of this connection, which keeps it.
    package func register(function: any FullTextFunction, name: String) throws(SQLiteError) {
        let api = try fullTextInterface()
        let box = Unmanaged.passRetained(FullTextFunctionBox(function))
        let code = api.pointee.xCreateFunction(
            api, name, box.toOpaque(),
            { api, context, result, _, _ in
                guard let api, let context, let box = api.pointee.xUserData(context) else { return }
                let function = Unmanaged<FullTextFunctionBox>.fromOpaque(box).takeUnretainedValue().function
                do throws(SQLiteError) {
                    try function.visit(FullTextMatch(api: api, context: context))
                    sqlite3_result_int(result, 1)
                } catch {
                    sqlite3_result_error_code(result, error.code)
                }
            }
        ) { box in
            if let box { Unmanaged<FullTextFunctionBox>.fromOpaque(box).release() }
        }
        guard code == SQLITE_OK else { throw error(code, "register full-text function '\(name)'") }
    }

    /// Returns FTS5's interface, which it hands out through a bound pointer: `SELECT fts5(?1)`
    /// (<https://www.sqlite.org/fts5.html#extending_fts5>).
    private func fullTextInterface() throws(SQLiteError) -> UnsafeMutablePointer<fts5_api> {
        var raw: OpaquePointer?
        var code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &raw, nil)
        guard code == SQLITE_OK, let raw else { throw error(code, "find FTS5") }
        defer { sqlite3_finalize(raw) }
        var api: UnsafeMutablePointer<fts5_api>?
        code = withUnsafeMutablePointer(to: &api) { place in
            // The type name must be a string that lives on: a static one.
            let type: StaticString = "fts5_api_ptr"
            let bound = type.withUTF8Buffer { name in
                sqlite3_bind_pointer(
                    raw, 1, place, UnsafeRawPointer(name.baseAddress)?.assumingMemoryBound(to: CChar.self), nil)
            }
            return bound == SQLITE_OK ? sqlite3_step(raw) : bound
        }
        guard code == SQLITE_ROW, let api, api.pointee.iVersion >= 2 else { throw error(code, "find FTS5") }
        return api
    }
}

/// An object that a C pointer can stand for: an existential has none of its own.
private final class FullTextTokenizerBox {
    let tokenizer: any FullTextTokenizer
    init(_ tokenizer: any FullTextTokenizer) { self.tokenizer = tokenizer }
}

private final class FullTextFunctionBox {
    let function: any FullTextFunction
    init(_ function: any FullTextFunction) { self.function = function }
}

extension FullTextPurpose {
    init(flags: Int32) {
        if flags & FTS5_TOKENIZE_DOCUMENT != 0 {
            self = .document
        } else if flags & FTS5_TOKENIZE_AUX != 0 {
            self = .auxiliary
        } else {
            self = flags & FTS5_TOKENIZE_PREFIX != 0 ? .prefix : .query
        }
    }
}
