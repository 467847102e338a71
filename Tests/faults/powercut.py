#!/usr/bin/env python3
"""Cuts the power of a gemd that never had a disk: replays what it asked of the kernel.

usage: powercut.py GEMD [CUTS [SEED]]        (needs strace)

One run of the real daemon is traced while clients register, photograph and certify. Then, for
each of CUTS moments (random, or just after an answer), the directory is rebuilt as a disk might hold it after a power cut:
what was synced before the moment is there; of the rest a random part is missing or torn. A name
(a new file, a new directory, a rename) counts as synced only by a sync of its directory. Each
rebuilt state must pass `gemd check`, and hold everything whose answer had left the daemon.

Two control replays must fail, or the whole test proves nothing: one where the syncs of the
database did nothing, one where the syncs of directories did nothing. With a debug build that
honours GEMD_TEST_SYNCHRONOUS=off a third one traces a daemon that does not sync at all.
"""
import collections
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading

from kill9 import GEMD, Socket, photograph, stone

CUTS = int(sys.argv[2]) if len(sys.argv) > 2 else 300
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 7
CALLS = ("openat,close,write,pwrite64,writev,sendto,sendmsg,lseek,ftruncate,fsync,fdatasync,rename,renameat,"
         "renameat2,unlink,unlinkat,mkdir,mkdirat")

Event = collections.namedtuple("Event", "kind a b c")
# create(path, inode) folder(path, inode) rename(old, new, inode) unlink(path) write(inode, offset, bytes)
# length(inode, n) sync(inode, start) ack(answer); all in the order in which they were finished.


