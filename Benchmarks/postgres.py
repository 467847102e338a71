"""The same on PostgreSQL: a private cluster, gemd on it, and C programs with libpq doing the bare work on the same one.

The C programs write the rows that gemd wrote, into tables alike with the same indexes.
"""
import glob, json, os, pwd, shutil, socket, subprocess, sys, tempfile, time, urllib.parse

import bench

PIECES = "SELECT * FROM piece WHERE stock_key LIKE '{}-%' ORDER BY no"
PIECE_EVENTS = ("SELECT e.* FROM event e JOIN piece p ON p.party_id = e.party_id AND p.id = e.subject"
                " WHERE p.stock_key LIKE '{}-%' ORDER BY e.seq")
LAST_IMPORT = "(SELECT id FROM import ORDER BY begun DESC LIMIT 1)"
ROWS = f"SELECT r.* FROM import_row r WHERE r.import_id = {LAST_IMPORT} ORDER BY r.row"
PARTIES = f"SELECT p.* FROM party p JOIN import_row r ON r.subject = p.id WHERE r.import_id = {LAST_IMPORT} ORDER BY r.row"
PARTY_EVENTS = f"SELECT e.* FROM event e JOIN import_row r ON r.subject = e.party_id WHERE r.import_id = {LAST_IMPORT} ORDER BY r.row"
COLUMNS = "id, party_id, version, status, created, updated, doc, attached, stock_number"


class Cluster:
    """A server of our own on a socket in a temporary folder, as whoever may run one; every commit waits for the disk."""

    def __init__(self):
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]))[-1]
        self.folder = tempfile.mkdtemp(prefix="gemd-pg-", dir=os.environ.get("GEMD_BENCH_DIR"))
        self.user = None
        if os.getuid() == 0:
            self.user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
            shutil.chown(self.folder, self.user)
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "gemd", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
        with open(f"{self.folder}/data/postgresql.conf", "a") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "start")
        self.url = f"postgres://gemd@{urllib.parse.quote(self.folder, safe='')}/postgres"
        self.sql("CREATE SCHEMA AUTHORIZATION gemd")

    def run(self, program, *arguments):
        subprocess.run([f"{self.programs}/{program}", *arguments], check=True, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL)

    def sql(self, text):
        return subprocess.run([f"{self.programs}/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", text], check=True,
                              capture_output=True, text=True).stdout.strip()

    def limit(self, *arguments):
        return float(subprocess.run([f"{bench.BIN}/pg_limit", arguments[0], self.url, *map(str, arguments[1:])], check=True,
                                    capture_output=True, text=True).stdout)

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Wire:
    """One connection kept open, as a client that pages through its stock has."""

    def __init__(self, daemon):
        self.daemon, self.socket = daemon, socket.socket(socket.AF_UNIX)
        self.socket.connect(daemon.socket)

    def get(self, path):
        self.socket.sendall(self.daemon.request("GET", path))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(1 << 18)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(1 << 18)
        if b" 200 " not in head[:13]:
            sys.exit(answer.decode())


def pages(cluster, daemon, folder, times=101):
    """Pages of 50 by every sort and with filters, each beside its bare query; milliseconds on one connection."""
    wire, party = Wire(daemon), cluster.sql("SELECT party_id FROM piece LIMIT 1")
    for name, query, condition, order in bench.PAGES:
        sql = f"SELECT {COLUMNS} FROM piece WHERE party_id = $1 AND {condition} ORDER BY {order} LIMIT 51"
        wire.get(f"/v1/pieces?{query}")
        ours = bench.milliseconds(daemon.socket, folder, daemon.request("GET", f"/v1/pieces?{query}"), times)
        bare = cluster.limit("query", times, sql, party)
        print(f"{'PostgreSQL: page, ' + name:<52} {ours:>10.2f} {bare:>10.2f} {'ms':<14} times {ours / bare:5.2f}   (ceiling 3)", flush=True)


