import Glibc

/// The way back, to make what is tested.
enum Iconv {
    static func encode(_ text: String, _ name: String) -> [UInt8]? {
        guard let handle = iconv_open(name, "UTF-8"), handle != UnsafeMutableRawPointer(bitPattern: -1) else {
            return nil
        }
        defer { iconv_close(handle) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: text.utf8.count * 4)
        let written = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output -> Int? in
                var next = input.baseAddress
                var left = input.count
                var end = output.baseAddress
                var room = output.count
                return iconv(handle, &next, &left, &end, &room) == -1 ? nil : output.count - room
            }
        }
        return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
    }
}
