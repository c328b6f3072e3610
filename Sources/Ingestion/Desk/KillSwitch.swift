#if DEBUG
    import Glibc

    /// Ends the process with SIGKILL at a named point, where its environment asks for that: for tests of the built program,
    /// and therefore in debug builds only.
    ///
    /// `DROPWIRE_KILL_AT` names an ``IntakePoint`` and the visit that is the last, for example `afterCommit:3`. The point's
    /// name is first appended as a line to the file of `DROPWIRE_KILL_NOTE`, so that a test knows that it was hit.
    struct KillSwitch {
        private let point: IntakePoint
        private let visit: Int
        private let note: String?

        /// The environment asks for what is not there.
        struct Unusable: Error, CustomStringConvertible {
            let value: String
            var description: String {
                let points = IntakePoint.allCases.map(\.rawValue).joined(separator: ", ")
                return "DROPWIRE_KILL_AT is POINT:VISIT, not '\(value)'; points are \(points)"
            }
        }

        /// Returns what is to be called at every point; nil where the environment asks for nothing.
        static func ofEnvironment() throws -> ((IntakePoint) -> Void)? {
            guard let value = getenv("DROPWIRE_KILL_AT").map({ String(cString: $0) }) else { return nil }
            let parts = value.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let point = IntakePoint(rawValue: String(parts[0])), let visit = Int(parts[1]),
                visit > 0
            else { throw Unusable(value: value) }
            let killSwitch = KillSwitch(
                point: point, visit: visit, note: getenv("DROPWIRE_KILL_NOTE").map { String(cString: $0) })
            var visits = 0
            return { visited in
                guard visited == point else { return }
                visits += 1
                if visits == killSwitch.visit { killSwitch.end() }
            }
        }

        private func end() {
            if let note {
                let line = point.rawValue + "\n"
                let descriptor = open(note, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
                _ = write(descriptor, line, line.utf8.count)
                close(descriptor)
            }
            kill(getpid(), SIGKILL)
        }
    }
#endif
