import CCURL

/// What libcurl's callbacks of one request work on. They are called on the thread of the request.
final class Transfer {
    private(set) var bytes: [UInt8] = []
    private(set) var isTooLong = false
    private let maximumBytes: Int
    private let shouldGoOn: () -> Bool

    init(maximumBytes: Int, shouldGoOn: @escaping () -> Bool) {
        self.maximumBytes = maximumBytes
        self.shouldGoOn = shouldGoOn
    }

    /// Takes a piece of the answer; false ends the transfer.
    func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count + piece.count <= maximumBytes else {
            isTooLong = true
            bytes = []
            return false
        }
        bytes.append(contentsOf: piece)
        return true
    }

    func goesOn() -> Bool { shouldGoOn() }
}

/// CURLOPT_WRITEFUNCTION: "if that amount differs from the amount passed to your callback function, it signals an error".
func transferWrite(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// CURLOPT_XFERINFOFUNCTION: "Returning a non-zero value from this callback makes libcurl abort the transfer".
func transferProgress(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
    guard let context else { return 1 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
}
