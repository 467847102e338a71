#!/usr/bin/env python3
"""gemctl speaks English and Urdu: every sentence in its source has an Urdu one in Sources/gemctl/Catalogue, none is left over.

A sentence is a string literal of Sources/gemctl in which a word and a blank stand, or that is a column's heading, outside
the help of the options. Its key is the literal with {0}, {1} … for what is put in. Prints what is wrong, and exits 1.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".") / "Sources" / "gemctl"
UNITS = {"ct", "g", "mm", "MB", "mg", "kB", "SHA"}
# Written for programs, not for people.
PROGRAMS = {
    "Bearer {0}", "data: ", "row ", "gemctl ", "gemctl --help", ". Please ", "gemctl: {0}", "{0}: {1}",
    "only these two are thrown", ", AGTA {0}", "{0} ({1}, AGTA {2})", "1.58ct, 684mg, 0.684g", "9.1g, 1.5tola_11.664", "-----BEGIN ", "-----BEGIN X509 CRL-----", "-----END X509 CRL-----",
    "-----BEGIN X509 CRL-----{0}\n", 
    "--{0}\r\nContent-Disposition: form-data; name=\"{1}\"; filename=\"{2}\"\r\nContent-Type: {3}\r\n\r\n",
    "printf %s {0} | ssh-keygen -Y sign -n gemd-approval -f KEY > approval.sig",
    "multipart/form-data; boundary={0}", "\"{0}\":", "; current status not checked", "{0} {1} UTC",
}
HELP = re.compile(
    r"(ArgumentHelp\(\s*|help:\s*|discussion:\s*|valueName:\s*|version:\s*|@OptionGroup\(title:\s*|\.init\(\s*\d+,\s*)$")
NAMES = re.compile(r'"\w+":\s*$')  # what members are called is in Catalogue.members; a test holds it
HEADING = re.compile(r"((Column|Message|say|note|done)\(|hint:|: Message =)\s*$")


def literals(text):
    """(key, what stands before it) of every string literal, those inside interpolations too."""
    found = []

    def skip_string(i, start, depth_text):
        hashes = 0
        while text[i - 1 - hashes] == "#":
            hashes += 1
        triple = text.startswith('"""', i)
        i += 3 if triple else 1
        end = ('"""' if triple else '"') + "#" * hashes
        key, count = "", 0
        while not text.startswith(end, i):
            if text[i] == "\\" and text.startswith("#" * hashes, i + 1):
                i += 1 + hashes
                if text[i] == "(":
                    i = skip_code(i + 1)
                    key += "{%d}" % count
                    count += 1
                elif text[i] == "u":
                    close = text.index("}", i)
                    key += chr(int(text[i + 2:close], 16))
                    i = close + 1
                elif text[i] == "\n":
                    i = re.compile(r"\s*").match(text, i).end()
                else:
                    key += {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(text[i], text[i])
                    i += 1
            else:
                key += text[i]
                i += 1
        found.append((key, text[max(0, start - 60):start], triple))
        return i + len(end)

    def skip_code(i, top=False):
        depth = 0
        while i < len(text):
            if text.startswith("//", i):
                i = text.find("\n", i)
                if i < 0:
                    return len(text)
            elif text[i] == '"':
                i = skip_string(i, i, depth)
            elif text[i] == "(":
                depth += 1
                i += 1
            elif text[i] == ")":
                if depth == 0 and not top:
                    return i + 1
                depth -= 1
                i += 1
            else:
                i += 1
        return i

    skip_code(0, top=True)
    return found


def is_sentence(key, before, triple):
    if triple or HELP.search(before) or NAMES.search(before) or key in PROGRAMS:
        return False
    if HEADING.search(before) and key or before.rstrip().endswith("abstract:"):
        return True
    bare = re.sub(r"`[^`]*`|\{\d+\}", " ", key)
    words = [word for word in re.findall(r"[A-Za-z]{2,}", bare) if word not in UNITS]
    return bool(words) and " " in key


said, catalogue, faults = {}, {}, []
for path in sorted(root.rglob("*.swift")):
    text = path.read_text()
    if path.parent.name == "Catalogue":
        if path.name == "Members.swift" or "[String: String]" not in text:
            continue
        for key, urdu in re.findall(r'("(?:[^"\\]|\\.)*"):\s*("(?:[^"\\]|\\.)*"),', text):
            key, urdu = (re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), part[1:-1])
                         for part in (key, urdu))
            if key in catalogue:
                faults.append(f"{path.name}: twice: {key}")
            catalogue[key] = (urdu, path.name)
    else:
        for key, before, triple in literals(text):
            said.setdefault(key, path.name)
            if is_sentence(key, before, triple):
                if key not in catalogue:
                    said[key] = (path.name,)
pending = [key for key, where in said.items() if isinstance(where, tuple) and key not in catalogue]
for key in pending:
    faults.append(f"{said[key][0]}: no Urdu for {key!r}")
for key, (urdu, name) in catalogue.items():
    if name == "Outside.swift":
        continue
    if key not in said:
        faults.append(f"{name}: nobody says {key!r}")
    if sorted(set(re.findall(r"\{\d\}", key))) != sorted(set(re.findall(r"\{\d\}", urdu))):
        faults.append(f"{name}: other places in {key!r}: {urdu}")
    if not re.search(r"[\u0600-\u06FF]", urdu):
        faults.append(f"{name}: no Urdu letter in {urdu!r}")
print("\n".join(faults))
sys.exit(1 if faults else 0)