def traced_run(folder, environment):
    """Runs the daemon under strace; returns the state as it was before, and the trace's lines."""
    state, path, trace = folder + "/state", folder + "/s", folder + "/trace"
    subprocess.run([GEMD, "init", "--state", state, "--issuer", "GGAPCP", "--public-url", "https://gems.example"],
                   check=True, capture_output=True)
    shutil.copytree(state, folder + "/before/state")
    shutil.copytree(state + "-anchor", folder + "/before/state-anchor")
    daemon = subprocess.Popen(
        ["strace", "-f", "-qq", "-xx", "-s", "4000000", "-e", "trace=" + CALLS, "-e", "signal=none", "-o", trace,
         GEMD, "serve", "--state", state, "--socket", path],
        stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})
    for line in daemon.stderr:
        if "listener=control" in line:
            break
    threading.Thread(target=daemon.stderr.read, daemon=True).start()

    def ask(wire, path, body, token=None, media="application/json"):
        headers = {"Content-Type": media} | ({"Authorization": "Bearer " + token} if token else {})
        wire.request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
        answer = wire.getresponse()
        content = answer.read()
        if answer.status != 201:
            sys.exit(f"{path}: {answer.status} {content[:300]}")
        return json.loads(content)

    wire = Socket(path)
    party = ask(wire, "/v1/parties", {"kind": "dealer", "name": "D", "code": "DEALER"})["id"]
    member = ask(wire, f"/v1/parties/{party}/members", {"name": "m", "roles": ["dealer"]})["id"]
    token = ask(wire, f"/v1/members/{member}/tokens", {})["secret"]

    together = threading.Barrier(3, timeout=120)

    def client(name):
        wire = Socket(path)
        for turn in range(8):
            piece = ask(wire, "/v1/pieces", stone(f"{name}-{turn}x"), token)["id"]
            picture = photograph(20 + 30 * turn) + bytes([turn])
            if turn % 2:
                picture = photograph(20 + 30 * turn + len(name)) + name.encode()
            together.wait()  # on even turns all send the same photograph at once
            ask(wire, f"/v1/pieces/{piece}/images", picture, token, "image/jpeg")
            ask(wire, f"/v1/pieces/{piece}/certificates", {"class": "declaration"}, token)

    clients = [threading.Thread(target=client, args=("c" * n,)) for n in (1, 2, 3)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    with open(f"/proc/{daemon.pid}/task/{daemon.pid}/children") as children:
        os.kill(int(children.read().split()[0]), signal.SIGTERM)
    daemon.wait()
    with open(trace, encoding="latin-1") as lines:
        return list(lines)


def finished(lines):
    """Calls as (start, text): those that strace cut in two are joined; start counts the calls finished before."""
    begun, done = {}, []
    for line in lines:
        match = re.match(r"(\d+)\s+(.*)", line)
        process, text = match[1], match[2]
        if text.endswith("<unfinished ...>"):
            text = text[: -len("<unfinished ...>")].rstrip()
            # What is being sent may be read by the client, and a number being closed may be given
            # out again, before the call returns: these count from their beginning.
            if text.startswith(("close(", "sendto(", "sendmsg(", "writev(")):
                done.append((len(done), text + " = begun"))
            else:
                begun[process] = (len(done), text)
        elif text.startswith("<..."):
            if process in begun:
                start, head = begun.pop(process)
                done.append((start, head + text.split(" resumed>", 1)[1]))
            # else it was counted when it began
        else:
            done.append((len(done), text))
    return done


def plain(text):
    return bytes.fromhex(text.replace("\\x", ""))


class Reader:
    """Turns calls into events on the files below one folder, and answers on sockets into acks."""

    def __init__(self, folder):
        self.folder, self.names, self.files, self.offsets = folder, {}, {}, {}
        self.sent = collections.defaultdict(bytes)
        self.known = {}  # inode -> the path it first had
        self.count, self.events = 0, []
        for top in ("state", "state-anchor"):
            self.know(top)
            for where, folders, files in os.walk(f"{folder}/before/{top}"):
                for name in folders + files:
                    self.know(os.path.relpath(os.path.join(where, name), folder + "/before"))

    def know(self, path):
        self.count += 1
        self.names[path], self.known[self.count] = self.count, path
        return self.count

    def path(self, text):
        path = os.path.normpath(plain(text).decode())
        return os.path.relpath(path, self.folder) if path.startswith(self.folder + "/state") else None

    def read(self, calls):
        self.starts = {}
        for number, (start, text) in enumerate(calls):
            # The number of events that were finished when this call began.
            begun = self.starts.get(start, len(self.events))
            self.starts[number] = len(self.events)
            match = re.match(r"(\w+)\((.*)", text, re.DOTALL)
            result = re.search(r"= (-?\d+|begun)[^=]*$", text)
            if match and result and not result[1].startswith("-"):
                getattr(self, "on_" + match[1], lambda *_: None)(match[2], result[1], begun)
        return self.events

    def add(self, kind, a=None, b=None, c=None):
        self.events.append(Event(kind, a, b, c))

    def on_openat(self, rest, result, _):
        match = re.match(r'AT_FDCWD, "([^"]*)", ([A-Z_|]+)', rest)
        path = match and self.path(match[1])
        self.files.pop(result, None)
        self.sent.pop(result, None)
        if not path:
            return
        if path not in self.names:
            self.add("create", path, self.know(path))
        self.files[result], self.offsets[result] = self.names[path], 0
        if "O_TRUNC" in match[2]:
            self.add("length", self.names[path], 0)

    def on_close(self, rest, *_):
        number = re.match(r"\d+", rest)[0]
        self.files.pop(number, None)
        self.sent.pop(number, None)

    def on_pwrite64(self, rest, result, _):
        match = re.match(r'(\d+), "([^"]*)", \d+, (\d+)', rest)
        if match and match[1] in self.files:
            self.add("write", self.files[match[1]], int(match[3]), plain(match[2])[: int(result)])

    def on_write(self, rest, result, _):
        match = re.match(r'(\d+), "([^"]*)"', rest)
        if not match:
            return
        if match[1] in self.files:
            data = plain(match[2])[: int(result)]
            self.add("write", self.files[match[1]], self.offsets[match[1]], data)
            self.offsets[match[1]] += len(data)
        else:
            self.answer(match[1], plain(match[2]))

    def on_lseek(self, rest, result, _):
        self.offsets[rest.split(",")[0]] = int(result)

    def on_writev(self, rest, *_):
        self.answer(rest.split(",")[0], b"".join(plain(part) for part in re.findall(r'iov_base="([^"]*)"', rest)))

    on_sendmsg = on_writev

    def on_sendto(self, rest, *_):
        self.answer(rest.split(",")[0], plain(re.search(r'"([^"]*)"', rest)[1]))

    def answer(self, number, data):
        """Complete answers 201 become acks."""
        self.sent[number] += data
        while match := re.match(rb"HTTP/1\.1 (\d+).*?content-length: (\d+).*?\r\n\r\n", self.sent[number],
                                re.DOTALL | re.IGNORECASE):
            end = match.end() + int(match[2])
            if len(self.sent[number]) < end:
                return
            if match[1] == b"201":
                self.add("ack", json.loads(self.sent[number][match.end() : end]))
            self.sent[number] = self.sent[number][end:]

    def on_ftruncate(self, rest, *_):
        number, length = re.match(r"(\d+), (\d+)", rest).groups()
        if number in self.files:
            self.add("length", self.files[number], int(length))

    def on_fsync(self, rest, _, begun):
        number = re.match(r"\d+", rest)[0]
        if number in self.files:
            self.add("sync", self.files[number], begun)

    on_fdatasync = on_fsync

    def on_rename(self, rest, *_):
        old, new = (self.path(text) for text in re.findall(r'"([^"]*)"', rest)[:2])
        if old and new:
            self.names[new] = self.names.pop(old)
            self.add("rename", old, new, self.names[new])

    on_renameat = on_renameat2 = on_rename

    def on_unlink(self, rest, *_):
        path = self.path(re.search(r'"([^"]*)"', rest)[1])
        if path and path in self.names:
            del self.names[path]
            self.add("unlink", path)

    on_unlinkat = on_unlink

    def on_mkdir(self, rest, *_):
        path = self.path(re.search(r'"([^"]*)"', rest)[1])
        if path and path not in self.names:
            self.add("folder", path, self.know(path))

    on_mkdirat = on_mkdir


def rebuild(folder, reader, events, before, target, dice, is_sync):
    """Writes what a disk might hold after `events`; returns what had been answered."""
    inodes = {}  # number -> bytes, or None for a folder
    names = dict(before)  # path -> number
    for path, number in before.items():
        source = f"{folder}/before/{path}"
        inodes[number] = None if os.path.isdir(source) else bytearray(open(source, "rb").read())
    made = {event.a: event.b for event in events if event.kind == "folder"}

    def folder_of(path):
        return before.get(os.path.dirname(path)) or made.get(os.path.dirname(path))

    synced = collections.defaultdict(int)  # inode -> everything before this event is durable
    for event in events:
        if event.kind == "sync" and is_sync(event.a):
            synced[event.a] = max(synced[event.a], event.b)
    acks, kept = [], dice.choice([0.0, 0.5, 0.9])
    for at, event in enumerate(events):
        if event.kind == "ack":
            acks.append(event.a)
            continue
        if event.kind == "sync":
            continue
        on_name = event.kind in ("create", "folder", "rename", "unlink")
        where = folder_of(event.b if event.kind == "rename" else event.a) if on_name else event.a
        durable = at < synced[where]
        if event.kind in ("create", "folder"):
            inodes.setdefault(event.b, bytearray() if event.kind == "create" else None)
        if not durable and dice.random() >= kept:
            continue
        if event.kind in ("create", "folder"):
            names[event.a] = event.b
        elif event.kind == "rename":
            names[event.b] = event.c
            if names.get(event.a) == event.c and (at < synced[folder_of(event.a)] or dice.random() < kept):
                del names[event.a]
        elif event.kind == "unlink":
            names.pop(event.a, None)
        else:
            content = inodes.setdefault(event.a, bytearray())
            if event.kind == "length":
                del content[event.b :]
                content.extend(bytes(event.b - len(content)))
            else:
                data = event.c
                if not durable and len(data) > 512 and dice.random() < 0.3:  # torn
                    data = data[: 512 * dice.randrange(0, len(data) // 512 + 1)]
                if len(content) < event.b + len(data):
                    content.extend(bytes(event.b + len(data) - len(content)))
                content[event.b : event.b + len(data)] = data
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(names, key=lambda path: path.count("/")):
        content = inodes[names[path]]
        where = f"{target}/{path}"
        if content is None:
            if os.path.isdir(os.path.dirname(where)) or "/" not in path:
                os.makedirs(where, mode=0o700, exist_ok=True)
        elif os.path.isdir(os.path.dirname(where)) and not path.endswith("-shm"):
            with open(where, "wb") as file:
                file.write(content)
    return acks


def faults(target, acks):
    """What a rebuilt state has lost."""
    check = subprocess.run([GEMD, "check", "--state", target + "/state"], capture_output=True, text=True)
    found = [] if check.returncode == 0 else [(check.stdout + check.stderr).strip()[:300]]
    try:
        store = sqlite3.connect(target + "/state/gemd.db")
        rows = lambda query: {tuple(row) for row in store.execute(query)}
        pieces, images = rows("SELECT id FROM piece"), rows("SELECT image FROM piece_image")
        issued = rows("SELECT number FROM certificate WHERE state = 'issued'")
        parties = rows("SELECT id FROM party") | rows("SELECT id FROM member") | rows("SELECT id FROM token")
        store.close()
    except sqlite3.DatabaseError as error:
        return found + [f"the database cannot be read: {error}"]
    for ack in acks:
        if "number" in ack:
            here = (ack["number"],) in issued
        elif "sha256" in ack:
            here = (ack["sha256"],) in images
            for sha256 in [ack["sha256"]] + [small["sha256"] for small in ack["thumbnails"]]:
                path = f"{target}/state/blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
                here = here and os.path.exists(path) and hashlib.sha256(open(path, "rb").read()).hexdigest() == sha256
        else:
            here = (ack["id"],) in pieces | parties
        if not here:
            found.append("lost: " + str(ack.get("number") or ack.get("sha256") or ack.get("id")))
    return found


def replay(folder, lines, cuts, seed, is_sync=lambda reader, inode: True):
    reader = Reader(folder)
    before = dict(reader.names)
    events = reader.read(finished(lines))
    acks = sum(event.kind == "ack" for event in events)
    dice, bad = random.Random(seed), []
    promises = [at + 1 for at, event in enumerate(events) if event.kind == "ack"]
    for number in range(cuts):
        # Every other cut comes just after an answer, where a promise is easiest broken.
        cut = dice.choice(promises) if number % 2 else dice.randrange(len(events) + 1)
        answered = rebuild(folder, reader, events[:cut], before, folder + "/after", dice,
                           lambda inode: is_sync(reader, inode))
        if found := faults(folder + "/after", answered):
            bad.append((cut, found))
    kinds = collections.Counter(event.kind for event in events)
    return bad, f"{len(events)} events, {kinds['write']} writes, {kinds['sync']} syncs, {acks} answers"


def is_database(reader, inode):
    return "gemd.db" in reader.known[inode]


def is_folder(reader, inode):
    return os.path.isdir(f"{reader.folder}/{reader.known[inode]}")


def main():
    folder = tempfile.mkdtemp(prefix="gemd-powercut-")
    lines = traced_run(folder, {})
    bad, figures = replay(folder, lines, CUTS, SEED)
    print(f"cuts {CUTS} seed {SEED}: {figures}; states with a fault: {len(bad)}")
    for cut, found in bad[:5]:
        print(f"  cut at {cut}: {found[:3]}")
    few = max(20, CUTS // 5)
    without_database, _ = replay(folder, lines, few, SEED, lambda reader, inode: not is_database(reader, inode))
    without_folders, _ = replay(folder, lines, few, SEED, lambda reader, inode: not is_folder(reader, inode))
    print(f"control, database never synced: {len(without_database)} of {few} lose")
    print(f"control, directories never synced: {len(without_folders)} of {few} lose")
    other = tempfile.mkdtemp(prefix="gemd-powercut-")
    unsynced = traced_run(other, {"GEMD_TEST_SYNCHRONOUS": "off"})
    reader = Reader(other)
    events = reader.read(finished(unsynced))
    # A checkpoint at the end may still sync the log once or twice.
    syncs = sum(event.kind == "sync" and reader.known[event.a] == "state/gemd.db-wal" for event in events)
    is_honoured = syncs < 5
    lost = True
    if is_honoured:
        lost, _ = replay(other, unsynced, few, SEED)
        print(f"control, synchronous=OFF: {len(lost)} of {few} lose")
    else:
        print("control, synchronous=OFF: this build does not honour GEMD_TEST_SYNCHRONOUS; left out")
    for path in (folder, other):
        shutil.rmtree(path)
    sys.exit(1 if bad or not without_database or not without_folders or not lost else 0)


if __name__ == "__main__":
    main()
