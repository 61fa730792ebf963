"""The figures: what each compares, and what it aims at."""

import contextlib
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass

from services import CONNECTIONS, HERE, RELEASE, REQUEST, bare, hallpass, keys_of, middle, nginx, signed_in, until, wrk

DEFAULT_LIMITS = ("user_api.max_user_api_reqs_per_minute=20", "user_api.max_user_api_reqs_per_day=2880",
                  "limits.unknown_keys_per_address_per_minute=600", "limits.unknown_keys_per_caller_per_minute=60000")
# Users, keys, and how many of these are in use. With 1,000 as with a million each key in use is the only one of its owner that is:
# the number of keys is what is compared.
SIZES = {"one": (1, 1, 1), "thousand": (1000, 1000, 1000), "ten_thousand": (1000, 10_000, 10_000),
         "ten_thousand_users": (10_000, 10_000, 10_000), "million": (100_000, 1_000_000, 10_000)}
PASSWORD = "correct horse battery"


@dataclass
class Row:
    name: str
    one: str
    other: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None


class Bench(contextlib.ExitStack):
    """How to measure, and the services that run meanwhile: each is started once, by the figure that needs it first."""

    def __init__(self, seconds, rounds, workers):
        super().__init__()
        self.seconds, self.rounds, self.workers = seconds, rounds, workers
        self.running = {}

    def site(self, name, size="one"):
        """The folder of a site, made anew; only the largest stays from run to run, because it takes a minute to make."""
        folder = f"target/bench/{name}"
        if size != "million" or not os.path.exists(f"{folder}/keys.txt"):
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([f"{RELEASE}/examples/stage", folder, *map(str, SIZES[size])], check=True)
        return folder

    def once(self, name, start):
        if name not in self.running:
            self.running[name] = self.enter_context(start())
        return self.running[name]

    def bare(self):
        return self.once("bare", lambda: bare(self.workers))

    def hallpass(self, size):
        """The service on a site of this size; "limited" is one with the limits of a fresh installation."""
        if size == "limited":
            return self.once(size, lambda: hallpass(self.site(size), *DEFAULT_LIMITS))
        return self.once(size, lambda: hallpass(self.site(size, size)))

    def folder(self):
        return self.enter_context(tempfile.TemporaryDirectory())

    def in_turn(self, *measures, times=1):
        """The rounds of each, or so many times as many, after one that warms up."""
        for measure in measures:
            measure(1)
        rounds = [[measure(self.seconds) for measure in measures] for _ in range(times * self.rounds)]
        return [list(of_one) for of_one in zip(*rounds)]


def asks(address, *arguments, path="/verify", refused=False):
    """Rounds of /verify, of which all are accepted, or nearly all refused."""
    def measure(seconds):
        round_ = wrk("verify", address, path, seconds, arguments)
        if not (round_["refused"] > 0.95 if refused else round_["refused"] == 0):
            raise SystemExit(f"{round_['refused']:.1%} of {arguments} were refused")
        return round_
    return measure


def compare(bench, name, one, other, aim=None, p99=None, times=1):
    ours, theirs = bench.in_turn(one, other, times=times)
    def row(name, what, unit, aim, met):
        values = middle(ours, what), middle(theirs, what)
        ratio = values[0] / values[1]
        return Row(name, *(f"{value:,.{unit[1]}f}{unit[0]}" for value in values), ratio, *met(ratio, aim))
    at_least = lambda ratio, aim: (f"≥ {aim}", ratio >= aim) if aim else ("", None)
    at_most = lambda ratio, aim: (f"≤ {aim}", ratio <= aim) if aim else ("", None)
    yield row(f"{name}, requests per second", "rate", ("", 0), aim, at_least)
    yield row(f"{name}, p99", "p99", (" ms", 1), p99, at_most)


def beside_bare(name, site, *arguments, aim=None, p99=None, refused=False):
    """Compares rounds on this site with the same requests to the bare handler."""
    def figure(bench):
        service, words = bench.hallpass(site), [word.format(site=f"target/bench/{site}") for word in arguments]
        one, other = asks(service.address, *words, refused=refused), asks(bench.bare().address, *words)
        return compare(bench, name, one, other, aim, p99)
    return figure


