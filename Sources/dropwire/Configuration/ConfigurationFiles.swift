import Glibc
import Linux
import TOML

/// The files that make a configuration: the one that is named, then those of `conf.d` beside it.
enum ConfigurationFiles {
    /// Returns the paths in the order of reading: `X/dropwire.toml`, then every `X/conf.d/*.toml` in the byte order of
    /// names. Hidden files and what editors leave are no part of it; a `conf.d` that is not there is none.
    static func paths(for path: String) throws(TOMLError) -> [String] {
        let folder = (path.lastIndex(of: "/").map { path[...$0] } ?? "") + "conf.d"
        let entries: [Directory.Entry]
        do throws(SystemError) {
            entries = try Directory(path: String(folder)).entries()
        } catch {
            if error.code == ENOENT { return [path] }
            throw .about(file: String(folder), String(cString: strerror(error.code)))
        }
        let names = entries.map(\.name).filter(isTaken).sorted()
        var paths = [path]
        for name in names {
            let path = "\(folder)/\(name)"
            // Whatever else has such a name is a mistake, and a pipe would be waited for.
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
                throw .about(file: path, "is no regular file")
            }
            paths.append(path)
        }
        return paths
    }

    private static func isTaken(_ name: RelativePath) -> Bool {
        guard name.bytes.count > 5, let first = name.bytes.first else { return false }
        return name.bytes.suffix(5).elementsEqual(".toml".utf8) && !".#~".utf8.contains(first)
    }
}
