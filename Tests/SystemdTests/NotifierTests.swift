import Glibc
import Testing

@testable import Systemd

@Suite(.timeLimit(.minutes(10))) struct NotifierTests {
    // In exit tests: the environment belongs to the whole process, and other tests run in it at the same time.

    @Test func `each message is one datagram to the manager`() async {
        await #expect(processExitsWith: .success) {
            let manager = try Manager()
            setenv("NOTIFY_SOCKET", manager.path, 1)
            let notifier = Notifier()
            notifier.status("starting\nREADY=1")
            #expect(manager.next() == "STATUS=starting READY=1")
            notifier.ready(status: "serving")
            #expect(manager.next() == "READY=1\nSTATUS=serving")
            notifier.watchdog()
            #expect(manager.next() == "WATCHDOG=1")
            notifier.reloading()
            let reloading = manager.next().split(separator: "\n")
            #expect(reloading.first == "RELOADING=1")
            #expect(reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
            notifier.stopping()
            #expect(manager.next() == "STOPPING=1")
        }
    }

    @Test(arguments: [false, true]) func `a manager that does not read holds up no loop`(isAbstract: Bool) async {
        await #expect(processExitsWith: .success) { [isAbstract] in
            let manager = try Manager(isAbstract: isAbstract)
            setenv("NOTIFY_SOCKET", manager.path, 1)
            let notifier = Notifier()
            // More than the kernel queues for a socket.
            for number in 0..<5000 { notifier.status("\(number)") }
            for _ in 0..<5000 { notifier.watchdog() }
            for number in 0..<5 { #expect(manager.next() == "STATUS=\(number)") }
        }
    }

    @Test func `without a manager nothing happens`() async {
        await #expect(processExitsWith: .success) {
            unsetenv("NOTIFY_SOCKET")
            unsetenv("WATCHDOG_USEC")
            let notifier = Notifier()
            notifier.ready()
            notifier.stopping(status: "done")
            #expect(notifier.watchdogInterval == nil)
        }
    }

    @Test func `the watchdog's interval is the manager's, if it is meant for this process`() async {
        await #expect(processExitsWith: .success) {
            setenv("WATCHDOG_USEC", "2500000", 1)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(Notifier().watchdogInterval == .milliseconds(2500))
            setenv("WATCHDOG_PID", "1", 1)
            #expect(Notifier().watchdogInterval == nil)
        }
    }

    @Test func `a stream is the journal's by device and inode`() {
        var status = stat()
        #expect(fstat(2, &status) == 0)
        #expect(Journal.isStream("\(status.st_dev):\(status.st_ino)", descriptor: 2))
        #expect(!Journal.isStream("\(status.st_dev):\(status.st_ino + 1)", descriptor: 2))
        for malformed in ["", ":", "1", "a:b", "1:2:3"] { #expect(!Journal.isStream(malformed, descriptor: 2)) }
    }
}

/// The manager's end: a datagram socket whose receive ends after five seconds.
private final class Manager {
    let path: String
    private let descriptor: Int32

    struct Failure: Error {}

    init(isAbstract: Bool = false) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        path = (isAbstract ? "@" : "/tmp/") + "dropwire-notify-\(getpid())"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        if isAbstract { address.sun_path.0 = 0 } else { unlink(path) }
        let unused = isAbstract ? MemoryLayout.size(ofValue: address.sun_path) - path.utf8.count : 0
        let size = socklen_t(MemoryLayout<sockaddr_un>.size - unused)
        let result = withUnsafeBytes(of: &address) { bytes in
            bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), size)
        }
        guard result == 0 else { throw Failure() }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    func next() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? "" : String(decoding: buffer[..<count], as: UTF8.self)
    }
}
