import Glibc
import TestSupport

/// The hand of producers: it does what an action says to the files of a drop directory.
final class ModelHand {
    private let scratch: ScratchDirectory
    /// Where files come from that are moved across.
    private let other: ScratchDirectory
    /// What is open, by the name that it was opened with.
    private var writers: [String: Writer] = [:]

    /// A file that is written to for a while.
    private final class Writer {
        let descriptor: Int32
        private(set) var pieces = 1

        init(_ path: String) throws {
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw Unopened() }
        }

        struct Unopened: Error {}

        deinit { close(descriptor) }

        var inode: UInt64? {
            var status = stat()
            return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
        }

        func write(_ bytes: [UInt8]) { _ = Glibc.write(descriptor, bytes, bytes.count) }

        /// Writes the next piece; returns false where that was the last.
        func writeNext() -> Bool {
            guard pieces < ModelContent.pieces else { return false }
            write(ModelContent.piece(pieces))
            pieces += 1
            return true
        }
    }

    init(_ scratch: ScratchDirectory) throws {
        self.scratch = scratch
        other = try OtherFileSystem.isThere ? OtherFileSystem.directory() : ScratchDirectory()
        try scratch.makeDirectory("outside")
        for folder in ModelAction.folders { try scratch.makeDirectory("drop/\(folder)") }
    }

    /// Which files were open meanwhile.
    struct Writing {
        /// One that is open and was written to, and the name that it was opened with.
        var written: (name: String, inode: UInt64)?
        /// One that is closed now by one who had it open.
        var closed: UInt64?
    }

    /// Does it. A file that is not there, or a folder, is no failure: then nothing is done.
    func perform(_ action: ModelAction) -> Writing {
        var writing = Writing()
        switch action {
        case .open(let name, _), .close(let name): writing.closed = writers[name]?.inode
        default: break
        }
        writing.written = try? act(action)
        return writing
    }

    private func act(_ action: ModelAction) throws -> (name: String, inode: UInt64)? {
        switch action {
        case .open(let name, let number):
            let writer = try Writer(path(name))
            writers[name] = writer
            writer.write(ModelContent.beginning(of: number))
            return opened(name, writer)
        case .write(let name):
            guard let writer = writers[name], writer.writeNext() else { return nil }
            return opened(name, writer)
        case .close(let name): writers[name] = nil
        case .renameIn(let name, let number):
            try scratch.write(ModelContent.report(number), to: "outside/\(number)")
            try scratch.rename("outside/\(number)", to: "drop/\(name)")
        case .moveAcross(let name, let number):
            try other.write(ModelContent.report(number), to: "\(number)")
            try other.setModified("\(number)", seconds: 1_100_000_000 + number)
            guard !scratch.exists("drop/\(name)") else { return nil }
            try scratch.write(other.read("\(number)")!, to: "drop/\(name)")
            try scratch.setModified("drop/\(name)", seconds: 1_100_000_000 + number)
            try other.remove("\(number)")
        case .append(let name, let number):
            guard let content = scratch.read("drop/\(name)"), ModelContent.isReport(content) else { return nil }
            try scratch.append(ModelContent.paragraph(number), to: "drop/\(name)")
        case .truncate(let name, let toNothing):
            guard let content = scratch.read("drop/\(name)") else { return nil }
            Glibc.truncate(path(name), toNothing ? 0 : ModelContent.half(of: content).count)
        case .delete(let name): try scratch.remove("drop/\(name)")
        case .recreate(let name, let number):
            guard scratch.exists("drop/\(name)") else { return nil }
            try scratch.remove("drop/\(name)")
            try scratch.write(ModelContent.report(number), to: "drop/\(name)")
        case .spoil(let name, let number): try scratch.write(ModelContent.spoiled(number), to: "drop/\(name)")
        case .setMode(let name, let mode): try scratch.setMode("drop/\(name)", mode)
        case .touch(let name): utimensat(AT_FDCWD, path(name), nil, 0)
        case .makeOld(let name, let number): try scratch.setModified("drop/\(name)", seconds: 978_307_200 + number)
        case .link(let name, let other): try scratch.link("drop/\(name)", to: "drop/\(other)")
        case .rename(let name, let other): try scratch.rename("drop/\(name)", to: "drop/\(other)")
        case .moveOut(let name):
            try scratch.rename("drop/\(name)", to: "outside/moved")
            try scratch.rename("outside/moved", to: "drop/\(name)")
        case .folderIn(let folder, let number):
            try scratch.makeDirectory("outside/\(number)")
            try scratch.write(ModelContent.report(number), to: "outside/\(number)/a.txt")
            try scratch.rename("outside/\(number)", to: "drop/\(folder)")
        case .renameFolder(let folder, let other): try scratch.rename("drop/\(folder)", to: "drop/\(other)")
        case .pass, .restart, .during, .crash: break
        }
        return nil
    }

    private func path(_ name: String) -> String { scratch.path("drop/\(name)") }

    private func opened(_ name: String, _ writer: Writer) -> (name: String, inode: UInt64)? {
        writer.inode.map { (name, $0) }
    }
}
