/// The stop words of each language, parted by white space. Contractions stand as the tokenizer parts them (`don t`).
enum StopWordLists {
    static let all: [String: String] = [
        "cs": cs, "da": da, "de": de, "en": en, "es": es, "fi": fi, "fr": fr, "hu": hu, "it": it, "nl": nl, "no": no,
        "pl": pl, "pt": pt, "ro": ro, "ru": ru, "sv": sv, "tr": tr,
    ]

    private static let en = """
        a about above according across added after again against ago all almost along already also although always am among an and
        another any anyone anything are aren around as at away back be became because become been before began behind
        being below between both but by came can cannot come could couldn d did didn do does doesn doing don done down
        during each either else enough even ever every everyone everything far few first for from further get gets
        getting give given go goes going gone got had hadn has hasn have haven having he her here hers herself him
        himself his how however i if in instead into is isn it its itself just keep last least less let like ll made
        make makes many may maybe me might more most much must my myself near neither never next no nobody none nor not
        nothing now of off often on once one only onto or other others our ours ourselves out over own per perhaps put
        quite rather re really s said same saw say says see seen several shall she should shouldn since so some someone
        something soon still such t take taken than that the their theirs them themselves then there these they thing
        things this those though through thus to together told too took toward towards two under until up upon us use used
        ve very via was wasn way we well went were weren what whatever when where whether which while who whole whom
        whose why will with within without won would wouldn yes yet you your yours yourself
        """

    private static let de = """
        aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch auf aus bei beim bin
        bis bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf darüber das dass davon dazu dein
        deine dem den denn der deren derer des deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch
        dort du durch ein eine einem einen einer eines einige einigen einmal er erst es etwa etwas euch euer für gab
        gegen gegenüber gehabt geht gibt gut habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre
        ihrem ihren ihrer im immer in indem ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinem
        keinen keiner können könnte konnte konnten machen man mehr mein meine mich mir mit muss müssen nach nachdem
        neben nicht nichts noch nun nur ob oder ohne sagte schon sehr sei seien sein seine seinem seinen seiner seit
        selbst sich sie sind so sogar solche soll sollen sollte sondern sonst sowie über um und uns unser unsere unter
        viel viele vom von vor während war waren warum was wegen weil weiter weitere welche welcher wenn wer werde
        werden weniger wie wieder will wir wird wo wollen worden wurde wurden würde würden zu zum zur zwar zwischen
        """

    private static let fr = """
        à afin ai ainsi alors après au aucun aucune aujourd aura aurait aussi autre autres aux avaient avait avant avec
        avoir ayant c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez comme comment contre
        d dans de depuis derrière des dès desquels deux devant dit doit donc dont du durant elle elles en encore entre
        es est et étaient était étant été être eu eux fait faire faut fois font hors hui ici il ils j je jamais jusqu l
        la là le les leur leurs lors lorsque lui m ma mais malgré me même mêmes mes moi moins mon n ne ni non nos notre
        nous on ont ou où par parce pas pendant peu peut peuvent plus plusieurs plutôt pour pourquoi pourrait près puis
        qu quand que quel quelle quelles quelque quelques quels qui quoi rien s sa sans se selon sera serait ses seul
        si sien soit son sont sous souvent sur t ta tandis tant te tes toi ton toujours tous tout toute toutes très
        trop tu un une va vers voici voilà vont vos votre vous y
        """

    private static let es = """
        a ahora al algo algún alguna algunas alguno algunos ante antes aquel aquella aquellos aquí así aun aún aunque
        bajo bien cada casi como cómo con contra cosas cual cuál cuales cualquier cuando cuándo cuanto da de debe del
        desde después dice dicho dijo donde dónde dos durante e el él ella ellas ellos en entonces entre era eran eres
        es esa esas ese eso esos está esta estaba estado están estar estas este esto estos fue fueron gran ha había han
        has hasta hay haya he hecho hemos hizo incluso la las le les lo los más me mi mí mientras mis misma mismo mucha
        mucho muchos muy nada ni ningún ninguna no nos nosotros nuestra nuestro o os otra otras otro otros para parte
        pero poco por porque pues puede pueden que qué quien quién quienes se sea según ser será si sí sido sin sino
        sobre solo sólo son soy su sus tal también tampoco tan tanto te tener tiene tienen toda todas todavía todo
        todos tras tu tú un una unas uno unos usted va van ya y yo
        """

    private static let it = """
        a abbiamo ad adesso agli ai al alcuni alla alle allo allora altra altre altri altro anche ancora avere aveva
        avevano c che chi ci ciò come con contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del della
        delle dello dentro di dice dopo dove due durante e è ed era erano essere fa fanno fatto fino fra gli già ha
        hanno ho i il in infatti io l la le lei li lo loro lui ma mai me mentre mi mia mio molti molto ne negli nei nel
        nella nelle nello nessuno niente noi non nostra nostro o ogni oltre oppure ora per perché però più poco poi
        prima proprio può qua quale quali quando quanto quella quelle quelli quello questa queste questi questo qui
        quindi sarà se secondo sei sempre senza si sia siamo solo sono sopra sotto sta stata stato stati su sua sue sugli sui
        sul sulla sulle suo suoi tanto te ti tra tre tu tutta tutte tutti tutto un una uno va verso vi voi
        """

