import Glibc
import Linux
import TestSupport
import Testing

@testable import Ingestion

// The support of tests has a type of that name, too.
private typealias Trouble = Ingestion.Trouble

/// Whom an error concerns: the classifier against its documented table.
@Suite struct TroubleTableTests {
    private struct Row {
        let errors: [String]
        let meaning: String
        let scopes: [Trouble.Operation: Trouble.Scope]
        let remedy: String?
    }

    private static let numbers: [String: Int32] = [
        "ENOSPC": ENOSPC, "EDQUOT": EDQUOT, "EROFS": EROFS, "EIO": EIO, "EACCES": EACCES, "EPERM": EPERM,
        "ENOENT": ENOENT, "ENOTDIR": ENOTDIR, "ESTALE": ESTALE, "ENOTCONN": ENOTCONN, "ETIMEDOUT": ETIMEDOUT,
        "EHOSTDOWN": EHOSTDOWN, "EHOSTUNREACH": EHOSTUNREACH, "ENETDOWN": ENETDOWN, "ENETUNREACH": ENETUNREACH,
        "ECONNRESET": ECONNRESET, "ECONNABORTED": ECONNABORTED, "ECONNREFUSED": ECONNREFUSED, "ENODEV": ENODEV,
        "ENXIO": ENXIO, "EBUSY": EBUSY, "ETXTBSY": ETXTBSY, "EMFILE": EMFILE, "ENFILE": ENFILE, "ENOMEM": ENOMEM,
        "ENOBUFS": ENOBUFS,
        "ENAMETOOLONG": ENAMETOOLONG, "any other": ENOTTY,
    ]

    private static func rows() throws -> [Row] {
        let table = try DocumentedTable(page: "Trouble", columns: 7)
        return try table.rows.map { cells in
            func scope(_ cell: String) throws -> Trouble.Scope { try #require(Trouble.Scope(rawValue: cell)) }
            return Row(
                errors: cells[0].split(separator: ",").map { $0.trimmingPrefix(" ").description }, meaning: cells[1],
                scopes: [
                    .list: try scope(cells[2]), .read: try scope(cells[3]), .take: try scope(cells[4]),
                    .keep: try scope(cells[5]), .store: .everything,
                ], remedy: cells[6].isEmpty ? nil : cells[6])
        }
    }

    @Test func `every error of the table is judged as the table says`() throws {
        let rows = try TroubleTableTests.rows()
        try #require(rows.count > 10)
        for row in rows {
            for error in row.errors {
                let code = try #require(TroubleTableTests.numbers[error], "\(error) is no error number")
                for operation in Trouble.Operation.allCases {
                    let trouble = Trouble(SystemError(code: code, operation: "open 'x'"), during: operation)
                    #expect(trouble.scope == row.scopes[operation], "\(error) during \(operation)")
                    #expect(trouble.meaning == row.meaning && trouble.remedy == row.remedy, "\(error)")
                }
            }
        }
    }

    @Test func `every error that is known stands in the table`() throws {
        let listed = try TroubleTableTests.rows().flatMap(\.errors).compactMap { TroubleTableTests.numbers[$0] }
        for code in Trouble.Kind.known.flatMap(\.codes) {
            #expect(listed.contains(code), "error number \(code)")
        }
    }

    @Test func `the sentence says what it means, what the system said and what to do`() {
        let trouble = Trouble(SystemError(code: ENOSPC, operation: "write '/a/b'"), during: .keep)
        #expect(
            trouble.description == "the file system is full: write '/a/b': No space left on device (make room there)")
    }
}
