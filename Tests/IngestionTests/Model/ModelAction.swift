import Ingestion
import TestSupport

/// What is done to the files of a drop directory, and to the watcher. What makes no sense at its moment (a file is not there)
/// does nothing, so that any part of a sequence is one, too.
indirect enum ModelAction: Sendable, CustomStringConvertible {
    /// Opens a file in place, over whatever has the name, and leaves it open: the first piece is in it.
    case open(String, number: Int)
    /// Writes the next piece through the file that is open.
    case write(String)
    case close(String)
    case renameIn(String, number: Int)
    /// A copy from another file system, with the times of what is copied, which is then removed.
    case moveAcross(String, number: Int)
    /// Opened for appending, written and closed.
    case append(String, number: Int)
    /// Cut to half of its paragraphs, or to nothing, by its name alone: nobody closes it.
    case truncate(String, toNothing: Bool)
    case delete(String)
    /// Deleted and written anew, by an inode of the same number where the file system gives it.
    case recreate(String, number: Int)
    /// Written with a NUL in it.
    case spoil(String, number: Int)
    case setMode(String, UInt32)
    case touch(String)
    case makeOld(String, number: Int)
    case link(String, String)
    case rename(String, String)
    /// Moved out of the drop directory, and in again.
    case moveOut(String)
    /// A folder with a file of each of its names is renamed in.
    case folderIn(String, number: Int)
    case renameFolder(String, String)
    case pass(milliseconds: Int)
    case restart
    /// Done at the next visit of a point.
    case during(IntakePoint, ModelAction)
    /// The process ends at the next visit of a point.
    case crash(IntakePoint)

    /// The names that files have.
    static let names = ["a.txt", "b.txt", "c.txt", "d/a.txt", "d/b.txt", "e/a.txt"]
    static let folders = ["d", "e"]

    var description: String {
        switch self {
        case .open(let name, let number): "open \(name) for report \(number) and write its beginning"
        case .write(let name): "write a piece of \(name)"
        case .close(let name): "close \(name)"
        case .renameIn(let name, let number): "rename report \(number) to \(name)"
        case .moveAcross(let name, let number): "move report \(number) from another file system to \(name)"
        case .append(let name, let number): "append paragraph \(number) to \(name)"
        case .truncate(let name, let toNothing): "cut \(name) to \(toNothing ? "nothing" : "its half")"
        case .delete(let name): "delete \(name)"
        case .recreate(let name, let number): "delete \(name) and write report \(number) under its name and inode"
        case .spoil(let name, let number): "write what is no text (\(number)) to \(name)"
        case .setMode(let name, let mode): "set the mode of \(name) to 0\(String(mode, radix: 8))"
        case .touch(let name): "touch \(name)"
        case .makeOld(let name, let number): "set the time of \(name) to 2001 and \(number) s"
        case .link(let name, let other): "link \(name) to \(other)"
        case .rename(let name, let other): "rename \(name) to \(other)"
        case .moveOut(let name): "move \(name) out and in again"
        case .folderIn(let name, let number): "rename a folder with report \(number) to \(name)"
        case .renameFolder(let name, let other): "rename the folder \(name) to \(other)"
        case .pass(let milliseconds): "let \(milliseconds) ms pass"
        case .restart: "restart"
        case .during(let point, let action): "at the next \(point.rawValue): \(action)"
        case .crash(let point): "kill at the next \(point.rawValue)"
        }
    }

    /// Chooses one; `number` is nobody else's.
    static func random(number: Int, using random: inout SeededGenerator) -> ModelAction {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30:
            return .pass(milliseconds: [50, 150, 250, 500, 1000, 2500, 11000].randomElement(using: &random)!)
        case 30..<33: return .restart
        case 33..<37: return .crash(IntakePoint.ofFiles.randomElement(using: &random)!)
        case 37..<49:
            return .during(
                IntakePoint.ofFiles.randomElement(using: &random)!, ofFiles(number: number, using: &random))
        default: return ofFiles(number: number, using: &random)
        }
    }

    private static func ofFiles(number: Int, using random: inout SeededGenerator) -> ModelAction {
        let name = names.randomElement(using: &random)!
        let other = names.randomElement(using: &random)!
        switch Int.random(in: 0..<24, using: &random) {
        case 0, 1: return .open(name, number: number)
        case 2, 3: return .write(name)
        case 4, 5: return .close(name)
        case 6, 7: return .renameIn(name, number: number)
        case 8, 9: return .append(name, number: number)
        case 10: return .moveAcross(name, number: number)
        case 11: return .truncate(name, toNothing: Int.random(in: 0..<3, using: &random) == 0)
        case 12: return .delete(name)
        case 13: return .recreate(name, number: number)
        case 14: return .spoil(name, number: number)
        case 15: return .setMode(name, [0o600, 0o640, 0o444].randomElement(using: &random)!)
        case 16: return .touch(name)
        case 17: return .makeOld(name, number: number)
        case 18, 19: return .link(name, other)
        case 20: return .rename(name, other)
        case 21: return .moveOut(name)
        case 22: return .folderIn(folders.randomElement(using: &random)!, number: number)
        default:
            let folders = folders.shuffled(using: &random)
            return .renameFolder(folders[0], folders[1])
        }
    }
}
