import Terminal
import Testing

@testable import dropwire

@Suite struct TopStateTests {
    private func state(_ keys: Key...) -> TopState {
        var state = TopState()
        for key in keys { #expect(state.press(key, columns: 3, height: 10) == .draw) }
        return state
    }

    @Test func `keys choose tables, in turn and by number`() {
        #expect(state(.character("p")).panel == .sources && state(.tab, .tab).panel == .directories)
        #expect(state(.character("P")).panel == .storage && state(.backTab, .tab).panel == .processes)
        #expect(state(.character("5")).panel == .failures && state(.character("9")).panel == .processes)
    }

    @Test func `a table is sorted by its columns in turn, and then as it was`() {
        #expect(state(.character("s")).sorting == 0)
        #expect(state(.character("s"), .character("s"), .character("s")).sorting == 2)
        #expect(state(.character("s"), .character("s"), .character("s"), .character("s")).sorting == nil)
        #expect(state(.character("S")).sorting == 2 && state(.character("s"), .character("S")).sorting == nil)
        #expect(state(.character("s"), .character("p")).sorting == nil)
    }

    @Test func `rows are scrolled, and never beyond the beginning`() {
        #expect(state(.down, .down, .up).scroll == 1 && state(.up).scroll == 0)
        #expect(state(.pageDown).scroll == 10 && state(.pageDown, .pageUp).scroll == 0)
        #expect(state(.down, .home).scroll == 0 && state(.down, .character("p")).scroll == 0)
    }

    @Test func `help comes and goes, and q quits, also from there`() {
        #expect(state(.character("?")).isHelpShown && !state(.character("?"), .character("x")).isHelpShown)
        #expect(state(.character("?"), .character("p")).panel == .processes)
        for keys in [[Key.character("q")], [.character("?"), .character("q")]] {
            var state = TopState()
            let actions = keys.map { state.press($0, columns: 3, height: 10) }
            #expect(actions.last == .quit)
        }
    }
}
