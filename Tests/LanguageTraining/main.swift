import FoundationEssentials
import Glibc
import LanguageDetection
import TestSupport

// Makes the table by which languages are told apart, and says how well it does:
//
//     swift run -c release dropwire-train-languages [--sentences sentences.tar.xz] [--output FILE.swift]
//         [--features N] [--bias B] [--all]
//
// Six tenths of the sentences are learned from, one tenth is for choosing what is chosen by hand (the number of n-grams,
// the bias, the least confidence), and three tenths are only measured. With --all the tenth is learned from as well, once
// all is chosen: so the table that ships was made. Without --output nothing is learned: the table that ships is measured.

let arguments = CommandLine.arguments
func value(_ option: String) -> String? {
    arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

let sentences = try LanguageSentences(path: value("--sentences") ?? LanguageSentences.path).sentences
let detector: LanguageDetector
if let output = value("--output") {
    detector = try Training.run(
        sentences.filter { $0.purpose == .training || $0.purpose == .choosing && arguments.contains("--all") },
        features: value("--features").flatMap { Int($0) } ?? 32_000,
        bias: value("--bias").flatMap { Float($0) } ?? 1.6, output: output)
} else {
    detector = .standard
}

for (name, purpose) in [("choosing", LanguageSentences.Purpose.choosing), ("measuring", .measuring)] {
    let part = sentences.filter { $0.purpose == purpose }
    print("\(name): \(part.count) sentences")
    for words in [nil, 8, 5, 3] {
        for least in [0, 0.4, 0.5, 0.6, 0.7] {
            let measured = Measurement(detector, part, words: words, least: least)
            let (right, wrong) = measured.shares(LanguageSentences.twenty)
            let all = measured.shares()
            print(
                "  \(words.map { "\($0) words" } ?? "sentences"), least \(least): twenty languages \(rounded(right)) right,",
                "\(rounded(wrong)) wrong; all \(rounded(all.right)) right, \(rounded(all.wrong)) wrong")
            if least == 0, words == nil { for line in measured.details { print("    \(line)") } }
        }
    }
}
let part = sentences.filter { $0.purpose == .measuring }
let began = clock()
for sentence in part { _ = detector.detect(sentence.text.span) }
let seconds = Double(clock() - began) / Double(CLOCKS_PER_SEC)
print("\(Int(Double(part.count) / seconds)) sentences a second of processor time")

/// Four digits.
func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
