"""What holds on every page: nothing that was written by others runs, all can be read and reached, and it is light."""
from axe_playwright_python.sync_playwright import Axe

axe = Axe()
WEIGHT = 100_000  # bytes of a page with all that it loads

# Every page tells of what its policy has stopped, and of scripts that were not ours.
WATCH = """
    window.stopped = [];
    addEventListener("securitypolicyviolation", (event) => stopped.push(`${event.violatedDirective} ${event.blockedURI}`));
    window.pwned = (what) => { window.hasRun = what; };
    window.alert = window.confirm = window.prompt = window.pwned;
"""


class Guard:
    """Watches what the pages of a context do that they should not."""

    def __init__(self, context):
        self.wrongs = []
        context.add_init_script(WATCH)
        context.on("page", self.watch)

    def watch(self, page):
        page.on("dialog", lambda dialog: (self.wrongs.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.wrongs.append(f"error {error}"))
        page.on("console", lambda message: self.note(message))

    def note(self, message):
        # That a request failed the page shows itself; the browser says it here, too.
        if message.type == "error" and "Failed to load resource" not in message.text \
                and "ERR_CONNECTION" not in message.text and "ERR_INCOMPLETE" not in message.text:
            self.wrongs.append(f"console {message.text}")

    def check(self, page):
        """Nothing has happened so far that should not."""
        self.wrongs += page.evaluate("window.stopped ?? []")
        has_run = page.evaluate("window.hasRun ?? null")
        assert has_run is None, f"{page.url} has run a script: {has_run}"
        foreign = page.evaluate(
            "[...document.querySelectorAll('script, iframe, object, embed, img, style, [style]:not([style=\"\"]), base, form')]"
            ".filter((e) => !(e.matches('script[src^=\"/page.js\"]') || e.matches('form[action^=\"/\"]')))"
            ".map((e) => e.outerHTML.slice(0, 200))")
        assert not foreign, f"{page.url} has elements that are not ours: {foreign}"
        handlers = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])"
            ".filter((a) => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value)).map((a) => a.name + a.value)")
        assert not handlers, f"{page.url} has handlers: {handlers}"
        assert not self.wrongs, f"{page.url}: {self.wrongs}"


def fits(page):
    """Nothing stands out to the side, and no word leaves its box."""
    width = page.evaluate("document.documentElement.clientWidth")
    full = page.evaluate("document.documentElement.scrollWidth")
    assert full <= width, f"{page.url} is {full} wide on {width}"
    outside = page.evaluate(
        """[...document.querySelectorAll('main *')].filter((e) => {
            const box = e.getBoundingClientRect();
            return box.width > 0 && box.right > document.documentElement.clientWidth + 1
                && !e.closest('.wide') && !e.closest('.unseen') && !e.matches('.unseen');
        }).map((e) => e.outerHTML.slice(0, 150))""")
    assert not outside, f"{page.url}: outside of the window: {outside[:3]}"


def accessible(page):
    """Axe has nothing to say, in any of its rules."""
    found = axe.run(page).response["violations"]
    told = [f"{rule['id']}: {rule['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for rule in found for node in rule["nodes"][:3]]
    assert not told, f"{page.url}:\n" + "\n".join(told)


def weight(page):
    """The bytes that the page and all that it loaded have as they were sent, were nothing kept from before."""
    bytes_ = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter((e) => !e.name.includes('/api/') && e.initiatorType !== 'fetch')"
        ".reduce((sum, e) => sum + e.encodedBodySize + 300, 0)")
    assert bytes_ <= WEIGHT, f"{page.url} weighs {bytes_}"
    return bytes_


def first_paint(page):
    """When the first thing was seen, in milliseconds after the navigation began."""
    return page.evaluate(
        """new Promise((done) => {
            const look = () => {
                const paint = performance.getEntriesByName("first-contentful-paint")[0];
                paint ? done(paint.startTime) : setTimeout(look, 5);
            };
            look();
        })""")


def answered(page):
    """When the whole document had come, in milliseconds after the navigation began."""
    return page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")


def walk(page, most=400):
    """Goes through the page by the Tab key; returns what it came by. Whatever has the focus is seen, and shows that it has."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """(() => {
                const e = document.activeElement;
                if (!e || e === document.body) return null;
                const style = getComputedStyle(e), box = e.getBoundingClientRect();
                return {
                    name: (e.innerText || e.value || e.getAttribute('aria-label') || e.name || '').trim().slice(0, 60),
                    tag: e.tagName, href: e.getAttribute('href'),
                    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
                    isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
                        && box.left >= 0 && box.right <= innerWidth + 1,
                };
            })()""")
        if place is None:
            break
        assert place["outline"], f"{page.url}: no focus is seen on {place}"
        assert place["isSeen"], f"{page.url}: what has the focus is not seen: {place}"
        seen.append(place)
    return seen
