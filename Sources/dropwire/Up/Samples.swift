import FoundationEssentials
import Glibc
import Linux

/// The sample articles of the demo. They ship with the program and lie in `Config/demo` of the source tree.
enum Samples {
    /// Drops the sample articles into a folder, each under a temporary name first, as a producer should.
    static func copy(to directory: String) throws {
        let source = try find()
        for name in try FileManager.default.contentsOfDirectory(atPath: source).sorted() where name.hasSuffix(".txt") {
            let bytes = try Data(contentsOf: URL(filePath: "\(source)/\(name)"))
            let temporary = "\(directory)/.\(name).part"
            try bytes.write(to: URL(filePath: temporary))
            try SystemError.check("drop '\(name)'") { rename(temporary, "\(directory)/\(name)") }
        }
    }

    /// Where the samples are: `$DROPWIRE_SHARE`, beside an installed program, or in the source tree that it was built in.
    private static func find() throws -> String {
        var candidates: [String] = []
        if let named = getenv("DROPWIRE_SHARE") { candidates.append(String(cString: named) + "/demo") }
        var directory = ProcessInformation.executablePath
        while let slash = directory.lastIndex(of: "/") {
            directory = String(directory[..<slash])
            candidates.append(directory + "/share/dropwire/demo")
            candidates.append(directory + "/Config/demo")
        }
        guard let found = candidates.first(where: { access($0, R_OK) == 0 }) else {
            throw SystemError(
                code: ENOENT, operation: "find the sample articles (set DROPWIRE_SHARE to the folder that has 'demo')")
        }
        return found
    }
}
