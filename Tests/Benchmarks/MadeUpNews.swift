import Articles
import CXML2

/// A message of NewsML-G2 with the corpus's articles, as an agency sends them: metadata of two kilobytes, and the text as
/// NITF, XHTML or plain.
enum MadeUpNews {
    static func message(_ articles: [Article]) -> [UInt8] {
        var message = """
            <?xml version="1.0" encoding="UTF-8"?>
            <newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en">
              <header><sent>2025-02-26T03:27:00Z</sent><sender>news.example</sender></header>
              <itemSet>

            """
        for (number, article) in articles.enumerated() {
            message += item(article, number)
        }
        message += "  </itemSet>\n</newsMessage>\n"
        return Array(message.utf8)
    }

    private static func item(_ article: Article, _ number: Int) -> String {
        """
            <newsItem guid="urn:newsml:news.example:20250226:\(number)" version="\(number % 3 + 1)" standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="en">
              <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"/>
              <rightsInfo>
                <copyrightHolder uri="http://news.example/"><name>News Example Ltd</name></copyrightHolder>
                <copyrightNotice>Copyright 2025 News Example Ltd, all rights reserved</copyrightNotice>
                <usageTerms>Not for use without a written agreement with News Example.</usageTerms>
              </rightsInfo>
              <itemMeta>
                <itemClass qcode="ninat:text"/>
                <provider qcode="nprov:NE"><name>News Example</name></provider>
                <versionCreated>2025-02-26T03:27:00+01:00</versionCreated>
                <firstCreated>2025-02-26T02:15:00+01:00</firstCreated>
                <pubStatus qcode="stat:usable"><name>usable</name></pubStatus>
                <service qcode="svc:world"><name>World</name></service>
                <edNote>Adds the words of the second speaker.</edNote>
                <signal qcode="sig:update"/>
                <link rel="irel:seeAlso" rank="1" href="https://news.example/\(number)"><title>More of it</title></link>
              </itemMeta>
              <contentMeta>
                <urgency>4</urgency>
                <located type="cptype:city" qcode="geo:345678"><name>North Harbour</name></located>
                <creator qcode="staff:17"><name>Ines Aalto</name></creator>
                <infoSource qcode="is:cg"><name>Coast guard</name></infoSource>
                <genre qcode="genre:Current"><name>Current</name></genre>
                <subject qcode="medtop:20000523" type="cpnat:abstract" rank="1"><name xml:lang="en">labour market</name><name xml:lang="de">Arbeitsmarkt</name></subject>
                <subject qcode="country:1" type="cpnat:geoArea" rank="1"><name>Finland</name></subject>
                <subject qcode="person:1" type="cpnat:person" rank="1"><name>Jo Berg</name></subject>
                <keyword rank="1">harbour</keyword>
                <language tag="en"/>
                <headline rank="1">\(escaped((article.title ?? "").replacing("\n", with: " ")))</headline>
                <slugline>HARBOUR-\(number)</slugline>
                <dateline>North Harbour (NE) - </dateline>
                <by>By Ines Aalto</by>
                <creditline>News Example</creditline>
                <description role="drol:summary">What it is about, in a sentence or two that the desk wrote.</description>
              </contentMeta>
              <contentSet>\(content(article.body ?? "", number))</contentSet>
            </newsItem>

        """
    }

    private static func content(_ body: String, _ number: Int) -> String {
        let text = escaped(body)
        let paragraphs = text.replacing("\n\n", with: "</p>\n            <p>")
        return switch number % 3 {
        case 0:
            """
            <inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.content>
                        <p>\(paragraphs)</p></body.content></body></nitf></inlineXML>
            """
        case 1:
            """
            <inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>
                        <section class="main"><p>\(paragraphs)</p></section></body></html></inlineXML>
            """
        default: "<inlineData contenttype=\"text/plain\">\(text)</inlineData>"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    /// Returns how many nodes libxml2's pull reader finds, which makes nothing of them.
    static func nodes(in message: [UInt8]) -> Int {
        message.withUnsafeBytes { bytes in
            let options = XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue
            guard
                let reader = xmlReaderForMemory(
                    bytes.bindMemory(to: CChar.self).baseAddress, CInt(bytes.count), nil, nil,
                    CInt(bitPattern: UInt32(options)))
            else { return 0 }
            defer { xmlFreeTextReader(reader) }
            var nodes = 0
            while xmlTextReaderRead(reader) == 1 { nodes += 1 }
            return nodes
        }
    }
}
