import TOML

/// The keys of `[watch]` that are the watcher's own: its drop directories.
package struct Configuration: Decodable, Sendable, Equatable {
    /// The drop directories, `[[watch.drop]]`.
    package var directories: [DropDirectoryConfiguration] = []

    package init() {}

    private enum CodingKeys: String, CodingKey { case drop }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        directories = try keys.value(.drop, default: []) { directories in
            var paths: Set<String> = []
            for directory: DropDirectoryConfiguration in directories where !paths.insert(directory.path).inserted {
                return "the directory '\(directory.path)' is named twice"
            }
            for outer in directories where outer.isRecursive {
                if let inner = directories.first(where: { $0.path.hasPrefix(outer.path + "/") }) {
                    return "the directory '\(inner.path)' lies in '\(outer.path)', which takes its files, too; "
                        + "set recursive = false there"
                }
            }
            return nil
        }
    }
}
