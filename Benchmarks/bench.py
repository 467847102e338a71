#!/usr/bin/env python3
"""Speed of the release build, as ratios beside C programs that do the bare work in the same run on the same disk.

    bench.py GEMD EMPTY_ROUTE CERTIFICATE_BENCH [--csv diamonds.csv] [--rounds 3] [--only sqlite|postgres|certificates|offline]

Each figure is the median of the rounds. Nothing here passes or fails: machines differ, ratios less so.
"""
import argparse, json, os, random, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.path.join(HERE, "bin")

# Name, what gemd is asked, and the same as SQL.
PAGES = [
    ("newest first", "sort=-createdAt", "1 = 1", "created DESC, id DESC"),
    ("lightest first", "sort=weightCt", "weight IS NOT NULL", "weight, id"),
    ("dearest first", "sort=-price", "price IS NOT NULL", "price DESC, id DESC"),
    ("by stock number", "sort=stockNumber", "1 = 1", "stock_key, id"),
    ("2 to 3 ct, by weight", "weightCt=2..3&sort=weightCt", "weight BETWEEN 200000 AND 300000", "weight, id"),
    ("colour D, dearest", "colour=D&sort=-price", "colour = 'D' AND price IS NOT NULL", "price DESC, id DESC"),
    ("J and IF, newest", "colour=J&clarity=IF", "colour = 'J' AND clarity = 'IF'", "created, id"),
]


def build_limits():
    os.makedirs(BIN, exist_ok=True)
    for name, libraries in [("bulk_limit", ["-lsqlite3"]), ("register_limit", ["-lsqlite3"]), ("sign_limit", ["-lcrypto", "-lsqlite3"]),
                            ("parties_limit", ["-lsqlite3"]), ("load", ["-lsqlite3"]), ("query_limit", ["-lsqlite3"]), ("pg_limit", ["-lpq"]),
                            ("verify_limit", ["-lcrypto", "-lsqlite3"]),
                            ("photo_limit", ["-ljpeg", "-lm"]), ("enlarge", ["-ljpeg"])]:
        flags = ["-O3", "-march=native"] if name in ("photo_limit", "enlarge") else ["-O2", "-Wno-deprecated-declarations"]
        subprocess.run(["cc", *flags, "-o", f"{BIN}/{name}", f"{HERE}/{name}.c", *libraries], check=True)


def stock_csv(given, folder):
    """The real diamonds where they are at hand, else as many made up after their distribution."""
    if given and os.path.exists(given):
        return given
    path, rng = f"{folder}/stock.csv", random.Random(1)
    with open(path, "w") as out:
        out.write("carat,cut,color,clarity,depth,table,price,x,y,z\n")
        for _ in range(53940):
            carat = round(rng.lognormvariate(-0.4, 0.58) + 0.2, 2)
            x = round((carat / (0.00612 * 0.617 * 1)) ** (1 / 3) * 0.99, 2)
            out.write(f"{carat},{rng.choice(['Ideal', 'Premium', 'Very Good', 'Good', 'Fair'])},{rng.choice('DEFGHIJ')},"
                      f"{rng.choice(['IF', 'VVS1', 'VVS2', 'VS1', 'VS2', 'SI1', 'SI2', 'I1'])},61.7,57.0,{int(carat ** 2 * 4000) + 300},"
                      f"{x},{round(x + 0.02, 2)},{round(x * 0.617, 2)}\n")
    return path


def artisans_csv(folder, count, round):
    """People of the bazaars, each with a card of its own; some share a telephone with nobody, some have no e-mail."""
    path, rng = f"{folder}/artisans-{round}.csv", random.Random(round)
    first = ["Aslam", "Bilal", "Zainab", "Fatima", "Usman", "Yusuf", "Imran", "Sana", "Hamid", "Noor"]
    last = ["Khan", "Bibi", "Shah", "Afridi", "Yousafzai", "Malik", "Jan", "Gul"]
    urdu = ["اسلم خان", "بلال شاہ", "زینب بی بی", "فاطمہ جان", "عثمان گل"]
    with open(path, "w", encoding="utf-8") as out:
        out.write("Name,نام,CNIC,District,Craft,Mobile,E-mail,Gender\r\n")
        for number in range(count):
            card = f"{rng.choice([17301, 15602, 42101, 35202])}-{round * count + number + 1000000:07d}-{rng.randint(0, 9)}"
            email = f"a{number}@example.com" if number % 3 else ""
            out.write(f"{rng.choice(first)} {rng.choice(last)},{rng.choice(urdu)},{card},{rng.choice(['Peshawar', 'Swat', 'Mardan'])},"
                      f"{rng.choice(['stone cutting', 'filigree', 'kundan'])},03{rng.randint(0, 49):02d}-{number:07d},{email},{rng.choice('MF')}\r\n")
    return path


