import TestSupport
import Testing

@testable import LanguageDetection

@Suite struct LanguageDetectorTests {
    private let detector = LanguageDetector.standard

    private func tag(_ text: String) -> String? { detector.detect(Array(text.utf8).span)?.tag }
    private func guess(_ bytes: [UInt8]) -> DetectedLanguage? { detector.guess(bytes.span) }

    @Test(arguments: [
        ("af", "Die regering het gister gesê dat die nuwe hospitaal eers volgende jaar oopgemaak sal word."),
        ("ar", "قالت الحكومة أمس إن المستشفى الجديد لن يفتح أبوابه قبل العام المقبل."),
        ("bg", "Правителството съобщи вчера, че новата болница ще бъде открита едва през следващата година."),
        ("cs", "Vláda včera oznámila, že nová nemocnice bude otevřena až v příštím roce."),
        ("da", "Regeringen oplyste i går, at det nye sygehus først bliver åbnet til næste år, fordi pengene mangler."),
        ("de", "Die Regierung teilte gestern mit, dass das neue Krankenhaus erst im nächsten Jahr eröffnet wird."),
        ("en", "The government said yesterday that the new hospital would not be opened until next year."),
        ("es", "El Gobierno anunció ayer que el nuevo hospital no abrirá sus puertas hasta el próximo año."),
        ("fa", "دولت دیروز اعلام کرد که بیمارستان جدید تا سال آینده افتتاح نخواهد شد."),
        ("fi", "Hallitus kertoi eilen, että uusi sairaala avataan vasta ensi vuonna."),
        ("fr", "Le gouvernement a annoncé hier que le nouvel hôpital n'ouvrirait ses portes que l'année prochaine."),
        ("hi", "सरकार ने कल कहा कि नया अस्पताल अगले साल तक नहीं खुलेगा।"),
        ("hu", "A kormány tegnap közölte, hogy az új kórház csak jövőre nyílik meg."),
        ("it", "Il governo ha annunciato ieri che il nuovo ospedale non aprirà prima dell'anno prossimo."),
        ("nb", "Regjeringen opplyste i går at det nye sykehuset ikke blir åpnet før neste år, fordi pengene mangler."),
        ("nl", "De regering heeft gisteren laten weten dat het nieuwe ziekenhuis pas volgend jaar opengaat."),
        ("pl", "Rząd poinformował wczoraj, że nowy szpital zostanie otwarty dopiero w przyszłym roku."),
        ("pt", "O governo anunciou ontem que o novo hospital só será inaugurado no próximo ano."),
        ("ro", "Guvernul a anunțat ieri că noul spital va fi deschis abia anul viitor."),
        ("ru", "Правительство сообщило вчера, что новая больница откроется только в следующем году."),
        ("sv", "Regeringen meddelade i går att det nya sjukhuset inte öppnas förrän nästa år."),
        ("tr", "Hükümet dün yeni hastanenin ancak gelecek yıl açılacağını duyurdu."),
        ("uk", "Уряд повідомив учора, що нова лікарня відкриється лише наступного року."),
        ("ur", "حکومت نے کل کہا کہ نیا ہسپتال اگلے سال تک نہیں کھلے گا۔"),
        ("vi", "Hôm qua chính phủ cho biết bệnh viện mới phải đến năm sau mới mở cửa."),
    ])
    func `a sentence shows its language`(_ language: String, _ text: String) {
        #expect(tag(text) == language)
    }

