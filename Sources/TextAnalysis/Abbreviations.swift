/// The abbreviations after which a full stop ends no sentence, or only before a word that begins one.
struct Abbreviations: Sendable {
    /// Always followed by more: titles, `e.g.`, `vs.`.
    let binding: HashSet64
    /// May end a sentence too: `Inc.`, `etc.`; decided by the word that follows.
    let open: HashSet64
    /// A number and a full stop are an ordinal, as in German: `am 3. Oktober`.
    let hasDottedOrdinals: Bool

    private init(binding: String, open: String, hasDottedOrdinals: Bool) {
        self.binding = Self.set(binding)
        self.open = Self.set(open)
        self.hasDottedOrdinals = hasDottedOrdinals
    }

    private static func set(_ list: String) -> HashSet64 {
        HashSet64(list.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0a }).map { Words.hash(of: $0) })
    }

    /// Returns the abbreviations of a two-letter code; those common to many languages where it has none of its own.
    static func of(language: String) -> Abbreviations { byLanguage[language] ?? common }

    private static let commonBinding = """
        mr mrs ms dr prof st sen rep gov gen col lt sgt capt cmdr maj adm rev hon pres supt det insp mt ft vs e.g i.e
        cf fig figs vol nos pp viz ca approx est dept messrs mme mlle pvt cpl brig msgr fr sr jr ph.d
        """
    private static let commonOpen = """
        inc corp co ltd llc plc bros cos no etc al jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed
        thu thur thurs fri sat sun a.m p.m u.s u.k u.n e.u d.c ave blvd rd ala ariz ark calif colo conn del fla ga ill
        ind kan ky la mass md mich minn miss mo neb nev okla ore pa tenn tex va vt wash wis wyo min max sec hr hrs mln
        bn ed eds p
        """
    private static let common = Abbreviations(
        binding: commonBinding, open: commonOpen, hasDottedOrdinals: false)

    private static let byLanguage: [String: Abbreviations] = [
        "en": common,
        "de": Abbreviations(
            binding: """
                dr prof hr fr frl st z.b d.h u.a s.o s.u v.a i.d.r o.ä o.g sog bzw ca vgl evtl ggf inkl exkl nr abs art
                bd ders dipl ing med phil jur rer nat dres geb gest hl hrsg kap str tel abb allg bes bspw max min mind
                mio mrd tsd rd insb insbes jhdt jh lt od u.u zzgl zz usf vors gegr ehem stellv stv verh
                """,
            open: "usw etc jan feb mär apr jun jul aug sep sept okt nov dez co inc ltd uvm", hasDottedOrdinals: true),
        "fr": Abbreviations(
            binding: "m mm mme mmes mlle mlles dr pr me mgr st ste cf p.ex c.-à-d env fig art chap vol n no tél av bd",
            open: "etc janv févr avr juil sept oct nov déc inc ltd", hasDottedOrdinals: false),
        "es": Abbreviations(
            binding:
                "sr sra sres srta dr dra d dña prof ing lic gral cnel st sta sto art cap fig núm pág págs p.ej av avda",
            open: "etc ee.uu s.a ud uds inc ltd a.m p.m", hasDottedOrdinals: false),
        "it": Abbreviations(
            binding:
                "sig sig.ra sigg dott dott.ssa prof prof.ssa avv ing arch on sen gen col mons fig art cap pag pagg es p.es n",
            open: "ecc etc s.p.a s.r.l", hasDottedOrdinals: false),
        "pt": Abbreviations(
            binding: "sr sra srs dr dra prof profa eng gen cel av r art cap fig núm pág págs p.ex exmo st sta",
            open: "etc ltda s.a cia", hasDottedOrdinals: false),
        "nl": Abbreviations(
            binding:
                "dhr mevr mw dr drs ing ir mr prof st bijv bv d.w.z m.b.t o.a t.o.v i.v.m ca nr blz p fig vgl resp incl",
            open: "enz etc jan feb mrt apr jun jul aug sept okt nov dec jl n.v b.v", hasDottedOrdinals: false),
        "sv": Abbreviations(
            binding: "bl.a t.ex d.v.s dvs s.k resp ca kl nr sid st jfr dr prof fr hr f.d fig inkl exkl",
            open: "m.m osv etc jan feb apr jun jul aug sept okt nov dec", hasDottedOrdinals: false),
        "da": Abbreviations(
            binding: "bl.a f.eks d.v.s dvs s.k ca kl nr sr hr fr dr prof jf pct mio mia inkl ekskl",
            open: "m.m osv etc m.v jan feb apr jun jul aug sept okt nov dec", hasDottedOrdinals: true),
        "no": Abbreviations(
            binding: "bl.a f.eks dvs s.k ca kl nr hr fr dr prof jf pst inkl ekskl",
            open: "m.m osv etc mv jan feb apr jun jul aug sept okt nov des", hasDottedOrdinals: true),
        "fi": Abbreviations(
            binding: "esim ks nk ns mm prof tri fil ent synt mrd milj n huom", open: "jne ym yms",
            hasDottedOrdinals: true),
        "pl": Abbreviations(
            binding: "dr prof mgr inż ks św gen płk np tzw m.in ul al nr str godz ok tzn im por zob",
            open: "itd itp r w zł tys mln mld",
            hasDottedOrdinals: true),
        "cs": Abbreviations(
            binding: "dr mudr judr ing mgr prof doc p sv ul nám č str tzv např tj resp cca gen plk mj",
            open: "atd apod kč tis mil",
            hasDottedOrdinals: true),
        "hu": Abbreviations(
            binding: "dr prof ifj id özv pl ún kb ill st u vö",
            open: "stb jan febr márc ápr jún júl aug szept okt nov dec",
            hasDottedOrdinals: true),
        "ru": Abbreviations(
            binding: "г гг ул д им проф акад т.е т.н т.к т.о см ср стр рис св оз р ст п пп м обл руб",
            open: "т.д т.п др пр тыс млн млрд",
            hasDottedOrdinals: false),
        "ro": Abbreviations(
            binding: "dl dna d-na d-l dr prof ing nr str bd art pag st sf", open: "etc ş.a", hasDottedOrdinals: false),
        "tr": Abbreviations(
            binding: "dr prof doç av sn bkz yy mah cad sok no örn alb org gen", open: "vb vs a.ş ltd",
            hasDottedOrdinals: true),
    ]
}
