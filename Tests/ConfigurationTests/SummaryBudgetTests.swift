import Summarization
import Testing

@testable import TOML
@testable import dropwire

/// How long a summary is, where one limit is set and another is not.
@Suite struct SummaryBudgetTests {
    @Test func `a summary of so many words has as many sentences as there is room for`() throws {
        func budget(_ text: String) throws -> Int {
            try TOMLDocument(text: "[summarize]\n" + text, name: "a.toml").decode(dropwire.Configuration.self).summarize
                .settings
                .sentences
        }
        #expect(try budget("") == 3)
        #expect(try budget("words = 50") == 100)
        #expect(try budget("characters = 200\nsentences = 2") == 2)
    }
}
