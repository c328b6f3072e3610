/// The elements and attributes that news is read from in NewsML-G2, NewsML 1, NITF and XHTML, by their local names.
///
/// A name that several of them have is one here: where it stands tells which it is.
enum NewsTag: String, CaseIterable {
    // MARK: NewsML-G2
    case newsMessage, itemSet, newsItem, packageItem, conceptItem, knowledgeItem, planningItem, catalogItem
    case catalog, scheme, rightsInfo, copyrightHolder, copyrightNotice, usageTerms, name
    case itemMeta, itemClass, provider, versionCreated, firstCreated, embargoed, pubStatus, service, edNote, signal
    case link, title
    case contentMeta, contentCreated, located, creator, infoSource, by, language, subject, genre, slugline, headline
    case description, dateline, creditline, keyword, urgency, altId, icon
    case mainConcept, facetConcept, assert
    case contentSet, inlineXML, inlineData, remoteContent
    case groupSet, group, itemRef, delivery, deliveredItemRef, newsCoverageSet, newsCoverage, planning
    case events, event, definition

    // MARK: Attributes
    case guid, version, qcode, uri, literal, type, role, rank, residref, guidref, href, contenttype, rel, relevance
    case alias, lang, tag, id, encoding, encodinguri, pubconstraint, typeuri, roleuri, reluri

    // MARK: XHTML
    case html, head, body, p, h1, h2, h3, h4, h5, h6, ul, ol, li, dl, dt, dd, table, caption, thead, tbody, tfoot, tr
    case td, th, blockquote, pre, br, hr, a, em, i, strong, b, code, kbd, samp, tt, sub, sup, q, mark, ins, u, del, s
    case strike, cite, dfn, div, section, article, main, header, footer, nav, aside, figure, figcaption, address, form
    case center, script, style, template, fieldset, details, summary

    // MARK: NITF
    case nitf, block, bq, media, note, fn, tagline, abstract, hedline, hl1, hl2, byline, byttl, person, org, location
    case distributor, source, meta, content, tobject, docdata, pubdata, correction, evloc, series, classifier, function
    case baselang, norm, key, info, holder, year, limitations, city, value, idsrc, noteclass
    case bodyHead = "body.head"
    case bodyContent = "body.content"
    case bodyEnd = "body.end"
    case nitfTable = "nitf-table"
    case nitfTableMetadata = "nitf-table-metadata"
    case mediaReference = "media-reference"
    case mediaCaption = "media-caption"
    case mediaProducer = "media-producer"
    case mimeType = "mime-type"
    case storyDate = "story.date"
    case docID = "doc-id"
    case idString = "id-string"
    case managementStatus = "management-status"
    case managementDocIDRef = "management-doc-idref"
    case managementIDRefStatus = "management-idref-status"
    case edUrg = "ed-urg"
    case dateIssue = "date.issue"
    case dateRelease = "date.release"
    case dateExpire = "date.expire"
    case datePublication = "date.publication"
    case positionSection = "position.section"
    case duKey = "du-key"
    case edMsg = "ed-msg"
    case docCopyright = "doc.copyright"
    case docRights = "doc.rights"
    case rights, bibliography
    case delList = "del-list"
    case fromSrc = "from-src"
    case srcName = "src-name"
    case seriesName = "series.name"
    case keyList = "key-list"
    case identifiedContent = "identified-content"
    case objectTitle = "object.title"
    case locationCode = "location-code"
    case codeSource = "code-source"
    case countyDist = "county-dist"
    case stateProv = "state-prov"
    case isoCC = "iso-cc"
    case objectProperty = "tobject.property"
    case objectPropertyType = "tobject.property.type"
    case objectSubject = "tobject.subject"
    case objectSubjectNumber = "tobject.subject.refnum"
    case objectSubjectCode = "tobject.subject.code"
    case objectSubjectType = "tobject.subject.type"
    case objectSubjectMatter = "tobject.subject.matter"
    case objectSubjectDetail = "tobject.subject.detail"
    case objectSubjectSource = "tobject.subject.ipr"

    // MARK: NewsML 1, where a name that others have in small letters has a number
    case identification = "Identification"
    case newsIdentifier = "NewsIdentifier"
    case providerID = "ProviderId"
    case dateID = "DateId"
    case newsItemID = "NewsItemId"
    case revisionID = "RevisionId"
    case publicIdentifier = "PublicIdentifier"
    case nameLabel = "NameLabel"
    case newsManagement = "NewsManagement"
    case newsItemType = "NewsItemType"
    case firstCreated1 = "FirstCreated"
    case thisRevisionCreated = "ThisRevisionCreated"
    case status = "Status"
    case statusWillChange = "StatusWillChange"
    case futureStatus = "FutureStatus"
    case dateAndTime = "DateAndTime"
    case urgency1 = "Urgency"
    case instruction = "Instruction"
    case derivedFrom = "DerivedFrom"
    case associatedWith = "AssociatedWith"
    case update = "Update"
    case topicSet = "TopicSet"
    case topicType = "TopicType"
    case newsItem1 = "NewsItem"
    case newsItemRef = "NewsItemRef"
    case newsComponent = "NewsComponent"
    case role1 = "Role"
    case newsLines = "NewsLines"
    case headLine = "HeadLine"
    case subHeadLine = "SubHeadLine"
    case byLine = "ByLine"
    case dateLine = "DateLine"
    case creditLine = "CreditLine"
    case copyrightLine = "CopyrightLine"
    case rightsLine = "RightsLine"
    case slugLine = "SlugLine"
    case keywordLine = "KeywordLine"
    case administrativeMetadata = "AdministrativeMetadata"
    case rightsMetadata = "RightsMetadata"
    case descriptiveMetadata = "DescriptiveMetadata"
    case provider1 = "Provider"
    case creator1 = "Creator"
    case source1 = "Source"
    case party = "Party"
    case copyright = "Copyright"
    case copyrightHolder1 = "CopyrightHolder"
    case copyrightDate = "CopyrightDate"
    case usageRights = "UsageRights"
    case limitations1 = "Limitations"
    case language1 = "Language"
    case genre1 = "Genre"
    case subjectCode = "SubjectCode"
    case subject1 = "Subject"
    case subjectMatter = "SubjectMatter"
    case subjectDetail = "SubjectDetail"
    case location1 = "Location"
    case topicOccurrence = "TopicOccurrence"
    case property = "Property"
    case contentItem = "ContentItem"
    case mediaType = "MediaType"
    case format = "Format"
    case mimeType1 = "MimeType"
    case encoding1 = "Encoding"
    case dataContent = "DataContent"
    case topic = "Topic"
    case description1 = "Description"
    case formalName = "FormalName"
    case vocabulary = "Vocabulary"
    case scheme1 = "Scheme"
    case duid = "Duid"
    case href1 = "Href"
    case notation = "Notation"
    case value1 = "Value"

    /// The tag of a local name; nil where it is none of these. Small letters are taken for large ones where nothing else
    /// has that name, as some write HTML's.
    init?(local: String) {
        guard let tag = NewsTag.byName[local] ?? NewsTag.byName[local.lowercased()] else { return nil }
        self = tag
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
