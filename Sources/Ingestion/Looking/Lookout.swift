import Linux

/// What all drop directories share for looking at what lies in them: the events, the memory, the time and the clock.
final class Lookout {
    /// More folders than these are not known one by one, but listed in every pass.
    let maximumFolders: Int

    let events = DirectoryEvents()
    /// The number of folders that are known in all drop directories, without themselves.
    var folderCount = 0
    let window: WindowBudget
    var pace = LookingPace()
    private var clock = WallClock()

    init(window: WindowBudget = WindowBudget(), maximumFolders: Int = 32_768) {
        self.window = window
        self.maximumFolders = maximumFolders
    }

    /// Compares the clocks, and asks for events where there are none; to be called before files are looked at.
    func check(now: Readiness.Moment) {
        events.beginIfMissing(now: now)
        let (wall, boot) = Clocks.wallAndBootMilliseconds()
        clock.check(wall: wall, boot: boot, now: now)
    }

    /// Returns how long ago the kernel of this machine noted a change, at least; zero where that cannot be told.
    func age(ofChange nanoseconds: Int64, now: Readiness.Moment) -> Duration {
        clock.age(ofChange: nanoseconds / 1_000_000, wall: Clocks.wallMilliseconds(), now: now)
    }
}
