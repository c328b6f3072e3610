/// The words that make a line a byline, or a name none, in the languages of many readers; all in lower case.
enum BylineWords {
    /// What goes before a name.
    static let labels = words(
        """
        written by|posted by|published by|reported by|story by|words by|text by|article by|by|geschrieben von|verfasst von
        ein artikel von|ein beitrag von|ein gastbeitrag von|gastbeitrag von|von|autorin|autor|autoren|text:|author|authors:
        écrit par|rédigé par|publié par|propos recueillis par|par|auteur:|auteur :|escrito por|publicado por|texto:|por
        autor:|autora:|scritto da|articolo di|a cura di|di|geschreven door|door|auteur:|skrevet av|skriven av|av|skrevet af
        af|tekst:|przez|autor tekstu:|napsal|napsala|kirjoittaja:|teksti:|írta:|szerző:|autorul:|автор:|автор|текст:|авторка:
        συντάκτης:|του|της|yazan:|yazar:|penulis:|oleh|tác giả:|โดย|redakteur|redaktion:|מאת|بقلم|كتب|كتبت|نویسنده:
        लेखक:|作者|文|記者|记者|撰文|編輯|责任编辑|責任編輯|取材・文|執筆|글|기자
        """)

    /// What somebody may have done for an article.
    static let kinds = Set(
        words(
            """
            text|texte|texto|testo|tekst|interview|bericht|reportage|words|story|recherche|protokoll|autor|autorin|autoren
            author|auteur|redaktion|kommentar|analyse|gastbeitrag|report
            """))

    /// Words within names that are written small.
    static let particles = Set(
        words(
            """
            von|vom|van|der|den|de|del|della|dei|di|da|das|dos|do|du|des|la|le|el|al|bin|bint|ibn|ben|ter|ten|te|zu|zum|zur|af
            av|y|e|und|and|et|og|och|en|ja|&|d'|st.|v.|i|и|ve|der.|'t|'s|os|san|dalla|dall'|degli|lo|las|los|op|uit|tot
            """))

    /// What joins two names.
    static let joints = Set(words("and|und|et|y|e|og|och|en|ja|&|i|и|ve"))

    /// What somebody is.
    static let roles = Set(
        words(
            """
            editor|editors|correspondent|columnist|columnists|writer|writers|contributor|contributors|producer|journalist
            journalistin|redakteur|redakteurin|chefredakteur|chefredakteurin|korrespondent|korrespondentin|autorin
            volontär|volontärin|professor|director|direktor|leiter|leiterin|projektleiterin|projektleiter|geschäftsführer
            geschäftsführerin|officer|manager|president|präsident|präsidentin|ceo|journaliste|rédacteur|rédactrice|directeur
            directrice|periodista|redactor|redactora|columnista|corresponsal|directora|giornalista|direttore|redattore
            redacteur|verslaggever|correspondente|jornalista|repórter|photographer|fotograf|fotografin
            """))

    /// What companies and newsrooms are called.
    static let organisations = Set(
        words(
            """
            gmbh|ag|inc|inc.|ltd|ltd.|llc|e.v.|ev|verlag|verein|stiftung|s.a.|s.p.a.|srl|co.|kg|media|news|zeitung|press|presse
            magazin|magazine|online|team|staff|editorial|times|post|tv|radio|reporter|redaktion|group|corp|corp.|foundation
            institut|institute|university|universität
            """))

    /// The kinds of companies, whoever made the site among them.
    static let companies = Set(words("gmbh|inc|inc.|ltd|ltd.|llc|s.r.l.|srl|sarl|s.l.|kg"))

    /// What no line ends in that is a name.
    static let prepositions = Set(
        words("on|by|at|in|am|um|von|vom|im|le|el|il|par|por|di|da|du|de|den|op|door|av|af|em|på|på:|the|der|die|das"))

    /// What stands where a name is expected and is none.
    static let nonNames = Set(
        words(
            """
            admin|administrator|webmaster|author|autor|redakteur|by|von|share|follow|twitter|facebook|email|e-mail|published
            updated|auteur|auteurs|authors|writer|redaktion:|jobs|text|tags|unknown|anonymous|null|undefined|default|comments
            foto|photo|wordpressadmin|about|guest|user|posted|editor|username|click here|last updated
            """))

    private static func words(_ lists: String) -> [String] {
        lists.split { $0 == "|" || $0 == "\n" }.map(String.init)
    }
}
