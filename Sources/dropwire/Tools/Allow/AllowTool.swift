import Articles
import Glibc
import Ingestion
import Linux
import Messaging
import TOML

extension Command {
    static let allow = Command(
        name: "allow",
        summary: "let the watcher's service use a drop directory; make it where it is not there",
        explanation: """
            The service may write to nothing but its own state. A drop-in for its unit lets it into DIR,
            also where that is below /home, of which it sees nothing else.

            A directory that is not there is made for user and group dropwire, and what is made in it
            belongs to that group. One that is there keeps its owner, and gets an entry in its access list
            where the service could not use it. With --user it gets one for that user, too, who then can
            drop files there and see nothing else of Dropwire.

            The lines to add to the configuration are printed; with --configure they are added, as a file of
            their own in conf.d. systemd is told, and the service restarted where it runs. What is so
            already is left alone. --remove takes the permission back: the directory stays as it is.
            """,
        options: [
            Option("--user", "NAME", "let this user drop files there; may be given several times"),
            Option("--configure", "add the directory to the configuration"),
            Option("--instance", "NAME", "of dropwire-watch@NAME, one of several watchers on this host"),
            Option("--dry-run", "print what would be done, and do nothing"),
            Option("--list", "print the directories that services were let into"),
            Option("--remove", "take a permission back"), .json,
        ], operands: "DIR",
        examples: [
            Example("sudo dropwire allow --configure /srv/dropwire/incoming", "Make a first drop directory."),
            Example("sudo dropwire allow --user agency /srv/agency", "Let an SFTP user drop files in another."),
            Example("sudo dropwire allow --list", "See what services were let into."),
        ], run: { try AllowTool.run($0) })
}

