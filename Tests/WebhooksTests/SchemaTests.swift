import Messaging
import TestSupport
import Testing

@testable import Webhooks

/// The databases of earlier versions.
@Suite struct SchemaTests {
    @Test func `every version has a fixture`() {
        #expect(Set(SchemaFixture.all(of: "webhooks").map(\.version)) == Set(1...DeliveryStore.stateVersion.known))
    }

    @Test(arguments: SchemaFixture.all(of: "webhooks"))
    func `an outbox of an earlier version is taken over`(fixture: SchemaFixture) throws {
        let scratch = try ScratchDirectory()
        let store = try fixture.upgrade(in: scratch) { try DeliveryStore(path: $0) }
        let state = try store.state(of: "desk")
        #expect(state.waiting == 1 && state.delivered == 2)
        let stream = "a52db357-6756-4c3c-82e8-7861e5a264be"
        #expect(try store.position(of: "desk", stream: stream, head: 9) == 3)
        #expect(try store.due(of: "desk", now: .max)?.id == "\(stream)-3")
    }
}
