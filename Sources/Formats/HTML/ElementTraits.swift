import XML

/// What an element's class, id, role and other attributes say about it.
struct ElementTraits: OptionSet, Sendable {
    let rawValue: UInt32

    /// Readers' comments, or the form for them.
    static let comments = ElementTraits(rawValue: 1 << 0)
    /// Links to other pages: related, recommended, most read.
    static let related = ElementTraits(rawValue: 1 << 1)
    /// Buttons to share and follow.
    static let sharing = ElementTraits(rawValue: 1 << 2)
    /// Notices about cookies, consent and the like; dialogs.
    static let notice = ElementTraits(rawValue: 1 << 3)
    /// Newsletters, subscriptions, sign-in.
    static let subscription = ElementTraits(rawValue: 1 << 4)
    /// Menus, breadcrumbs, pagination.
    static let navigation = ElementTraits(rawValue: 1 << 5)
    /// What stands beside or below the page's content.
    static let margin = ElementTraits(rawValue: 1 << 6)
    /// Advertising.
    static let advertising = ElementTraits(rawValue: 1 << 7)
    /// Who wrote it, when, under which tags.
    static let about = ElementTraits(rawValue: 1 << 8)
    /// Captions and credits of pictures, galleries, players.
    static let caption = ElementTraits(rawValue: 1 << 9)
    /// Not for the eye.
    static let hidden = ElementTraits(rawValue: 1 << 10)
    /// A table of the page's own contents.
    static let contents = ElementTraits(rawValue: 1 << 11)
    /// Surely an article's text.
    static let body = ElementTraits(rawValue: 1 << 16)
    /// Probably the page's content.
    static let content = ElementTraits(rawValue: 1 << 17)
    /// A byline, or a person in one.
    static let author = ElementTraits(rawValue: 1 << 18)
    /// A date.
    static let date = ElementTraits(rawValue: 1 << 19)
    /// A date of a later version.
    static let updated = ElementTraits(rawValue: 1 << 22)
    /// A headline.
    static let headline = ElementTraits(rawValue: 1 << 20)
    /// An introduction.
    static let lead = ElementTraits(rawValue: 1 << 21)

    /// Said to be the author by microdata or RDFa.
    static let authorProperty = ElementTraits(rawValue: 1 << 23)
    /// A link whose relation is the author.
    static let authorRelation = ElementTraits(rawValue: 1 << 24)
    /// A link to a person's own page.
    static let profile = ElementTraits(rawValue: 1 << 25)
    /// Said to be the article's text by microdata.
    static let bodyProperty = ElementTraits(rawValue: 1 << 26)
    /// Said to be the headline by microdata.
    static let headlineProperty = ElementTraits(rawValue: 1 << 27)
    /// Said to be the date of publication by microdata or RDFa.
    static let dateProperty = ElementTraits(rawValue: 1 << 28)

    /// What is left out wherever it stands.
    static let clutter: ElementTraits = [
        .comments, .related, .sharing, .notice, .subscription, .navigation, .margin, .advertising, .about, .caption,
        .hidden, .contents,
    ]

    /// Returns what an element's attributes say.
    static func of(_ node: HTMLTree.Node, _ tree: HTMLTree) -> ElementTraits {
        var found: UInt32 = 0
        for attribute in tree.attributes[node.attributes] {
            switch attribute.name {
            case .class, .id, .role, .dataComponent, .other, .dataTestID:
                found |= matcher.meanings(in: tree.bytes[attribute.value])
            case .itemprop, .property:
                found |= matcher.meanings(in: tree.bytes[attribute.value])
                found |= properties.meanings(in: tree.bytes[attribute.value])
            case .rel where node.name == .a:
                if tree.bytes[attribute.value].contains(sequence: "author") { found |= authorRelation.rawValue }
            case .href where node.name == .a:
                if isProfile(tree.bytes[attribute.value]) { found |= profile.rawValue }
            case .hidden:
                found |= hidden.rawValue
            case .style:
                if isHiding(tree.bytes[attribute.value]) { found |= hidden.rawValue }
            case .ariaHidden:
                if tree.bytes[attribute.value].elementsEqual("true".utf8) { found |= hidden.rawValue }
            default: break
            }
        }
        return ElementTraits(rawValue: found)
    }

    /// Whether a style says `display: none` or `visibility: hidden`.
    private static func isHiding(_ style: ArraySlice<UInt8>) -> Bool {
        let text = style.filter { $0 > 0x20 }
        return text.contains(sequence: "display:none") || text.contains(sequence: "visibility:hidden")
    }

