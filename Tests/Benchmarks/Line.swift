import Glibc
import Linux

/// What the two ends of a measurement are joined by.
enum Line: String {
    case ipc
    case tcp
    case curve = "tcp with CURVE"

    /// An address to bind, and to connect to.
    func endpoint(_ name: String, in folder: String) throws -> String {
        self == .ipc ? "ipc://\(folder)/\(name).sock" : "tcp://127.0.0.1:\(try Line.freePort())"
    }

    /// A port of the loopback that nobody uses at this moment.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 ? getsockname(descriptor, pointer, &size) : -1
            }
        }
        guard code == 0 else { throw SystemError(operation: "find a free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
