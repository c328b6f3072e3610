import Articles
import Testing

@Suite struct VersionStandingTests {
    private let one = ArticleID(source: "s", uri: "u", version: "2", title: "One", published: nil, body: nil)
    private let other = ArticleID(source: "s", uri: "u", version: "2", title: "Other", published: nil, body: nil)

    @Test func `a higher version replaces, a lower one is late`() {
        let standing = VersionStanding(version: "2", id: one)
        #expect(standing.effect(of: "10", id: other) == .replaces)
        #expect(standing.effect(of: "1", id: other) == .late)
        // Its place says nothing against its number.
        #expect(standing.effect(of: "10", id: other, isBehind: true) == .replaces)
    }

    @Test func `the same version rewrites where its content is another`() {
        let standing = VersionStanding(version: "2", id: one)
        #expect(standing.effect(of: "2", id: one) == .replaces)
        #expect(standing.effect(of: "2.0", id: other) == .rewrites)
        #expect(standing.effect(of: "2", id: other, isBehind: true) == .late)
        #expect(VersionStanding.warning(of: "2") == "version '2' came before with other content")
    }

    @Test func `without an order what arrives later replaces, and the version that was known stays known`() {
        let standing = VersionStanding(version: "2", id: one)
        #expect(standing.effect(of: nil, id: other) == .replaces)
        #expect(standing.effect(of: nil, id: other, isBehind: true) == .late)
        for missing in [nil, ""] as [String?] {
            let next = standing.replaced(by: missing, id: other)
            #expect(next == VersionStanding(version: "2", id: other))
            #expect(next.effect(of: "1", id: one) == .late)
        }
        #expect(standing.replaced(by: "final", id: other).effect(of: "1", id: one) == .replaces)
    }
}
