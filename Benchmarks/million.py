#!/usr/bin/env python3
"""A store of a million pieces: how it grows, answers and starts, beside the bare queries on the same file.

    million.py GEMD [--csv diamonds.csv] [--pieces 1000000] [--engine postgres]

A page of 50 is asked by one client and by 16 at once; beside it stands the C query on the same store, on one core, its
rows copied out and nothing sent. PostgreSQL is a private cluster. Nothing here passes or fails.
"""
import argparse, json, os, shutil, signal, socket, sqlite3, statistics, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench, postgres


def start(program, state, socket_path):
    begin = time.monotonic()
    process = subprocess.Popen([program, "serve", "--state", state, "--socket", socket_path], stderr=subprocess.PIPE, text=True)
    while "listening" not in (line := process.stderr.readline()):
        if not line:
            sys.exit("the daemon did not start")
    return process, time.monotonic() - begin


def started(daemon, times=7):
    """How long a start takes: the median, since one may wait for the machine."""
    taken = []
    for _ in range(times):
        daemon.process.send_signal(signal.SIGTERM)
        daemon.process.wait()
        daemon.process, seconds = start(daemon.program, daemon.state, daemon.socket)
        taken.append(seconds)
    return statistics.median(taken)


def timed(count, body):
    times = []
    for _ in range(count):
        begin = time.monotonic()
        body()
        times.append(time.monotonic() - begin)
    return statistics.median(times) * 1000


def bare_pace(folder, csv):
    """Rows a second that C writes into a file which holds nothing yet."""
    path = f"{folder}/pace.db"
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.remove(path + end)
    return float(subprocess.run([f"{bench.BIN}/bulk_limit", path, csv], check=True, capture_output=True).stdout)


class File:
    """SQLite's file, which gemd makes by itself."""
    url = None

    def open(self, daemon):
        self.path = f"{daemon.state}/gemd.db"
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            self.party = connection.execute("SELECT party_id FROM piece LIMIT 1").fetchone()[0]

    def milliseconds(self, sql):
        return float(subprocess.run([f"{bench.BIN}/query_limit", self.path, self.party, sql, "200"], check=True, capture_output=True,
                                    text=True).stdout) / 1000

    def size(self):
        return os.path.getsize(self.path)

    def stop(self):
        pass


class Server(postgres.Cluster):
    """A private cluster, looked after as a server is: vacuum and statistics by themselves."""

    def open(self, daemon):
        self.party = self.sql("SELECT party_id FROM piece LIMIT 1")

    def milliseconds(self, sql):
        return self.limit("query", 200, sql, self.party)

    def size(self):
        return int(self.sql("SELECT pg_database_size(current_database())"))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("gemd")
    arguments.add_argument("--csv")
    arguments.add_argument("--pieces", type=int, default=1_000_000)
    arguments.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    options = arguments.parse_args()
    bench.build_limits()
    folder = tempfile.mkdtemp(prefix="gemd-million-", dir=os.environ.get("GEMD_BENCH_DIR"))
    csv = bench.stock_csv(options.csv, folder)
    store = File() if options.engine == "sqlite" else Server()
    daemon = bench.Daemon(options.gemd, folder, store.url)
    try:
        empty = started(daemon)
        # How fast the machine is changes within minutes: each round stands beside C writing the same rows to a new file.
        rates, paces, total, round_ = [], [], 0, 0
        while total < options.pieces:
            lines = "".join(json.dumps(piece) + "\n" for piece in bench.pieces(csv, f"M{round_}")).encode()
            before = bare_pace(folder, csv)
            begin = time.monotonic()
            daemon.ask("POST", "/v1/pieces", lines, "application/x-ndjson")
            rates.append(lines.count(b"\n") / (time.monotonic() - begin))
            paces.append((before + bare_pace(folder, csv)) / 2)
            total += lines.count(b"\n")
            round_ += 1
        shares = [rate / pace for rate, pace in zip(rates, paces)]
        first, last = statistics.median(rates[:3]), statistics.median(rates[-3:])
        begun, ended = statistics.median(shares[:3]), statistics.median(shares[-3:])
        print(f"bulk, first 3 rounds {first:,.0f} pieces/s, last 3 of {total:,} {last:,.0f}: ratio {last / first:.2f}; "
              f"beside C into a new file {begun:.2f}, then {ended:.2f}: ratio {ended / begun:.2f}", flush=True)
        some = [json.dumps(piece).encode() for piece, _ in zip(bench.pieces(csv, "R"), range(12000)) if not bench.zero(piece)]
        bench.write_requests(f"{folder}/requests", [daemon.request("POST", "/v1/pieces", body) for body in some])
        print(f"register, 16 connections: {bench.load(daemon.socket, 16, f'{folder}/requests'):,.0f} requests/s", flush=True)

        store.open(daemon)

        def get(query):
            """The status, by a connection of its own: an idle one is closed while a slow page is measured."""
            with socket.socket(socket.AF_UNIX) as wire:
                wire.connect(daemon.socket)
                wire.sendall(daemon.request("GET", f"/v1/pieces?{query}"))
                answer = b""
                while b"\r\n\r\n" not in answer:
                    answer += wire.recv(1 << 18)
                head, _, body = answer.partition(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                while len(body) < length:
                    body += wire.recv(1 << 18)
                return head.split(b" ", 2)[1].decode()

        for name, query, condition, order in bench.PAGES:
            sql = f"SELECT id, party_id, version, status, created, updated, doc, attached FROM piece WHERE party_id = $1 AND {condition} ORDER BY {order} LIMIT 51"
            status = get(query)
            bare = store.milliseconds(sql)
            request = daemon.request("GET", f"/v1/pieces?{query}")
            one = bench.milliseconds(daemon.socket, folder, request, 400)
            many = bench.milliseconds(daemon.socket, folder, request, 4000, connections=16)
            print(f"page: {name:<24} {one:7.3f} ms, of 16 at once {many:7.3f} ms each, C query {bare:8.3f} ms, "
                  f"ratio {one / bare:5.2f}, {many / bare:5.2f}   ({status})", flush=True)
        for name, query in [("words: diamond", "q=diamond"), ("words: a stock number", "q=M0-000017"), ("words: round -ideal", "q=round%20-ideal"),
                            ("facets of all", "facets=colour,clarity,shape&limit=1"), ("exact total of colour D", "colour=D&total=exact&limit=1")]:
            status = get(query)
            print(f"{name:<30} {timed(3, lambda: get(query)):8.2f} ms   ({status})", flush=True)
        print(f"memory {daemon.memory():.1f} MB, at most {daemon.memory('VmHWM'):.1f} MB", flush=True)
        size = store.size()
        full = started(daemon)
        print(f"start: {full * 1000:.0f} ms, of the empty store {empty * 1000:.0f} ms, ratio {full / empty:.2f}; size {size / 1e6:,.0f} MB", flush=True)
    finally:
        daemon.stop()
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