    @Test(arguments: [
        ("el", "Νέο νοσοκομείο"), ("he", "בית חולים חדש"), ("th", "โรงพยาบาลใหม่"), ("ko", "새 병원"), ("ja", "新しい病院"),
        ("ja", "ニュース"), ("zh", "政府昨天说新医院明年才开放"), ("hy", "Նոր հիվանդանոց"), ("ka", "ახალი საავადმყოფო"),
        ("ta", "புதிய மருத்துவமனை"), ("te", "కొత్త ఆసుపత్రి"), ("bn", "নতুন হাসপাতাল"), ("gu", "નવી હોસ્પિટલ"), ("pa", "ਨਵਾਂ ਹਸਪਤਾਲ"),
        ("kn", "ಹೊಸ ಆಸ್ಪತ್ರೆ"), ("ml", "പുതിയ ആശുപത്രി"), ("si", "නව රෝහල"), ("km", "មន្ទីរពេទ្យថ្មី"), ("my", "ဆေးရုံအသစ်"),
        ("lo", "ໂຮງໝໍໃໝ່"), ("bo", "སྨན་ཁང་གསར་པ"), ("or", "ନୂତନ ହସ୍ପିଟାଲ"),
    ])
    func `a script that one language has shows it in two words`(_ language: String, _ text: String) {
        #expect(tag(text) == language)
    }

    @Test(arguments: [
        "", " \n", "2025-02-26 03:27:00", "1,234.50 %", "🙂🙂🙂", "µ", "Ω", "QXZ", "XK-4711 BW/23", "ABB", "東京",
        "ⵣⵓⵎ ⵜⴰⵎⴰⵣⵉⵖⵜ",
    ])
    func `what shows no language gets none`(_ text: String) {
        #expect(tag(text) == nil)
    }

    @Test func `names in another script do not hide the language`() {
        #expect(tag("Компания Microsoft представила Windows Server и Visual Studio на выставке CES.") == "ru")
        #expect(tag("台積電今天宣布與Apple、NVIDIA簽訂新的合約,股價上漲百分之三。") == "zh")
        #expect(tag("ソニーの株価がNew York Stock Exchangeで上昇した。") == "ja")
    }

    @Test func `capitals and typographic apostrophes change nothing`() {
        let text = "L'État a décidé hier d'aider l'hôpital, dit la ministre."
        #expect(tag(text) == "fr")
        #expect(tag(text.uppercased()) == "fr")
        #expect(tag(text.replacing("'", with: "’")) == "fr")
    }

    @Test func `more text gives more confidence`() throws {
        let words = "The government said yesterday that the new hospital would not be opened until next year".split(
            separator: " ")
        let confidences = try [3, 6, 15].map { count in
            try #require(guess(Array(words.prefix(count).joined(separator: " ").utf8))).confidence
        }
        #expect(confidences == confidences.sorted())
        #expect(try #require(confidences.last) > 0.95)
    }

    @Test func `close relatives count as one where it is asked whether to answer`() throws {
        let text = "Vlada je jučer objavila da će nova bolnica biti otvorena tek iduće godine."
        let found = try #require(guess(Array(text.utf8)))
        #expect(["hr", "bs"].contains(found.tag))
        #expect(detector.isConvincing(found))
        #expect(found.familyConfidence > found.confidence)
    }

    @Test func `a text is read to its limit`() throws {
        let english = String(repeating: "The hospital is not opened until next year. ", count: 40)
        let bytes = Array(english.utf8)
        try #require(bytes.count > LanguageDetector.readBytes)
        let greek = Array(String(repeating: "Νέο νοσοκομείο ", count: 10_000).utf8)
        let start = Array(bytes.prefix(LanguageDetector.readBytes))
        #expect(guess(start + greek) == guess(start))
    }

    @Test func `no bytes are too bad to be read`() {
        let text = Array("Größe, правда, 新しい病院, ไทย, 🙂 l'été".utf8)
        for length in 0...text.count {
            for start in 0..<length { _ = guess(Array(text[start..<length])) }
        }
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if let found = guess(bytes) {
                #expect((0...1).contains(found.confidence))
                #expect(found.familyConfidence >= found.confidence)
            }
        }
    }

    @Test func `what is known is what the model and the scripts know`() {
        let known = LanguageDetector.languages
        #expect(Set(LanguageSentences.twenty).isSubset(of: known))
        #expect(Set(known).count == known.count)
        #expect(known.allSatisfy { $0.utf8.count == 2 })
    }
}