    private static let pt = """
        a à agora ainda algo alguém algum alguma alguns ante antes ao aos apenas apesar após aquela aquele aqueles
        aquilo as às assim até cada com como contra contudo da das de dela dele deles depois desde dessa desse desta
        deste deve dia disse do dois dos durante e é ela elas ele eles em embora enquanto então entre era eram essa
        essas esse esses esta está estão estar estas estava este estes eu fez foi foram há isso isto já lá lhe lhes
        logo mais mas me mesma mesmo meu minha muita muito muitos na nada não nas nem nenhum nessa nesse nesta neste no
        nos nós nossa nosso num numa o onde os ou outra outras outro outros para pela pelas pelo pelos perante pode
        podem pois por porque portanto pouco qual quando quanto que quem se seja sem sempre sendo ser será seu seus só
        sob sobre sua suas tal também tão te tem têm ter teve tinha toda todas todo todos tu tudo um uma umas uns vai
        você vocês vos
        """

    private static let nl = """
        aan achter af al alle alleen alles als altijd andere anderen ben bij bijna binnen boven daar daarom dan dat de
        den der deze die dit doch doen door dus echter een eens eerst eigen en er ervan even ge geen gewoon haar had
        hadden heb hebben heeft hem hen het hier hij hoe hun iemand iets ik in is ja je jij jullie kan kon kunnen maar
        me meer men met mij mijn moest moet moeten na naar naast nadat niet niets nog nooit nu of om omdat onder ons
        onze ook op over reeds sinds te tegen tijdens toch toen tot tussen twee u uit uw van vanaf vanuit veel verder
        via volgens voor vooral waar waarom want waren was wat we weer wel welke werd werden wie wij wil worden wordt
        ze zei zelf zich zij zijn zo zoals zonder zou zouden zullen
        """

    private static let sv = """
        alla allt än ännu andra är åt att av även bara bland blev bli blir borde båda både då de dem den denna deras
        dess dessa det detta dig din dina ditt dock där därför efter eller en enligt er ett få får fick fler flera för
        före första fram från genom ha hade han hans har hela henne hennes hon honom hur här i icke igen in ingen inget
        innan inom inte jag ju kan kom kommer kunde kunna man med mellan men mer mest mig min mina mitt mot mycket måste
        många ni nu när något någon några nån och också om oss på redan samma samt sedan ser sig sin sina sitt själv
        skall ska skulle som så sådan säger till två under upp ur ut utan var vara varit varje varför vars vem vi vid
        vilka vilken vilket vill år
        """

    private static let da = """
        ad af aldrig alle alt altid anden andet andre at bare blandt blev blive bliver burde da de dem den denne der
        deres derfor det dette dig din disse dog du efter eller en end endnu er et få får fik flere for fordi fra før
        gennem gør ham han hans har have havde hele hende hendes her hos hun hvad hvem hver hvilken hvis hvor hvordan
        hvorfor i igen ikke imod ind ingen intet jeg jo kan kom kommer kun kunne man mange med meget mellem men mens
        mere mig min mod må måtte når ned nej nogen noget nogle nu nye og også om op os over på samme samt selv sig
        siden sin sine skal skulle som sådan så thi til to ud uden under var ved vi vil ville vor være været
        """

    private static let no = """
        alle allerede alt andre annen annet at av bare ble bli blir blitt både da de deg dem den denne der dere deres
        derfor det dette din disse du eller en enn er et etter fikk fire flere for fordi fra før få får først gjennom
        gjør ha hadde han hans har henne hennes her hun hva hvem hver hvilken hvis hvor hvordan hvorfor i igjen ikke
        ingen inn jeg kan kom kommer kun kunne man mange med meg mellom men mens mer mot mye må måtte når ned nei noe
        noen nå og også om opp oss over på samme selv seg siden sin sine sitt skal skulle slik som så til to under ut
        uten var ved vi vil ville vår være vært å
        """

    private static let fi = """
        ehkä ei eikä eivät en enemmän ennen että he heidän hän hänen häntä ilman itse ja jälkeen jo joka joiden joissa
        jolla jonka jos joskus jossa jota jotka jotta kaikki kanssa kautta kerran koko koska kuin kuinka kuitenkin kun
        kuten lisäksi me meidän mikä minun minä missä mitä mm mutta muun muut myös mukaan muassa ne niiden niin niitä
        noin nyt näiden nämä ole oleva oli olisi olivat olla olleet ollut on ovat pitäisi se sekä sen siihen siitä sille sillä sinä
        siis sitten sitä tai tällä tämä tämän te toinen tulee tuo tässä tätä vaan vai vaikka vain vielä voi voidaan
        voivat yli yhä
        """

