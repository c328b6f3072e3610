/// The lists of ``StopWords`` of languages that came later; ``StopWordLists`` has the others.
enum MoreStopWordLists {
    static let all: [String: String] = ["ar": ar, "ca": ca, "el": el, "id": id, "uk": uk]

    private static let ar = """
        في من على إلى الى عن مع أن ان إن أنه انه التي الذي الذين اللذين هذا هذه ذلك تلك هؤلاء هو هي هم هما نحن أنا انا أنت
        ما لا لم لن ليس ليست قد كان كانت كانوا يكون تكون كما كل بعد قبل بين حتى عند عندما منذ خلال حول ضد أو او ثم بل لكن
        ولكن أي اي أيضا ايضا غير هناك هنا حيث إذا اذا لو كما لها له لهم به بها بهم فيه فيها منه منها عليه عليها إليه وهو
        وهي وقد وكان وأن وفي ومن وعلى ولا كيف متى لماذا أين قال وقال يوم بعض جدا دون فقط سوف نحو أكثر اكثر
        """

    private static let ca = """
        a al als amb aquell aquella aquelles aquells aquest aquesta aquestes aquests això allò així abans ara bé cada com
        contra d de del dels des després dins dos doncs durant el els ell ella elles ells en encara entre era eren es està
        estan estava et ets fa fer fins fins ha han havia he hi ho i ja jo l la les li llavors m mai mateix mateixa me
        mentre meu meva molt molta molts moltes més n ni no nosaltres o on pel pels per perquè perque però poc pot poden
        que quan quant quin quina qui res s sa se sense ser seu seva seus seves si sobre som són sota sóc t també tan tant
        te tenir té teu teva tot tota tots totes tu un una unes uns va van vaig vosaltres us
        """

    private static let el = """
        ο η το οι τα του της των τον την τους τις τη στο στη στην στον στους στις στα στης και κι κ να θα με για από απο σε
        ως προς παρά κατά μετά χωρίς μέχρι αλλά αλλα όμως ή είτε ούτε δεν μην μη ναι όχι που πως πώς ότι οτι όταν αν εάν
        γιατί επειδή ώστε ενώ αφού πριν όπως όπου είναι ήταν είμαι είσαι είμαστε έχει έχουν είχε είχαν έχω αυτός αυτή αυτό
        αυτοί αυτές αυτά αυτού αυτής αυτών εκείνος εκείνη εκείνο ένας μία μια ένα έναν ενός μιας κάθε κάποιος κάτι τι
        ποιος ποια ποιο πολύ πιο μόνο επίσης ακόμη ακόμα ήδη τώρα εδώ εκεί μας σας μου σου όλα όλοι όλες
        """

    private static let id = """
        ada adalah agar akan akibat aku anda antara apa apabila apakah atas atau bagi bahwa baik banyak bagaimana beberapa
        begitu belum berada bila bisa bukan dalam dan dapat dari daripada demi dengan di dia hal hanya harus hingga ia ini
        itu jadi jika juga kalau kami kamu karena kata ke kemudian kepada ketika kita lagi lain lalu lebih maka masih
        mereka meski mungkin namun nya oleh pada para pernah pula pun saat saja saya sebagai sebab sebelum sebuah secara
        sedang sehingga sejak selain selama seperti sering serta sesuatu setelah setiap suatu sudah supaya tak tapi telah
        tentang terhadap tersebut tetapi tidak untuk yaitu yakni yang
        """

    private static let uk = """
        а або але би без був була були було бути в вам вас весь вже ви від він вона воно вони все всі всіх ж за з зі із і
        й його її їх їм до для де до є ж же коли крім куди ким кого кому лише ми має мають може між мені мене мій моя на
        над навіть нам нас не неї нема немає ні ніж ним них но ну о об один одна по поки після при про під раз саме себе
        свій своя свої своєю сам та так також там те тепер ти то тобто того тоді той тому тут у хоча це цей ця ці цього
        цьому цієї цим цих через чи чого чому що щоб щодо ще як яка який яке які яких якщо
        """
}
