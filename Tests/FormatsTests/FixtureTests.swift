import Articles
import Formats
import Testing

@Suite struct FixtureTests {
    @Test(arguments: Fixture.all) func `a golden case gives what is expected`(_ fixture: Fixture) throws {
        let (file, value) = try fixture.outcome()
        #expect((file == "expected.error.json") == fixture.name.hasPrefix("error-"))
        if Fixture.isRecording { try fixture.record(file, value) }
        let expected = try fixture.expectation(file)
        #expect(value == expected)
        if let articles = value["articles"]?.arrayValue {
            #expect(value["format"]?.stringValue == fixture.format)
            for article in articles { #expect(article["id"]?.stringValue.flatMap { ArticleID($0) } != nil) }
        }
    }

    @Test func `the golden cases are found`() {
        #expect(Fixture.all.count { $0.format == "native" } >= 15)
    }
}
