"""What whoever runs the deployment types when keys are changed or lost, and what tells them in time."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from apframework import health, preflight
from lots.models import Framework, SealKey
from lots.queries import sealing
from tests.frameworks import make_framework
from tests.lots.test_recovery import NEW_KEY, OLD_KEY, ONE, TWO, tried


@pytest.fixture
def lost(world, settings, tmp_path):
    """A framework whose key `SEAL_KEYS` no longer open, and its recovery file on disk."""
    framework = make_framework(world)
    file = tmp_path / "recovery.json"
    file.write_bytes(tried(world, framework))
    settings.SEAL_KEYS = [NEW_KEY]
    return framework, file


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self) -> bool:
        return True


def recover(monkeypatch, framework, file, *, typed: str = "", stdin=None) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", stdin or io.StringIO(typed))
    call_command("recover_seal_key", str(framework), str(file), stdout=out)
    return out.getvalue()


def test_two_lines_bring_the_key_back(lost, monkeypatch):
    framework, file = lost

    said = recover(monkeypatch, framework.pk, file, typed=f"{ONE}\n{TWO}\r\n")

    assert said == f"The key of framework {framework.pk} is back\n"
    assert sealing.has_key(framework)


def test_at_a_terminal_each_is_asked_and_nothing_is_shown(lost, monkeypatch, capsys):
    framework, file = lost
    asked = iter([ONE, TWO])
    monkeypatch.setattr("getpass.getpass", lambda question: next(asked))

    recover(monkeypatch, framework.pk, file, stdin=Terminal())

    assert sealing.has_key(framework)
    assert ONE not in "".join(capsys.readouterr())


def test_what_does_not_fit_is_said_in_one_line(lost, monkeypatch, tmp_path):
    framework, file = lost
    for number, path, typed, words in [
        (framework.pk + 1, file, "", "There is no framework"),
        (framework.pk, tmp_path / "nowhere", "", "The file cannot be read"),
        (framework.pk, file, f"{TWO}\n{ONE}\n", "does not open the file"),
    ]:
        with pytest.raises(CommandError, match=words):
            recover(monkeypatch, number, path, typed=typed)


def test_keys_are_wrapped_anew_and_what_cannot_be_read_is_named(world, settings):
    settings.SEAL_KEYS = [OLD_KEY]
    one, two = (make_framework(world, published=True, title=title) for title in "AB")
    settings.SEAL_KEYS = [NEW_KEY, OLD_KEY]
    out = io.StringIO()

    call_command("rewrap_seal_keys", stdout=out)
    call_command("rewrap_seal_keys", stdout=out)
    SealKey.objects.filter(framework=two).update(wrapped=b"gone")
    with pytest.raises(CommandError, match=f"the key of framework {two.pk}"):
        call_command("rewrap_seal_keys", stdout=out)

    assert out.getvalue().splitlines() == [
        "Wrapped anew: 2. Under the newest key already: 0",
        "Wrapped anew: 0. Under the newest key already: 2",
        "Wrapped anew: 0. Under the newest key already: 1",
    ]
    assert sealing.all_unreadable("published") == [two.pk]
    assert sealing.has_key(one)


def test_what_starts_and_what_watches_say_that_a_key_is_missing(world, settings):
    framework = make_framework(world, published=True)
    assert (health.seal_keys(), preflight.unreadable_keys()) == ("ok", [])
    settings.SEAL_KEYS = [NEW_KEY]

    assert health.seal_keys() == "1 cannot be read"
    assert preflight.unreadable_keys() == [
        f"SEAL_KEYS do not open the key of framework {framework.pk}: its sealed applications cannot be read"
    ]
    Framework.objects.filter(pk=framework.pk).update(state="withdrawn", withdrawn_at=framework.created_at)
    assert health.seal_keys() == "ok"