def million(bench):
    many = bench.hallpass("million")
    one = asks(many.address, "random", "target/bench/million/keys.txt")
    # The aim is so near to no difference at all that it takes four times as many rounds to see on which side of it we are.
    for size, few, aim, times in (("thousand", "1,000 keys", 0.95, 4), ("ten_thousand", "10,000 keys", None, 1)):
        other = asks(bench.hallpass(size).address, "random", f"target/bench/{size}/keys.txt")
        yield from compare(bench, f"a million keys, 10,000 active, beside {few}", one, other, aim, times=times)
    sizes = [bench.hallpass(size).resident() / 1e6 for size in ("million", "thousand")]
    yield Row("memory of the process then, beside 1,000 keys", *(f"{size:.1f} MB" for size in sizes))


def behind_nginx(bench):
    service, keys = bench.hallpass("one"), "target/bench/one/keys.txt"
    process, addresses = nginx(bench.folder(), service, bench.bare())
    bench.enter_context(process)
    one, other = (asks(address, "hot", keys, path="/notifications") for address in addresses)
    return compare(bench, "nginx with `auth_request`", one, other, 0.90)


def memory(bench):
    said = subprocess.run([f"{RELEASE}/examples/inside", "memory", bench.site("memory", "ten_thousand")], check=True,
                          capture_output=True, text=True).stdout
    cost = json.loads(said)
    total = cost["remembered"] + cost["windows"]
    yield Row("memory of an active key, both windows full", f"{cost['windows']:,} B", "", None, "≤ 2,048 B",
              cost["windows"] <= 2048)
    yield Row("the same with the key and its owner remembered", f"{total:,} B")


def idle(bench):
    with hallpass(bench.site("idle")) as service:
        time.sleep(1)
        size = service.resident() / 1e6
    yield Row("memory of an idle process", f"{size:.1f} MB", "", None, "< 30 MB", size < 30)


def start(bench):
    site, spans = bench.site("million", "million"), []
    for _ in range(min(bench.rounds, 9)):
        with hallpass(site) as service:
            spans.append({"span": service.started * 1e3})
    span = middle(spans, "span")
    yield Row("start to first answer with a million keys", f"{span:.0f} ms", "", None, "< 200 ms", span < 200)


def counted(start, key, requests):
    """The instructions of a whole run in which so many requests are answered, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        with start(("valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out")) as service:
            host, port = service.address.split(":")
            lines = "".join(f"{name}: {value}\r\n" for name, value in {**REQUEST, "User-Api-Key": key}.items())
            request = f"GET /verify HTTP/1.1\r\nHost: {service.address}\r\n{lines}\r\n".encode()
            with socket.create_connection((host, int(port))) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for _ in range(requests):
                    connection.sendall(request)
                    if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                        raise SystemExit("not 200")
        with open(f"{folder}/out") as file:
            return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.MULTILINE)[1])


def instructions(bench):
    site = bench.site("instructions")
    key = keys_of(site)[0]
    starts = (lambda wrapper: hallpass(site, wrapper=wrapper)), (lambda wrapper: bare(1, wrapper))
    ours, theirs = ((counted(start, key, 12_000) - counted(start, key, 2_000)) / 10_000 for start in starts)
    yield Row("instructions of a request to `/verify`", f"{ours:,.0f}", f"{theirs:,.0f}", ours / theirs)


def handshake(bench):
    site = bench.site("handshake")
    subprocess.run([f"{os.getcwd()}/{RELEASE}/hallpass", "user", "create", "ada", "--password-stdin"], check=True,
                   input=PASSWORD, text=True, cwd=site, capture_output=True)
    service = bench.enter_context(hallpass(site))
    with open("tests/fixtures/keys/rsa2048.pem") as key:
        fields = {"application_name": "Deskbell", "client_id": "deskbell", "scopes": "read", "nonce": "4f1e66bb1b7a4b2f",
                  "public_key": key.read()}
    arguments = urllib.parse.urlencode(fields), *signed_in(service.public, "ada", PASSWORD)

    def approve(connections):
        def measure(seconds):
            round_ = wrk("approve", service.public, "/user-api-key.json", seconds, arguments, connections)
            if round_["refused"]:
                raise SystemExit("an approval was refused")
            return round_
        return measure

    beside = bench.site("floor")

    def floor(seconds):
        command = [f"{RELEASE}/examples/inside", "floor", beside, str(seconds)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    single, many, alone = bench.in_turn(approve(1), approve(CONNECTIONS), floor)
    encrypt, commit = middle(alone, "encrypt") * 1e3, middle(alone, "commit") * 1e3
    each = 1e3 / middle(single, "rate")
    ratio = each / (encrypt + commit)
    yield Row("an approval, beside RSA encryption and synced commit alone", f"{each:.2f} ms",
              f"{encrypt:.2f} + {commit:.2f} ms", ratio, "≤ 2", ratio <= 2)
    yield Row("approvals per second, one connection", f"{middle(single, 'rate'):,.0f}")
    yield Row(f"approvals per second, {CONNECTIONS} connections", f"{middle(many, 'rate'):,.0f}")


def exact(bench):
    site = bench.site("exact")
    with hallpass(site, *DEFAULT_LIMITS) as service:
        key = keys_of(site)[0]
        command = [f"{RELEASE}/examples/exact", service.address, key, "20", "130"]
        done = subprocess.run(command, capture_output=True, text=True)
    seen = json.loads(done.stdout)
    asked = seen["accepted"] + seen["refused"]
    yield Row(f"most accepted in any 60 s, of {asked:,} requests in 130 s at 20 a minute",
              f"{seen['most']}", "", None, "≤ 20", done.returncode == 0)
    yield Row("accepted in those 130 s", f"{seen['accepted']}")


def polls_of(service):
    with urllib.request.urlopen(f"http://{service.address}/metrics") as said:
        return int(re.search(rb"^hallpass_message_bus_polls (\d+)", said.read(), re.MULTILINE)[1])


def admin_key(site, scope):
    """A key of the admin API, in a file of the site's folder."""
    command = [f"{os.getcwd()}/{RELEASE}/hallpass", "admin-key", "create", "--name", "bench", "--scope", scope]
    made = subprocess.run(command, check=True, capture_output=True, cwd=site)
    with open(f"{site}/admin-key.txt", "wb") as file:
        file.write(made.stdout)


