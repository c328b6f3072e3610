package import Formats
import TOML

extension DropDirectoryConfiguration {
    /// The formats that files are tried against.
    package var formats: FormatRegistry {
        let all = FormatRegistry.standard(fields: fields)
        return format.flatMap { all.only($0) } ?? all
    }

    /// Which containers are opened, and which of their members are read.
    package var containerRules: ContainerRules {
        var rules = ContainerRules()
        rules.opensContainers = opensContainers
        rules.maximumMembers = maximumMembers
        rules.maximumNesting = maximumNesting
        rules.maximumExpandedBytes = maximumExpandedBytes.bytes
        rules.maximumExpansion = maximumExpansion
        let junk = junk.compactMap { Glob($0) }.filter { !$0.isPath }
        rules.isJunk = { [takesHidden] name in
            if !takesHidden, name.first == UInt8(ascii: ".") { return true }
            return junk.contains { $0.matches(name) }
        }
        return rules
    }
}