    private static let ru = """
        а без более больше будет будто бы был была были было быть в вам вас ведь весь во вот впрочем все всегда всего
        всей всех всю вы где говорит да даже для до другие другой его ее её ей ему если есть еще ещё же за здесь и из
        или им иногда их к как какая какой когда который которая которые которых кто куда ли лучше между меня мне много
        может можно мой моя мы на над надо наконец нас не него нее ней нельзя нет ни нибудь никогда ним них ничего но
        ну о об один однако одной он она они оно опять от перед по под после потом потому почти при про раз разве с сам
        свою свои себе себя сейчас со совсем так также такой там тебя тем теперь то тогда того тоже только том тот три
        ту ты у уж уже хоть хотя чего чем через что чтоб чтобы чуть эта эти этих это этого этой этом этот эту я
        """

    private static let pl = """
        a aby ale ani aż bardziej bardzo bez będzie bo był była było były być bym choć ci co coś czy czyli dla dlaczego
        do dwa gdy gdyby gdzie go i ich ile im inne inny iż ja jak jakie jako je jeden jednak jego jej jemu jest jestem
        jeszcze jeśli jeżeli już każdy kiedy kilka kto która które którego której który których którym którzy lub ma
        mają mi między mimo mnie może można moje mój my na nad nam nas nasz nawet nic nich nie niego niej nigdy nim niż
        no o od około on ona one oni ono oraz po pod podczas ponieważ potem poza przed przede przez przy raz roku są się
        sobie swoje ta tak także tam te tego tej ten też to tu ty tych tylko tym u w we wiele więc wszystko wśród z za
        zaś ze że żeby
        """

    private static let cs = """
        a aby ale ani ano asi až bez bude budou by byl byla byli bylo být co což či další do dva ho i já jak jako je
        jeho jej její jejich jen jenž ještě ji jiné již jsem jsme jsou k kam každý kde kdo kdy když která které kterou
        který kteří ke ku má mají mezi mi mít mne mnoho mohou může my na nad nás naše ne nebo nebyl není než nich nic
        o od on ona oni ono pak po pod podle pokud potom pouze pro proč proto protože první před při s se si své svůj ta
        tak také takže tam tato te tedy ten tento této to tohle toho tom tomto tu tuto ty tím u už v vám váš ve více však
        všechno všech vy z za zde ze že
        """

    private static let hu = """
        a abban ahhoz ahogy aki akik akkor alatt által általában amely amelyek amelyet ami amikor amit amíg annak arra
        arról át az azért azok azon azonban azt azután azzal be belül benne bár cikk csak de e ebben eddig egész egy
        egyéb egyes egyik egyre ekkor el elég ellen elő először előtt első én ennek erre és ez ezek ezen ezért ezt ezzel
        fel felé ha hanem hiszen hogy hogyan igen illetve ilyen is ismét itt jó jól kell kellett ki kívül közben között
        közül le legalább lehet lesz lett maga már más meg mely mert mi mikor milyen mind minden mint mivel most nagy
        nagyon ne nekem neki nem néha nincs ő ők olyan ott össze pedig persze s saját sem semmi sok sokkal szemben
        szerint számára tehát teljes több tovább újra után utolsó úgy vagy vagyis való valami van vannak vele vissza
        viszont volna volt voltak
        """

    private static let ro = """
        a acea aceasta această aceea acel acela acele acest acesta aceste acestea acestui acolo acum ai aici al ale alt
        altă alte am anul ar are aş asta astfel atât au avea aveau avut ca că când care cât ce cea cei cel cele chiar ci
        cine cu cum da dacă dar de deci decât deja deşi despre din dintre după ea ei el ele era erau este eu face fără
        fi fie fiecare fiind foarte fost i îi în înainte încă între într îşi la le li lor lui lângă mai mare mi mult
        multe ne nici nimic noi nostru nu nu o or ori pe pentru peste poate prea prin s sa sale sau să se spre sub sunt
        şi și spus te toate tot totuşi toţi tu un una unde unei unele unor unui unul va vă voi vor vom
        """

    private static let tr = """
        acaba ama ancak artık asla aslında az bana bazı belki ben beni benim bile bir birçok biri birkaç biz bize bizim
        böyle bu buna bunda bundan bunlar bunu bunun burada çok çünkü da daha de defa değil diğer diye dolayı e eğer en
        etti gibi göre hangi hatta hem henüz hep hepsi her hiç i için ile ilgili ise işte kadar karşı kendi kez ki kim
        kimse mı mi mu mü nasıl ne neden nerede niçin niye o olan olarak oldu olduğu olduğunu olsa olur on ona ondan onlar onu onun
        önce oysa pek sadece sanki şey siz şu sonra tarafından tüm üzere var ve veya ya yani yapılan yeni yine yok zaten
        """
}
