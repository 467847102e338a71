"""A gemd of its own for the pages' tests: a fresh state, four certificates, the public listener on a free port."""

import json, pathlib, re, shutil, subprocess, tempfile, time, urllib.request

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "Examples"


# A number that was never issued here but whose check character fits (made by the rule in certificate.md).
def fitting(head):
    characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for last in "23456789":
        body = head + "222" + last
        product = 36
        for character in body.replace("-", ""):
            total = (product + characters.index(character)) % 36
            product = (total or 36) * 2 % 37
        check = characters[(37 - product) % 36]
        if check not in "ILOU":
            return body + check


class Daemon:
    def __init__(self, programs, issuer="GGAPCP"):
        self.programs = pathlib.Path(programs).resolve()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gemd-web-"))
        self.state = self.folder / "state"
        subprocess.run(
            [self.programs / "gemd", "init", "--state", self.state, "--issuer", issuer,
             "--name", "Gold and Gem Art Promotion Council", "--public-url", "https://gems.example"],
            check=True, capture_output=True)
        self.process = None

    def serve(self):
        log = open(self.folder / "log", "w+")
        self.process = subprocess.Popen(
            [self.programs / "gemd", "serve", "--state", self.state, "--socket", self.folder / "gemd.sock",
             "--public", "127.0.0.1:0"], stderr=log)
        while True:
            text = (self.folder / "log").read_text()
            if text.count("listening") >= 2:
                break
            assert self.process.poll() is None, text
            time.sleep(0.02)  # until it listens; nothing is timed by this
        port = re.search(r"address=127\.0\.0\.1:(\d+)", text).group(1)
        self.url = f"http://127.0.0.1:{port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process = None

    def gemctl(self, *arguments, token=None):
        environment = {"GEMD_SOCKET": str(self.folder / "gemd.sock"), "PATH": "/usr/bin:/bin", "HOME": str(self.folder)}
        if token:
            environment["GEMD_TOKEN"] = token
        done = subprocess.run([self.programs / "gemctl", *map(str, arguments)], capture_output=True, text=True, env=environment)
        assert done.returncode in (0, 10), f"gemctl {arguments}: {done.stdout} {done.stderr}"
        return done.stdout

    def member(self, party, *roles):
        roles = [part for role in roles for part in ("--role", role)]
        member = json.loads(self.gemctl("-o", "json", "member", "add", "--party", party, "--name", "Aslam", *roles))["id"]
        return json.loads(self.gemctl("-o", "json", "token", "create", member))["secret"]

    def fill(self):
        """Registers the examples' pieces and certifies three of them; returns their numbers."""
        self.gemctl("-q", "party", "add", "Khyber Gems, Namak Mandi", "--kind", "dealer", "--code", "KHYBER")
        self.dealer = self.member("KHYBER", "dealer")
        self.gemctl("piece", "import", EXAMPLES / "khyber.ndjson", token=self.dealer)
        numbers = []
        for piece, photograph in (("K-01", "emerald"), ("K-02", "peridot"), ("K-03", "ruby")):
            self.gemctl("-q", "image", "add", piece, EXAMPLES / "photographs" / f"{photograph}.jpg", token=self.dealer)
            numbers.append(json.loads(self.gemctl("-o", "json", "certify", piece, token=self.dealer))["number"])
        return numbers

    def fetch(self, number):
        """The certificate's files beside each other; returns the path of the JSON."""
        for end, name in (("json", f"{number}.json"), ("p7s", f"{number}.json.p7s"), ("tlog-proof", f"{number}.json.tlog-proof")):
            with urllib.request.urlopen(f"{self.url}/c/{number}.{end}") as answer:
                (self.folder / name).write_bytes(answer.read())
        return self.folder / f"{number}.json"

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.folder)
