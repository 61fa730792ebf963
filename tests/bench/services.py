"""Starts what is measured, each on free ports of the loopback address, and asks it."""

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

RELEASE = "target/release"
HERE = "tests/bench"
CONNECTIONS = 64
REQUEST = {"X-Original-Method": "GET", "X-Original-URI": "/notifications"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(ready, what, patience=60.0):
    """Asks again and again, each millisecond; gives the seconds it took."""
    begin = time.monotonic()
    while not ready():
        if time.monotonic() - begin > patience:
            raise SystemExit(f"{what} does not answer")
        time.sleep(0.001)
    return time.monotonic() - begin


class Process:
    """A program that is ended, by its id, when the measurement leaves it."""

    def __init__(self, command, address, **options):
        self.address, self.began = address, time.monotonic()
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.child = subprocess.Popen(command, **{**quiet, **options})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def answers(self, headers):
        """Whether it says 200 to /verify with these headers."""
        try:
            connection = http.client.HTTPConnection(self.address, timeout=60)
            connection.request("GET", "/verify", headers=headers)
            return connection.getresponse().status == 200
        except OSError:
            return self.child.poll() is not None and self.ended()

    def ended(self):
        raise SystemExit(f"{self.child.args} ended by itself")

    def resident(self):
        """Bytes in memory."""
        with open(f"/proc/{self.child.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024


def absolute(path):
    return os.path.join(os.getcwd(), path)


def bare(workers, wrapper=()):
    address = f"127.0.0.1:{free_port()}"
    process = Process([*wrapper, absolute(f"{RELEASE}/examples/bare"), address, str(workers)], address)
    until(lambda: process.answers(REQUEST), "the bare handler")
    return process


def hallpass(site, *settings, wrapper=()):
    """Runs the service on this site. `public` is its other address, `started` the seconds up to its first answer."""
    public, internal = (f"127.0.0.1:{free_port()}" for _ in range(2))
    flags = [f"server.listen={public}", f"server.internal_listen={internal}", f"server.public_url=http://{public}"]
    command = [*wrapper, absolute(f"{RELEASE}/hallpass")]
    command += [part for setting in [*flags, *settings] for part in ("--set", setting)]
    process = Process([*command, "serve"], internal, cwd=site, env={**os.environ, "RUST_LOG": "warn"})
    headers = {**REQUEST, "User-Api-Key": keys_of(site)[0]}
    until(lambda: process.answers(headers), "hallpass")
    process.public, process.started = public, time.monotonic() - process.began
    return process


def keys_of(site):
    with open(f"{site}/keys.txt") as keys:
        return keys.read().split()


def nginx(folder, hallpass, bare):
    """One nginx with two servers: before Hallpass, and before the bare handler. Gives both addresses."""
    ports = [free_port(), free_port()]
    with open(f"{HERE}/nginx.conf") as template:
        text = template.read()
    words = {"FOLDER": folder, "ONE": ports[0], "OTHER": ports[1], "HALLPASS": hallpass.address, "BARE": bare.address}
    for word, value in words.items():
        text = text.replace(f"@{word}@", str(value))
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(text)
    process = Process(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf", "-e", "stderr"], f"127.0.0.1:{ports[1]}")
    until(lambda: process.answers(REQUEST), "nginx")
    return process, [f"127.0.0.1:{port}" for port in ports]


def wrk(script, address, path, seconds, arguments, connections=CONNECTIONS):
    """One round. Requests per second, and the refused part of them; times in milliseconds."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--script",
               f"{HERE}/{script}.lua", f"http://{address}{path}", "--", *arguments]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    round_ = json.loads(said.splitlines()[-1])
    if round_["failed"]:
        raise SystemExit(f"{round_['failed']} requests failed: {command}")
    return {
        "rate": round_["requests"] * 1e6 / round_["span"],
        "p99": round_["p99"] / 1e3,
        "refused": round_["refused"] / max(round_["requests"], 1),
    }


def middle(rounds, what):
    return statistics.median(round_[what] for round_ in rounds)


def signed_in(public, login, password):
    """Signs in; gives the cookie of the session and its CSRF token."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    csrf = lambda: json.load(opener.open(f"http://{public}/session/csrf.json"))["csrf"]
    form = urllib.parse.urlencode({"login": login, "password": password}).encode()
    request = urllib.request.Request(f"http://{public}/session.json", form, {"X-CSRF-Token": csrf()})
    if "user" not in json.load(opener.open(request)):
        raise SystemExit("cannot sign in")
    jar = next(handler for handler in opener.handlers if isinstance(handler, urllib.request.HTTPCookieProcessor))
    token = csrf()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar.cookiejar), token
