// swift-tools-version: 6.2
import PackageDescription

// The whole house in one picture. Imports point down, never up:
//
//              gemd                    gemctl
//        /      |      \                  |
//  GemInventory | GemMarket            GemCert
//        \   GemCert   /  GemPrint        |
//         \     |     /                   |
//      GemModel · GemCrypto  (the ground: no files, clock or network)

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "gemd",
    traits: [
        .default(enabledTraits: ["PostgreSQL"]),
        .trait(name: "PostgreSQL", description: "The storage engine at scale; needs libpq. SQLite is always there."),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CPostgres"),
        .systemLibrary(
            name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev", "libcairo2-dev"])]),
        .target(name: "GemModel", swiftSettings: house),
        .target(name: "GemCrypto", dependencies: ["COpenSSL"], swiftSettings: house),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("lcms2")]),
        .target(
            name: "GemInventory",
            dependencies: [
                "GemModel", "GemCrypto", "CJPEG", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .target(name: "CPostgres", condition: .when(traits: ["PostgreSQL"])),
            ],
            swiftSettings: house),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(
            name: "GemCert", dependencies: ["GemModel", "GemCrypto", "COpenSSL", "CQREncode", "CZlib"],
            swiftSettings: house),
        .target(name: "GemPrint", dependencies: ["GemModel", "CPango"], swiftSettings: house),
        .target(name: "GemMarket", dependencies: ["GemModel"], swiftSettings: house),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(name: "GemTable", dependencies: ["CZlib", "CExpat"], swiftSettings: house),
        .systemLibrary(name: "CHeap"),
        .target(name: "CPages", exclude: ["files", "nastaliq.sh"]),
        .executableTarget(
            name: "gemd",
            dependencies: [
                "CPages", "CHeap",
                "GemModel", "GemCrypto", "GemInventory", "GemCert", "GemMarket", "GemTable", "GemPrint",
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "gemctl",
            dependencies: [
                "GemModel", "GemCert", "GemCrypto",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "EmptyRoute",
            dependencies: [
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Benchmarks/EmptyRoute", swiftSettings: house),
        .executableTarget(
            name: "CertificateBench", dependencies: ["GemCert", "GemPrint", "GemCrypto", "GemModel"],
            path: "Benchmarks/CertificateBench", swiftSettings: house),
        .target(
            name: "CJPEGSamples", dependencies: ["CJPEG"], path: "Tests/CJPEGSamples",
            linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("lcms2")]),
        .target(name: "PostgresCluster", path: "Tests/PostgresCluster", swiftSettings: house),
        .target(name: "RandomPieces", dependencies: ["GemModel"], path: "Tests/RandomPieces", swiftSettings: house),
        .target(name: "PageScript", dependencies: ["GemModel"], path: "Tests/PageScript", swiftSettings: house),
        .testTarget(name: "GemModelTests", dependencies: ["GemModel", "RandomPieces"], swiftSettings: house),
        .testTarget(name: "GemCryptoTests", dependencies: ["GemCrypto"], swiftSettings: house),
        .testTarget(
            name: "GemCertTests", dependencies: ["GemCert", "GemModel", "GemCrypto", "COpenSSL", "PageScript"],
            swiftSettings: house),
        .testTarget(
            name: "GemMarketTests", dependencies: ["GemMarket", "GemModel"], exclude: ["Golden"], swiftSettings: house),
        .testTarget(
            name: "GemPrintTests", dependencies: ["GemPrint", "GemCert", "GemCrypto", "GemModel", "PageScript"],
            swiftSettings: house),
        .testTarget(name: "GemTableTests", dependencies: ["GemTable"], swiftSettings: house),
        .testTarget(
            name: "GemInventoryTests",
            dependencies: ["GemInventory", "GemModel", "GemCrypto", "CJPEGSamples", "PostgresCluster", "RandomPieces"],
            swiftSettings: house),
        .testTarget(
            name: "gemdTests",
            dependencies: [
                "gemd", "gemctl", "GemInventory", "GemModel", "GemCert", "GemCrypto", "PostgresCluster", "RandomPieces",
                "GemPrint", "PageScript",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "gemctlTests",
            dependencies: [
                "gemctl", "GemModel", "GemCert", "GemCrypto",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)

// `make fuzz` (see CONTRIBUTING.md): our own modules watched by libFuzzer, of which GEMD_FUZZ names the archive. Only
// then is any of this part of the package.
if let library = Context.environment["GEMD_FUZZ"] {
    // Optimised, as what is fuzzed is what runs; checks for overflow and bounds stay.
    let watched: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-O"])]
    for target in package.targets where ["GemModel", "GemCrypto", "GemCert"].contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + watched
    }
    package.targets += [
        .target(name: "CLibFuzzer", path: "Tests/fuzz/CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "GemModel", "GemCrypto", "GemCert"], path: "Tests/fuzz/Targets",
            swiftSettings: house + watched,
            linkerSettings: [.unsafeFlags([library]), .linkedLibrary("stdc++")]),
    ]
}
