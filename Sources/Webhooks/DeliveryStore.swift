package import Messaging
import SQLite

/// The outbox of the webhooks: which match of the log was taken last, and which are still to be delivered. It holds no word
/// of an article, which is looked up when its match is posted.
package final class DeliveryStore {
    /// How a delivery ended.
    enum End: String { case delivered, withdrawn }

    /// What is known of a webhook.
    package struct State: Sendable, Equatable {
        /// Deliveries that wait, for their first or another attempt.
        package var waiting = 0
        /// Deliveries that were given up, and are kept.
        package var dead = 0
        /// Deliveries that the receiver took.
        package var delivered = 0
        /// Matches whose article was withdrawn before its delivery.
        package var withdrawn = 0
        /// Matches that the log had removed before they were taken.
        package var lost = 0
        /// When the next attempt is due, milliseconds since 1970; nil where nothing waits.
        package var due: Int64?
        /// Why the last attempt failed; nil after one that did not.
        package var trouble: String?

        /// Makes one of a webhook for which nothing waits.
        package init(delivered: Int = 0, withdrawn: Int = 0, lost: Int = 0) {
            (self.delivered, self.withdrawn, self.lost) = (delivered, withdrawn, lost)
        }
    }

    private let connection: Connection
    /// The version of the tables.
    package static let stateVersion = StateVersion("the webhooks' outbox", known: 1, in: .header)

    /// Opens the store and makes its tables where there are none.
    package init(path: String) throws {
        connection = try Connection(path: path)
        try connection.configure(durability: .full, cacheKiB: 1024)
        try connection.transaction {
            try DeliveryStore.stateVersion.check(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS webhook(
                    name TEXT PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
                    withdrawn INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, trouble TEXT) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS delivery(
                    row INTEGER PRIMARY KEY, webhook TEXT NOT NULL, id TEXT NOT NULL, match BLOB NOT NULL,
                    made_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
                    is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT);
                CREATE INDEX IF NOT EXISTS delivery_due ON delivery(webhook, is_dead, due_ms, row);
                """)
            try DeliveryStore.stateVersion.note(in: connection)
        }
    }

    // MARK: Taking

    /// Returns up to where a webhook has taken the matches of a log: where it begins, at `head`, if it is new, or the log is.
    func position(of webhook: String, stream: String, head: UInt64) throws -> UInt64 {
        let query = try connection.statement("SELECT seq FROM webhook WHERE name=? AND stream=?")
            .bind(1, webhook).bind(2, stream)
        defer { query.reset() }
        if try query.step() { return UInt64(clamping: query.int64(0)) }
        try connection.statement(
            """
            INSERT INTO webhook(name, stream, seq) VALUES (?, ?, ?)
            ON CONFLICT(name) DO UPDATE SET stream=excluded.stream, seq=excluded.seq
            """
        ).bind(1, webhook).bind(2, stream).bind(3, Int64(clamping: head)).run()
        return head
    }

    /// Takes matches, and moves the webhook's position, in one transaction.
    func take(_ deliveries: [(id: String, match: [UInt8])], lost: Int, upTo seq: UInt64, of webhook: String, now: Int64)
        throws
    {
        try connection.transaction {
            for delivery in deliveries {
                try connection.statement(
                    "INSERT INTO delivery(webhook, id, match, made_ms, due_ms) VALUES (?, ?, ?, ?, ?)"
                ).bind(1, webhook).bind(2, delivery.id).bind(3, delivery.match).bind(4, now).bind(5, now).run()
            }
            try connection.statement("UPDATE webhook SET seq=?, lost=lost+? WHERE name=?")
                .bind(1, Int64(clamping: seq)).bind(2, lost).bind(3, webhook).run()
        }
    }

    // MARK: Delivering

    /// Returns the delivery that is due; nil where none is.
    func due(of webhook: String, now: Int64) throws -> Delivery? {
        let query = try connection.statement(
            """
            SELECT row, id, match, attempts, made_ms FROM delivery WHERE webhook=? AND is_dead=0 AND due_ms<=?
            ORDER BY due_ms, row LIMIT 1
            """
        ).bind(1, webhook).bind(2, now)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Delivery(
            row: query.int64(0), id: query.string(1), match: query.bytes(2), attempts: query.int(3),
            made: query.int64(4))
    }

    /// Notes that there is nothing left to do.
    func finish(_ delivery: Delivery, _ end: End, of webhook: String) throws {
        try connection.transaction {
            try connection.statement("DELETE FROM delivery WHERE row=?").bind(1, delivery.row).run()
            let trouble = end == .delivered ? ", trouble=NULL" : ""
            try connection.statement("UPDATE webhook SET \(end.rawValue)=\(end.rawValue)+1\(trouble) WHERE name=?")
                .bind(1, webhook).run()
        }
    }

    /// Notes a failed attempt; the next is at `due`, or never by itself where that is nil.
    func fail(_ delivery: Delivery, reason: String, due: Int64?, of webhook: String) throws {
        try connection.transaction {
            try connection.statement("UPDATE delivery SET attempts=?, due_ms=?, is_dead=?, reason=? WHERE row=?")
                .bind(1, delivery.attempts + 1).bind(2, due ?? 0).bind(3, due == nil ? 1 : 0).bind(4, reason)
                .bind(5, delivery.row).run()
            try connection.statement("UPDATE webhook SET trouble=? WHERE name=?").bind(1, reason).bind(2, webhook).run()
        }
    }

    // MARK: Looking and mending

    /// The number of deliveries of a webhook that wait.
    func waitingCount(of webhook: String) throws -> Int {
        let query = try connection.statement("SELECT count(*) FROM delivery WHERE webhook=? AND is_dead=0")
            .bind(1, webhook)
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    /// When the next attempt of a webhook is due, milliseconds since 1970; nil where nothing waits.
    func nextDue(of webhook: String) throws -> Int64? {
        let query = try connection.statement("SELECT min(due_ms) FROM delivery WHERE webhook=? AND is_dead=0")
            .bind(1, webhook)
        defer { query.reset() }
        return try query.step() && !query.isNull(0) ? query.int64(0) : nil
    }

    /// What is known of a webhook.
    package func state(of webhook: String) throws -> State {
        var state = State()
        let query = try connection.statement("SELECT delivered, withdrawn, lost, trouble FROM webhook WHERE name=?")
            .bind(1, webhook)
        defer { query.reset() }
        if try query.step() {
            (state.delivered, state.withdrawn, state.lost) = (query.int(0), query.int(1), query.int(2))
            state.trouble = query.isNull(3) ? nil : query.string(3)
        }
        let deliveries = try connection.statement(
            """
            SELECT sum(is_dead=0), sum(is_dead=1), min(CASE WHEN is_dead=0 THEN due_ms END) FROM delivery WHERE webhook=?
            """
        ).bind(1, webhook)
        defer { deliveries.reset() }
        if try deliveries.step() {
            (state.waiting, state.dead) = (deliveries.int(0), deliveries.int(1))
            state.due = deliveries.isNull(2) ? nil : deliveries.int64(2)
        }
        return state
    }

    /// Has everything of a webhook tried again now, also what was given up, whose time begins anew; returns how many there are.
    package func retry(_ webhook: String, now: Int64) throws -> Int {
        try connection.statement(
            """
            UPDATE delivery SET due_ms=?, made_ms=CASE is_dead WHEN 1 THEN ? ELSE made_ms END, is_dead=0 WHERE webhook=?
            """
        ).bind(1, now).bind(2, now).bind(3, webhook).run()
        return connection.changes
    }

    /// Removes what was given up; returns how many there were.
    package func discard(_ webhook: String) throws -> Int {
        try connection.statement("DELETE FROM delivery WHERE webhook=? AND is_dead=1").bind(1, webhook).run()
        return connection.changes
    }
}
