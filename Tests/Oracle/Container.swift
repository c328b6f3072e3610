import TestSupport

/// A kind of file that has others in it.
enum Container: CaseIterable {
    case tar, zip, compressedTar

    /// What its name ends with.
    var ending: String {
        switch self {
        case .tar: ".tar"
        case .zip: ".zip"
        case .compressedTar: ".tar.gz"
        }
    }

    /// The container of named contents.
    func bytes(of members: [(name: String, content: [UInt8])]) -> [UInt8] {
        switch self {
        case .zip:
            var zip = SampleZip()
            for member in members { zip.add(member.name, member.content) }
            return zip.ended
        case .tar, .compressedTar:
            var tar = SampleTar()
            for member in members { tar.add(Array(member.name.utf8), member.content) }
            return self == .tar ? tar.ended : SampleGzip.compress(tar.ended, level: 1)
        }
    }
}
