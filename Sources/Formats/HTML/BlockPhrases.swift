/// What short texts on pages say that are no part of an article, in the languages of many readers.
struct BlockPhrases: OptionSet, Sendable {
    let rawValue: UInt32

    /// A label before the name of a photographer or agency.
    static let credit = BlockPhrases(rawValue: 1 << 0)
    /// A pointer to other pages.
    static let pointer = BlockPhrases(rawValue: 1 << 1)
    /// Tags, categories, who posted it when.
    static let about = BlockPhrases(rawValue: 1 << 2)
    /// A word on a button or over an advertisement.
    static let button = BlockPhrases(rawValue: 1 << 3)
    /// Comments, or the form for them.
    static let comments = BlockPhrases(rawValue: 1 << 4)
    /// Newsletters, apps, accounts to follow, cookies, rights: what a site says for itself.
    static let site = BlockPhrases(rawValue: 1 << 5)

    /// Returns what a text says.
    static func of(_ text: ArraySlice<UInt8>) -> BlockPhrases { BlockPhrases(rawValue: matcher.meanings(in: text)) }

    private static let matcher = WordMatcher(
        .prose,
        [
            (
                credit.rawValue,
                """
                ^foto| ^fotos| ^photo| ^photos| ^photograph|by ^bild| ^bilder| ^bildquelle ^titelbild ^image| ^images|
                ^credit| ^credits| ^crédit ^crédits ^picture| ^fotocredit ^fotograf| ^fotografie| ^symbolbild
                ^illustration| ^beeld| ^zdjęcie| ^zdj| ^fot| ^фото| ^imagen| ^imagem| ^immagine| ^kuva| ^kuvat|
                ^getty|images
                """
            ),
            (
                pointer.rawValue,
                """
                ^lesen|sie|auch ^lesen|sie|hier ^lesen|sie|mehr ^lest|auch ^lies|auch ^mehr|zum|thema ^mehr|dazu
                ^mehr|lesen ^weiterlesen ^weitere|artikel ^weitere|beiträge ^weitere|themen ^weitere|meldungen
                ^auch|interessant ^das|könnte|sie ^das|könnte|dich ^das|könnte|euch ^ähnliche|artikel
                ^ähnliche|beiträge ^empfohlene ^verwandte|themen ^passend|dazu ^siehe|auch ^zum|thema$ ^read|more
                ^read|also ^also|read ^see|also ^related|articles ^related|stories ^related|posts ^related|content
                ^related|$ ^related$ ^more|from ^more|on|this ^more|stories ^you|may|also ^you|might|also
                ^recommended|for ^recommended$ ^recommended|stories ^don|t|miss ^up|next ^next|article
                ^previous|article ^next|post ^previous|post ^trending ^most|read ^most|popular ^latest|news
                ^lire|aussi ^à|lire ^a|lire|aussi ^lire|la|suite ^voir|aussi ^sur|le|même|sujet ^articles|similaires
                ^lea|también ^lee|también ^lea|además ^leer|más ^te|puede|interesar ^le|puede|interesar ^ver|más
                ^mira|también ^notas|relacionadas ^noticias|relacionadas ^artículos|relacionados ^leggi|anche
                ^leggi|tutto ^articoli|correlati ^leia|também ^leia|mais ^veja|também ^lees|ook ^lees|meer ^läs|också
                ^läs|mer ^läs|även ^les|også ^læs|også ^lue|myös ^czytaj|także ^czytaj|też ^czytaj|więcej
                ^zobacz|także ^zobacz|też ^zobacz|również ^przeczytaj|także ^čtěte|také ^mohlo|by|vás ^olvasta|már
                ^citește|și ^citeste|si ^прочетете|още ^читайте|также ^читайте|ещё ^смотрите|также ^читайте|також
                ^baca|juga ^xem|thêm ^kommentierte|artikel ^meistgelesen ^meist|gelesen ^zurück|zur ^zurück$
                ^nach|oben ^back|to|top ^zur|startseite ^zur|übersicht ^alle|artikel|von ^alles|von
                """
            ),
            (
                about.rawValue,
                """
                ^tags| ^tag| ^tagged ^schlagwörter ^schlagworte ^stichworte ^stichwörter ^keywords| ^topics|
                ^étiquettes ^etiquetas ^filed|under ^posted|in ^categories| ^category| ^kategorie ^kategorien
                ^veröffentlicht|in ^veröffentlicht|am ^veröffentlicht|von ^abgelegt|unter ^posted|by ^posted|on
                ^published|on ^published|by ^last|updated ^updated| ^publié|le ^publié|par ^erstellt|am ^erstellt|von
                ^aktualisiert ^zuletzt|aktualisiert ^letzte|aktualisierung ^mis|à|jour ^publicado|el ^publicado|em
                ^pubblicato ^lesezeit ^lesedauer ^reading|time ^min|read$ |min|read$ ^temps|de|lecture
                ^geschrieben|von ^written|by ^autor| ^autorin| ^author| ^artikelnummer ^опубликовано ^теги| ^метки|
                """
            ),
            (
                button.rawValue,
                """
                ^share| ^share$ ^teilen| ^teilen$ ^partager ^compartir ^condividi ^compartilhar ^tweet$ ^print$
                ^print|this ^drucken ^artikel|drucken ^email$ ^facebook$ ^twitter$ ^whatsapp$ ^anzeige$ ^advertisement
                ^advertising$ ^werbung$ ^publicité$ ^publicidad$ ^publicidade$ ^pubblicità$ ^reklama$ ^реклама$
                ^sponsored$ ^ad$ ^loading ^wird|geladen ^show|more ^mehr|anzeigen ^mehr|laden ^merken$ ^vorlesen$
                ^artikel|teilen ^diesen|artikel|teilen ^diesen|beitrag|teilen ^share|this ^save$ ^copy|link
                ^link|kopieren ^like|this ^gefällt|mir ^play$ ^menu$ ^menü$ ^suche$ ^search$ ^schließen$ ^close$
                """
            ),
            (
                comments.rawValue,
                """
                ^comments$ ^comments| ^kommentare$ ^kommentar$ ^commentaires$ ^comentarios$ ^commenti$
                ^leave|a|comment ^leave|a|reply ^leave|your ^schreibe|einen ^schreiben|sie|einen ^hinterlasse
                ^kommentar|schreiben ^kommentar|verfassen ^deja|un ^laisser|un|commentaire ^lascia|un ^deixe|um
                ^keine|kommentare ^no|comments ^join|the|conversation ^diskutieren|sie ^ihre|meinung
                ^join|the|discussion ^post|a|comment ^add|a|comment ^комментарии| ^оставить|комментарий
                |noch|keine|bewertungen ^diesen|artikel|bewerten ^wie|bewerten|sie |kommentar|abgeben
                |kommentar|hinterlassen
                """
            ),
            (
                site.rawValue,
                """
                all|rights|reserved alle|rechte|vorbehalten tous|droits|réservés todos|los|derechos|reservados
                tutti|i|diritti|riservati ^copyright| |our|newsletter |unseren|newsletter |newsletter|abonnieren
                |newsletter|anmelden |zum|newsletter |notre|newsletter ^newsletter |newsletter|bestellen
                |for|our|newsletters |kostenlosen|newsletter |nuestro|boletín ^subscribe| ^abonnieren ^abonnez
                ^sign|up| |sign|up|for|our ^follow|us |follow|us|on |folgen|sie|uns |folge|uns |folgt|uns ^suivez|
                ^síguenos |síguenos|en ^seguici ^download|the|app |download|our|app |app|herunterladen
                |straight|to|your|phone |in|our|app |privacy|policy |datenschutzerklärung |verwendet|cookies
                |we|use|cookies |utilise|des|cookies |accept|cookies |cookies|akzeptieren |enable|javascript
                |aktivieren|sie|javascript |javascript|is|disabled |not|responsible|for|the|opinions
                |views|expressed|in|this |do|not|necessarily|reflect ^support|us ^support|our ^spenden|sie
                ^jetzt|spenden ^donate| ^werde|mitglied ^become|a|member ^click|here|to ^log|in ^jetzt|anmelden
                ^registrieren |respektieren|deine|privatsphäre |an|dieser|stelle|finden|sie|inhalte |externer|inhalt
                |empfohlener|redaktioneller|inhalt |google|news|folgen |whatsapp|kanal |telegram|channel
                |нашем|telegram |подписывайтесь|на
                """
            ),
        ])
}
