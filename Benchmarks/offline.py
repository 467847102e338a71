"""Checking and printing certificates without a daemon, one thread, each beside the bare work in the same round.

Checking, beside one bare ECDSA P-256 verification (verify_limit.c): JSON and signature file of docs/vectors, the chain
above the signer known from before, every step of the verdict but the log's proof and today's status, which were not
handed in. A declaration has one signature to check. The examination has five: the issuer's, the time-stamping
authority's, and those of its two examiners and its approver, two of them Ed25519, which OpenSSL checks slower than
P-256; so it is also set beside those very five, bare.

Printing, beside cairo alone: an A4 report with photograph and QR code, not signed, each another report than the last.
The limit is the same pages drawn once and kept as cairo's recordings (Recording.swift): glyphs shaped and placed, fonts
open, the photograph the same JPEG, which neither side decodes; it writes them again as a PDF of the same content.
"""
import os, subprocess

import bench


def ask(*command):
    """What a program printed: a line's first word, and its numbers."""
    answer = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return {words[0]: [float(word) for word in words[1:]] for words in map(str.split, answer.splitlines())}


def measure(options, seconds=0.25):
    vectors, photograph = f"{bench.HERE}/../docs/vectors/2026-11", f"{bench.HERE}/../Examples/photographs/emerald.jpg"
    checked, printed, bare = [], [], []
    # Many short turns: whatever else the machine does then meets both sides alike.
    for _ in range(4 * options.rounds):
        bare.append(ask(f"{bench.BIN}/verify_limit", seconds))
        checked.append(ask(options.certificate_bench, "verify", seconds, vectors))
        printed.append(ask(options.certificate_bench, "paper", seconds, vectors, photograph))
    p256, ed25519 = (bench.median([one[kind][0] for one in bare]) for kind in ("p256", "ed25519"))
    bench.report("verify a declaration, beside one bare P-256", bench.median([one["declaration"][0] for one in checked]), p256,
                 "certificates/s", 0.4)
    ours = bench.median([one["examination"][0] for one in checked])
    _, of_p256, of_ed25519 = checked[0]["examination"]
    same = 1 / (of_p256 / p256 + of_ed25519 / ed25519)
    bench.report("verify an examination, beside one bare P-256", ours, p256, "certificates/s", f"0.2; its signatures alone allow {same / p256:.2f}")
    bench.report(f"  beside its {of_p256:.0f} P-256 and {of_ed25519:.0f} Ed25519, bare", ours, same, "certificates/s", "none")
    for name, title in [("english", "English"), ("urdu", "Urdu")]:
        ours, limit = (bench.median([one[name][at] for one in printed]) for at in (0, 1))
        bench.report(f"print an A4 report, {title}, beside cairo alone", ours, limit, "papers/s", 0.8)
        print(f"{'  of bytes':<52} {printed[0][name][2]:>10,.0f} {printed[0][name][3]:>10,.0f}")
