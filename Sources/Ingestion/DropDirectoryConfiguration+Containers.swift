package import Formats
import Linux
import TOML

extension DropDirectoryConfiguration {
    /// Which containers are opened, and which of their members are read.
    package var containerRules: ContainerRules {
        var rules = ContainerRules()
        rules.opensContainers = opensContainers
        rules.maximumMembers = maximumMembers
        rules.maximumNesting = maximumNesting
        rules.maximumExpandedBytes = maximumExpandedBytes.bytes
        rules.maximumExpansion = maximumExpansion
        rules.isJunk = { [junk, takesHidden] name in
            if !takesHidden, name.first == UInt8(ascii: ".") { return true }
            let name = RelativePath(bytes: name)
            return junk.contains { name.matches(glob: $0) }
        }
        return rules
    }
}
