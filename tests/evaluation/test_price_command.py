"""`manage.py price_gate`: one JSON object for each price, or a reason and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

FILE = 'pool,provider,price\nLot 1,Ash House,40\nLot 1,Birch Farm,42\nLot 1,Cedar,45\nLot 1,Damson,"£60.00"\n'


@pytest.fixture
def printed(tmp_path, capsys):
    def run(text: str, *options: str) -> list[dict]:
        file = tmp_path / "prices.csv"
        file.write_text(text, encoding="utf-8")
        call_command("price_gate", str(file), *options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_each_price_is_one_object(printed):
    rows = printed(FILE)

    assert rows[0] == {
        "pool": "Lot 1",
        "provider": "Ash House",
        "price": "40.00",
        "n": 4,
        "mean": {"exact": "187/4", "decimal": "46.7500"},
        "limit": "56.10",
        "passes": True,
        "flags": [],
    }
    assert [(row["provider"], row["passes"]) for row in rows][-1] == ("Damson", False)


def test_another_margin(printed):
    assert [row["limit"] for row in printed(FILE, "--margin", "30")] == ["60.77"] * 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FILE + "Lot 1,Elm,1e3\n", "Line 6: “1e3” is not a price."),
        ("pool,provider,price\n" + "L,A,x\n" * 25, "There may be more."),
    ],
)
def test_a_bad_list_prints_nothing(printed, capsys, text, words):
    with pytest.raises(CommandError, match="Nothing was checked") as refused:
        printed(text)

    assert words in str(refused.value)
    assert refused.value.returncode == 2
    assert capsys.readouterr().out == ""


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"Cannot open .*: No such file") as refused:
        call_command("price_gate", str(tmp_path / "none.csv"))

    assert refused.value.returncode == 2


def test_a_file_that_is_too_large(tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as opened:
        os.truncate(opened.fileno(), 300 * 1024**2)

    with pytest.raises(CommandError, match="larger than 250 MB"):
        call_command("price_gate", str(file))


def test_a_margin_that_is_none(printed):
    with pytest.raises(CommandError, match="whole number from 0 to 100"):
        printed(FILE, "--margin", "20.5")


@pytest.mark.once
def test_from_the_shell(tmp_path):
    """The exit code is what a script sees, and a reader who stops reading is no fault."""
    file = tmp_path / "prices.csv"
    file.write_text("pool,provider,price\n" + "".join(f"L{n},Ash,45\n" for n in range(20_000)))
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "price_gate"]

    bad = subprocess.run([*manage, str(tmp_path / "no.csv")], capture_output=True, text=True, check=False)
    with subprocess.Popen([*manage, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        assert json.loads(reading.stdout.readline())["flags"] == ["sole_bidder"]
        reading.stdout.close()
        said = reading.stderr.read()

    assert (bad.returncode, bad.stdout) == (2, "")
    assert (reading.returncode, said) == (0, b"")
