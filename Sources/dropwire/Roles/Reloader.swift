import Articles
import Messaging
import Synchronization
import TOML
import Telemetry

/// Reads the configuration again while the process runs. What cannot be used changes nothing: the one in force stays, and
/// the problem is shown until a later attempt succeeds. Safe on any thread.
final class Reloader: Sendable {
    /// What came of an attempt.
    enum Outcome: Sendable {
        /// It is read; `isInForce` says that it has taken effect, which else waits for the batch in hand.
        case reloaded(ConfigurationChange, files: [String], isInForce: Bool)
        case refused([TOMLError.Problem])
    }

    private let first: LoadedConfiguration
    /// The configuration in force; held while it is exchanged, so that one attempt follows the other.
    private let current: Mutex<LoadedConfiguration>
    /// The same, for whoever does not want to wait for an exchange.
    private let inForce: Mutex<Configuration>
    private let shownTrouble = Mutex<String?>(nil)
    private let check: @Sendable (Configuration) throws(ConfigurationError) -> Void
    private let apply: @Sendable (Configuration, Duration) throws -> Bool
    private let logger = Logger(label: "configuration")

    /// Makes a reloader.
    ///
    /// - Parameters:
    ///   - loaded: what the process was started with.
    ///   - check: throws where a configuration can be read and yet not be used.
    ///   - apply: lets a configuration take effect; returns whether it has within a time.
    init(
        _ loaded: LoadedConfiguration, check: @escaping @Sendable (Configuration) throws(ConfigurationError) -> Void,
        apply: @escaping @Sendable (Configuration, Duration) throws -> Bool
    ) {
        first = loaded
        current = Mutex(loaded)
        inForce = Mutex(loaded.configuration)
        self.check = check
        self.apply = apply
    }

    /// Why the last attempt changed nothing, in a sentence; nil where it succeeded.
    var trouble: String? { shownTrouble.withLock { $0 } }

    /// The configuration in force.
    var configuration: Configuration { inForce.withLock { $0 } }

    /// Reads the configuration and lets it take effect, which is waited for so long.
    @discardableResult
    func reload(within limit: Duration) -> Outcome {
        current.withLock { current in
            do {
                let new = try LoadedConfiguration(path: first.path)
                try check(new.configuration)
                let change = ConfigurationChange(from: current, to: new, startedWith: first)
                let isInForce = try apply(new.configuration, limit)
                current = new
                inForce.withLock { $0 = new.configuration }
                shownTrouble.withLock { $0 = nil }
                log(change, new)
                return .reloaded(change, files: new.files, isInForce: isInForce)
            } catch let error as TOMLError {
                return refuse(error.problems)
            } catch {
                let file = first.path ?? Configuration.defaultPath
                return refuse(TOMLError.about(file: file, "\(error)").problems)
            }
        }
    }

    private func refuse(_ problems: [TOMLError.Problem]) -> Outcome {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        shownTrouble.withLock { $0 = "the configuration was not reloaded: \(problems[0])\(more)" }
        for problem in problems.prefix(20) {
            logger.error(.configurationNotReloaded, [.error: "\(problem)"])
        }
        return .refused(problems)
    }

    private func log(_ change: ConfigurationChange, _ new: LoadedConfiguration) {
        logger.notice(
            "The configuration was reloaded.", [.files: "\(new.files.count)", .changes: change.description])
        guard !change.needsRestart.isEmpty else { return }
        logger.warning(
            .restartNeeded,
            [.keys: change.needsRestart.joined(separator: ", ")])
    }
}

extension Reply {
    /// The answer of RELOAD.
    init(_ outcome: Reloader.Outcome) {
        self.init { writer in
            switch outcome {
            case .refused(let problems):
                writer.field("reloaded", false)
                writer.key("problems")
                writer.beginArray()
                for problem in problems { problem.write(to: &writer) }
                writer.endArray()
            case .reloaded(let change, let files, let isInForce):
                writer.field("reloaded", true)
                writer.field("in_force", isInForce)
                writer.array("files", files)
                writer.array("added", change.added)
                writer.array("removed", change.removed)
                writer.key("changed")
                writer.beginArray()
                for directory in change.changed {
                    writer.beginObject()
                    writer.field("path", directory.path)
                    writer.array("keys", directory.keys)
                    writer.endObject()
                }
                writer.endArray()
                writer.array("keys", change.keys)
                writer.array("needs_restart", change.needsRestart)
            }
        }
    }
}
