"""A package of notices brought in and given back: seconds, memory, and the least that giving back can cost."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import orjson
from django.core.files import File
from django.db import connection, transaction

import notices
from core import clock
from jobs.models import Job
from notices import store, work
from notices.actions import files
from notices.models import NoticeFile
from notices.queries.export import exported_file

SAMPLE = Path(notices.__file__).parent / "samples" / "framework-release.json"
AT_ONCE = 10


def notices_in_and_out(world, number: int, rounds: int, tell: Callable[[str], None], kept: list) -> None:
    """A package of `number` releases of 15 kB."""
    file, wall, peak = _bring_in(world, number)
    kept.append({"work": "notices brought in", "number": number, "wall_s": round(wall, 3), "peak_mb": peak})
    size = file.size / 1e6
    tell(f"{'notices brought in':<44}{number:>9,}{wall:>9.2f} s   {size:.1f} MB; the process had {peak} MB at most")
    _fill_floor(number)
    ours, floor = _alternate(rounds, partial(_spent, lambda: exported_file(file)), partial(_spent, _floor))
    kept.append(
        {"work": "notices given back", "number": number, "wall_s": round(ours, 4), "ratio": round(ours / floor, 3)}
    )
    tell(
        f"{'notices given back':<44}{number:>9,}{ours:>9.3f} s   {floor:.3f} s to read JSON and write it with orjson: "
        f"ratio {ours / floor:.2f}"
    )


def _releases(number: int) -> Iterator[str]:
    """The sample as often as asked for, each time with a number of its own, in the 15 kB that notices often have."""
    release = json.loads(SAMPLE.read_text())
    del release["tender"]["lots"][5:], release["tender"]["items"][5:]
    return (json.dumps(release | {"id": f"{n:06d}-2026"}, indent=1) for n in range(number))


def _bring_in(world, number: int) -> tuple[NoticeFile, float, int]:
    """The upload and the job's work. Returns the file, seconds, and the most memory that the process had, in MB."""
    with tempfile.NamedTemporaryFile(suffix=".json") as package:
        package.write(b'{"uri": "https://notices.example/all", "releases": [')
        for n, release in enumerate(_releases(number)):
            package.write(b", " * bool(n) + release.encode())
        package.write(b"]}")
        package.seek(0)
        _forget_peak()
        began = time.perf_counter()
        kept = store.keep(File(package, name="package.json"))
    file, _ = files.receive_file(organisation=world.larkshire, kept=kept, by=world.max, at=clock.now())
    work.read(Job.objects.get(pk=file.job_id), lambda *told: None)
    return NoticeFile.objects.get(pk=file.pk), time.perf_counter() - began, _peak()


def _forget_peak() -> None:
    """Linux counts the most memory from here on; elsewhere it counts from the process's beginning."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def _peak() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024**2 if sys.platform == "darwin" else 1024)


def _fill_floor(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_notices (id integer PRIMARY KEY, body text)")
        cursor.executemany("INSERT INTO bench_notices VALUES (%s, %s)", list(enumerate(_releases(number))))


def _floor() -> Iterator[bytes]:
    """JSON text from the same database, row by row through the driver, read and written by orjson."""
    yield b'{"releases":['
    with transaction.atomic():
        for number, (body,) in enumerate(_rows("SELECT body FROM bench_notices ORDER BY id")):
            if number:
                yield b","
            yield orjson.dumps(orjson.loads(body))
    yield b"]}"


def _rows(sql: str) -> Iterator[tuple]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.connection.cursor(name="bench") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(sql)
    else:
        yield from connection.connection.execute(sql)


def _spent(pieces: Callable[[], Iterator[bytes]]) -> float:
    began = time.perf_counter()
    sum(len(piece) for piece in pieces())
    return time.perf_counter() - began


def _alternate(rounds: int, *measured: Callable[[], float]) -> list[float]:
    """Medians in seconds, measured in turn; the first round only warms up."""
    found = [[one() for one in measured] for _ in range(rounds + 1)][1:]
    return [median(shelf) for shelf in zip(*found, strict=True)]
