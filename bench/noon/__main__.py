"""`python -m bench.noon [--bidders 300] [--late 100] [--seconds 60] [--sign-ins 300] [--only calm,sign-ins]`.

Four runs over a PostgreSQL of our own and the portal as it is served (gunicorn, two workers):

- `calm`: bidders submit through the last seconds before a deadline, others keep trying after it;
- `kills`: the same, while a worker is killed again and again and PostgreSQL once (kill -9);
- `careless`: the same with `synchronous_commit=off`, to prove that a loss would be seen: it must lose something;
- `sign-ins`: people sign in within a minute, with the password hashing of production.

`make bench` runs them last. Figures also go to `var/bench/noon.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.noon import crowd
from bench.noon.cluster import Cluster, NoServer
from bench.noon.server import ROOT, Server

RUNS = ("calm", "kills", "careless", "sign-ins")
EARLY = 8  # seconds between the start of a run and its first submission


def main() -> None:
    """Run what was asked for and print it."""
    asked = _arguments()
    wanted = [run for run in RUNS if run in asked.only.split(",")]
    kept = {}
    try:
        for run in wanted:
            kept[run] = sign_ins(asked) if run == "sign-ins" else noon(run, asked)
            print(f"{run}: {json.dumps(kept[run])}", flush=True)
    except NoServer as problem:
        print(f"The minute before noon was not run: {problem}")
        return
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "noon.json").write_text(json.dumps(kept, indent=1))
    sys.exit(0 if all(one["kept"] for one in kept.values()) else 1)


def _arguments():
    parser = argparse.ArgumentParser(prog="bench.noon", description="The last minute before a deadline.")
    parser.add_argument("--bidders", type=int, default=300)
    parser.add_argument("--late", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--sign-ins", type=int, default=300)
    parser.add_argument("--only", default=",".join(RUNS))
    return parser.parse_args()


class Portal:
    """A database, a server over it, and the world in it."""

    def __init__(self, *, synchronous: bool = True):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-noon-var-"))
        self.cluster = Cluster(synchronous=synchronous)
        self.environment = {
            "MODE": "demo",
            "DATABASE_URL": self.cluster.url,
            "DATABASE_POOL": "1",
            "REDIS_URL": "",
            "VAR_DIR": str(self.folder),
            "LOG_LEVEL": "ERROR",
            "SEAL_KEYS": "",
        }
        self.server = Server(self.environment, log=self.folder / "gunicorn.log")

    def __enter__(self) -> Portal:
        try:
            self.cluster.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *problem) -> None:
        if hasattr(self.server, "process"):
            self.server.stop()
        self.cluster.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def world(self, *arguments: str) -> dict:
        """What `bench.noon.world` answers, in a process of its own: this one holds no connection."""
        import subprocess

        done = subprocess.run(
            [sys.executable, "-m", "bench.noon.world", *arguments],
            cwd=ROOT,
            env=os.environ | self.environment | {"DATABASE_POOL": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return json.loads(done.stdout.splitlines()[-1])


def noon(run: str, asked) -> dict:
    """One deadline. `kept` says whether everything that was promised held."""
    with Portal(synchronous=run != "careless") as portal:
        made = portal.world("fill", str(asked.bidders + asked.late))
        portal.server.start()
        port = portal.server.port
        everybody = [crowd.Bidder(one["application"], {"sessionid": one["session"]}) for one in made["bidders"]]
        crowd.all_at_once(
            lambda bidder: crowd.look_at_check_page(
                port, bidder, made["check"].replace("/0/", f"/{bidder.application}/")
            ),
            everybody,
            threads=8,
        )
        closes_at = time.time() + EARLY + asked.seconds
        portal.world("close", str(made["framework"]), repr(closes_at))
        bidders, late = everybody[: asked.bidders], everybody[asked.bidders :]
        stop = threading.Event()
        killer = threading.Thread(target=_kill, args=(run, portal, closes_at - asked.seconds, asked.seconds, stop))
        killer.start()
        begin = closes_at - asked.seconds
        for number, bidder in enumerate(bidders):
            # The last one a second before the end: what arrives in time is accepted however long it then takes.
            bidder.begins = begin + (asked.seconds - 1) * number / max(1, len(bidders) - 1)
        for number, bidder in enumerate(late):
            bidder.begins = closes_at + 0.05 + 3 * number / max(1, len(late))
        crowd.all_at_once(
            lambda one: crowd.submit(
                port, one, at=one.begins, until=closes_at + 20, pause=0.5, after=closes_at + (5 if one in late else 0)
            ),
            everybody,
        )
        stop.set()
        killer.join()
        with_receipt = [one for one in everybody if one.receipt]
        crowd.all_at_once(lambda bidder: _read(port, bidder), with_receipt, threads=8)
        return _judge(run, portal.world("stored", str(made["framework"])), bidders, late, closes_at)


def _read(port: int, bidder) -> None:
    try:
        crowd.read_receipt(port, bidder)
    except OSError:
        bidder.reference = bidder.sha256 = ""


def _kill(run: str, portal: Portal, begin: float, seconds: int, stop: threading.Event) -> None:
    """Kill what this run kills: PostgreSQL in the middle, workers all along."""
    if run == "calm":
        return
    middle, killed = begin + seconds * 0.5, False
    step = max(2.0, seconds / 8)
    following = begin + step
    while not stop.wait(0.1) and time.time() < begin + seconds - 1:
        if not killed and time.time() >= middle:
            killed = True
            portal.cluster.kill()
            portal.cluster.start()
        if run == "kills" and time.time() >= following:
            following += step
            portal.server.kill_a_worker()


def _judge(run: str, stored: dict, bidders, late, closes_at: float) -> dict:
    """What was promised against what is there."""
    rows = {row["application"]: row for row in stored["submissions"]}
    promised = [one for one in [*bidders, *late] if one.receipt]
    lost = [one for one in promised if one.application not in rows]
    differ = [
        one
        for one in promised
        if one.application in rows
        and (one.sha256, one.reference) != (rows[one.application]["sha256"], rows[one.application]["reference"])
    ]
    waits = sorted(one.answered_in for one in bidders if one.answered_in is not None)
    after = [row for row in rows.values() if row["submitted_at"] > closes_at]
    found = {
        "bidders": len(bidders),
        "receipts": len([one for one in bidders if one.receipt]),
        "without_an_answer": len([one for one in bidders if one.answered_in is None]),
        "late_bidders": len(late),
        "late_accepted": len([one for one in late if one.receipt]) + len(after),
        "late_told_so": len([one for one in late if one.told_late]),
        "receipts_without_a_submission": len(lost),
        "receipts_that_differ": len(differ),
        "submissions_that_do_not_open": stored["broken"],
        "submissions": len(rows),
        "tries": sum(one.tries for one in bidders),
        "faults_seen": sum(status >= 500 for one in [*bidders, *late] for status in one.statuses),
        "p50_seconds": round(waits[len(waits) // 2], 3) if waits else None,
        "p95_seconds": round(waits[int(len(waits) * 0.95)], 3) if waits else None,
        "slowest_seconds": round(waits[-1], 3) if waits else None,
    }
    safe = not lost and not differ and not found["late_accepted"] and not stored["broken"]
    if run == "careless":
        found["kept"] = bool(lost)  # the harness can see a loss
    elif run == "kills":
        found["kept"] = safe and found["receipts"] > 0
    else:
        found["kept"] = safe and found["receipts"] == len(bidders) and found["p95_seconds"] <= 2
    return found


def sign_ins(asked) -> dict:
    """People sign in within a minute."""
    with Portal() as portal:
        made = portal.world("people", str(asked.sign_ins))
        portal.server.start()
        port, waits, failed = portal.server.port, [], []
        begin = time.time() + 2

        def sign_in(one):
            number, person = one
            time.sleep(max(0, begin + asked.seconds * number / len(made["people"]) - time.time()))
            cookies: dict[str, str] = {}
            _, _, text = crowd.ask(port, "GET", made["address"], cookies)
            page = crowd.forms_of(text)
            if not page:
                raise RuntimeError(f"No form to sign in with: {text[:2000]}\n{portal.server.log.read_text()[-3000:]}")
            form = next(form for form in page if any(name == "login" for name, _ in form["fields"]))
            fields = [(name, value) for name, value in form["fields"] if name not in {"login", "password"}]
            fields += [("login", person), ("password", made["password"])]
            first = time.time()
            status, _, _ = crowd.ask(port, "POST", form["action"] or made["address"], cookies, fields)
            waits.append(time.time() - first)
            if status != 302:
                failed.append(status)

        crowd.all_at_once(sign_in, list(enumerate(made["people"])))
        waits.sort()
        p95 = round(waits[int(len(waits) * 0.95)], 3)
        return {
            "people": len(made["people"]),
            "failed": len(failed),
            "p50_seconds": round(waits[len(waits) // 2], 3),
            "p95_seconds": p95,
            "kept": not failed and p95 <= 5,
        }


if __name__ == "__main__":
    main()