def bus(bench, seconds=20):
    """Idle polls, and then so many notifications a second to users at random."""
    # The listener gets three of four descriptors, and three of four of its connections may be polls.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    polls = min(10_000, most * 9 // 16 - 100)
    site = bench.site("bus", "ten_thousand_users")
    admin_key(site, "notifications:write")
    with hallpass(site, "message_bus.long_poll_seconds=60") as service:
        before = service.resident()
        command = [f"{RELEASE}/examples/bus", service.public, service.address, site, str(polls), str(seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listener:
            try:
                until(lambda: listener.poll() is not None or polls_of(service) == polls, "a poll")
                idle = service.resident() - before
                said = listener.communicate(timeout=120)[0]
            finally:
                listener.kill()
    if listener.returncode:
        raise SystemExit("the polls, or the calls, failed")
    seen = json.loads(said)
    rate = seen["published"] / seen["span"]
    yield Row(f"memory of each of {polls:,} idle polls of the message bus", f"{idle / polls:,.0f} B")
    yield Row("notifications published a second, by calls of the admin API", f"{rate:,.0f}", "", None, "1,000", rate > 990)
    yield Row(f"of those {seen['published']:,}, lost", f"{seen['lost']}", "", None, "0", seen["lost"] == 0)
    yield Row("from the call to the answer, median", f"{seen['answer'] / 1e3:.1f} ms")
    yield Row("from the call to the poll, median", f"{seen['median'] / 1e3:.1f} ms")
    yield Row("from the call to the poll, p99", f"{seen['p99'] / 1e3:.1f} ms")


ALL = {
    "hot": beside_bare("one key", "one", "hot", "{site}/keys.txt", aim=0.90, p99=1.3),
    "random": beside_bare("10,000 keys at random", "ten_thousand", "random", "{site}/keys.txt", aim=0.85),
    "limited": beside_bare("over the limit, 429", "limited", "hot", "{site}/keys.txt", aim=0.85, refused=True),
    "unknown": beside_bare("unknown key, 403", "one", "unknown", aim=0.85, refused=True),
    "guess": beside_bare("guesses of one address, 429", "limited", "guess", refused=True),
    "guesses": beside_bare("guesses of many addresses, 403", "one", "guesses", refused=True),
    "million": million,
    "nginx": behind_nginx,
    "memory": memory,
    "idle": idle,
    "start": start,
    "instructions": instructions,
    "handshake": handshake,
    "exact": exact,
    "bus": bus,
}