    /// schema.org's words.
    private static let properties = WordMatcher(
        .names,
        [
            (authorProperty.rawValue, "author|"), (bodyProperty.rawValue, "article|body|"),
            (headlineProperty.rawValue, "headline|"), (dateProperty.rawValue, "date|published| date|created|"),
        ])

    /// Whether an address is that of a person's own page: `/author/ann-lee`.
    private static func isProfile(_ address: ArraySlice<UInt8>) -> Bool {
        guard address.count <= 200 else { return false }
        return address.withUnsafeBufferPointer { address in
            var start = 0
            for end in 0..<address.count where address[end] == UInt8(ascii: "/") {
                let length = end - start
                if length >= 5, length <= 12, end + 1 < address.count {
                    for folder in profileFolders where folder.count == length {
                        if (0..<length).allSatisfy({ address[start + $0].lowercased == folder[$0] }) { return true }
                    }
                }
                start = end + 1
            }
            return false
        }
    }

    /// The folders of persons in addresses.
    private static let profileFolders: [[UInt8]] = [
        "author", "authors", "autor", "autoren", "autores", "auteur", "auteurs", "autori", "people", "journalist",
        "journalists", "staff", "redakteur", "writer", "writers", "contributor", "contributors", "reporter",
        "redaktion", "personen", "profile", "profil", "periodista", "periodistas", "columnista", "columnist",
        "columnists",
        "firmas", "redactor", "redaktor", "giornalista", "journaliste", "contributeur",
    ].map { Array($0.utf8) }

