// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "places",
    dependencies: [.package(path: "../dropwire")],
    targets: [
        .executableTarget(name: "places", dependencies: [.product(name: "DropwireClient", package: "dropwire")])
    ]
)
