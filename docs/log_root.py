# Recomputes the public log's root from its tiles, and folds one certificate's proof.   log_root.py URL NUMBER
import base64, hashlib, json, sys, urllib.request
url, number = sys.argv[1:]
get = lambda path: urllib.request.urlopen(url + path).read()
node = lambda left, right: hashlib.sha256(b"\1" + left + right).digest()  # RFC 6962 §2.1
def root(hashes):
    half = 1 << (len(hashes) - 1).bit_length() >> 1
    return node(root(hashes[:half]), root(hashes[half:])) if half else hashes[0]
def leaves(size):  # C2SP tlog-tiles: 256 hashes a tile, the last one partial
    for tile in range((size + 255) // 256):
        width, path = min(256, size - 256 * tile), "".join(f"x{tile // 1000 ** n % 1000:03}/" for n in (2, 1) if tile >= 1000 ** n)
        data = get(f"{log}/tile/0/{path}{tile % 1000:03}" + (f".p/{width}" if width < 256 else ""))
        yield from (data[at:at + 32] for at in range(0, len(data), 32))
head, _, note = get(f"/c/{number}.tlog-proof").decode().partition("\n\n")
log = "/log/" + (note.split("\n")[0].partition("/log")[2][1:] or "1")  # the one that holds it: HOST/log, or HOST/log/2 after a gap
origin, size, signed = get(log + "/checkpoint").decode().split("\n")[:3]
assert base64.b64encode(root(list(leaves(int(size))))).decode() == signed, "the tiles do not give the signed root"
text = get(f"/c/{number}.json")
entry = {"at": json.loads(text)["issuedAt"], "kind": "issue", "serial": number[:-6], "sha256": hashlib.sha256(text).hexdigest(), "v": 1}
at, last = int(head.split("\n")[1][6:]), int(note.split("\n")[1]) - 1
hash = hashlib.sha256(b"\0" + json.dumps(entry, separators=(",", ":")).encode()).digest()
for other in map(base64.b64decode, head.split("\n")[2:]):
    if at & 1 or at == last:
        hash = node(other, hash)
        while at and not at & 1: at, last = at >> 1, last >> 1
    else: hash = node(hash, other)
    at, last = at >> 1, last >> 1
assert base64.b64encode(hash).decode() == note.split("\n")[2], "the proof does not lead to the signed root"
print(f"{origin}: {size} entries give the signed root, and {number} is one of them")
