import Glibc
import Linux
import TestSupport

/// The directories of a round: drop directories, the processes' state and sockets, and where producers prepare files.
final class Workplace: Sendable {
    /// What has a disk of its own, where that may be, and how large each is.
    private static let disks = ["state", "archive"]
    private static let megabytes = 384

    let scratch: ScratchDirectory
    /// State and outer archive lie on small disks of their own.
    let hasDisk: Bool
    /// One a site: who drops goes in with many, who takes the directory away goes in alone.
    let gates = DropSite.all.map { _ in Gate() }
    let feedEndpoint: String
    let logEndpoint: String

    /// Makes the directories and the configuration.
    init(mayMount: Bool) throws {
        scratch = try ScratchDirectory()
        for name in ["sites", "staging", "state", "run", "elsewhere", "archive"] { try scratch.makeDirectory(name) }
        for site in DropSite.all { try scratch.makeDirectory("sites/\(site.name)") }
        hasDisk = mayMount
        if hasDisk {
            for name in Workplace.disks { try Namespace.mountDisk(scratch.path(name), megabytes: Workplace.megabytes) }
        }
        feedEndpoint = "tcp://127.0.0.1:\(try Workplace.freePort())"
        logEndpoint = "tcp://127.0.0.1:\(try Workplace.freePort())"
        try configure(without: nil)
    }

    /// Writes the configuration, without a site where one is to go.
    func configure(without site: Int?) throws {
        try scratch.write(configuration(without: site), to: "dropwire.new")
        try scratch.rename("dropwire.new", to: "dropwire.toml")
    }

    /// Writes a configuration that is none.
    func misconfigure() throws {
        try scratch.write("[watch]\nmax_log_bytes = \"many\"\n", to: "dropwire.new")
        try scratch.rename("dropwire.new", to: "dropwire.toml")
    }

    deinit { if hasDisk { for name in Workplace.disks { Namespace.unmount(scratch.path(name)) } } }

    /// Leaves everything when the object goes, what is on disks as a copy: these go with the namespace.
    func keep() {
        scratch.keep()
        for name in Workplace.disks {
            _ = try? Command.run(["/usr/bin/cp", "-a", scratch.path(name), scratch.path(name + "-copy")])
        }
    }

    /// The absolute path of a place.
    func path(_ place: Place) -> [UInt8] {
        Array(scratch.path("sites/\(DropSite.all[place.site].name)/").utf8) + place.path
    }

    /// The absolute path of a site.
    func path(site: Int) -> String { scratch.path("sites/\(DropSite.all[site].name)") }

    /// The archive of a site.
    func archivePath(site: Int) -> String {
        let name = DropSite.all[site].name
        return DropSite.all[site].archivesElsewhere ? scratch.path("archive/\(name)") : path(site: site) + "/.done"
    }

    /// Where producers prepare files: on the file system of the drop directories.
    var staging: [UInt8] { Array(scratch.path("staging").utf8) }

    private func configuration(without site: Int?) -> String {
        let sites = DropSite.all.indices.filter { $0 != site }.map {
            DropSite.all[$0].configuration(path: path(site: $0), archive: scratch.path("archive"))
        }
        // Over TCP: at the limit of open files, libzmq's ipc listener ends the process that a peer connects to.
        return """
            state_directory = "\(scratch.path("state"))"
            runtime_directory = "\(scratch.path("run"))"

            [watch.stream]
            feed = ["\(feedEndpoint)"]
            log = ["\(logEndpoint)"]

            \(sites.joined(separator: "\n"))
            [status]
            http = "127.0.0.1:0"

            [status.stream]
            feed = ["ipc://\(scratch.path("run"))/status-feed.sock"]
            log = ["ipc://\(scratch.path("run"))/status-log.sock"]

            """
    }

    /// A port that nobody has at this moment.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(operation: "make a socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        guard code == 0 else { throw SystemError(operation: "find a port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
