"""The public pages in Chromium: what a buyer sees, with and without scripts, with and without a connection."""

import os, pathlib, re, subprocess

import pytest
from playwright.sync_api import expect

from daemon import fitting

SHOTS = os.environ.get("SHOTS")
AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class View:
    """One browser context, and everything that it must not do."""

    def __init__(self, browser, daemon, width=360, scheme="light", scripts=True, status=None, locale="en-GB", workers="block"):
        self.daemon = daemon
        self.context = browser.new_context(
            viewport={"width": width, "height": 780}, device_scale_factor=2 if width < 500 else 1, color_scheme=scheme,
            is_mobile=width < 500, has_touch=width < 500, java_script_enabled=scripts, locale=locale, service_workers=workers,
            reduced_motion="reduce")
        if status is not None:
            self.context.route("**/status/*", lambda route: route.fulfill(body=status, content_type="application/statuslist+jwt"))
        self.page = self.context.new_page()
        self.console, self.requests = [], []
        # Playwright itself says it when a test asks for no service worker.
        self.page.on("console", lambda message: "blocked by Playwright" in message.text or self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.context.on("request", lambda request: self.requests.append(request.url))

    def open(self, path, scripts=True):
        answer = self.page.goto(self.daemon.url + path)
        if scripts:
            self.page.wait_for_selector("main[data-ready]", state="attached")
        return answer

    def wait_for_worker(self):
        self.page.evaluate("""() => navigator.serviceWorker.controller ? true
            : new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', () => done(true)))""")

    @property
    def verdict(self):
        return self.page.locator("#verdict").get_attribute("class").split()[1]

    @property
    def headline(self):
        return self.page.locator("#verdict h1").inner_text()

    @property
    def card(self):
        return self.page.locator("#verdict").inner_text()

    def overflows(self):
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def strangers(self):
        return [url for url in self.requests if not url.startswith(self.daemon.url + "/")]

    def violations(self):
        from axe_playwright_python.sync_playwright import Axe

        answer = Axe().run(self.page, options={"runOnly": AXE}).response
        return [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in answer["violations"]]

    def shoot(self, name):
        if SHOTS:
            self.page.screenshot(path=str(pathlib.Path(SHOTS) / f"{name}.png"), full_page=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


def typo(number):
    return number[:-1] + ("B" if number.endswith("A") else "A")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("kind", ["genuine", "coded", "changed", "typo", "unknown", "verify"])
def test_every_page_is_accessible_and_keeps_to_itself(browser, daemon, vectors, kind, language, scheme, width):
    number = daemon.numbers[0]
    path = {
        "genuine": f"/c/{number}", "coded": f"/c/{number}", "changed": f"/c/{number}", "typo": f"/c/{typo(number)}",
        "unknown": "/c/" + fitting("GGAPCP-26D-000999-"), "verify": "/verify",
    }[kind] + ("?lang=ur" if language == "ur" else "")
    path += {"coded": "#" + vectors["good"], "changed": "#" + vectors["changed"]}.get(kind, "")
    with View(browser, daemon, width, scheme, status=vectors["valid"]) as view:
        view.open(path)
        view.page.evaluate("document.fonts.ready")
        view.page.evaluate("document.querySelector('details') && (document.querySelector('details').open = true)")
        view.shoot(f"{kind}-{language}-{scheme}-{width}")
        assert view.violations() == []
        assert not view.overflows()
        # Chromium itself writes a line for an answer 404, which these pages are.
        assert [line for line in view.console if kind not in ("typo", "unknown") or "404" not in line] == []
        assert view.strangers() == []
        assert any(url.endswith(".woff2") for url in view.requests) == (language == "ur")


def test_axe_finds_faults_where_there_are_some(browser, daemon):
    with View(browser, daemon) as view:
        view.page.set_content("<html><body><img src=x><input><a href=/></a><p style='color:#ccc;background:#fff'>pale</p></body></html>")
        found = {one[0] for one in view.violations()}
        assert {"document-title", "html-has-lang", "image-alt", "label", "link-name", "color-contrast"} <= found


@pytest.mark.parametrize("language", ["en", "ur"])
def test_without_scripts_the_server_s_verdict_stands(browser, daemon, language):
    query = "?lang=ur" if language == "ur" else ""
    with View(browser, daemon, scripts=False) as view:
        view.open(f"/c/{daemon.numbers[0]}{query}", scripts=False)
        assert view.verdict == "genuine"
        assert view.page.locator("figure img").is_visible() and view.page.locator("#checks li").count() >= 9
        assert view.page.locator("html").get_attribute("dir") == ("rtl" if language == "ur" else "ltr")
        view.shoot(f"noscript-{language}")
        for weight, length, outcome in (("1.58", "9.12", "genuine"), ("1,59", "", "genuine"), ("1.61", "", "cancelled"), ("1.58", "9.3", "notGenuine"), ("x", "", "cannotTell"), ("", "", "cannotTell")):
            view.page.fill("input[name=weight]", weight)
            view.page.fill("input[name=length]", length)
            view.page.click("#match-form button")
            assert view.page.locator("#match-answer").get_attribute("class").split()[1] == outcome, (weight, length)
            assert view.page.locator("input[name=weight]").input_value() == weight
        view.open(f"/c/{typo(daemon.numbers[0])}{query}", scripts=False)
        assert view.verdict == "cannotTell"
        view.open(f"/c/{fitting('GGAPCP-26D-000999-')}{query}", scripts=False)
        assert view.verdict == "notGenuine"
        view.open(f"/verify{query}", scripts=False)
        view.page.fill("#n", daemon.numbers[0].lower().replace("-", " "))
        view.page.click("#number-form button")
        assert view.verdict == "genuine" and view.page.url.endswith(daemon.numbers[0] + query)


def test_a_number_that_is_not_known_says_why(browser, daemon):
    with View(browser, daemon) as view:
        assert view.open(f"/c/{typo(daemon.numbers[0])}").status == 404
        assert "typing error" in view.card
        assert view.open(f"/c/{fitting('GGAPCP-26D-000999-')}").status == 404
        assert "Not issued by" in view.headline and "GGAPCP" in view.headline
        view.open(f"/c/{fitting('OTHER-26D-000999-')}")
        assert view.verdict == "cannotTell" and "another issuer" in view.card


def test_the_code_is_checked_in_the_browser(browser, daemon, vectors):
    path = f"/c/{daemon.numbers[0]}#"
    with View(browser, daemon, status=vectors["valid"]) as view:
        view.open(path + vectors["good"])
        assert view.verdict == "genuine" and "signed by the issuer" in view.page.locator("#checks li").nth(1).inner_text()
        assert "9.12 × 7.05 × 4.88 mm" in view.page.locator("#code").inner_text()
    for fragment, words in (
        (vectors["changed"], "was changed"), (vectors["otherText"], "another text"), (vectors["good"][:-60], "damaged"),
        ("1" + vectors["good"], ""), (vectors["good"] + "7", ""),
    ):
        with View(browser, daemon, status=vectors["valid"]) as view:
            view.open(path + fragment)
            assert view.verdict == "notGenuine", fragment[-20:]
            assert words in view.card
    with View(browser, daemon, status=vectors["valid"]) as view:
        view.open(f"/c/{daemon.numbers[1]}#" + vectors["good"])
        assert view.verdict == "notGenuine" and "another certificate" in view.card


def test_a_cancelled_certificate_is_seen_in_the_signed_list(browser, daemon, vectors):
    path = f"/c/{daemon.numbers[0]}"
    with View(browser, daemon, status=vectors["stolen"]) as view:
        view.open(path + "#" + vectors["good"])
        assert view.verdict == "cancelled" and "reported stolen" in view.card and "Signed list, made" in view.card
        view.shoot("stolen")
    with View(browser, daemon, status=vectors["old"]) as view:
        view.open(path)
        assert view.verdict == "genuine" and "out of date" in view.page.locator("#checks").inner_text()
    with View(browser, daemon, status=vectors["valid"][:-4] + "AAAA") as view:
        view.open(path)
        assert "not signed by the issuer" in view.page.locator("#checks li").first.inner_text()


def test_it_works_without_a_connection(browser, daemon, vectors):
    path = f"/c/{daemon.numbers[0]}"
    with View(browser, daemon, workers="allow") as view:
        view.open(path)
        view.wait_for_worker()
        view.open(path)
        view.context.set_offline(True)
        view.open(path + "#" + vectors["good"])
        view.page.reload()
        view.page.wait_for_selector("main[data-ready]", state="attached")
        assert view.page.locator("main").get_attribute("data-ready") == "code"
        # The status list of the last visit still counts, and says how old it is.
        assert view.verdict == "genuine" and "Signed list, made" in view.page.locator("#checks").inner_text()
        view.open(path + "#" + vectors["changed"])
        assert view.verdict == "notGenuine"
        # A number that was never looked at: what its code signs is all there is.
        view.open(f"/c/{daemon.numbers[2]}#" + vectors["good"])
        assert view.verdict == "notGenuine"
    with View(browser, daemon, workers="allow") as view:
        view.open("/verify")
        view.wait_for_worker()
        view.context.set_offline(True)
        view.open(path + "#" + vectors["good"])
        assert view.verdict == "genuine" and "not checked" in view.card and daemon.numbers[0] in view.page.locator("#code").inner_text()
        view.shoot("offline")
        view.open(path + "#" + vectors["changed"])
        assert view.verdict == "notGenuine"


def choose(view, *files):
    answer = view.page.locator("#file-answer")
    # What was answered about the files before must not be read as this answer.
    answer.evaluate("element => { element.textContent = 'Checking'; }")
    view.page.set_input_files("#f", [str(file) for file in files])
    expect(answer).not_to_contain_text(re.compile("Checking|جانچ ہو رہی ہے"))
    return answer.get_attribute("class").split()[1], answer.inner_text()


def test_files_are_checked_here_and_sent_nowhere(browser, daemon, vectors, other):
    json, p7s = daemon.json, str(daemon.json) + ".p7s"
    with View(browser, daemon, status=vectors["valid"]) as view:
        view.open("/verify")
        outcome, text = choose(view, json, p7s)
        assert outcome == "genuine" and daemon.numbers[0] in text and "No laboratory examined" in text
        view.shoot("dropped")
        assert choose(view, json)[0] == "cannotTell"
        assert choose(view, daemon.folder / "changed.json", p7s)[0] == "notGenuine"
        outcome, text = choose(view, daemon.folder / "good.pdf")
        assert outcome == "genuine" and daemon.numbers[0] in text
        outcome, text = choose(view, daemon.folder / "added.pdf")
        assert outcome == "notGenuine" and "added to this paper" in text
        assert choose(view, other.state / "pki" / "root.pem")[0] == "cannotTell"
        outcome, text = choose(view, pathlib.Path(__file__).parents[2] / "Examples/photographs/emerald.jpg")
        assert outcome == "cannotTell"
        assert view.strangers() == [] and view.console == []
        # Only the status list was asked for after the page itself.
        assert not any(".json" in url or ".p7s" in url for url in view.requests)


def test_after_a_theft_the_browser_judges_as_the_server_does(browser):
    from daemon import Daemon
    from conftest import PROGRAMS
    import urllib.request

    own = Daemon(PROGRAMS)

    def fetch(path, name):
        with urllib.request.urlopen(own.url + path) as answer:
            (own.folder / name).write_bytes(answer.read())
        return own.folder / name

    try:
        own.serve()
        number = own.fill()[0]
        json = own.fetch(number)
        before = fetch(f"/c/{number}.pdf", "before.pdf")
        proof = fetch(f"/c/{number}.tlog-proof", "N.tlog-proof")
        code = fetch(f"/c/{number}.qr.txt", "code").read_text().split("#")[1]
        own.stop()
        subprocess.run([PROGRAMS / "gemd", "keys", "renew", "--state", own.state, "--stolen"], check=True, capture_output=True)
        own.serve()
        after = fetch(f"/c/{number}.pdf", "after.pdf")
        evidence = own.folder / "evidence.pdf"
        evidence.write_bytes(own_lt(own, number))
        for language, words in (("en", "the print around it is not"), ("ur", "چھپی ہوئی عبارت نہیں")):
            with View(browser, own) as view:
                view.open("/verify" + ("?lang=ur" if language == "ur" else ""))
                outcome, text = choose(view, before)
                assert outcome == "genuine" and number in text and words in text, text
                for paper in (after, evidence):
                    outcome, text = choose(view, paper)
                    assert outcome == "genuine" and words not in text, text
                assert choose(view, json, str(json) + ".p7s")[0] == "cannotTell"
                assert choose(view, json, str(json) + ".p7s", proof)[0] == "genuine"
                assert view.violations() == [] and view.console == []
                view.shoot(f"theft-{language}")
        with View(browser, own) as view:
            # The page of the number was judged by the server; the code alone counts no more.
            view.open(f"/c/{number}#{code}")
            assert view.verdict == "genuine" and "taken back" in view.page.locator("#checks").inner_text()
        with View(browser, own) as view:
            view.context.route("**/c/*", lambda route: route.fulfill(body=urllib.request.urlopen(own.url + "/verify").read().decode(), content_type="text/html"))
            view.open(f"/c/{number}#{code}")
            assert view.verdict == "cannotTell" and "only the whole certificate counts" in view.card
    finally:
        own.close()


def own_lt(own, number):
    import http.client, socket

    connection = http.client.HTTPConnection("gemd")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(own.folder / "gemd.sock"))
    connection.request("GET", f"/v1/certificates/{number}.pdf?level=lt")
    answer = connection.getresponse()
    assert answer.status == 200
    return answer.read()


def test_a_stone_is_compared(browser, daemon):
    with View(browser, daemon, status="") as view:
        view.open(f"/c/{daemon.numbers[0]}")
        for weight, outcome in (("1.58", "genuine"), ("1,59", "genuine"), ("1.61", "cancelled"), ("2.1", "notGenuine"), ("x", "cannotTell"), ("", "cannotTell")):
            view.page.fill("input[name=weight]", weight)
            view.page.press("input[name=weight]", "Enter")
            assert view.page.locator("#match-answer").get_attribute("class").split()[1] == outcome, weight
        view.shoot("matched")


def test_length_and_width_may_be_told_in_either_order_as_the_server_takes_them(browser, daemon):
    # Signed: 9.12 × 7.05 × 4.88 mm.
    cases = [
        (("9.12", "7.05", "4.88"), "genuine"), (("7.05", "9.12", "4.88"), "genuine"), (("7,05", "9,12", ""), "genuine"),
        (("7.11", "9.12", "4.88"), "cancelled"), (("4.88", "9.12", "7.05"), "notGenuine"), (("9.12", "9.12", ""), "notGenuine"),
        (("7.05", "", ""), "notGenuine"), (("9.1234", "", ""), "cannotTell"), (("9.15", "", ""), "genuine"), (("9.151", "", ""), "cancelled"),
    ]
    for scripts in (True, False):
        with View(browser, daemon, status="", scripts=scripts) as view:
            view.open(f"/c/{daemon.numbers[0]}", scripts=scripts)
            for sides, outcome in cases:
                for name, side in zip(("length", "width", "depth"), sides):
                    view.page.fill(f"input[name={name}]", side)
                view.page.click("#match-form button")
                assert view.page.locator("#match-answer").get_attribute("class").split()[1] == outcome, (sides, scripts)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_code_of_a_check_alone_does_not_sound_like_a_match(browser, daemon, vectors, language):
    number = fitting("GGAPCP-26C-000001-")
    with View(browser, daemon, status=vectors["valid"]) as view:
        view.open(f"/c/{number}{'?lang=ur' if language == 'ur' else ''}#" + vectors["check"])
        assert view.verdict == "genuine"
        english = language == "en"
        assert view.headline == ("Genuine council check" if english else "کونسل کا اصلی موازنہ")
        assert ("Whether the stone matched stands in the whole certificate only" if english else "یہ صرف پوری سند میں ہے") in view.card
        view.shoot(f"check-{language}")
        assert view.violations() == []


def test_the_verifier_s_reasons_are_urdu_on_an_urdu_page(browser, daemon):
    with View(browser, daemon, scripts=False) as view:
        view.open(f"/c/{daemon.numbers[0]}?lang=ur", scripts=False)
        assert view.page.locator("#checks small[lang=en]").count() == 0
        assert view.verdict == "genuine"


def test_whoever_tries_out_numbers_is_asked_to_wait(browser):
    from daemon import Daemon
    from conftest import PROGRAMS
    import urllib.request, urllib.error

    own = Daemon(PROGRAMS)
    try:
        own.serve()
        for serial in range(31):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(f"{own.url}/c/{fitting(f'GGAPCP-26D-{serial:06}-')}")
        for language in ("en", "ur"):
            with View(browser, own, status="") as view:
                assert view.open(f"/c/{fitting('GGAPCP-26D-000777-')}?lang={language}").status == 429
                assert view.verdict == "cannotTell" and (view.headline == "Please wait a moment") == (language == "en")
                assert view.violations() == [] and not view.overflows()
                view.shoot(f"wait-{language}")
    finally:
        own.close()


def test_everything_can_be_reached_by_keyboard(browser, daemon):
    with View(browser, daemon, 1280) as view:
        view.open(f"/c/{daemon.numbers[0]}")
        order = []
        for _ in range(40):
            view.page.keyboard.press("Tab")
            order.append(view.page.evaluate("document.activeElement.className || document.activeElement.name || document.activeElement.id || document.activeElement.tagName"))
        assert order[0] == "skip" and order.index("lang") < order.index("weight") < order.index("number")
        small = view.page.evaluate("""[...document.querySelectorAll('button, header a, ul.files a, summary, input')].filter(e => e.offsetParent)
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)""")
        assert small == []


def test_the_page_is_small(daemon):
    import urllib.request

    for query in ("", "?lang=ur"):
        with urllib.request.urlopen(f"{daemon.url}/c/{daemon.numbers[0]}{query}") as answer:
            assert len(answer.read()) < 30_000
    with urllib.request.urlopen(daemon.url + "/nastaliq.woff2") as answer:
        assert len(answer.read()) < 150_000


def test_node_reads_good_and_hostile_input(daemon, other):
    import shutil

    if not shutil.which("node"):
        pytest.skip("node is not installed")
    done = subprocess.run(
        ["node", "--test", pathlib.Path(__file__).parent / "check.test.mjs"], capture_output=True, text=True,
        env=dict(os.environ, STATE=str(daemon.state), JSON=str(daemon.json), OTHER=str(other.state)))
    assert done.returncode == 0, done.stdout
