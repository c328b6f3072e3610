"""Drives a browser through the pages of a running Dropwire, as an operator and an editor do.

    pages.py --program PATH --scratch DIR --screenshots DIR

It starts all processes, drops files, looks at what the pages show of them, and ends the processes. It says what it has
seen a line each, and ends with 0 where all was as it should be. Screenshots are for people.
"""
import argparse, os, pathlib, re, signal, statistics, time, urllib.parse
from playwright.sync_api import expect, sync_playwright
import checks, hostile
from crew import Crew, wait

DEMO = pathlib.Path(__file__).parents[3] / "Config" / "demo"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Tour:
    def __init__(self, crew, browser, screenshots):
        self.crew, self.browser, self.screenshots = crew, browser, screenshots
        self.context, self.guard = self.make_context()
        self.page = self.context.new_page()
        self.kept = []

    def make_context(self, **options):
        context = self.browser.new_context(base_url=self.crew.address, **({"viewport": DESK} | options))
        context.set_default_timeout(60_000)
        return context, checks.Guard(context)

    def shoot(self, page, name):
        # Of a page without end its beginning is enough.
        is_short = page.evaluate("document.documentElement.scrollHeight") < 6000
        page.screenshot(path=self.screenshots / f"{name}.png", full_page=is_short)

    def count(self, stage):
        return self.page.locator(f"#stages [data-key={stage}] .count")

    # MARK: Scenes, each by itself, in the order of a day

    def nothing_yet(self):
        self.page.goto("/")
        expect(self.page.get_by_text("No article has come in yet.")).to_be_visible()
        expect(self.page.get_by_text("Nothing is in quarantine.")).to_be_visible()
        expect(self.page.locator("#health")).to_have_text(re.compile("Nothing is lost, and nothing is stuck"))
        checks.accessible(self.page)

    def counts_rise(self):
        """The page stays open; nobody reloads it."""
        self.page.evaluate("window.isTheSame = true")
        for file in sorted(DEMO.glob("*.txt")):
            self.crew.drop(file.name, file.read_bytes())
        expect(self.count("articles")).to_have_text("8")
        expect(self.count("summarize")).to_have_text("8")
        expect(self.page.locator("#latest li")).to_have_count(7)
        expect(self.page.locator("#latest .verdict.unique").first).to_be_visible()
        assert self.page.evaluate("window.isTheSame"), "the page was loaded anew"
        begun = time.monotonic()
        self.crew.drop("late.txt", "A late one\n\nIt came behind the others, by itself.\n")
        expect(self.page.locator("#latest li").first).to_contain_text("A late one")
        print(f"dropped to seen: {time.monotonic() - begun:.2f} s")

    def article(self):
        self.crew.drop_article(
            "dock-1.json", uri="urn:dock", version="1", title="Dock strike ends", language="en",
            body="Workers at the north dock ended their strike on Tuesday.\n\nThe port opens on Wednesday at six.")
        wait("version 1", lambda: self.crew.has_worked(10))
        self.crew.drop_article(
            "dock-2.json", uri="urn:dock", version="2", title="Dock strike ends", language="en",
            body="Workers at the north dock ended their strike on Tuesday.\n\nThe port opens on Wednesday at seven. "
            "Ferries follow on Friday.")
        wait("version 2", lambda: self.crew.has_worked(11))
        self.page.goto("/")
        self.page.get_by_role("link", name="Dock strike ends").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Dock strike ends")
        expect(self.page.locator("details[open] ins").first).to_contain_text("seven.")
        expect(self.page.locator("details[open] del").first).to_contain_text("six.")
        expect(self.page.get_by_role("row", name=re.compile("^deduplicate"))).to_contain_text("revision")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="The file as it was dropped").click()
        assert "Ferries follow" in download.value.path().read_text()
        assert download.value.suggested_filename == "dock-2.json"
        self.page.get_by_role("link", name="dock-2.json").click()
        expect(self.page.locator("h2").first).to_contain_text("Published")
        self.page.get_by_role("link", name="Dock strike ends").click()
        self.keep("article")

    def search(self):
        self.page.goto("/")
        self.page.get_by_role("searchbox").fill("bridge")
        self.page.get_by_role("searchbox").press("Enter")
        expect(self.page.locator("main [role=status]")).to_have_text("2 articles found.")
        expect(self.page.locator(".summary mark").first).to_have_text("bridge")
        self.page.get_by_role("searchbox").fill("bridge OR strike")
        self.page.get_by_role("button", name="Search", exact=True).click()
        expect(self.page.locator("#latest li")).to_have_count(3)
        self.page.locator(".facet").filter(has_text="Day").get_by_role("link").last.click()
        expect(self.page.locator("#latest li")).to_have_count(2)
        self.page.locator(".facet a[aria-current]").first.click()
        expect(self.page.locator("#latest li")).to_have_count(3)
        self.keep("search")
        self.page.get_by_role("searchbox").fill("source:agency (bridge OR")
        self.page.get_by_role("button", name="Search", exact=True).click()
        expect(self.page.get_by_role("alert").last).to_contain_text("OR needs a word after it")
        expect(self.page.locator(".query mark")).to_be_visible()
        self.keep("wrong-query")

    def quarantine(self):
        self.crew.drop("mendable.json", '{"title": "Mended later",\n "body": }\n')
        self.crew.drop("hopeless.txt", "")
        self.page.goto("/quarantine")
        expect(self.page.locator("#quarantine li")).to_have_count(2)
        self.page.get_by_role("link", name="mendable.json").click()
        expect(self.page.locator("tr.meant")).to_contain_text('"body": }')
        self.shoot(self.page, "quarantined")
        # Somebody mends it where it lies, and has it tried again.
        (self.crew.drop_path / ".quarantine" / "mendable.json").write_text(
            '{"title": "Mended later",\n "body": "It could be read in the end."}\n')
        self.page.get_by_role("button", name="Retry").click()
        self.page.wait_for_url("**/quarantine")
        expect(self.page.locator("#quarantine li")).to_have_count(1)
        wait("the mended file is an article", lambda: self.crew.article("Mended later"))
        self.page.get_by_role("button", name="Discard hopeless.txt").click()
        expect(self.page.get_by_text("Nothing is in quarantine.")).to_be_visible()
        self.page.goto("/files/hopeless.txt")
        expect(self.page.locator("h2").first).to_contain_text("Discarded")

    def failures(self):
        article = self.crew.article("Mended later")
        self.page.goto("/")
        self.crew.report_failure(article, "translate", "the engine <b>is</b> down")
        expect(self.page.locator("#failures")).to_contain_text("the engine <b>is</b> down")
        expect(self.page.locator("#health")).to_contain_text("1 article that a worker gave up")
        self.page.goto("/failures?kind=translate")
        expect(self.page.locator("#failures li")).to_have_count(1)
        self.keep("failures")

    def restart(self):
        """The service dies with the page open, and comes back."""
        self.page.goto("/")
        before = self.count("articles").inner_text()
        self.page.evaluate("window.isTheSame = true")
        # Its keeper sleeps meanwhile: else it would be back at once.
        os.kill(self.crew.process.pid, signal.SIGSTOP)
        self.crew.kill_status()
        expect(self.page.locator("#banner")).to_contain_text("does not answer")
        self.shoot(self.page, "lost")
        assert self.count("articles").inner_text() == before
        os.kill(self.crew.process.pid, signal.SIGCONT)
        expect(self.page.locator("#banner")).to_be_hidden(timeout=60_000)
        expect(self.count("articles")).to_have_text(before)
        self.crew.drop("after.txt", "After the restart\n\nIt came when the page was back.\n")
        expect(self.page.locator("#latest li").first).to_contain_text("After the restart")
        assert self.page.evaluate("window.isTheSame"), "the page was loaded anew"

    def focus_stays(self):
        """Whoever is at a link while the page changes stays there."""
        self.page.goto("/")
        link = self.page.locator("#latest li a").first
        link.focus()
        name = link.inner_text()
        self.crew.drop("focus.txt", "One above it\n\nThe list has grown at its beginning.\n")
        expect(self.page.locator("#latest li").first).to_contain_text("One above it")
        assert self.page.evaluate("document.activeElement.innerText") == name

    def keyboard(self):
        self.page.goto("/")
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"
        self.page.goto("/articles")
        seen = checks.walk(self.page)
        links = self.page.locator("a:visible, button:visible, input:visible, select:visible, summary:visible").count()
        assert len(seen) >= links - 1, f"{len(seen)} of {links} are reached"
        print(f"reached by Tab: {len(seen)}")

    def without_script(self):
        context, _ = self.make_context(java_script_enabled=False)
        page = context.new_page()
        page.goto("/")
        expect(page.locator("#stages [data-key=articles] .count")).not_to_have_text("0")
        page.get_by_role("searchbox").fill("bridge")
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.locator("#latest li")).to_have_count(2)
        self.crew.drop("empty.txt", "")
        wait("the quarantine has it", lambda: self.crew.status()["quarantine"]["count"] == 1)
        page.goto("/quarantine")
        page.get_by_role("button", name="Discard empty.txt").click()
        wait("it is discarded", lambda: self.crew.status()["quarantine"]["count"] == 0)
        context.close()

    def hostile_content(self):
        known = len(self.crew.articles())
        count = hostile.drop_all(self.crew)
        # Titles of megabytes, in a build for debugging, beside other tests.
        wait("the hostile articles", lambda: len(self.crew.articles()) == known + count, seconds=240)
        wait("the hostile file", lambda: self.crew.status()["quarantine"]["count"] == 1)
        wait("their workers", lambda: self.crew.has_worked(known + count), seconds=240)
        self.keep("overview", "/")
        self.keep("articles", "/articles")
        self.keep("quarantine", "/quarantine")
        self.page.goto("/quarantine")
        self.page.locator("#quarantine a").first.click()
        self.keep("hostile-file")
        for number, article in enumerate(self.crew.articles()[:count]):
            self.keep(f"hostile-{number}", f"/articles/{article['id']}")
        self.keep("hostile-search", "/search?q=" + urllib.parse.quote(hostile.SCRIPT))
        self.keep("hostile-path", "/files/" + urllib.parse.quote("<img src=x onerror=pwned(1)>.json", safe=""))

    def keep(self, name, path=None):
        """Notes a page for the look at all of them."""
        self.kept.append((name, path or self.page.url))

    def looks(self):
        """Every page in both schemes, at a desk and on a phone; it is light, and soon there."""
        self.keep("sources", "/sources")
        self.keep("source", "/sources/agency")
        self.keep("file", "/files/dock-2.json")
        self.keep("missing", "/articles/" + "0" * 32)
        heaviest = (0, "")
        for scheme, size in [("light", DESK), ("dark", PHONE)]:
            context, guard = self.make_context(color_scheme=scheme, viewport=size)
            page = context.new_page()
            for name, path in self.kept:
                page.goto(path)
                guard.check(page)
                checks.fits(page)
                # What an article says does not hang on the scheme.
                if scheme == "light" or not name.startswith("hostile"):
                    checks.accessible(page)
                heaviest = max(heaviest, (checks.weight(page), name))
                self.shoot(page, f"{name}-{scheme}")
            context.close()
        print(f"pages looked at: {len(self.kept)} × 2; the heaviest: {heaviest[1]}, {heaviest[0]:,} bytes")
        # The other halves, for what hangs on the scheme or on the width alone.
        for scheme, size in [("dark", DESK), ("light", PHONE)]:
            context, guard = self.make_context(color_scheme=scheme, viewport=size)
            page = context.new_page()
            for path in ["/", "/quarantine"]:
                page.goto(path)
                checks.fits(page)
                checks.accessible(page)
            self.shoot(page, f"quarantine-{scheme}-{size['width']}")
            context.close()

    def paint(self):
        """What the page adds to what this browser needs on this machine to show anything at all."""
        def times(path):
            found = []
            for _ in range(7):
                self.page.goto("about:blank")
                self.page.goto(path)
                found.append((checks.first_paint(self.page), checks.answered(self.page)))
            return sorted(found)
        bare, page = times("/healthz"), times("/")
        print("first paint: " + ", ".join(f"{paint:.0f}" for paint, _ in page) + " ms; of a line of text: "
              + ", ".join(f"{paint:.0f}" for paint, _ in bare)
              + f" ms; the service's part: {min(answered for _, answered in page):.0f} ms at best")


def main():
    # Beside other tests a step may wait for the processor; only what never comes is a failure.
    expect.set_options(timeout=60_000)
    parser = argparse.ArgumentParser()
    for name in ["--program", "--scratch", "--screenshots"]:
        parser.add_argument(name, required=True)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    screenshots = pathlib.Path(arguments.screenshots)
    screenshots.mkdir(parents=True, exist_ok=True)
    crew = Crew(arguments.program, arguments.scratch)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
            tour = Tour(crew, browser, screenshots)
            for scene in [tour.nothing_yet, tour.counts_rise, tour.article, tour.search, tour.quarantine, tour.failures,
                          tour.restart, tour.focus_stays, tour.without_script, tour.hostile_content, tour.keyboard,
                          tour.looks, tour.paint]:
                begun = time.monotonic()
                try:
                    scene()
                    tour.guard.check(tour.page)
                except Exception:
                    tour.shoot(tour.page, f"failed-{scene.__name__}")
                    print(f"failed: {scene.__name__} at {tour.page.url}")
                    raise
                print(f"{scene.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
            browser.close()
    finally:
        crew.end()


main()
