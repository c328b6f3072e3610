import TOML

/// The keys of `[watch]` that are the watcher's own: its drop directories.
package struct Configuration: Decodable, Sendable, Equatable {
    /// The drop directories, `[[watch.drop]]`.
    package var directories: [DropDirectoryConfiguration] = []

    package init() {}

    private enum CodingKeys: String, CodingKey { case drop }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        directories = try keys.value(.drop, default: [])
        var indices: [Substring: Int] = [:]
        for (index, directory) in directories.enumerated() {
            if let first = indices.updateValue(index, forKey: directory.path[...]) {
                try keys.note(
                    .drop, index, "path",
                    "the directory '\(directory.path)' is named in \(keys.place(.drop, first, "path")) already")
            }
        }
        for (index, directory) in directories.enumerated() {
            var outer = directory.path[...]
            while let slash = outer.lastIndex(of: "/"), slash > outer.startIndex {
                outer = outer[..<slash]
                guard let around = indices[outer], directories[around].isRecursive else { continue }
                try keys.note(
                    .drop, index, "path",
                    "the directory '\(directory.path)' lies in '\(outer)' (\(keys.place(.drop, around, "path"))), which "
                        + "takes its files, too; set recursive = false there")
            }
        }
    }
}