def measure(options, folder, csv):
    cluster = Cluster()
    daemon = None
    try:
        daemon = bench.Daemon(options.gemd, f"{folder}/postgres", cluster.url)
        idle = daemon.memory()
        ours, limit = [], []
        for round in range(options.rounds):
            some = [json.dumps(piece).encode() for piece, _ in zip(bench.pieces(csv, f"R{round}"), range(12000)) if not bench.zero(piece)]
            bench.write_requests(f"{folder}/requests", [daemon.request("POST", "/v1/pieces", body) for body in some])
            ours.append(bench.load(daemon.socket, 16, f"{folder}/requests"))
            server = subprocess.Popen([f"{bench.BIN}/pg_limit", "serve", cluster.url, f"{folder}/l.sock", "piece", PIECES.format(f"r{round}"),
                                       "event", PIECE_EVENTS.format(f"r{round}")], stdout=subprocess.PIPE)
            server.stdout.readline()
            limit.append(bench.load(f"{folder}/l.sock", 16, f"{folder}/requests"))
            server.kill()
            server.wait()
        bench.report("PostgreSQL: register, 16 connections", bench.median(ours), bench.median(limit), "requests/s", 0.35)

        ours, limit = [], []
        for round in range(options.rounds):
            lines = "".join(json.dumps(piece) + "\n" for piece in bench.pieces(csv, f"B{round}")).encode()
            begin = time.monotonic()
            answer = daemon.ask("POST", "/v1/pieces", lines, "application/x-ndjson")
            ours.append(lines.count(b"\n") / (time.monotonic() - begin))
            assert b'"done":true' in (answer if isinstance(answer, bytes) else json.dumps(answer).encode())
            limit.append(cluster.limit("rows", 256, "piece", PIECES.format(f"b{round}"), "event", PIECE_EVENTS.format(f"b{round}")))
        bench.report("PostgreSQL: bulk of 53,940", bench.median(ours), bench.median(limit), "pieces/s", 0.35)

        ours, limit = [], []
        for round in range(options.rounds):
            body = open(bench.artisans_csv(folder, 50000, round), "rb").read()
            begin = time.monotonic()
            answer = daemon.ask("POST", "/v1/imports?kind=parties", body, "text/csv", token=False)
            ours.append(50000 / (time.monotonic() - begin))
            assert b'"created":50000' in answer
            limit.append(cluster.limit("rows", 1024, "party", PARTIES, "event", PARTY_EVENTS, "import_row", ROWS))
        bench.report("PostgreSQL: 50,000 artisans from CSV", bench.median(ours), bench.median(limit), "parties/s", 0.33)

        cluster.sql("ANALYZE")
        pages(cluster, daemon, folder)
        some = cluster.sql("SELECT id FROM piece ORDER BY no DESC LIMIT 500").split()
        query = f"SELECT {COLUMNS} FROM piece WHERE party_id = $1 AND id = $2"
        ours = bench.milliseconds(daemon.socket, folder, daemon.request("GET", f"/v1/pieces/{some[0]}"), 1001)
        bare = cluster.limit("query", 1001, query, cluster.sql("SELECT party_id FROM piece LIMIT 1"), some[0])
        print(f"{'PostgreSQL: read by id':<52} {ours:>10.2f} {bare:>10.2f} {'ms':<14} times {ours / bare:5.2f}", flush=True)
        bench.write_requests(f"{folder}/requests", [daemon.request("GET", f"/v1/pieces/{id}") for id in some])
        print(f"{'PostgreSQL: read by id, 16 connections':<52} {bench.load(daemon.socket, 16, f'{folder}/requests', 20000):>10,.1f} requests/s", flush=True)
        bench.write_requests(f"{folder}/requests", [daemon.request("GET", "/v1/pieces?limit=50&sort=-createdAt")])
        print(f"{'PostgreSQL: page of 50, 16 connections':<52} {bench.load(daemon.socket, 16, f'{folder}/requests', 4000):>10,.1f} requests/s", flush=True)
        print(f"{'PostgreSQL: memory idle, at the end, at most':<52} {idle:>10.1f} {daemon.memory():.1f} {daemon.memory('VmHWM'):.1f} MB")
    finally:
        if daemon:
            daemon.stop()
        cluster.stop()
