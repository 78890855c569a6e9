"""The minute before noon can be played: its bidders understand our pages, and its judge sees what went wrong."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from bench.noon import __main__ as command
from bench.noon import crowd, world
from bench.noon.cluster import Cluster


def answered(monkeypatch, browser: Client) -> None:
    """The bidders' requests go to the portal in this process."""

    def ask(port, method, path, cookies, fields=None):
        browser.cookies["sessionid"] = cookies["sessionid"]
        answer = browser.post(path, dict(fields)) if method == "POST" else browser.get(path)
        return answer.status_code, answer.headers, answer.content.decode()

    monkeypatch.setattr(crowd, "ask", ask)


def test_a_small_noon_from_the_first_row_to_the_verdict(db, monkeypatch):
    made = world.fill(3)
    answered(monkeypatch, Client())
    everybody = [crowd.Bidder(one["application"], {"sessionid": one["session"]}) for one in made["bidders"]]
    for bidder in everybody:
        crowd.look_at_check_page(0, bidder, reverse("check_application", args=[bidder.application]))
    closes_at = time.time() + 60

    for bidder in everybody[:2]:
        crowd.submit(0, bidder, at=0, until=closes_at, pause=0, after=0)
        crowd.read_receipt(0, bidder)
    world.close(made["framework"], repr(time.time() - 1))
    crowd.submit(0, everybody[2], at=0, until=closes_at, pause=0, after=0)

    found = command._judge("calm", world.stored(made["framework"]), everybody[:2], everybody[2:], closes_at)
    assert found["kept"], found
    assert (found["receipts"], found["submissions"], found["late_accepted"], found["late_told_so"]) == (2, 2, 0, 1)
    assert (found["tries"], found["faults_seen"]) == (2, 0)


def bidder(application: int, **fields) -> crowd.Bidder:
    """One who has a receipt."""
    told = {"receipt": "/receipt/", "answered_in": 0.1, "reference": f"AP-{application}", "sha256": "a" * 64}
    return crowd.Bidder(application, {}, **told | fields)


def row(application: int, **fields) -> dict:
    """What the database holds of that one."""
    return {
        "application": application,
        "reference": f"AP-{application}",
        "sha256": "a" * 64,
        "submitted_at": 0,
    } | fields


@pytest.mark.parametrize(
    ("run", "rows", "in_time", "late", "kept"),
    [
        ("calm", [row(1)], [bidder(1)], [], True),
        ("calm", [], [bidder(1)], [], False),  # a receipt without a submission
        ("calm", [row(1, sha256="b" * 64)], [bidder(1)], [], False),
        ("calm", [row(1, reference="AP-9")], [bidder(1)], [], False),
        ("calm", [row(1, submitted_at=2)], [bidder(1)], [], False),  # after the deadline
        ("calm", [row(1), row(2)], [bidder(1)], [bidder(2)], False),
        ("calm", [row(1)], [bidder(1), bidder(2, receipt="")], [], False),  # somebody was left without one
        ("calm", [row(1)], [bidder(1, answered_in=2.1)], [], False),
        ("kills", [row(1)], [bidder(1, answered_in=9), bidder(2, receipt="", answered_in=None)], [], True),
        ("kills", [], [bidder(1)], [], False),
        ("careless", [], [bidder(1)], [], True),  # it must be able to see a loss
        ("careless", [row(1)], [bidder(1)], [], False),
    ],
)
def test_the_judge_sees_what_was_promised_and_is_not_there(run, rows, in_time, late, kept):
    found = command._judge(run, {"submissions": rows, "broken": 0}, in_time, late, closes_at=1)

    assert found["kept"] is kept


def test_what_does_not_open_is_a_loss():
    found = command._judge("calm", {"submissions": [row(1)], "broken": 1}, [bidder(1)], [], closes_at=1)

    assert not found["kept"]


def test_a_bidder_without_an_answer_tries_again_with_the_same_key(monkeypatch):
    answers = [OSError("cut off"), (503, {}, ""), (302, {"Location": "/submissions/7/receipt/"}, "")]
    sent = []

    def ask(port, method, path, cookies, fields=None):
        sent.append(fields)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(crowd, "ask", ask)
    one = crowd.Bidder(1, {}, fields=[("key", "k")], action="/submit/")

    crowd.submit(0, one, at=0, until=time.time() + 60, pause=0, after=0)

    assert (one.receipt, one.tries, one.statuses) == ("/submissions/7/receipt/", 3, [503, 302])
    assert sent == [[("key", "k")]] * 3


def test_people_of_the_run_can_sign_in(db, client):
    made = world.people("2")
    page = client.get(made["address"]).content.decode()
    form = next(form for form in crowd.forms_of(page) if "login" in dict(form["fields"]))

    typed = {"login": made["people"][1], "password": made["password"]}
    answer = client.post(form["action"] or made["address"], dict(form["fields"]) | typed)

    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_a_server_that_is_careless_is_started_so(monkeypatch, tmp_path):
    started = []
    cluster = Cluster.__new__(Cluster)
    cluster.programs, cluster.port, cluster.folder = tmp_path, 1, tmp_path
    cluster.synchronous, cluster.account = False, {}
    monkeypatch.setattr("subprocess.Popen", lambda command, **_: started.append(command))
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=0))

    cluster.start()

    assert "synchronous_commit=off" in started[0]


def test_the_command_says_what_it_can_be_asked(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["bench.noon", "--help"])

    with pytest.raises(SystemExit):
        command.main()

    assert "The last minute before a deadline" in capsys.readouterr().out
