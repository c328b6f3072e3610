extension ManualPage {
    /// A longer value stands below its key.
    private static let longestTag = 60

    /// dropwire.toml(5).
    static func configuration(_ sample: SampleConfiguration, date: String) -> ManualPage {
        var page = ManualPage(name: "dropwire.toml", section: 5, manual: "Dropwire Configuration", date: date)
        page.section("NAME")
        page.raw("dropwire.toml \\- configuration of dropwire")
        page.section("SYNOPSIS")
        page.raw("\(italic(Configuration.defaultPath))\n.br\n\(italic("/etc/dropwire/conf.d/*.toml"))")
        page.section("DESCRIPTION")
        page.paragraphs(sample.introduction, isFirst: true)
        for (index, table) in sample.tables.enumerated() {
            if index == 0 { page.section("KEYS ABOVE THE FIRST TABLE") }
            if index == 1 { page.section("TABLES") }
            if !table.name.isEmpty { page.subsection(table.name) }
            if !table.explanation.isEmpty { page.paragraphs(table.explanation, isFirst: true) }
            for piece in table.pieces { page.add(piece) }
        }
        page.section("FILES")
        page.entry([bold(Configuration.defaultPath)], "The configuration. The sample beside it has every key.")
        page.seeAlso(
            ["dropwire(1)"] + ["check-config", "reload", "keygen", "token"].map { "dropwire-\($0)(1)" })
        return page
    }

    private mutating func add(_ piece: SampleConfiguration.Piece) {
        switch piece {
        case .heading(let heading): raw(".PP\n\(ManualPage.bold(heading))")
        case .text(let text): paragraphs(text)
        case .keys(let keys, let text):
            var long: [String] = []
            let tags = keys.map { key in
                guard key.name.count + key.value.count > ManualPage.longestTag else {
                    return "\(ManualPage.bold(key.name)) = \(ManualPage.escaped(key.value))"
                }
                long.append("Its value in the sample is \(key.value).")
                return ManualPage.bold(key.name)
            }
            let prose = ([text] + long).filter { !$0.isEmpty }.joined(separator: " ")
            entry(tags, prose.isEmpty ? "As above." : prose)
        }
    }
}
