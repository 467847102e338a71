"""Certificates by a daemon on SQLite, beside one core that signs and does nothing else.

Part of bench.py. Declarations by 16 connections; many in one request; a laboratory's examinations, of which the last step is measured: the
approver's own signature checked, everything read again and linted, signed, stamped with the time, logged and anchored.
"""
import datetime, json, os, subprocess, time

import bench

EXAMINATION = {
    "stone": {"nature": "natural", "species": "beryl", "variety": "emerald", "weightCt": "1.58",
              "measurementsMm": {"length": "9.12", "width": "7.05", "depth": "4.88"}, "shape": "OV", "clarity": "moderately_included",
              "tests": {"ri": ["1.577", "1.584"], "sg": "2.74"}, "treatments": [{"code": "OIL", "degree": "minor"}],
              "origin": {"country": "PK", "region": "Swat", "confidence": "consistent_with", "basis": "measured"}},
    "instruments": [{"name": "refractometer", "calibratedOn": datetime.date.today().isoformat()}], "uncertainty": "weight ± 0.005 ct (k = 2)"}
EMERALD = {"kind": "stone", "title": "Emerald", "stone": {
    "nature": "natural", "species": "beryl", "variety": "emerald", "weightCt": "1.58", "shape": "OV",
    "measurementsMm": {"length": "9.12", "width": "7.05", "depth": "4.88"}, "treatments": [{"code": "NT"}]}}


def signatures():
    return float(subprocess.run([f"{bench.BIN}/sign_limit", "2"], check=True, capture_output=True).stdout)


def declarations(daemon, folder, stock, rounds, count=4000):
    ours, limit = [], []
    for round in range(rounds):
        some = stock[round * count:(round + 1) * count]
        bench.write_requests(f"{folder}/requests", [
            daemon.request("POST", f"/v1/pieces/stock:{piece['stockNumber']}/certificates", b'{"class":"declaration"}') for piece in some])
        ours.append(bench.load(daemon.socket, 16, f"{folder}/requests"))
        limit.append(signatures())
    bench.report("declarations, 16 connections, beside one core signing", bench.median(ours), bench.median(limit), "certificates/s", 0.15)


def bulk(daemon, stock, rounds, count):
    ours, limit = [], []
    for round in range(rounds):
        some = stock[round * count:(round + 1) * count]
        lines = "".join(json.dumps({"piece": f"stock:{piece['stockNumber']}", "class": "declaration"}) + "\n" for piece in some).encode()
        begin = time.monotonic()
        answer = daemon.ask("POST", "/v1/certificates/bulk", lines, "application/x-ndjson")
        ours.append(len(some) / (time.monotonic() - begin))
        assert f'"created":{len(some)}'.encode() in (answer if isinstance(answer, bytes) else json.dumps(answer, separators=(",", ":")).encode())
        limit.append(signatures())
    bench.report(f"declarations, {count:,} in one request", bench.median(ours), bench.median(limit), "certificates/s", 0.35)


class Laboratory:
    """Two examiners and an approver, each with a key that ssh-keygen made."""

    def __init__(self, daemon, folder):
        self.daemon, self.folder, self.tokens = daemon, folder, {}
        self.dealer, party = daemon.token, self.as_admin("POST", "/v1/parties", {
            "kind": "lab", "name": "Gem Lab", "code": "LAB", "address": "Namak Mandi, Peshawar"})["id"]
        for name, role in [("asma", "examiner"), ("bilal", "examiner"), ("dara", "approver")]:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", f"{folder}/{name}"], check=True)
            member = self.as_admin("POST", f"/v1/parties/{party}/members", {
                "name": name.capitalize(), "roles": [role], "approvalKey": open(f"{folder}/{name}.pub").read().strip()})["id"]
            self.tokens[name] = self.as_admin("POST", f"/v1/members/{member}/tokens", {})["secret"]

    def as_admin(self, method, path, body):
        return self.daemon.ask(method, path, body, token=False)

    def as_person(self, name, method, path, body=None):
        self.daemon.token = self.tokens[name]
        try:
            return self.daemon.ask(method, path, body)
        finally:
            self.daemon.token = self.dealer

    def approval(self, draft, name):
        sha256 = self.as_person(name, "GET", f"/v1/certificates/{draft}")["sha256"]
        with open(f"{self.folder}/draft", "w") as out:
            out.write(sha256)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "gemd-approval", "-f", f"{self.folder}/{name}", f"{self.folder}/draft"],
                       check=True, stderr=subprocess.DEVNULL)
        with open(f"{self.folder}/draft.sig") as file:
            signature = file.read()
        os.remove(f"{self.folder}/draft.sig")
        return {"approval": signature}

    def last_step(self):
        """Everything up to the approver's signature; the request that sends it."""
        piece = self.daemon.ask("POST", "/v1/pieces", EMERALD)["id"]
        draft = self.daemon.ask("POST", f"/v1/pieces/{piece}/certificates", {"class": "examination", "lab": "LAB"})["id"]
        for name in ("asma", "bilal"):
            self.as_person(name, "POST", f"/v1/certificates/{draft}/examinations", EXAMINATION)
        for name in ("asma", "bilal"):
            self.as_person(name, "POST", f"/v1/certificates/{draft}/approve", self.approval(draft, name))
        body = json.dumps(self.approval(draft, "dara")).encode()
        self.daemon.token = self.tokens["dara"]
        request = self.daemon.request("POST", f"/v1/certificates/{draft}/approve", body)
        self.daemon.token = self.dealer
        return request


def examinations(daemon, folder, rounds, count):
    laboratory, ours, limit = Laboratory(daemon, folder), [], []
    for _ in range(rounds):
        bench.write_requests(f"{folder}/requests", [laboratory.last_step() for _ in range(count)])
        ours.append(bench.load(daemon.socket, 16, f"{folder}/requests"))
        limit.append(signatures())
    bench.report("examinations with a time stamp, the approver's step", bench.median(ours), bench.median(limit), "certificates/s", "none")


def measure(options, folder, csv):
    daemon = bench.Daemon(options.gemd, f"{folder}/certificates")
    try:
        stock = [piece for piece in bench.pieces(csv, "C") if not bench.zero(piece)]
        daemon.ask("POST", "/v1/pieces", "".join(json.dumps(piece) + "\n" for piece in stock).encode(), "application/x-ndjson")
        declarations(daemon, folder, stock, options.rounds)
        bulk(daemon, stock[20000:], options.rounds, 10000)
        examinations(daemon, folder, options.rounds, 160)
        print(f"{'memory after certificates, at most':<52} {daemon.memory():>10.1f} {daemon.memory('VmHWM'):.1f} MB", flush=True)
    finally:
        daemon.stop()
