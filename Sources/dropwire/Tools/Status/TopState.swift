import Terminal

/// What `dropwire top` shows, as keys change it.
struct TopState: Equatable {
    /// The table in the lower part of the screen.
    enum Panel: Int, CaseIterable {
        case processes, sources, directories, consumers, failures, quarantine, storage
    }

    /// What is to be done after a key.
    enum Action { case draw, quit }

    var panel = Panel.processes
    /// The column that the panel is in order of; nil for the order in which the status service tells.
    var sorting: Int?
    /// Rows of the panel that are scrolled away.
    var scroll = 0
    var isHelpShown = false

    /// Takes a key in.
    ///
    /// - Parameters:
    ///   - columns: of the panel that is shown, which can be sorted by.
    ///   - height: rows of a page.
    mutating func press(_ key: Key, columns: Int, height: Int) -> Action {
        switch key {
        case .character("q"), .character("Q"): return .quit
        case .character("?"), .character("h"): isHelpShown.toggle()
        case .escape: isHelpShown = false
        case _ where isHelpShown: isHelpShown = false
        case .character("p"), .tab, .right: turn(to: 1)
        case .character("P"), .backTab, .left: turn(to: Panel.allCases.count - 1)
        case .character("s"):
            sorting = (sorting ?? -1) + 1 < columns ? (sorting ?? -1) + 1 : nil
            scroll = 0
        case .character("S"):
            sorting = sorting == 0 ? nil : (sorting ?? columns) - 1
            scroll = 0
        case .down, .character("j"): scroll += 1
        case .up, .character("k"): scroll = max(0, scroll - 1)
        case .pageDown, .character(" "): scroll += max(1, height)
        case .pageUp: scroll = max(0, scroll - max(1, height))
        case .home: scroll = 0
        case .character(let digit):
            if let number = digit.wholeNumberValue, let chosen = Panel(rawValue: number - 1) { show(chosen) }
        default: break
        }
        return .draw
    }

    private mutating func turn(to step: Int) {
        let all = Panel.allCases
        show(all[(panel.rawValue + step) % all.count])
    }

    private mutating func show(_ panel: Panel) {
        guard panel != self.panel else { return }
        self.panel = panel
        sorting = nil
        scroll = 0
    }
}
