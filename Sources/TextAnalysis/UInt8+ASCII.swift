extension UInt8 {
    var isASCIIDigit: Bool { self &- 0x30 < 10 }
    var isASCIIUppercase: Bool { self &- 0x41 < 26 }
    var isASCIILowercase: Bool { self &- 0x61 < 26 }
    var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    /// A line break or another blank than the space.
    var isLineSpace: Bool { self &- 0x09 < 5 }
}
