"""The recovery file of a framework's key: what it looks like, which passphrases are taken, whose turn it is.

The file holds the key twice wrapped: under the first person's passphrase, and that under the second's. Without both it
opens nothing; without it a key that `SEAL_KEYS` no longer unwraps is lost, and every application with it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import RecoveryState

FORMAT, VERSION = "sealed-applications-recovery", 1
SALT_BYTES = 16
LOWEST_COST, HIGHEST_COST = 10, 18
SHORTEST, LONGEST = 15, 200  # characters of a passphrase
MOST_DIFFERENT = 6  # characters that must differ from one another: "aaaaaaaaaaaaaaaa" is none
LARGEST = 20_000  # bytes of a file: ours have about 700 and a title

BEGIN, SECOND, TRY, FINISH = "begin", "second", "try", "finish"
OTHER_FILE = (
    "This is not the recovery file that the portal made for this framework. Choose the file that you downloaded last"
)
VOID_FILE = "This recovery file is void: a new one was begun after it. Choose the file that you downloaded last"


@dataclass(frozen=True)
class RecoveryFile:
    """What the file holds. `cost` is scrypt's (N = 2 to the cost); `salts` are the first's and the second's; `sealed`
    is the key under both. It names no key and no person."""

    framework: int
    title: str
    cost: int
    salts: tuple[bytes, bytes]
    sealed: bytes

    @property
    def mark(self) -> str:
        """By which the portal knows a file again, however an editor has saved it: SHA-256 of what is sealed."""
        return hashlib.sha256(self.sealed).hexdigest()


@dataclass(frozen=True)
class Standing:
    """The recovery that stands: its key, its state, and the keys of both people (None until there is one)."""

    pk: int
    state: str
    first: int
    second: int | None = None


def purpose(framework: int, cost: int, *salts: bytes) -> str:
    """What is bound into each wrapping, so that no part of one file fits into another."""
    return ":".join([FORMAT, str(VERSION), str(framework), str(cost), *[salt.hex() for salt in salts]])


def written(file: RecoveryFile) -> bytes:
    """The file as it is downloaded: JSON that a person can read and another program can open (README)."""
    return (
        json.dumps(
            {
                "what": "Recovery file for the sealed applications of one framework. Two passphrases open it. Keep it.",
                "format": FORMAT,
                "version": VERSION,
                "framework": {"number": file.framework, "title": file.title},
                "scrypt": {"n": 2**file.cost, "r": 8, "p": 1},
                "salts": [_text(salt) for salt in file.salts],
                "sealed": _text(file.sealed),
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    ).encode()


def read(data: bytes) -> RecoveryFile:
    """Read a file that somebody brought. Raises `Refused` for anything else, however it looks."""
    try:
        found = json.loads(data)
        if (found["format"], found["version"]) != (FORMAT, VERSION):
            raise ValueError
        stretching = found["scrypt"]
        cost = stretching["n"].bit_length() - 1
        if not LOWEST_COST <= cost <= HIGHEST_COST or stretching != {"n": 2**cost, "r": 8, "p": 1}:
            raise ValueError
        first, second = (base64.b64decode(salt, validate=True) for salt in found["salts"])
        if {len(first), len(second)} != {SALT_BYTES}:
            raise ValueError
        return RecoveryFile(
            framework=int(found["framework"]["number"]),
            title=str(found["framework"]["title"]),
            cost=cost,
            salts=(first, second),
            sealed=base64.b64decode(found["sealed"], validate=True),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Refused(OTHER_FILE, field="file") from error


def check_passphrase(passphrase: str) -> None:
    """Raise `Refused` for one that could be guessed by trying: 15 characters at least, six of them different."""
    if len(passphrase) < SHORTEST:
        raise Refused(
            f"Passphrase must be {SHORTEST} characters or more: four words that do not belong together are enough",
            field="passphrase",
        )
    if len(passphrase) > LONGEST:
        raise Refused(f"Passphrase must be {LONGEST} characters or fewer", field="passphrase")
    if len(set(passphrase)) < MOST_DIFFERENT:
        raise Refused("Choose a passphrase with more different characters", field="passphrase")


def check_begin(standing: Standing | None, *, replaces: int | None, person: int, sets_up: bool) -> None:
    """Raise `Refused` unless this person may begin, in place of the recovery that they saw (`replaces`)."""
    if standing is None:
        return
    if standing.pk != replaces:
        raise Refused("A colleague began while you were typing. Go back to see how far the recovery file is")
    if not sets_up and person != standing.first:
        raise Refused("Only whoever began, or whoever sets the framework up, can begin again")


def check_turn(standing: Standing | None, step: str, person: int) -> None:
    """Raise `Refused` unless this step comes next, and is this person's."""
    if standing is None or turn(standing) != step:
        raise Refused("This step was done already, or the recovery file was begun again. Look at the page anew")
    if not is_turn_of(standing, person):
        if step == SECOND:
            raise Refused("A second person must do this: nobody shall be able to open applications alone")
        raise Refused("A colleague must do this step: it takes their passphrase")


def check_may_take(standing: Standing | None, person: int) -> None:
    """Raise `Refused` unless the portal still has the file, and this is one of its two people."""
    if standing is None or standing.state not in {RecoveryState.MADE, RecoveryState.HALF_TRIED}:
        raise Refused("The portal has no recovery file to give out: once one was tried, only its two people have it")
    if person not in {standing.first, standing.second}:
        raise Refused("Only the two people whose passphrases open the recovery file can download it")


def check_file(file: RecoveryFile, *, mark: str, void: Iterable[str]) -> None:
    """Raise `Refused` unless this is the file with that mark; one of the void ones is called so."""
    if file.mark in set(void):
        raise Refused(VOID_FILE, field="file")
    if file.mark != mark:
        raise Refused(OTHER_FILE, field="file")


def check_framework(file: RecoveryFile, framework: int) -> None:
    """Raise `Refused` for another framework's file."""
    if file.framework != framework:
        raise Refused(f"This recovery file belongs to framework {file.framework}, not to framework {framework}")


def check_one_sets_up(*sets_up: bool) -> None:
    """Raise `Refused` unless one of the two may publish the framework: they will be asked for it in earnest."""
    if not any(sets_up):
        raise Refused("One of the two must be somebody who sets frameworks up. Ask such a colleague to do this step")


def turn(standing: Standing) -> str:
    """The step that comes next; empty when all is done."""
    return {
        RecoveryState.BEGUN: SECOND,
        RecoveryState.MADE: TRY,
        RecoveryState.HALF_TRIED: FINISH,
        RecoveryState.TRIED: "",
    }[RecoveryState(standing.state)]


def is_turn_of(standing: Standing, person: int) -> bool:
    """Whether this person does the next step."""
    step = turn(standing)
    if step == SECOND:
        return person != standing.first
    return bool(step) and person == (standing.second if step == TRY else standing.first)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
