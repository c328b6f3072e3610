import HTTP

extension Site {
    /// The files that ship inside the executable.
    static let assetRoutes: [Route] = Asset.all.map { path, asset in
        .get(path, for: .open) { _ in { request, _ in asset.response(to: request) } }
    }
}
