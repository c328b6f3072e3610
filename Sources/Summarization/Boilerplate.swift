import TextAnalysis

/// What stands in articles but says nothing of their story: credits, invitations to click, dates and headings alone.
///
/// It stays in the text; such sentences are only never chosen while there are others. For what stands before the first
/// sentence see ``Dateline``.
enum Boilerplate {
    /// A sentence is a credit, an invitation, an address, or a line without a full stop of fewer words than tell something.
    static func holds(_ sentence: UnsafeBufferPointer<UInt8>, words: Int) -> Bool {
        if isOpening(sentence) { return true }
        return words < Weights.leastWordsUnended && !isEnded(sentence)
    }

    /// The sentence begins as credits and invitations do.
    private static func isOpening(_ sentence: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = sentence.first else { return true }
        for opening in openings[Int(lower(first))] {
            guard sentence.count >= opening.count else { continue }
            if opening.indices.allSatisfy({ lower(sentence[$0]) == opening[$0] }) { return true }
        }
        return false
    }

    /// It ends as sentences do, in any script: with a mark, not with a letter or a number.
    private static func isEnded(_ sentence: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let last = UTF8Decoding.scalar(before: sentence.count, sentence) else { return false }
        let isColon = last.value == 0x3a || last.value == 0xff1a
        return !CharacterInfo.of(last.value).isWord && !isColon
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// By their first byte.
    private static let openings: [[[UInt8]]] = {
        var table = Array(repeating: [[UInt8]](), count: 256)
        for line in lines.split(separator: "\n") {
            let bytes = Array(line.utf8)
            table[Int(bytes[0])].append(bytes)
        }
        return table
    }()

    private static let lines = """
        scroll down for video
        scroll down to
        click here
        click for
        read more
        read also
        read the full
        related:
        see also:
        more:
        follow us
        follow @
        like us on
        join us on
        subscribe to
        sign up for
        sign up to
        published:
        updated:
        last updated
        first published
        this story has been
        this article was originally
        (reporting by
        (editing by
        (additional reporting
        (compiled by
        (writing by
        (with inputs from
        reporting by
        editing by
        additional reporting by
        copyright
        ©
        (c) 20
        all rights reserved
        the associated press contributed
        photo:
        photo by
        (photo
        photograph:
        image:
        image copyright
        picture:
        watch:
        video:
        listen:
        share this
        for more information
        for confidential support
        http://
        https://
        www.
        lesen sie auch
        lesen sie hier
        mehr zum thema
        mehr dazu
        foto:
        quelle:
        © dpa
        lire aussi
        lire la suite
        à lire aussi
        crédit photo
        lea también
        lee también
        leer más
        te puede interesar
        leggi anche
        riproduzione riservata
        leia também
        leia mais
        veja também
        lees ook
        läs också
        läs mer
        læs også
        læs mere
        les også
        les mer
        lue myös
        czytaj też
        czytaj także
        čtěte také
        читайте также
        фото:
        фото ©
        читайте також
        baca juga
        """

}
