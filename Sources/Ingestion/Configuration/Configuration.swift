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
        try checkArchives(keys, indices)
    }

    /// Nothing in archives may be mixed up: a folder is one directory's alone, and none lies where files are taken from.
    private func checkArchives(_ keys: KeyedDecodingContainer<CodingKeys>, _ indices: [Substring: Int]) throws {
        var folders: [String: Int] = [:]
        for (index, directory) in directories.enumerated() {
            guard let archive = directory.archiveDirectory else { continue }
            if let first = folders.updateValue(index, forKey: "\(archive)/\(directory.source)") {
                try keys.note(
                    .drop, index, "archive_directory",
                    "the directory '\(directories[first].path)' (\(keys.place(.drop, first, "path"))) has the same "
                        + "archive_directory and the same source, '\(directory.source)', so both would be kept in "
                        + "'\(archive)/\(directory.source)'; give one of them another source or archive_directory")
            }
            var outer = archive[...]
            while !outer.isEmpty {
                // Its own it leaves out.
                if let around = indices[outer], around != index, directories[around].isRecursive {
                    try keys.note(
                        .drop, index, "archive_directory",
                        "the archive '\(archive)' lies in the drop directory '\(outer)' "
                            + "(\(keys.place(.drop, around, "path"))), which would take its files; name another place")
                    break
                }
                outer = outer.lastIndex(of: "/").map { outer[..<$0] } ?? ""
            }
        }
    }
}
