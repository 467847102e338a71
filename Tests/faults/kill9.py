#!/usr/bin/env python3
"""Kills a gemd under load, again and again, and looks for anything it had promised.

usage: kill9.py GEMD [ROUNDS [SEED]]

Several clients register, photograph and certify over the socket; at a random moment the daemon
is killed with SIGKILL and started again. Every answered write must be there, no number may be
given twice, every checkpoint ever seen must be of one growing log, and `gemd check` must find
nothing at the end. Plain standard library. Prints its figures; ends with 1 on failure.
"""
import base64
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

GEMD = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
CLIENTS = 6


class Socket(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("gemd", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def photograph(grey):
    """A baseline JPEG of one grey, 64 × 64."""

    def segment(marker, content):
        return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + bytes(content)

    mean = (grey - 128) * 8
    category = abs(mean).bit_length()
    bits = f"{category:04b}"
    if category:
        bits += f"{mean if mean > 0 else mean + (1 << category) - 1:0{category}b}"
    bits += "0" + "00000" * 63
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    return (b"\xff\xd8" + segment(0xDB, [0] + [1] * 64) + segment(0xC0, [8, 0, 64, 0, 64, 1, 1, 0x11, 0])
            + segment(0xC4, [0x00, 0, 0, 0, 12] + [0] * 12 + list(range(12)))
            + segment(0xC4, [0x10, 1] + [0] * 15 + [0]) + segment(0xDA, [1, 1, 0, 0, 63, 0]) + data + b"\xff\xd9")


def stone(stock):
    return {"kind": "stone", "stockNumber": stock, "title": "Natural emerald",
            "stone": {"nature": "natural", "species": "beryl", "variety": "emerald", "weightCt": "1.58",
                      "treatments": [{"code": "OIL", "degree": "minor"}]}}


class Daemon:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="gemd-kill9-")
        self.state, self.socket = self.folder + "/state", self.folder + "/s"
        subprocess.run([GEMD, "init", "--state", self.state, "--issuer", "GGAPCP",
                        "--public-url", "https://gems.example"], check=True, capture_output=True)
        self.process = None

    def start(self):
        self.process = subprocess.Popen([GEMD, "serve", "--state", self.state, "--socket", self.socket,
                                         "--public", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        self.port = None
        seen = ""
        for line in self.process.stderr:
            seen += line
            if "address=127.0.0.1:" in line:
                self.port = int(line.split("address=127.0.0.1:")[1].split()[0])
            if "listener=control" in seen and self.port:
                break
        else:
            sys.exit("gemd did not start: " + seen)
        # Keeps the pipe empty.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def request(self, method, path, body=None, token=None, key=None, media="application/json"):
        wire = Socket(self.socket)
        try:
            return self.on(wire, method, path, body, token, key, media)
        finally:
            wire.close()

    @staticmethod
    def on(wire, method, path, body=None, token=None, key=None, media="application/json"):
        headers = {"Content-Type": media} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        if key:
            headers["Idempotency-Key"] = key
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        wire.request(method, path, data, headers)
        answer = wire.getresponse()
        content = answer.read()
        return answer.status, content

    def public(self, path):
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        wire.request("GET", path)
        answer = wire.getresponse()
        content = answer.read()
        wire.close()
        return answer.status, content


class Promises:
    """What the daemon has answered with success, and so must keep."""

    def __init__(self):
        self.lock = threading.Lock()
        self.pieces, self.images, self.certificates, self.keys = {}, [], {}, {}
        self.reused, self.wrong, self.checkpoints = [], [], {}

    def checkpoint(self, note):
        origin, size, root = note.decode().split("\n")[:3]
        size, root = int(size), base64.b64decode(root)
        with self.lock:
            if self.checkpoints.setdefault(size, root) != root:
                self.wrong.append(f"two roots of size {size}")
        return size

    @property
    def count(self):
        return len(self.pieces) + len(self.images) + len(self.certificates)


def work(daemon, token, promises, name, dice):
    """One client: until the daemon is gone."""
    wire = Socket(daemon.socket)
    turn = 0
    try:
        while True:
            turn += 1
            status, body = daemon.on(wire, "POST", "/v1/pieces", stone(f"{name}-{turn}x"), token)
            if status != 201:
                promises.wrong.append(f"register: {status} {body[:200]}")
                return
            piece = json.loads(body)["id"]
            promises.pieces[piece] = hashlib.sha256(body).digest()
            if dice.random() < 0.4:
                grey = dice.randrange(1, 255)
                bytes_ = photograph(grey) + os.urandom(8)
                status, body = daemon.on(wire, "POST", f"/v1/pieces/{piece}/images", bytes_, token, media="image/jpeg")
                if status != 201:
                    promises.wrong.append(f"photograph: {status} {body[:200]}")
                    return
                promises.images.append((piece, hashlib.sha256(bytes_).hexdigest()))
            if dice.random() < 0.6:
                key = f"{name}-{turn}"
                promises.keys[key] = piece
                status, body = daemon.on(
                    wire, "POST", f"/v1/pieces/{piece}/certificates", {"class": "declaration"}, token, key)
                if status != 201:
                    promises.wrong.append(f"certify: {status} {body[:200]}")
                    return
                take_certificate(promises, json.loads(body), piece)
    except (OSError, http.client.HTTPException, ValueError):
        pass  # the daemon was killed; what was not answered was not promised
    finally:
        wire.close()


def take_certificate(promises, answer, piece):
    number, at = answer["number"], (piece, answer["logIndex"], json.dumps(answer["statement"], sort_keys=True))
    with promises.lock:
        if promises.certificates.setdefault(number, at) != at:
            promises.reused.append(number)


def leaves_of(daemon, size):
    leaves = []
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        path = f"/tile/entries/{n:03d}" + ("" if width == 256 else f".p/{width}")
        bundle = daemon.public(path)[1]
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(hashlib.sha256(b"\0" + bundle[2 : 2 + length]).digest())
            bundle = bundle[2 + length :]
    return leaves


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


def main():
    daemon, promises, dice = Daemon(), Promises(), random.Random(SEED)
    started = time.monotonic()
    daemon.start()
    party = json.loads(daemon.request("POST", "/v1/parties", {"kind": "dealer", "name": "D", "code": "DEALER"})[1])["id"]
    member = json.loads(daemon.request("POST", f"/v1/parties/{party}/members", {"name": "m", "roles": ["dealer"]})[1])["id"]
    token = json.loads(daemon.request("POST", f"/v1/members/{member}/tokens", {})[1])["secret"]
    lost = []
    for round_ in range(ROUNDS):
        clients = [threading.Thread(target=work, args=(daemon, token, promises, f"r{round_}c{n}", random.Random(dice.random())))
                   for n in range(CLIENTS)]
        for client in clients:
            client.start()
        until = time.monotonic() + dice.uniform(0.02, 0.6)
        while time.monotonic() < until:
            promises.checkpoint(daemon.public("/checkpoint")[1])
        daemon.kill()
        for client in clients:
            client.join()
        daemon.start()
        promises.checkpoint(daemon.public("/checkpoint")[1])
        # A client that got no answer asks again with its key: one certificate, whatever happened.
        waiting = {key: piece for key, piece in promises.keys.items()
                   if key.startswith(f"r{round_}c") and piece not in {at[0] for at in promises.certificates.values()}}
        for key, piece in waiting.items():
            status, body = daemon.request(
                "POST", f"/v1/pieces/{piece}/certificates", {"class": "declaration"}, token, key)
            if status == 201:
                take_certificate(promises, json.loads(body), piece)
            else:
                promises.wrong.append(f"asked again: {status} {body[:200]}")

    wire = Socket(daemon.socket)
    for piece in promises.pieces:
        if daemon.on(wire, "GET", f"/v1/pieces/{piece}", token=token)[0] != 200:
            lost.append("piece " + piece)
    for piece, sha256 in promises.images:
        status, content = daemon.on(wire, "GET", f"/v1/images/{sha256}", token=token)
        if status != 200 or hashlib.sha256(content).hexdigest() != sha256:
            lost.append("photograph " + sha256)
    for number, (_, index, statement) in promises.certificates.items():
        status, content = daemon.on(wire, "GET", f"/v1/certificates/{number}", token=token)
        answer = json.loads(content)
        if status != 200 or answer["logIndex"] != index or json.dumps(answer["statement"], sort_keys=True) != statement:
            lost.append("certificate " + number)
    wire.close()
    serials = [number.rsplit("-", 1)[0] for number in promises.certificates]
    promises.reused += [serial for serial in set(serials) if serials.count(serial) > 1]
    indexes = [at[1] for at in promises.certificates.values()]
    promises.reused += [f"log entry {at}" for at in set(indexes) if indexes.count(at) > 1]

    size = promises.checkpoint(daemon.public("/checkpoint")[1])
    leaves = leaves_of(daemon, size)
    forks = [older for older, mark in promises.checkpoints.items() if root(leaves[:older]) != mark]
    daemon.process.send_signal(signal.SIGTERM)
    ended = daemon.process.wait()
    check = subprocess.run([GEMD, "check", "--state", daemon.state], capture_output=True, text=True)

    print(f"rounds {ROUNDS} seed {SEED}: {promises.count} acknowledged "
          f"({len(promises.pieces)} pieces, {len(promises.images)} photographs, {len(promises.certificates)} certificates)")
    print(f"lost {len(lost)}, numbers re-used {len(promises.reused)}, unexpected answers {len(promises.wrong)}, "
          f"checkpoints {len(promises.checkpoints)} of which inconsistent {len(forks)}")
    print(f"last stop {ended}, check: {check.stdout.strip() or check.stderr.strip()}; {time.monotonic() - started:.1f} s")
    for what in (lost + promises.reused + promises.wrong)[:20]:
        print("  " + what)
    if lost or promises.reused or promises.wrong or forks or ended or check.returncode or not promises.certificates:
        print(f"the state is kept in {daemon.folder}")
        sys.exit(1)
    shutil.rmtree(daemon.folder)


if __name__ == "__main__":
    main()
