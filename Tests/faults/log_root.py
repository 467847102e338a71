#!/usr/bin/env python3
"""Recomputes the root of a gemd log from its public tiles, and folds certificates' proofs into it.

usage: log_root.py http://HOST:PORT [NUMBER ...] [< older checkpoints, one after the other]

Shares no code with gemd. Ends with 1 at the first thing that does not hold.
"""
import base64
import hashlib
import json
import sys
import urllib.request

BASE, NUMBERS = sys.argv[1].rstrip("/"), sys.argv[2:]


def get(path):
    with urllib.request.urlopen(BASE + path) as answer:
        return answer.read()


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves):
    """RFC 9162 §2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:split]), root(leaves[split:]))


def fold(leaf, index, size, path):
    """RFC 9162 §2.1.3.2."""
    last = size - 1
    for step in path:
        if last == 0:
            sys.exit("a proof is too long")
        if index & 1 or index == last:
            leaf = node(step, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = node(leaf, step)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else sys.exit("a proof is too short")


def tile(kind, n, width):
    name, rest = f"{n % 1000:03d}", n // 1000
    while rest:
        name, rest = f"x{rest % 1000:03d}/{name}", rest // 1000
    return get(f"/tile/{kind}/{name}" + ("" if width == 256 else f".p/{width}"))


def parse(note):
    origin, size, mark = note.decode().split("\n")[:3]
    return origin, int(size), base64.b64decode(mark)


origin, size, signed = parse(get("/checkpoint"))
leaves = []
for n in range((size + 255) // 256):
    width = min(256, size - 256 * n)
    bundle, hashes = tile("entries", n, width), tile("0", n, width)
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        leaves.append(leaf_hash(bundle[2 : 2 + length]))
        bundle = bundle[2 + length :]
    if hashes != b"".join(leaves[256 * n :]):
        sys.exit(f"tile {n} does not hold the hashes of its entries")
if len(leaves) != size or root(leaves) != signed:
    sys.exit("the entries do not give the signed root")

older = [] if sys.stdin.isatty() else sys.stdin.read().split("\n")
for at in [at for at, line in enumerate(older) if line == origin]:
    if root(leaves[: int(older[at + 1])]) != base64.b64decode(older[at + 2]):
        sys.exit(f"the checkpoint of size {older[at + 1]} is of another log")

for number in NUMBERS:
    statement = get(f"/c/{number}.json")
    issued = json.loads(statement)["issuedAt"]
    entry = {"at": issued, "kind": "issue", "serial": number.rsplit("-", 1)[0],
             "sha256": hashlib.sha256(statement).hexdigest(), "v": 1}
    head, note = get(f"/c/{number}.tlog-proof").decode().split("\n\n", 1)
    lines = head.split("\n")
    index, path = int(lines[1].split()[1]), [base64.b64decode(text) for text in lines[2:]]
    _, within, mark = parse(note.encode())
    leaf = leaf_hash(json.dumps(entry, separators=(",", ":"), sort_keys=True).encode())
    if fold(leaf, index, within, path) != mark:
        sys.exit(f"the proof of {number} does not fold")
    if root(leaves[:within]) != mark:
        sys.exit(f"the proof of {number} ends in another log")
print(f"{origin}: {size} entries, {len(NUMBERS)} proofs, all hold")
