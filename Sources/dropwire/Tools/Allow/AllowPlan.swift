import Glibc
import Ingestion
import Linux
import TOML

/// What is to be done so that a watcher can use a drop directory, or cannot any more; what is so already is no part of it.
struct AllowPlan {
    let unit: WatchUnit
    private(set) var steps: [AllowStep] = []
    /// What the operator should know, a sentence each.
    private(set) var notes: [String] = []
    /// The configuration names the directory, once the steps are done.
    private(set) var isConfigured = false

    /// Plans to let a unit use a directory.
    ///
    /// - Parameters:
    ///   - users: who is to drop files there.
    ///   - configures: the configuration is to name it.
    init(
        allowing path: AllowedPath, to unit: WatchUnit, service: Account, users: [Account], configures: Bool
    ) throws {
        self.unit = unit
        if let link = path.link { notes.append("'\(link)' leads to '\(path.text)', which is what the service gets") }
        let file = DropInFile(directory: path.text)
        // First: where the configuration as a whole takes no such directory, nothing else is done.
        let hasChanged = try configure(file, configures, path)
        if !path.isThere { steps.append(.make(directory: path.text)) }
        try admit(service, users, to: path)
        let isNew = try write(file.text, folder: unit.dropIns, name: file.name)
        for mount in path.mountsBelow.prefix(10) {
            notes.append("'\(mount)' is another mount: files are copied there, not moved")
        }
        try tellSystemd(isNew: isNew, hasChanged: hasChanged)
    }

    /// Plans to take a directory away from a unit; the directory itself stays as it is.
    ///
    /// - Throws: `UsageError` where the unit was never let in.
    init(removing directory: String, from unit: WatchUnit) throws {
        self.unit = unit
        let file = DropInFile(directory: directory)
        let files = [(unit.dropIns, file.name), (unit.configurationFolder, file.configurationName)]
        steps = files.filter { access("\($0.0)/\($0.1)", F_OK) == 0 }.map { .remove(folder: $0.0, name: $0.1) }
        guard !steps.isEmpty else {
            throw UsageError("\(unit.name) was not let into '\(directory)'; see dropwire allow --list")
        }
        let removed = unit.configurationFolder + "/" + file.configurationName
        let loaded = try? AllowPlan.load(unit)
        // What is decoded is the whole: whether another file names it shows only without the one that goes.
        isConfigured =
            loaded?.settings.contains { $0.value == .text(directory) && $0.place?.hasPrefix(removed) == false } ?? false
        if isConfigured { notes.append("the configuration goes on naming '\(directory)': take it out there, too") }
        let rest = loaded?.configuration.watch.settings.directories.count { $0.path != directory }
        guard AllowPlan.hasSystemd else { return }
        steps.append(.systemctl(["daemon-reload"]))
        guard try AllowPlan.isActive(unit) else { return }
        if rest == 0, !isConfigured {
            steps.append(.systemctl(["stop", unit.name]))
            notes.append("no drop directory is left, without which a watcher does not run")
        } else {
            steps.append(.systemctl(["restart", unit.name]))
        }
    }

    // MARK: Access

    private mutating func admit(_ service: Account, _ users: [Account], to path: AllowedPath) throws {
        var wanted: [String] = []
        func want(_ account: Account) { wanted += ["user:\(account.user):rwx", "default:user:\(account.user):rwx"] }
        // One that is made belongs to the service.
        if path.isThere, try !service.mayChange(path.text) { want(service) }
        // Also what a producer with a careful umask makes is for the service to read.
        if !path.isThere || !users.isEmpty { wanted.append("default:user:\(service.user):rwx") }
        for user in users where user.user != 0 { want(user) }
        let present = path.isThere ? try AllowPlan.entries(of: path.text) : []
        var missing: [String] = []
        for entry in wanted where !present.contains(entry) && !missing.contains(entry) { missing.append(entry) }
        if !missing.isEmpty { steps.append(.admit(directory: path.text, entries: missing)) }

        // In its sandbox the service goes through no home.
        let isBelowHome = DropInFile(directory: path.text).isBelowHome
        for account in (isBelowHome ? [] : [service]) + users {
            let there = path.parents.filter { access($0, F_OK) == 0 }
            guard let barrier = try account.barrier(in: there) else { continue }
            notes.append(
                "\(account.name) does not get through '\(barrier)': setfacl -m u:\(account.name):x '\(barrier)'")
        }
    }

