"""Celery's messages as files: whole or not at all, to one worker only."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from apframework.broker import Channel, Transport, sweep_out


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("queue", "taken", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def channel(folder):
    with connect(folder) as connection:
        yield connection.default_channel


def connect(folder: Path) -> Connection:
    return Connection(
        "filesystem://localhost",
        transport="apframework.broker:Transport",
        transport_options={
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "processed_folder": str(folder / "taken"),
            "control_folder": str(folder / "control"),
        },
    )


def test_messages_come_in_the_order_in_which_they_went_and_leave_nothing_behind(channel, folder):
    assert isinstance(channel, Channel)
    assert isinstance(channel.connection, Transport)
    for number in range(3):
        channel._put("mail", {"number": number})
    channel._put("alarms", {"number": 9})

    assert channel._size("mail") == 3
    assert [channel._get("mail")["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("mail")
    assert channel._get("alarms") == {"number": 9}
    assert list(folder.glob("*/*")) == []


def test_a_file_that_cannot_be_read_is_put_aside_and_the_next_one_comes(channel, folder):
    (folder / "queue" / "00000_broken.mail.msg").write_text("{ half a mes")
    channel._put("mail", {"number": 1})

    assert channel._get("mail") == {"number": 1}
    assert [path.name for path in (folder / "taken").iterdir()] == ["00000_broken.mail.unreadable"]


def test_a_message_that_somebody_else_took_first_is_passed_over(channel, folder, monkeypatch):
    channel._put("mail", {"number": 1})
    real = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, what: [self / "0_gone.mail.msg", *real(self, what)])

    assert channel._get("mail") == {"number": 1}


def test_four_workers_take_two_hundred_messages_each_once(channel, folder):
    for number in range(200):
        channel._put("mail", {"number": number})
    taken: list[int] = []

    def work():
        with connect(folder) as connection:
            while True:
                try:
                    taken.append(connection.default_channel._get("mail")["number"])
                except Empty:
                    return

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Counter(taken) == Counter(range(200))


def test_before_anything_runs_the_folder_is_emptied(channel, folder):
    channel._put("mail", {"number": 1})
    (folder / "control" / "celery.exchange").write_text("[]")

    sweep_out(folder)

    assert list(folder.glob("*/*")) == []
