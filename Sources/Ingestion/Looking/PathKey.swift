import Hashing
import Linux

/// What stands for a path in tables of many: 64 bits under a seed of this process, so that nobody can drop names whose
/// keys meet. The key of a name is made of its folder's, without putting the path together.
enum PathKey {
    private static let seed = UInt64.random(in: 0 ... .max)

    /// Returns the key of a folder.
    static func folder(_ path: RelativePath) -> UInt64 { key(path.bytes, seed: seed) }

    /// Returns the key of a name in a folder.
    static func file(_ name: Span<UInt8>, in folder: UInt64) -> UInt64 {
        name.withUnsafeBufferPointer { nonzero(XXHash.hash64(UnsafeRawBufferPointer($0), seed: folder)) }
    }

    /// Returns the key of a path, the same as of its name in its folder.
    static func file(_ path: RelativePath) -> UInt64 {
        let name = path.name
        let parent = name.startIndex == path.bytes.startIndex ? [] : path.bytes[..<(name.startIndex - 1)]
        return key(name, seed: key(parent, seed: seed))
    }

    private static func key(_ bytes: ArraySlice<UInt8>, seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { nonzero(XXHash.hash64($0, seed: seed)) }
    }

    /// Zero stands for no path.
    private static func nonzero(_ hash: UInt64) -> UInt64 { hash == 0 ? 1 : hash }
}

extension FileIdentity {
    /// 64 bits that stand for the identity.
    var key: UInt64 {
        // Each step is a bijection of what came before and a part: no two identities of one inode and size meet.
        var hash = inode &* 0x9e37_79b9_7f4a_7c15
        for part in [UInt64(bitPattern: size), UInt64(bitPattern: modified)] {
            hash = (hash ^ (hash >> 32) ^ part) &* 0xd6e8_feb8_6659_fd93
        }
        return hash ^ (hash >> 32)
    }
}
