import TestSupport
import Testing

@testable import Articles

/// The list of reason codes against its page.
@Suite struct ReasonCodeTests {
    @Test func `every code stands in the table once, and the table has no other`() throws {
        let table = try DocumentedTable(page: "Outcomes", columns: 4, under: "Reason codes")
        #expect(table.rows.map { $0[0] }.sorted() == ReasonCode.allCases.map(\.rawValue).sorted())
        for row in table.rows {
            #expect(FileOutcome(rawValue: row[1]) != nil, "\(row[0]): '\(row[1])' is no outcome")
            #expect(!row[2].isEmpty, "\(row[0]) has no cause")
        }
    }

    @Test func `every outcome stands in the table of outcomes`() throws {
        let table = try DocumentedTable(page: "Outcomes", columns: 2, under: "Files")
        #expect(table.rows.map { $0[0] } == FileOutcome.allCases.map(\.rawValue))
    }
}
