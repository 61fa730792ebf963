"""The page: docs/benchmarks.md."""

import os

HEAD = """# Benchmarks

Made by `tests/bench/run` on {cores} cores of "{model}", {rounds} rounds of {seconds} s a figure. What is compared ran in
turn, A B A B, in one run, with `wrk` (one thread, {connections} connections) on the same cores; the figures are medians.
Rates differ from machine to machine, ratios much less: hold a change against the ratio.

"Bare" is actix-web answering an empty 200 (`tests/bench/bare.rs`), built in the same profile and with as many workers. p99 is
the time below which 99 of 100 requests were answered.

| what | Hallpass | beside | ratio | aim | |
|---|---|---|---|---|---|
"""

TAIL = """
## What stands behind the lines

- Every request to `/verify` carries a key, method and address of the site's request; both windows of the key and that of its
  owner are charged, and the answer has all identity headers. The keys' limits are raised for it, except where 429 is meant.
- "Unknown key" is one that does not exist, from 64,000 addresses; "guesses" are new ones each time. One guesser is refused
  without a look-up; many are a look-up each, which is what the limit per address is for.
- The site with a million keys has 100,000 users; 10,000 of its keys are in use, any of them at random, each the only one of its owner
  that is, as on the site with 1,000 keys. Whoever asks has 10,000 different requests in memory in both cases. Beside 1,000 keys there
  are four times as many rounds.
- Memory per key is that of a process that remembers 10,000 keys with their owners, each after a day of requests
  (2,880) and a minute (20) that leave nothing in either window. The day goes by on a clock that is moved.
- Start is from the start of the process to its first 200 for a key.
- Instructions are those of a whole request, by `callgrind`: 12,000 requests less 2,000, by 10,000.
- An approval is `POST /user-api-key.json` of one session for one application again and again, its key 2048 bits, one after
  the other. Its floor is the RSA encryption alone and a transaction of one row alone, synced to the disk, on the same disk
  between the rounds.
- The exactness of the limits: eight connections ask with one key as fast as they can for 130 s. An accepted request counts
  for a window when it was sent and answered within it, by the clock of the one who asks: no window of 60 s had more than the
  limit.
- The message bus: as many users poll as the descriptors of the machine allow, up to 10,000 (which need 18,000 of them; 20,000 here),
  each with a key and in chunks, on one node with SQLite. Then the site's back end publishes 1,000 notifications a second for 20 s:
  `POST /admin/notifications` with an admin key, 100 calls a second on five connections, each for ten users at random, which is one
  transaction and a line in the log. The time is from before the call to the arrival of the user's `/notification/{id}` at the client,
  which runs on the same cores as the back end and the service. Lost is what was published and not heard. Memory is what the
  process takes more than before the polls.

## To repeat it

    tests/bench/run                               # everything; writes this page
    tests/bench/run --seconds 2 --rounds 1 hot    # one figure, printed only
    cargo bench --bench micro                     # hashing, matching, limiting, encrypting, each alone
"""


def line(row):
    mark = {None: "", True: "✓", False: "missed"}[row.met]
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return f"| {row.name} | {row.one} | {row.other} | {ratio} | {row.aim} | {mark} |"


def model():
    with open("/proc/cpuinfo") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def write(rows, given):
    head = HEAD.format(cores=os.cpu_count(), model=model(), rounds=given.rounds, seconds=given.seconds, connections=64)
    with open("docs/benchmarks.md", "w") as file:
        file.write(head + "".join(line(row) + "\n" for row in rows) + TAIL)