def pieces(csv, prefix):
    cuts = {"Very Good": "VG", "Good": "G", "Fair": "F"}
    for number, line in enumerate(open(csv).read().splitlines()[1:], 1):
        carat, cut, colour, clarity, depth, table, price, x, y, z = line.split(",")
        yield {"kind": "stone", "stockNumber": f"{prefix}-{number:06d}", "title": f"Round diamond {carat} ct",
               "stone": {"nature": "natural", "species": "diamond", "weightCt": carat, "shape": "R", "cut": "brilliant",
                         "measurementsMm": {"length": x, "width": y, "depth": z}, "treatments": [{"code": "NT"}],
                         "diamond": {"colour": colour, "clarity": clarity, "cut": cuts.get(cut, cut), "depthPct": depth, "tablePct": table}},
               "price": {"total": {"amount": price, "currency": "USD"}}}


class Daemon:
    def __init__(self, program, folder, database=None):
        self.program, self.folder = program, folder
        os.makedirs(folder, exist_ok=True)
        self.state, self.socket = f"{folder}/state", f"{folder}/g.sock"
        subprocess.run([program, "init", "--state", self.state, "--issuer", "BENCH", "--public-url", "https://bench.example",
                        *(["--database", database] if database else [])],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen([program, "serve", "--state", self.state, "--socket", self.socket], stderr=subprocess.PIPE, text=True)
        while "listening" not in (line := self.process.stderr.readline()):
            if not line:
                sys.exit("the daemon did not start")
        party = self.ask("POST", "/v1/parties", {"kind": "dealer", "name": "Bench", "code": "BENCHD"})["id"]
        member = self.ask("POST", f"/v1/parties/{party}/members", {"name": "bench", "roles": ["dealer", "exporter"]})["id"]
        self.token = self.ask("POST", f"/v1/members/{member}/tokens", {})["secret"]

    def ask(self, method, path, body=None, kind="application/json", token=True):
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            token = f"Authorization: Bearer {self.token}\r\n" if token and hasattr(self, "token") else ""
            s.sendall(f"{method} {path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n{token}Content-Type: {kind}\r\n"
                      f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
            answer = b""
            while chunk := s.recv(1 << 16):
                answer += chunk
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 2" not in head[:13]:
            sys.exit(answer.decode())
        return json.loads(rest) if rest.startswith(b"{") else rest

    def request(self, method, path, body=b"", kind="application/json"):
        return (f"{method} {path} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {self.token}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body

    def memory(self, name="VmRSS"):
        return int(re.search(name + r":\s+(\d+)", open(f"/proc/{self.process.pid}/status").read())[1]) / 1024

    def reset_peak(self):
        open(f"/proc/{self.process.pid}/clear_refs", "w").write("5")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def write_requests(path, requests):
    with open(path, "wb") as out:
        for request in requests:
            out.write(b"%d\n" % len(request) + request)


def load(socket_path, connections, file, total=None):
    command = [f"{BIN}/load", socket_path, str(connections), file] + ([str(total)] if total else [])
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])


def milliseconds(socket_path, folder, request, times, connections=1):
    """One request asked over and over by a C client: the median of one connection; of several, the time between two answers."""
    write_requests(f"{folder}/request", [request])
    command = [f"{BIN}/load", socket_path, str(connections), f"{folder}/request", str(times)]
    rate, middle = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[:2]
    return float(middle) if connections == 1 else 1000 / float(rate)


def median(values):
    return statistics.median(values)


def report(name, ours, limit, unit, floor):
    print(f"{name:<52} {ours:>10,.1f} {limit:>10,.1f} {unit:<14} ratio {ours / limit:5.2f}   (floor {floor})", flush=True)


def photograph(folder):
    """A 12-megapixel picture with fine detail, made from one of the examples."""
    path = f"{folder}/12mp.jpg"
    example = sorted(os.listdir(f"{HERE}/../Examples/photographs"))
    source = next(f"{HERE}/../Examples/photographs/{name}" for name in example if name.endswith(".jpg"))
    subprocess.run([f"{BIN}/enlarge", source, path], check=True)
    return path


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("gemd")
    arguments.add_argument("empty_route")
    arguments.add_argument("certificate_bench")
    arguments.add_argument("--csv")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", choices=["sqlite", "postgres", "certificates", "offline"], help="one part alone; offline: certificates checked and printed without a daemon")
    options = arguments.parse_args()
    build_limits()
    folder = tempfile.mkdtemp(prefix="gemd-bench-", dir=os.environ.get("GEMD_BENCH_DIR"))
    print(f"{'':<52} {'gemd':>10} {'C limit':>10}")
    # Here, since they use what is above.
    if options.only in (None, "offline"):
        import offline
        offline.measure(options)
    csv = stock_csv(options.csv, folder) if options.only != "offline" else None
    if options.only in (None, "sqlite"):
        sqlite(options, folder, csv)
    if options.only in (None, "certificates"):
        import certificates
        certificates.measure(options, folder, csv)
    if options.only in (None, "postgres"):
        import postgres
        postgres.measure(options, folder, csv)
    shutil.rmtree(folder, ignore_errors=True)


def sqlite(options, folder, csv):
    daemon = Daemon(options.gemd, folder)
    idle = daemon.memory()
    try:
        # Registration at 16 connections, each request its own piece and its own answer.
        count = 12000
        ours, limit = [], []
        for round in range(options.rounds):
            some = [json.dumps(piece).encode() for piece, _ in zip(pieces(csv, f"R{round}"), range(count)) if not zero(piece)]
            write_requests(f"{folder}/requests", [daemon.request("POST", "/v1/pieces", body) for body in some])
            ours.append(load(daemon.socket, 16, f"{folder}/requests"))
            server = subprocess.Popen([f"{BIN}/register_limit", f"{folder}/l.sock", f"{folder}/l.db", csv], stdout=subprocess.PIPE)
            server.stdout.readline()
            limit.append(load(f"{folder}/l.sock", 16, f"{folder}/requests"))
            server.kill()
            server.wait()
        report("register, 16 connections", median(ours), median(limit), "requests/s", 0.35)
        after_register = daemon.memory()

        ours, limit = [], []
        for round in range(options.rounds):
            lines = "".join(json.dumps(piece) + "\n" for piece in pieces(csv, f"B{round}")).encode()
            begin = time.monotonic()
            answer = daemon.ask("POST", "/v1/pieces", lines, "application/x-ndjson")
            ours.append(lines.count(b"\n") / (time.monotonic() - begin))
            assert b'"done":true' in (answer if isinstance(answer, bytes) else json.dumps(answer).encode())
            limit.append(float(subprocess.run([f"{BIN}/bulk_limit", f"{folder}/l.db", csv], check=True, capture_output=True).stdout))
        report("bulk of 53,940", median(ours), median(limit), "pieces/s", 0.35)
        after_bulk = daemon.memory()

        ours, limit = [], []
        for round in range(options.rounds):
            people = artisans_csv(folder, 50000, round)
            body = open(people, "rb").read()
            begin = time.monotonic()
            # The administrator, who is whoever runs this, brings parties in.
            answer = daemon.ask("POST", "/v1/imports?kind=parties", body, "text/csv", token=False)
            ours.append(50000 / (time.monotonic() - begin))
            assert b'"created":50000' in answer
            limit.append(float(subprocess.run([f"{BIN}/parties_limit", f"{folder}/l.db", people], check=True, capture_output=True).stdout))
        report("50,000 artisans from CSV", median(ours), median(limit), "parties/s", 0.33)
        after_import = daemon.memory()

        page = daemon.ask("GET", "/v1/pieces?limit=500")
        ids = [item["id"] for item in page["items"]]
        size = len(json.dumps(page["items"][0], separators=(",", ":")))
        write_requests(f"{folder}/requests", [daemon.request("GET", f"/v1/pieces/{id}") for id in ids])
        empty = subprocess.Popen([options.empty_route, str(size), f"{folder}/e.sock"])
        while not os.path.exists(f"{folder}/e.sock"):
            time.sleep(0.05)
        ours, limit = [], []
        for _ in range(options.rounds):
            ours.append(load(daemon.socket, 16, f"{folder}/requests", 40000))
            limit.append(load(f"{folder}/e.sock", 16, f"{folder}/requests", 40000))
        empty.terminate()
        empty.wait()
        report("read by id, 16 connections, beside an empty route", median(ours), median(limit), "requests/s", 0.6)
        after_read = daemon.memory()

        picture = photograph(folder)
        body = open(picture, "rb").read()
        begin_ids, ours, limit = iter(ids), [], []
        for round in range(options.rounds):
            requests = []
            for number in range(24):
                # A comment segment with a number makes each upload a file of its own.
                marked = body[:2] + b"\xff\xfe\x00\x0a" + b"%08d" % (round * 1000 + number) + body[2:]
                requests.append(daemon.request("POST", f"/v1/pieces/{next(begin_ids)}/images", marked, "image/jpeg"))
            write_requests(f"{folder}/requests", requests)
            # Four at once, so that both cores decode while others upload and sync.
            ours.append(load(daemon.socket, 4, f"{folder}/requests"))
            text = [subprocess.Popen([f"{BIN}/photo_limit", "3", picture], stdout=subprocess.PIPE, text=True) for _ in range(2)]
            limit.append(sum(float(re.search(r"([\d.]+) photographs/s", one.communicate()[0])[1]) for one in text))
        report("12-megapixel photograph, 3 derivatives, 2 cores", median(ours), median(limit), "photographs/s", 0.8)
        after_photo = daemon.memory()

        daemon.reset_peak()
        before = daemon.memory()
        big = body + b"\0" * (25 * 1024 * 1024 - len(body))
        daemon.ask("POST", f"/v1/pieces/{next(begin_ids)}/images", big, "image/jpeg")
        peak = daemon.memory("VmHWM") - before
        print(f"{'25 MB upload adds':<52} {peak:>10.1f} MB at its peak                      (ceiling 16)")
        print(f"{'memory idle':<52} {idle:>10.1f} MB                                  (ceiling 40)")
        for name, value in [("register", after_register), ("bulk", after_bulk), ("import", after_import), ("read", after_read), ("photographs", after_photo)]:
            print(f"{'memory after ' + name:<52} {value:>10.1f} MB")
    finally:
        daemon.stop()


def zero(piece):
    return any(float(value) == 0 for value in piece["stone"]["measurementsMm"].values())


if __name__ == "__main__":
    main()