/// `dropwire allow`.
enum AllowTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let unit = try WatchUnit(instance: arguments.value("--instance"))
        if arguments.has("--list") {
            guard arguments.operands.isEmpty else { throw UsageError("--list takes no DIR") }
            list(arguments.has("--instance") ? unit : nil, isJSON: arguments.has("--json"))
            return ExitCode.done
        }
        guard arguments.operands.count == 1 else { throw UsageError("name one DIR") }
        let plan: AllowPlan
        let directory: String
        let isRemoval = arguments.has("--remove")
        let service: Account
        if isRemoval {
            for name in ["--user", "--configure"] where arguments.has(name) {
                throw UsageError("\(name) does not go with --remove")
            }
            directory = try directoryToRemove(arguments.operands[0], unit)
            service = try Account(Account.service)
            plan = try AllowPlan(removing: directory, from: unit)
        } else {
            let path = try AllowedPath(arguments.operands[0])
            directory = path.text
            service = try Account(Account.service)
            let users = try arguments.all("--user").map { name throws(UsageError) in try Account(name) }
            guard geteuid() == 0 || arguments.has("--dry-run") else { throw NotRoot() }
            plan = try AllowPlan(
                allowing: path, to: unit, service: service, users: users, configures: arguments.has("--configure"))
        }
        guard geteuid() == 0 || arguments.has("--dry-run") else { throw NotRoot() }
        let isJSON = arguments.has("--json")
        if !isJSON, plan.steps.isEmpty { Output.line("nothing is to be done: all is so already") }
        for step in plan.steps {
            if !arguments.has("--dry-run") {
                try step.perform(service)
                try check(step, plan, service)
            }
            if !isJSON { Output.line(JSONText.terminalSafe(step.line)) }
        }
        if isJSON {
            Output.line(json(plan, directory, isDone: !arguments.has("--dry-run")))
        } else {
            finish(plan, directory, isRemoval: isRemoval, isDone: !arguments.has("--dry-run"))
        }
        return ExitCode.done
    }

    /// A file of the configuration that makes a mistake of the whole is taken back.
    private static func check(_ step: AllowStep, _ plan: AllowPlan, _ service: Account) throws {
        guard case .write(let folder, let name, _) = step, folder == plan.unit.configurationFolder else { return }
        do throws(TOMLError) { _ = try AllowPlan.load(plan.unit) } catch {
            try AllowStep.remove(folder: folder, name: name).perform(service)
            throw error
        }
    }

    private static func finish(_ plan: AllowPlan, _ directory: String, isRemoval: Bool, isDone: Bool) {
        for note in plan.notes { Output.line(JSONText.terminalSafe("note    \(note)")) }
        if !isRemoval, !plan.isConfigured {
            Output.line("Add to \(plan.unit.configurationPath), or run this again with --configure:")
            for line in DropInFile(directory: directory).configuration.split(separator: "\n") {
                Output.line("    " + JSONText.terminalSafe(String(line)))
            }
        }
        if !isDone, !plan.steps.isEmpty { Output.line("Nothing was done (--dry-run).") }
    }

    private static func json(_ plan: AllowPlan, _ directory: String, isDone: Bool) -> [UInt8] {
        Reply { writer in
            writer.field("directory", directory)
            writer.field("unit", plan.unit.name)
            writer.field("done", isDone)
            writer.field("configured", plan.isConfigured)
            writer.field("configuration", DropInFile(directory: directory).configuration)
            writer.key("steps")
            writer.beginArray()
            for step in plan.steps { step.write(to: &writer) }
            writer.endArray()
            writer.array("notes", plan.notes)
        }.json
    }

    // MARK: What was written before

    /// A directory that was let in, of a unit.
    private struct Entry {
        let unit: WatchUnit
        let file: DropInFile
    }

    private static func entries(of unit: WatchUnit) -> [Entry] {
        guard let folder = try? Directory(path: unit.dropIns), let names = try? folder.entries() else { return [] }
        return names.map { "\($0.name)" }.sorted().compactMap { name in
            guard
                let bytes = try? FileDescriptor(path: "\(unit.dropIns)/\(name)").readAll(
                    expected: 1024, limit: 64 << 10),
                let file = DropInFile(name: name, text: String(decoding: bytes, as: UTF8.self))
            else { return nil }
            return Entry(unit: unit, file: file)
        }
    }

    /// The directory as it was let in: it may be gone by now, or a link may lead elsewhere.
    private static func directoryToRemove(_ named: String, _ unit: WatchUnit) throws -> String {
        let path = try AbsolutePath.of(named)
        let known = entries(of: unit).map(\.file.directory)
        if known.contains(path) { return path }
        return (try? AllowedPath(named).text) ?? path
    }

    private static func list(_ unit: WatchUnit?, isJSON: Bool) {
        let folders = (try? Directory(path: WatchUnit.folder).entries().map { "\($0.name)" }.sorted()) ?? []
        let units = unit.map { [$0] } ?? folders.compactMap { WatchUnit(folder: $0) }
        for unit in units {
            let directories = (try? AllowPlan.load(unit))?.configuration.watch.settings.directories.map(\.path) ?? []
            for entry in entries(of: unit) {
                let path = entry.file.directory
                let isThere = (try? Directory.status(path: path)) != nil
                let isConfigured = directories.contains(path)
                if isJSON {
                    Output.line(
                        Reply { writer in
                            writer.field("directory", path)
                            writer.field("unit", unit.name)
                            writer.field("there", isThere)
                            writer.field("configured", isConfigured)
                        }.json)
                    continue
                }
                let remarks = [isThere ? nil : "is not there", isConfigured ? nil : "is not in the configuration"]
                let remark = remarks.compactMap(\.self).joined(separator: ", ")
                Output.line(
                    JSONText.terminalSafe("\(unit.name)  \(path)" + (remark.isEmpty ? "" : "  (\(remark))")))
            }
        }
    }

    /// The system is root's to change.
    private struct NotRoot: Error, CustomStringConvertible {
        let description = "this changes what the system lets a service do: run it as root, or with --dry-run"
    }
}
