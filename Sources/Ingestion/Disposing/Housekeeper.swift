import Articles
import Linux
import Synchronization
import TOML
import Telemetry

/// Keeps archives within their limits and counts what they and the quarantines hold, on a thread of its own: the intake
/// never waits for it.
///
/// The size of an archive is counted once at the start, slowly, and then as files come; it is counted anew once a day, for
/// what others changed.
final class Housekeeper: Sendable {
    /// A drop directory, as far as it concerns the keeping.
    struct House: Sendable, Equatable {
        let directory: String
        let archive: String
        /// Zero for ever.
        let retention: Duration
        /// 0 for no limit.
        let maximumBytes: Int64
        let kept: KeptCount

        init(_ configuration: DropDirectoryConfiguration, kept: KeptCount) {
            directory = configuration.path
            archive = configuration.archivePath
            retention = configuration.archiveRetention
            maximumBytes = Int64(configuration.archiveMaximumBytes.bytes)
            self.kept = kept
        }

        static func == (left: House, right: House) -> Bool {
            left.directory == right.directory && left.archive == right.archive && left.retention == right.retention
                && left.maximumBytes == right.maximumBytes && left.kept === right.kept
        }
    }

    /// How often it looks whether something is to be done.
    private static let interval = Duration.seconds(10)
    private let desk: Desk
    private let thread: SystemThread

    init() throws(SystemError) {
        let desk = try Desk()
        self.desk = desk
        thread = try SystemThread(name: "housekeeping") { desk.run() }
    }

    deinit {
        desk.isEnding.store(true, ordering: .relaxed)
        desk.bell.ring()
        thread.join()
    }

    /// Sets what it looks after.
    func set(_ houses: [House]) {
        desk.houses.withLock { $0 = houses }
        desk.bell.ring()
    }

    /// Some directory was counted, or none needs it: tests wait for that.
    var onTidied: Callback { desk.onTidied }

    private final class Desk: Sendable {
        let houses = Mutex<[House]>([])
        let onTidied = Callback()
        let isEnding = Atomic<Bool>(false)
        let bell: WakeUp

        init() throws(SystemError) { bell = try WakeUp() }

        func run() {
            var keepers: [String: ArchiveKeeper] = [:]
            while !isEnding.load(ordering: .relaxed) {
                let houses = houses.withLock { $0 }
                let known = keepers
                keepers = [:]
                for house in houses {
                    var keeper = known[house.directory].flatMap { $0.house == house ? $0 : nil } ?? ArchiveKeeper(house)
                    keeper.tidy(now: Clocks.wallMilliseconds()) {
                        // Others' turn at the disk; a ring of the bell is looked at afterwards.
                        _ = Poll.readable([], timeout: .milliseconds(2))
                        return !isEnding.load(ordering: .relaxed)
                    }
                    keepers[house.directory] = keeper
                }
                onTidied()
                _ = Poll.readable([bell.descriptor], timeout: Housekeeper.interval)
                bell.silence()
            }
        }
    }
}
