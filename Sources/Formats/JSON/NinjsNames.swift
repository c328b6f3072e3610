/// The names of ninjs, of all its versions.
enum NinjsNames {
    /// Names that hardly any other object has.
    static let signs: [StaticString] = [
        "$standard", "standard", "versioncreated", "versionCreated", "firstcreated", "firstCreated", "pubstatus",
        "pubStatus", "representationtype", "representationType", "headlines", "bodies", "body_xhtml", "renditions",
        "altids", "altIds", "copyrightholder", "copyrightHolder", "usageterms", "usageTerms", "ednote", "edNote",
        "eventDetails", "plannedCoverage",
    ]

    private static let names: Set<String> = Set(
        """
        uri type mimetype representationtype profile version firstcreated versioncreated contentcreated embargoed \
        embargoeduntil pubstatus urgency copyrightholder copyrightnotice usageterms ednote language person people \
        organisation organisations place places subject subjects event events object objects infosource infosources title \
        byline by headline headlines slugline located charcount wordcount renditions associations altids trustindicator \
        trustindicators $standard standard genre genres expires rightsinfo digitalsourcetype descriptions bodies \
        keywords eventdetails plannedcoverage name rel href contenttype
        """.split(separator: " ").map(String.init))

    /// Returns whether a member has such a name, in any spelling.
    static func isKnown(_ name: String) -> Bool {
        let name = name.lowercased()
        return names.contains(name) || ["headline_", "description_", "body_"].contains { name.hasPrefix($0) }
    }
}
