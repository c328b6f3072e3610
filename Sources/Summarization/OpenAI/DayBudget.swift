import Articles
import FoundationEssentials
import Linux
import Messaging
import Synchronization

/// What a day's requests and tokens have come to, in a file: a restart gives no second budget.
///
/// What a request may cost is taken before it is sent, and what it did not cost is given back: after a crash rather too
/// much is counted than too little. Days are those of UTC. Safe on any thread.
package final class DayBudget: Sendable {
    /// The file's content.
    private struct Spent: Codable {
        /// The version that is written, and the latest that is known.
        static let version = 1

        var v = Spent.version
        var day: String
        var requests = 0
        var tokens = 0
    }

    /// What is spent, and where it is written down.
    private struct Book {
        var spent: Spent
        let directory: Directory
    }

    private let book: Mutex<Book>
    private let requests: Int
    private let tokens: Int
    private let now: @Sendable () -> Int64
    private static let file = RelativePath("openai-spent.json")

    /// Opens the budget of a state directory.
    ///
    /// - Parameters:
    ///   - requests: a day, 0 for no limit.
    ///   - tokens: a day, 0 for no limit.
    ///   - now: milliseconds since 1970.
    package init(
        directory: String, requests: Int, tokens: Int, now: @escaping @Sendable () -> Int64 = Clocks.wallMilliseconds
    ) throws {
        let folder = try Directory(path: directory)
        self.requests = requests
        self.tokens = tokens
        self.now = now
        var known = Spent(day: Timestamp(milliseconds: now()).day)
        if try folder.status(of: Self.file) != nil {
            let bytes = try folder.open(Self.file).readAll(expected: 256, limit: 4096)
            do {
                known = try JSONDecoder().decode(Spent.self, from: Data(bytes))
            } catch {
                throw DayBudgetProblem(
                    description: "'\(directory)/\(Self.file)' cannot be read: expected v, day, requests and tokens; "
                        + "remove it to begin the day anew")
            }
            guard known.v <= Spent.version else {
                throw NewerState(
                    name: "the day's budget", path: "\(directory)/\(Self.file)", version: Int64(known.v),
                    known: Int64(Spent.version))
            }
        }
        book = Mutex(Book(spent: known, directory: folder))
    }

    /// Takes one request of about so many tokens.
    func take(tokens wanted: Int) throws(BackendFailure) {
        try book.withLock { (book: inout Book) throws(BackendFailure) in
            let day = Timestamp(milliseconds: now()).day
            if book.spent.day != day { book.spent = Spent(day: day) }
            if requests > 0, book.spent.requests >= requests {
                throw BackendFailure(
                    "the day's \(requests) requests are used up", isRetriable: false, isOfEndpoint: false)
            }
            if tokens > 0, book.spent.tokens + wanted > tokens {
                throw BackendFailure(
                    "the day's \(tokens) tokens are used up", isRetriable: false, isOfEndpoint: false)
            }
            book.spent.requests += 1
            book.spent.tokens += wanted
            try save(book)
        }
    }

    /// Gives back what a request was thought to cost, and takes what it did.
    func settle(taken: Int, used: Int) {
        book.withLock { book in
            // What was taken yesterday is not given back today.
            guard book.spent.day == Timestamp(milliseconds: now()).day, taken != used else { return }
            book.spent.tokens = max(0, book.spent.tokens - taken + used)
            // Where this one cannot be written the next one cannot either, and says so.
            try? save(book)
        }
    }

    private func save(_ book: Book) throws(BackendFailure) {
        guard requests > 0 || tokens > 0 else { return }
        do {
            try book.directory.write([UInt8](JSONEncoder().encode(book.spent)), to: Self.file)
        } catch {
            throw BackendFailure(
                "the day's budget cannot be noted: \(error)", isRetriable: false, isOfEndpoint: false)
        }
    }
}

/// What keeps a budget from being opened.
struct DayBudgetProblem: Error, CustomStringConvertible {
    let description: String
}
