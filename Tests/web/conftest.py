"""`make web`: a real gemd, a real browser. Without chromium or node the tests are skipped, and say so."""

import json, os, pathlib, shutil, subprocess

import pytest

from daemon import Daemon, fitting

HERE = pathlib.Path(__file__).parent
PROGRAMS = pathlib.Path(os.environ.get("GEMD_PROGRAMS", HERE.parents[1] / ".build" / "debug"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def daemon():
    daemon = Daemon(PROGRAMS)
    daemon.serve()
    daemon.numbers = daemon.fill()
    daemon.json = daemon.fetch(daemon.numbers[0])
    yield daemon
    daemon.close()


@pytest.fixture(scope="session")
def other():
    """Another issuer's state: whatever it signs is foreign here."""
    other = Daemon(PROGRAMS, issuer="OTHER")
    yield other
    other.close()


@pytest.fixture(scope="session")
def vectors(daemon):
    if not shutil.which("node"):
        pytest.skip("node is not installed: codes and papers cannot be made")
    made = subprocess.run(
        ["node", HERE / "vectors.mjs", daemon.state, daemon.json, daemon.folder, fitting("GGAPCP-26C-000001-")], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@pytest.fixture(scope="session")
def browser():
    if not pathlib.Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed: no browser to look at the pages with")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
