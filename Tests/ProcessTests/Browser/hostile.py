"""Articles and files of somebody who means harm, or whose program is broken."""
SCRIPT = "<script>pwned('title')</script><img src=x onerror=\"pwned('image')\">"
BREAKOUT = "\"'><svg onload=pwned('svg')></title></textarea><iframe src=javascript:pwned(1)></iframe>"
OVERRIDE = "safe\u202egpj.exe\u2066\u2067 and \u200fthe rest"
CONTROLS = "bell\x07 escape\x1b[31m null-like\x00 next\x85line"
MARKS = "Z" + "\u0301\u0489" * 50_000
WORD = "w" * 2_000_000


def drop_all(crew):
    """Drops them; returns how many articles they make."""
    crew.drop_article(
        "<img src=x onerror=pwned(1)>.json", uri="javascript:pwned('uri')", version="1\"><b>", title=SCRIPT,
        body=SCRIPT + "\n\n" + BREAKOUT, author=BREAKOUT, section=BREAKOUT, abstract=BREAKOUT,
        keywords=[SCRIPT, BREAKOUT], language="en")
    crew.drop_article("breakout.json", title=BREAKOUT, body=f"A text about nothing much. {BREAKOUT}", url="javascript:pwned(2)")
    crew.drop_article("override\u202etxt.json", title=OVERRIDE, body=f"One sentence only. {OVERRIDE}")
    crew.drop_article("controls.json", title=CONTROLS, body=CONTROLS)
    crew.drop_article("marks.json", title=MARKS, body=f"Marks. {MARKS}")
    crew.drop_article("word.json", title="A long word", body=f"Before it. {WORD} after it.")
    crew.drop_article("wide.json", title="x" * 300, body="A title without a space.")
    crew.drop_article("long.json", title="<b>&\"'" * 800_000, body="A title of five megabytes.")
    # A text is taken as it stands, where a format that has markup would have lost it.
    crew.drop("text.txt", f"{SCRIPT}\n\nAbstract: {BREAKOUT}\n\n{SCRIPT} {BREAKOUT}\n")
    # And what cannot be read, under a name that is markup.
    crew.drop("<svg onload=pwned(3)> #7.json", "{\"title\": \"" + SCRIPT + "\",\n" + BREAKOUT)
    return 9
