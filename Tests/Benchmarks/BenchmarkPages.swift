import FoundationEssentials

/// The pages of HTML that are measured: those of a folder that was named, or some that are made up.
struct BenchmarkPages {
    let folder: String
    let pages: [(name: String, bytes: [UInt8])]
    private let isOwn: Bool

    init(_ workspace: Workspace) throws {
        isOwn = workspace.options.pages == nil
        let folder = try workspace.options.pages ?? BenchmarkPages.make(workspace)
        self.folder = folder
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".html") }
            .sorted()
        pages = names.compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name: name, bytes: [UInt8]($0)) }
        }
        guard !pages.isEmpty else { throw BenchmarkFailure("there are no pages (*.html) in '\(folder)'") }
    }

    /// Removes pages that were made up.
    func remove(from workspace: Workspace) { if isOwn { workspace.remove(folder) } }

    private static func make(_ workspace: Workspace) throws -> String {
        let folder = try workspace.folder("html")
        for (number, article) in workspace.corpus.files.prefix(200).enumerated() {
            let paragraphs = String(decoding: article, as: UTF8.self).split(separator: "\n").map { "<p>\($0)</p>" }
            let links = (0..<150).map { "<li class=\"menu-item\"><a href=\"/section/\($0)\">Section \($0)</a></li>" }
            let page = """
                <!DOCTYPE html><html lang="en"><head><title>Page \(number) | Site</title></head><body><nav><ul>\
                \(links.joined())</ul></nav><main><article><h1>Page \(number)</h1><div class="article-body">\
                \(paragraphs.joined(separator: "\n"))</div></article></main><aside><ul>\(links.joined())</ul></aside>\
                </body></html>
                """
            try Data(page.utf8).write(to: URL(filePath: "\(folder)/page-\(number).html"))
        }
        return folder
    }
}
