import Articles
import TestSupport
import Testing

@testable import Status

@Suite struct StorageForecastTests {
    private static let day: Int64 = 86_400_000
    private let now: Int64 = 1_740_540_000_000

    /// Samples of two days that grow by so much a day up to `bytes`.
    private func samples(growth: Int64, to bytes: Int64) -> [StorageForecast.Sample] {
        (0...48).map { .init(hour: now / 3_600_000 - 48 + $0, bytes: bytes - growth * (48 - $0) / 24) }
    }

    private func days(_ forecast: StorageForecast) -> Double? {
        forecast.fullAt.map { Double($0 - now) / Double(StorageForecastTests.day) }
    }

    @Test func `it is full when the smaller of limit and free space is used up`() throws {
        let samples = samples(growth: 1000, to: 10_000)
        let byLimit = StorageForecast(samples, .init(bytes: 10_000, limit: 15_000, free: 9000), now: now)
        #expect(byLimit.bytesPerDay == 1000)
        #expect(abs(try #require(days(byLimit)) - 5) < 0.01)
        let byFree = StorageForecast(samples, .init(bytes: 10_000, limit: 15_000, free: 2000), now: now)
        #expect(abs(try #require(days(byFree)) - 2) < 0.01)
        #expect(StorageForecast(samples, .init(bytes: 10_000), now: now).fullAt == nil)
    }

    @Test func `what is as large as retention lets it be does not fill up`() throws {
        let samples = samples(growth: 1000, to: 10_000)
        // It grows for six more days.
        var bounds = StorageForecast.Bounds(
            bytes: 10_000, free: 7000, retention: 7 * StorageForecastTests.day, age: StorageForecastTests.day)
        #expect(StorageForecast(samples, bounds, now: now).fullAt == nil)
        bounds.free = 5000
        #expect(abs(try #require(days(StorageForecast(samples, bounds, now: now))) - 5) < 0.01)
        bounds.age = 7 * StorageForecastTests.day
        #expect(StorageForecast(samples, bounds, now: now).fullAt == nil)
    }

    @Test func `a store that makes room at its limit does not fill up at it, but where the disk has less`() throws {
        let samples = samples(growth: 1000, to: 10_000)
        var bounds = StorageForecast.Bounds(bytes: 10_000, limit: 12_000, free: 5000)
        bounds.makesRoom = true
        #expect(StorageForecast(samples, bounds, now: now).fullAt == nil)
        bounds.free = 1000
        #expect(abs(try #require(days(StorageForecast(samples, bounds, now: now))) - 1) < 0.01)
    }

    @Test func `a few hours, shrinking and standing still foretell nothing`() {
        let bounds = StorageForecast.Bounds(bytes: 10_000, limit: 11_000)
        let few = Array(samples(growth: 1000, to: 10_000).suffix(5))
        #expect(StorageForecast(few, bounds, now: now) == StorageForecast([], bounds, now: now))
        #expect(StorageForecast(few, bounds, now: now).bytesPerDay == nil)
        #expect(StorageForecast(samples(growth: -1000, to: 10_000), bounds, now: now).fullAt == nil)
        #expect(StorageForecast(samples(growth: 0, to: 10_000), bounds, now: now).bytesPerDay == 0)
    }

    @Test func `samples are kept an hour each and across restarts`() throws {
        let scratch = try ScratchDirectory()
        let own = StorageStanding(name: "store", path: scratch.path("status.sqlite"), bytes: 0, free: 100_000)
        for hour in Int64(0)...10 {
            let store = try ResultStore(path: scratch.path("status.sqlite"))
            var own = own
            own.bytes = hour * 1000
            let storage = try store.forecast([own], at: now + hour * 3_600_000)
            #expect((storage.first?.bytesPerDay != nil) == (hour >= 6))
            if hour == 10 {
                #expect(storage.first?.bytesPerDay == 24_000)
                #expect(storage.first?.fullAt != nil)
            }
        }
    }

    @Test func `a disk that is full soon, or nearly is, is a trouble and no illness`() {
        let board = StatusBoard()
        var storage = StorageStanding(name: "store", bytes: 10_000, free: 50 << 30, fileSystem: 100 << 30)
        board.setStorage([storage], at: now)
        #expect(board.troubles().isEmpty)
        storage.fullAt = Timestamp(milliseconds: now + 2 * StorageForecastTests.day)
        board.setStorage([storage], at: now)
        #expect(board.troubles().map(\.text).first?.hasPrefix("There is no room any more where 'store' lies") == true)
        storage.fullAt = Timestamp(milliseconds: now + 4 * StorageForecastTests.day)
        board.setStorage([storage], at: now)
        #expect(board.troubles().isEmpty)
        for (free, size, isTold) in [
            (Int64(1) << 30 - 1, Int64(2) << 30, true), (4 << 30, 100 << 30, true), (6 << 30, 100 << 30, false),
            (40 << 30, 4000 << 30, false),
        ] {
            (storage.free, storage.fileSystem) = (free, size)
            board.setStorage([storage], at: now)
            #expect(board.troubles().isEmpty != isTold, "\(free) of \(size)")
        }
        #expect(board.illnesses().isEmpty)
    }
}
