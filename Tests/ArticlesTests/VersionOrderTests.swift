import Articles
import Testing

@Suite struct VersionOrderTests {
    static let ordered: [(String, String)] = [
        ("1", "2"), ("9", "10"), ("009", "10"), ("9007199254740992", "9007199254740993"),
        (String(repeating: "9", count: 400), "1" + String(repeating: "0", count: 400)),
        ("1.2", "1.10"), ("1", "1.1"), ("1.9", "2"), ("1.0.9", "1.1"),
        ("2025-02-26T03:27:00Z", "2025-02-26T03:27:00.5Z"), ("2025-02-26T03:27:00.25Z", "2025-02-26T03:27:00.5Z"),
        ("2025-02-26T04:27:00+02:00", "2025-02-26T03:27:00Z"), ("2025-02-26", "2025-03-01"), ("v3", "v10"),
        ("20250226T032700Z", "20250226T032701Z"), ("rev 2 (final)", "rev 11 (final)"), ("1:2", "1:10"),
    ]

    @Test(arguments: ordered)
    func `a version stands to another as its publisher counts`(lower: String, higher: String) {
        #expect(VersionOrder(of: lower, to: higher) == .earlier)
        #expect(VersionOrder(of: higher, to: lower) == .later)
    }

    @Test(arguments: [
        ("2", "2"), ("2", "02"), ("2", "2.0"), ("0", "000"), ("a", "a"), ("v3", "v03"),
        ("2025-02-26T04:27:00+01:00", "2025-02-26T03:27:00Z"),
    ])
    func `one version may be written in several ways`(one: String, other: String) {
        #expect(VersionOrder(of: one, to: other) == .same)
        #expect(VersionOrder(of: other, to: one) == .same)
    }

    @Test(
        arguments: [
            (nil, nil), (nil, "1"), ("", "1"), ("", ""), ("final", "draft"), ("1", "final"), ("v1", "1"), ("v1", "v1b"),
            ("a3f9", "b2"), ("2025-02-26", "2025-02-26T03:27:00Z"), ("1.", "1"), (".1", "1"), ("1..2", "1.2"),
            ("١", "٢"),
        ] as [(String?, String?)])
    func `what has no order has none in either direction`(one: String?, other: String?) {
        #expect(VersionOrder(of: one, to: other) == .unordered)
        #expect(VersionOrder(of: other, to: one) == .unordered)
    }

    @Test func `of versions that have an order it is a strict one`() {
        let versions = [
            "1", "02", "2.0", "2.1", "10", "v1", "v2", "v10", "2025-02-26", "2025-03-01", "2025-02-26T03:27:00Z",
            "2025-02-26T03:27:00+01:00", "x", "", "1.10", "1.2",
        ]
        for a in versions {
            for b in versions {
                for c in versions
                where VersionOrder(of: a, to: b) == .earlier && VersionOrder(of: b, to: c) == .earlier {
                    #expect(VersionOrder(of: a, to: c) == .earlier, "\(a) \(b) \(c)")
                }
            }
        }
    }
}
