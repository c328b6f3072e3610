import Foundation

/// The Python of `.build/python` with what `Tests/requirements.txt` names: `Tests/run` makes it where PyPI can be reached.
public enum PythonEnvironment {
    /// The path of a program of it, such as `python`; nil where `Tests/run` could not make it, or has not.
    public static func program(_ name: String) -> String? {
        let root = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/TestSupport/")!.lowerBound)
        let path = "\(root)/.build/python/bin/\(name)"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Tests that need it may run. With this as the condition of a test (`.enabled(if:)`) its report says that it was left
    /// out.
    public static var isThere: Bool { program("python") != nil }
}