    private static let matcher = WordMatcher(
        .names,
        [
            (
                comments.rawValue,
                """
                comment |comments kommentar commentaire comentario commenti disqus |respond| |reviews| |replies|
                |reply livefyre talkback guestbook leserbrief |diskussion |opinions| opmerking reactie |trackback
                |pingback
                """
            ),
            (
                related.rawValue,
                """
                related recommend |readmore |read|more| |more|news |more|on| |more|from |moreon similar |also|like
                |see|also |read|also |read|next mostread |most|read |most|viewed popular trending |latest |teaser
                teaser| teasers |suggest outbrain taboola plista nativendo |upnext |up|next nextarticle |next|article
                |prev|next |next|post |post|nav crosslink |linkbox |linklist |zergnet |revcontent |mgid |weitere
                |mehr|zum |verwandt |empfehl meistgelesen |aehnlich relacionad |similaire |correlat |polecane
                powiazane |seealso |ontopic |otherarticles |other|articles |other|news |othernews |furtherreading
                |further|reading |morelike |recirc
                """
            ),
            (
                sharing.rawValue,
                """
                |share |sharing sharebar sharetools sharebuttons sharelinks sharethis |social addtoany addthis
                sharedaddy |bookmark |follow| |followus |shariff |jp|post|flair |fblike |facebook| |twitter|button
                |whatsapp| |socials |teilen| |sociable heateor |ssba |tweet|button |some|
                """
            ),
            (
                notice.rawValue,
                """
                cookie |consent gdpr |dsgvo |modal |popup |overlay |tooltip |dialog |lightbox |disclaimer |adblock
                |notification |notice| |toast| |alert|box |browser|warning |outdated |privacy|
                """
            ),
            (
                subscription.rawValue,
                """
                newsletter subscribe subscription |signup |sign|up |signin |sign|in |login| |register |paywall|teaser
                |abo| |abonn |piano| |registration |mailchimp |optin |opt|in
                """
            ),
            (
                navigation.rawValue,
                """
                |nav| |navi| |navbar |navigation navigation| |menu menu| |breadcrumb |breadcrumbs breadcrumb
                |pagination |pager| |paging| |sitemap |toolbar |skip|link |skiplink |tabs| |tabbar |topbar |hamburger
                |searchform |search|form |searchbox |search|box |wp|pagenavi |page|links |languages| |langswitch
                |language|switch |nextprev |prevnext |serviceleiste |metanav |jumpto |backtotop |back|to|top
                """
            ),
            (
                margin.rawValue,
                """
                sidebar |side|bar |aside| |rail| |rightrail |right|col |rightcol |sidecol |widget |footer |footnav
                |masthead| |header|top |site|header |page|header |global|header |colophon |imprint |impressum
                |copyright |marginal |infobox|right |banner|role |contentinfo |complementary |secondary| |siteinfo
                |page|foot
                """
            ),
            (
                advertising.rawValue,
                """
                |ad| |ads| |adv| |adbox |adslot |ad|slot |adunit |adsense advert |sponsor |promo |promotion |promobox
                werbung |anzeige| |anzeigen| publicid |publicite |dfp| |dfp|ad |googlead |google|ad |gpt|ad |banner|
                |banners| |affiliate |shop|box |partner|box |donate| |donation| |crowdfunding |call|to|action |cta|
                |sponsored
                """
            ),
            (
                about.rawValue,
                """
                |byline |author |authors |autor| |autoren |tags| |tag| |taglist |tag|links |tagcloud |post|meta
                |postmeta |entry|meta |entrymeta |article|meta |articlemeta |meta|data |metadata |article|info
                |articleinfo |post|info |postinfo |post|date |entry|date |timestamp |pubdate |publish|date |published|
                |dateline timedata| |posted|on |postedon |category| |categories| |cat|links |kategorie |schlagwort
                |keywords| |topics| |rating| |ratings| |likes| |like|button |votes |voting |readtime |reading|time |lesezeit
                |views| |viewcount |vcard |bio| |about|author |article|tags |entry|footer |entryfooter |post|footer
                |postfooter |article|footer |print| |article|header|meta |sources| |edit|link |editsection
                |mw|editsection |post|details |postdetails |print|button
                """
            ),
            (
                caption.rawValue,
                """
                |caption caption| |captions |credit |credits |photocredit |photographer |bildunterschrift |bildquelle
                |bildtext |legende| |gallery |galerie |slideshow |carousel |slider |swiper |image|meta |figcaption
                |videoplayer |video|player |audioplayer |audio|player |player| |mediainfo |media|info |wp|caption|text
                """
            ),
            (
                hidden.rawValue,
                """
                |screen|reader |sr|only |visually|hidden |visuallyhidden |is|hidden| |hide| |print|only |printonly
                |element|invisible |offscreen |accessibility |skip|to|content |noscript|
                """
            ),
            (
                contents.rawValue,
                """
                |toc| |toc|container |table|of|contents |tableofcontents |inhaltsverzeichnis |contents|list
                |ez|toc |lwptoc
                """
            ),
            (
                body.rawValue,
                """
                articlebody |article|body |articletext |article|text |article|content |articlecontent |entry|content
                |entrycontent |post|content |postcontent |post|body |postbody |story|body |storybody |story|content
                |storycontent |story|text |body|text |bodytext |body|copy |bodycopy |content|body |contentbody
                |article|main|body |news|text |newstext |news|body |news|content |newsbody |blog|content
                |blogpost|body |page|content|body |richtext |rich|text |artikeltext |artikel|text |textblock
                |text|block |articulo|cuerpo |cuerpo| |article|copy |td|post|content |single|content |the|content
                |theme|content |fulltext |full|text |detail|text |message|body |paragraphs |article|wrap|body
                |articlecopy |text|content |textcontent |fliesstext |field|name|body |field|body
                """
            ),
            (
                content.rawValue,
                """
                |article| |content| |main| |maincontent |main|content |post| |entry| |story| |text| |hentry |blogpost
                |blog|post |news|article |newsarticle |artikel| |articulo| |article|page |article|detail |detail|
                |noticia| |page|content |contents| |single| |single|post |primary| |inhalt| |contenu| |texto|
                |newsdetail |news|single |article|container |document|
                """
            ),
            (
                author.rawValue,
                """
                |author |authors author| |byline byline| |writer| |autor| |verfasser |auteur |redakteur
                |writtenby |written|by |contributor |journalist |reporter
                """
            ),
            (
                date.rawValue,
                """
                |date date| |datum |time| |timestamp |published |publish |pubdate |posted |created| |fecha
                |dateline |updated| |modified|
                """
            ),
            (updated.rawValue, "updated modified |aktualisiert |lastmod |mis|a|jour"),
            (headline.rawValue, "headline |title| title| |titel| |titre| |titulo| |heading| |entry|title |post|title"),
            (
                lead.rawValue,
                """
                |lead| |leadtext |teaser|text |introduction |intro| |lede| |introtext |teasertext |standfirst
                |summary| |abstract| |kicker|text |excerpt |vorspann |chapo |dek| |deck| |subtitle |subheadline
                |bajada |entradilla |sommario |ingress
                """
            ),
        ])
}