    /// The access list of a directory, with numbers for names; empty where getfacl(1) does not say.
    private static func entries(of directory: String) throws -> [String] {
        guard access("/usr/bin/getfacl", X_OK) == 0 else { return [] }
        let program = try SystemProgram.run(["/usr/bin/getfacl", "-cnEp", "--", directory])
        return program.output.split(separator: "\n").map(String.init)
    }

    // MARK: Files

    /// Plans a file where its text is another; returns whether it is.
    private mutating func write(_ text: String, folder: String, name: String) throws -> Bool {
        if let bytes = try? FileDescriptor(path: "\(folder)/\(name)").readAll(expected: 1024, limit: 64 << 10),
            bytes.elementsEqual(text.utf8)
        {
            return false
        }
        steps.append(.write(folder: folder, name: name, text: text))
        return true
    }

    /// Plans what the configuration lacks; returns whether it lacks something.
    private mutating func configure(_ file: DropInFile, _ configures: Bool, _ path: AllowedPath) throws -> Bool {
        let isThere = access(unit.configurationPath, F_OK) == 0
        if configures {
            if isThere { isConfigured = try AllowPlan.names(path, unit) }
        } else {
            isConfigured = isThere && (try? AllowPlan.names(path, unit)) ?? false
        }
        guard configures, !isConfigured else { return false }
        if !isThere, let first = unit.firstConfiguration {
            let folder = String(unit.configurationPath.dropLast("/dropwire.toml".count))
            steps.append(.write(folder: folder, name: "dropwire.toml", text: first))
        } else if !isThere {
            throw ConfigurationError(description: "there is no \(unit.configurationPath): install it first")
        }
        let text = "# Written by `dropwire allow`, and removed by `dropwire allow --remove`.\n" + file.configuration
        steps.append(.write(folder: unit.configurationFolder, name: file.configurationName, text: text))
        isConfigured = true
        return true
    }

    /// The configuration of a unit names a directory.
    private static func names(_ path: AllowedPath, _ unit: WatchUnit) throws(TOMLError) -> Bool {
        try load(unit).configuration.watch.settings.directories.contains {
            $0.path == path.text || $0.path == path.link
        }
    }

    /// Reads the configuration of a unit.
    static func load(_ unit: WatchUnit) throws(TOMLError) -> LoadedConfiguration {
        try LoadedConfiguration(path: unit.configurationPath)
    }

    // MARK: systemd

    private static var hasSystemd: Bool { access("/run/systemd/system", F_OK) == 0 }

    private static func isActive(_ unit: WatchUnit) throws -> Bool {
        ["active", "activating", "reloading"].contains(try state(of: unit))
    }

    private static func state(of unit: WatchUnit) throws -> String {
        let program = try SystemProgram.run(["/usr/bin/systemctl", "show", "-p", "ActiveState", "--value", unit.name])
        return program.output.split(separator: "\n").first.map(String.init) ?? ""
    }

    private mutating func tellSystemd(isNew: Bool, hasChanged: Bool) throws {
        guard AllowPlan.hasSystemd else {
            if isNew { notes.append("systemd does not run here: what was written holds when it starts") }
            return
        }
        if isNew { steps.append(.systemctl(["daemon-reload"])) }
        let state = try AllowPlan.state(of: unit)
        switch state {
        // What a service may write to is settled when it starts.
        case "active", "activating", "reloading":
            if isNew {
                steps.append(.systemctl(["restart", unit.name]))
            } else if hasChanged {
                steps.append(.systemctl(["reload", unit.name]))
            }
        // As it does without a drop directory.
        case "failed": if isConfigured { steps.append(.systemctl(["start", unit.name])) }
        default: notes.append("\(unit.name) does not run yet: \(unit.enabling)")
        }
    }
}
