import Linux

@testable import Ingestion

extension Bench {
    /// What an operator sees of the quarantine and asks for, as the watcher's socket would.
    struct Operator {
        fileprivate let bench: Bench

        struct Answer: Equatable {
            var retried: [String] = []
            var discarded: [String] = []
            var missing: [String] = []
            var failed: [String] = []
        }

        /// Every file, page by page.
        func list(_ filter: Quarantine.Filter = Quarantine.Filter(), limit: Int = 500) throws -> [Quarantine.File] {
            var files: [Quarantine.File] = []
            var after: String?
            repeat {
                let page = try bench.quarantines.page(filter, after: after, limit: limit)
                files += page.files
                after = page.next
            } while after != nil
            return files
        }

        /// Drops files again; nil takes all.
        func retry(_ names: [String]?) throws -> Answer {
            let (files, missing) = try chosen(names)
            return answer(try bench.runningDesk().retry(files), missing, \.retried)
        }

        /// Gives files up; nil takes all.
        func discard(_ names: [String]?) throws -> Answer {
            let (files, missing) = try chosen(names)
            return answer(try bench.runningDesk().discard(files), missing, \.discarded)
        }

        private func chosen(_ names: [String]?) throws -> ([Quarantine.File], missing: [String]) {
            guard let names else { return (try list(), []) }
            var missing: [String] = []
            let files = try names.flatMap { name in
                let found = try bench.quarantines.files(named: name)
                if found.isEmpty { missing.append(name) }
                return found
            }
            return (files, missing)
        }

        private func answer(
            _ answers: [QuarantineAnswer], _ missing: [String], _ done: WritableKeyPath<Answer, [String]>
        ) -> Answer {
            var answer = Answer(missing: missing)
            for one in answers {
                switch one.outcome {
                case .done: answer[keyPath: done].append(one.name)
                case .missing: answer.missing.append(one.name)
                case .failed(let reason): answer.failed.append(reason)
                }
            }
            return answer
        }
    }

    /// The operator of the quarantine.
    var quarantine: Operator { Operator(bench: self) }

    fileprivate func runningDesk() throws -> IntakeDesk { try desk ?? start() }
}
