"""The recovery file: two people make it, two people try it, and only then is the framework published."""

from __future__ import annotations

import json
import threading

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import HeldAnswers, Membership, User
from accounts.rules.sign_in import may_be_kept
from accounts.states import Role
from audit.models import Event
from core import access, crypto
from lots.actions import publication, seal_keys
from lots.actions import recovery as actions
from lots.models import Framework, Recovery, SealKey
from lots.queries import sealing
from lots.rules import readiness
from lots.rules import recovery as rules
from lots.rules.recovery import RecoveryFile, Standing
from lots.rules.refusals import Refused
from lots.states import RecoveryState
from tests.cast import make_person, make_world
from tests.dumps import everything
from tests.frameworks import AT, make_framework, make_ready
from tests.patience import together, without_lock

ONE, TWO = "canal otter lantern gravel", "velvet ladder quiet harbour"
SYSTEM = access.System("lots.recover_seal_key")
NEW_KEY, OLD_KEY = ("TmV3IGtleSBmb3IgdGVzdHMsIDMyIGJ5dGVzIGxvbmc=", "T2xkIGtleSBmb3IgdGVzdHMsIDMyIGJ5dGVzIGxvbmc=")


def begun(world, framework, **words) -> Recovery:
    words = {"passphrase": ONE, "replaces": None, "by": world.max, "at": AT} | words
    return actions.begin_recovery(framework=framework, **words)


def made(world, framework, **words) -> bytes:
    begun(world, framework)
    actions.make_recovery(framework=framework, **{"passphrase": TWO, "by": world.ada, "at": AT} | words)
    return actions.take_recovery_file(framework=framework, by=world.ada, at=AT)


def half_tried(world, framework) -> bytes:
    file = made(world, framework)
    actions.try_recovery(framework=framework, file=file, passphrase=TWO, by=world.ada, at=AT)
    return file


def tried(world, framework) -> bytes:
    file = half_tried(world, framework)
    actions.finish_recovery(framework=framework, passphrase=ONE, by=world.max, at=AT)
    return file


def stands(framework) -> Recovery:
    return Recovery.objects.get(framework=framework, replaced_at=None)


def address(framework, name="framework_recovery") -> str:
    return reverse(name, args=[framework.pk])


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("recovery.json", data, content_type="application/json")


def test_two_people_make_the_file_and_try_it_page_by_page(world, sign_in):
    framework, max_, ada = make_framework(world), sign_in(world.max), sign_in(world.ada)
    page = address(framework)

    max_.post(address(framework, "begin_recovery"), {"passphrase": ONE})
    waiting = max_.get(page).content.decode()
    answer = ada.post(page, {"passphrase": TWO}, follow=True)
    file = b"".join(ada.post(address(framework, "download_recovery")))
    ada.post(page, {"passphrase": TWO, "file": upload(file)})
    again = b"".join(max_.post(address(framework, "download_recovery")))
    finished = max_.post(page, {"passphrase": ONE}, follow=True).content.decode()

    assert "Send them the address of this page" in waiting
    assert f"http://testserver{page}" in waiting
    assert "The recovery file is made" in answer.content.decode()
    assert again == file
    assert "The recovery file works" in finished
    assert stands(framework).state == RecoveryState.TRIED
    assert [event.action for event in Event.objects.filter(action__startswith="lots.recovery").order_by("id")] == [
        "lots.recovery.begun",
        "lots.recovery.made",
        "lots.recovery.taken",
        "lots.recovery.half_tried",
        "lots.recovery.taken",
        "lots.recovery.tried",
    ]


def test_the_file_names_the_framework_and_holds_no_key_and_no_person(world):
    framework = make_framework(world)

    found = json.loads(made(world, framework))

    assert set(found) == {"what", "format", "version", "framework", "scrypt", "salts", "sealed"}
    assert found["framework"] == {"number": framework.pk, "title": framework.title}
    assert sealing.key_of(framework.pk) not in json.dumps(found).encode()


def test_no_passphrase_and_no_key_in_the_clear_is_in_the_database_at_any_step(world, sign_in, caplog):
    framework, max_, ada = make_framework(world), sign_in(world.max), sign_in(world.ada)
    seen = []

    def look():
        key = sealing.key_of(framework.pk)
        dump = everything()
        seen.append([ONE.encode() in dump, TWO.encode() in dump, key in dump, key.hex().encode() in dump])

    max_.post(address(framework, "begin_recovery"), {"passphrase": ONE})
    look()
    ada.post(address(framework), {"passphrase": TWO})
    look()
    file = b"".join(ada.post(address(framework, "download_recovery")))
    ada.post(address(framework), {"passphrase": TWO, "file": upload(file)})
    look()
    max_.post(address(framework), {"passphrase": ONE})
    look()

    assert seen == [[False] * 4] * 4
    assert ONE not in caplog.text + str(mail.outbox)
    assert TWO not in caplog.text
    row = stands(framework)
    assert (row.inner, row.file) == (None, None)


def test_what_was_typed_is_not_kept_for_after_signing_in_again(world, sign_in, settings):
    framework, client = make_framework(world), sign_in(world.max)
    session = client.session
    session["seen"] = session["began"] = 1
    session.save()

    client.post(address(framework, "begin_recovery"), {"passphrase": ONE, "replaces": ""})

    assert not may_be_kept("passphrase")
    assert [kept.path for kept in HeldAnswers.objects.all()] in ([], [address(framework, "begin_recovery")])
    assert not Recovery.objects.exists()
    assert ONE.encode() not in everything()


@pytest.mark.parametrize(
    ("step", "who"),
    [("begin", "olu"), ("begin", "tariq"), ("begin", "alice"), ("make", "alice"), ("take", "olu"), ("try", "ines")],
)
def test_nobody_from_outside_the_buyer_does_any_of_it(world, step, who):
    framework, by = make_framework(world), {"by": getattr(world, who), "at": AT}
    file = made(world, framework)
    does = {
        "begin": lambda: begun(world, framework, **by),
        "make": lambda: actions.make_recovery(framework=framework, passphrase=TWO, **by),
        "take": lambda: actions.take_recovery_file(framework=framework, **by),
        "try": lambda: actions.try_recovery(framework=framework, file=file, passphrase=TWO, **by),
    }

    with pytest.raises(access.Denied):
        does[step]()


def test_the_second_person_is_another(world):
    framework = make_framework(world)
    begun(world, framework)

    with pytest.raises(Refused, match="A second person must do this"):
        actions.make_recovery(framework=framework, passphrase=TWO, by=world.max, at=AT)


def test_one_of_the_two_sets_frameworks_up(world):
    framework = make_framework(world)
    begun(world, framework, by=world.eve)

    with pytest.raises(Refused, match="One of the two must be somebody who sets frameworks up"):
        actions.make_recovery(framework=framework, passphrase=TWO, by=world.fay, at=AT)
    actions.make_recovery(framework=framework, passphrase=TWO, by=world.max, at=AT)

    assert stands(framework).second == world.max


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [
        ("too short a one", None),
        ("too short an e", "15 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("aaaaabbbbbcccccd", "more different characters"),
        ("abcdefabcdefabc", None),
    ],
)
def test_a_passphrase_that_could_be_guessed_is_refused(passphrase, words):
    if words is None:
        rules.check_passphrase(passphrase)
        return
    with pytest.raises(Refused, match=words):
        rules.check_passphrase(passphrase)


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [
        ("", "Enter your passphrase"),
        ("short", "15 characters or more"),
        ("x" * 500, "200 characters or fewer"),
        ("null\0byte in the middle", "cannot be typed"),
        ("max@max.example", "less like your name or email"),
        ("1q2w3e4r5t6y7u8i9o0p", "fewer people use"),
    ],
)
def test_a_weak_passphrase_is_refused_on_the_page_and_never_given_back(world, sign_in, passphrase, words):
    framework = make_framework(world)

    page = sign_in(world.max).post(address(framework, "begin_recovery"), {"passphrase": passphrase}).content.decode()

    assert words in page
    assert not passphrase or f'value="{passphrase}"' not in page
    assert not Recovery.objects.exists()


def test_a_passphrase_is_the_same_from_every_keyboard():
    assert crypto.stretched("ﬁne café", salt=b"s", cost=10) == crypto.stretched("fine cafe\u0301", salt=b"s", cost=10)


def test_a_wrong_passphrase_opens_nothing_and_may_be_tried_again(world, sign_in):
    framework = make_framework(world)
    file = made(world, framework)
    ada = sign_in(world.ada)

    page = ada.post(address(framework), {"passphrase": ONE, "file": upload(file)}).content.decode()
    assert "This passphrase does not open the file" in page
    ada.post(address(framework), {"passphrase": TWO, "file": upload(file)})
    with pytest.raises(Refused, match="does not open the file"):
        actions.finish_recovery(framework=framework, passphrase=TWO, by=world.max, at=AT)

    assert stands(framework).state == RecoveryState.HALF_TRIED


def test_a_file_that_an_editor_saved_anew_is_known_again(world):
    framework = make_framework(world)
    file = json.dumps(json.loads(made(world, framework))).encode()

    actions.try_recovery(framework=framework, file=file, passphrase=TWO, by=world.ada, at=AT)

    assert stands(framework).state == RecoveryState.HALF_TRIED


def altered(**changes) -> bytes:
    file = json.loads(rules.written(RecoveryFile(1, "T", 10, (b"1" * 16, b"2" * 16), b"sealed")))
    return json.dumps(file | changes).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'"text"',
        altered(version=2), altered(format="x"), altered(framework=None),
        altered(framework={"number": "x", "title": ""}), altered(framework={"number": float("inf"), "title": ""}),
        altered(scrypt={"n": 2**30, "r": 8, "p": 1}), altered(scrypt={"n": 2**10 + 1, "r": 8, "p": 1}),
        altered(scrypt={"n": 2**10, "r": 800, "p": 1}), altered(scrypt={"n": "1024", "r": 8, "p": 1}),
        altered(salts=["QQ==", "QQ=="]), altered(salts=["QQ=="]), altered(salts=7), altered(sealed="ü"),
        altered(sealed=7),
    ],
)  # fmt: skip
def test_whatever_else_is_brought_is_refused_in_words(data):
    with pytest.raises(Refused, match="not the recovery file"):
        rules.read(data)


def test_what_is_written_is_read_again():
    file = RecoveryFile(7, "Provision “A”", 17, (b"1" * 16, b"2" * 16), b"sealed")

    assert rules.read(rules.written(file)) == file


@pytest.mark.parametrize("brought", [b"", b"x" * 20_001, b"{}", altered()])
def test_another_file_is_refused_on_the_page(world, sign_in, brought):
    framework = make_framework(world)
    made(world, framework)

    page = sign_in(world.ada).post(address(framework), {"passphrase": TWO, "file": upload(brought)}).content.decode()

    assert "not the recovery file that the portal made for this framework" in page


def test_a_new_one_makes_the_old_one_void_and_says_so(world, sign_in):
    framework = make_framework(world)
    old = tried(world, framework)
    before = sealing.key_of(framework.pk)
    client = sign_in(world.max)
    page = client.get(address(framework, "begin_recovery")).content.decode()
    assert "The recovery file that stands becomes void" in page

    client.post(address(framework, "begin_recovery"), {"passphrase": ONE, "replaces": stands(framework).pk})
    actions.make_recovery(framework=framework, passphrase=TWO, by=world.ada, at=AT)

    assert sealing.key_of(framework.pk) != before
    with pytest.raises(Refused, match="This recovery file is void"):
        actions.try_recovery(framework=framework, file=old, passphrase=TWO, by=world.ada, at=AT)
    assert "Void recovery files" in client.get(address(framework)).content.decode()
    with pytest.raises(Refused, match="void"):
        seal_keys.recover_key(framework=framework, file=old, first=ONE, second=TWO, by=SYSTEM, at=AT)


@pytest.mark.parametrize(
    ("stands", "replaces", "person", "sets_up", "words"),
    [
        (None, None, 1, False, None),
        (Standing(5, "begun", 1), 5, 1, False, None),
        (Standing(5, "made", 1, 2), 5, 3, True, None),
        (Standing(5, "made", 1, 2), 5, 2, False, "Only whoever began"),
        (Standing(5, "begun", 1), None, 1, True, "A colleague began"),
        (Standing(5, "begun", 1), 4, 1, True, "A colleague began"),
    ],
)
def test_who_may_begin(stands, replaces, person, sets_up, words):
    if words is None:
        rules.check_begin(stands, replaces=replaces, person=person, sets_up=sets_up)
        return
    with pytest.raises(Refused, match=words):
        rules.check_begin(stands, replaces=replaces, person=person, sets_up=sets_up)


@pytest.mark.parametrize(
    ("stands", "step", "person", "words"),
    [
        (None, rules.SECOND, 2, "done already"),
        (Standing(5, "begun", 1), rules.TRY, 2, "done already"),
        (Standing(5, "begun", 1), rules.SECOND, 1, "A second person"),
        (Standing(5, "begun", 1), rules.SECOND, 2, None),
        (Standing(5, "made", 1, 2), rules.TRY, 1, "A colleague must"),
        (Standing(5, "made", 1, 2), rules.TRY, 2, None),
        (Standing(5, "half_tried", 1, 2), rules.FINISH, 2, "A colleague must"),
        (Standing(5, "half_tried", 1, 2), rules.FINISH, 1, None),
        (Standing(5, "tried", 1, 2), rules.FINISH, 1, "done already"),
    ],
)
def test_whose_turn_it_is(stands, step, person, words):
    if words is None:
        rules.check_turn(stands, step, person)
        return
    with pytest.raises(Refused, match=words):
        rules.check_turn(stands, step, person)


def test_when_all_is_done_it_is_nobodys_turn():
    assert not rules.is_turn_of(Standing(5, "tried", 1, 2), 1)


def test_a_step_that_is_not_yours_changes_nothing_and_says_how_far_it_is(world, sign_in):
    framework = make_framework(world)
    begun(world, framework)

    for client, sent in [(sign_in(world.max), {}), (sign_in(world.ada), {"step": "try"})]:
        page = client.post(address(framework), {"passphrase": TWO} | sent, follow=True).content.decode()
        assert "not yours to do, or was done already" in page

    assert stands(framework).state == RecoveryState.BEGUN


@pytest.mark.parametrize("who", ["eve", "max"])
def test_only_the_two_download_it_and_only_until_it_was_tried(world, sign_in, who):
    framework = make_framework(world)
    made(world, framework)
    if who == "max":
        actions.try_recovery(
            framework=framework, file=made_again(world, framework), passphrase=TWO, by=world.ada, at=AT
        )
        actions.finish_recovery(framework=framework, passphrase=ONE, by=world.max, at=AT)

    answer = sign_in(getattr(world, who)).post(address(framework, "download_recovery"), follow=True)

    said = {"eve": "Only the two people whose passphrases", "max": "no recovery file to give out"}[who]
    assert said in answer.content.decode()


def made_again(world, framework) -> bytes:
    return actions.take_recovery_file(framework=framework, by=world.max, at=AT)


def test_what_was_kept_under_keys_that_are_gone_is_begun_again(world, settings):
    framework = make_framework(world)
    begun(world, framework)
    settings.SEAL_KEYS = [NEW_KEY]

    with pytest.raises(Refused, match="Begin it again"):
        actions.make_recovery(framework=framework, passphrase=TWO, by=world.ada, at=AT)
    begun(world, framework, replaces=stands(framework).pk)
    actions.make_recovery(framework=framework, passphrase=TWO, by=world.ada, at=AT)

    assert stands(framework).state == RecoveryState.MADE


@pytest.mark.parametrize("lost", [True, False])
def test_the_portal_compares_what_comes_out_with_the_key(world, lost):
    framework = make_framework(world)
    half_tried(world, framework)
    row = SealKey.objects.get(framework=framework)
    row.wrapped = b"not a key" if lost else sealing.wrapped(framework.pk, b"k" * 32)
    row.save()

    with pytest.raises(Refused, match="cannot be read any more" if lost else "void"):
        actions.finish_recovery(framework=framework, passphrase=ONE, by=world.max, at=AT)

    assert stands(framework).tried_at is None


@pytest.mark.parametrize("far", [None, begun, made, half_tried])
def test_nothing_is_published_before_the_file_was_tried(world, far):
    framework = make_ready(world)
    Recovery.objects.filter(framework=framework).delete()
    if far:
        far(world, framework)

    with pytest.raises(Refused, match="ecovery file"):
        publication.publish_framework(framework=framework, by=world.max, at=AT)


def test_a_key_that_the_portal_cannot_read_publishes_nothing(world, settings):
    framework = make_ready(world)
    settings.SEAL_KEYS = [NEW_KEY]

    with pytest.raises(Refused, match="The key of this framework cannot be read"):
        publication.publish_framework(framework=framework, by=world.max, at=AT)


def test_once_published_the_page_says_who_keeps_it_and_changes_nothing(world, sign_in):
    framework = make_ready(world)
    publication.publish_framework(framework=framework, by=world.max, at=AT)
    client = sign_in(world.max)

    page = client.get(address(framework)).content.decode()

    assert "Made and tried" in page
    assert "Begin again" not in page
    assert "This can no longer be changed" in client.get(address(framework, "begin_recovery")).content.decode()
    with pytest.raises(Refused, match="providers rely on what they read"):
        begun(world, framework, replaces=stands(framework).pk)


@pytest.mark.parametrize("who", ["max", "eve"])
def test_the_page_costs_the_same_however_often_it_was_begun(world, sign_in, django_assert_max_num_queries, who):
    framework = make_framework(world)
    for _ in range(3):
        standing = Recovery.objects.filter(framework=framework, replaced_at=None).first()
        begun(world, framework, replaces=standing and standing.pk)
    client = sign_in(getattr(world, who))

    with django_assert_max_num_queries(10):
        client.get(address(framework))


class TestWhenAKeyIsLost:
    """`SEAL_KEYS` are gone; the file and both passphrases are there."""

    def test_the_file_and_both_passphrases_bring_it_back(self, world, settings):
        framework = make_framework(world)
        file = tried(world, framework)
        sealed = sealing.seal_for(framework.pk, b"An answer", purpose="test")
        settings.SEAL_KEYS = [NEW_KEY]
        assert sealing.all_unreadable("draft") == [framework.pk]

        seal_keys.recover_key(framework=framework, file=file, first=ONE, second=TWO, by=SYSTEM, at=AT)

        assert sealing.unseal_for(framework.pk, sealed, purpose="test") == b"An answer"
        assert sealing.all_unreadable("draft") == []
        event = Event.objects.get(action="lots.seal_key.recovered")
        assert (event.about_id, event.data) == (framework.pk, {})

    @pytest.mark.parametrize(("first", "second"), [(TWO, ONE), (ONE, ONE), (TWO, TWO), (ONE, "")])
    def test_one_passphrase_is_not_enough(self, world, first, second):
        framework = make_framework(world)
        file = tried(world, framework)

        with pytest.raises(Refused, match="does not open the file"):
            seal_keys.recover_key(framework=framework, file=file, first=first, second=second, by=SYSTEM, at=AT)

    def test_a_file_opens_its_own_framework_alone(self, world):
        framework, other = make_framework(world), make_framework(world, title="Another")
        file = tried(world, framework)

        with pytest.raises(Refused, match="belongs to framework"):
            seal_keys.recover_key(framework=other, file=file, first=ONE, second=TWO, by=SYSTEM, at=AT)
        lied = json.loads(file)
        lied["framework"]["number"] = other.pk
        with pytest.raises(Refused, match="no key"):
            seal_keys.recover_key(
                framework=other, file=json.dumps(lied).encode(), first=ONE, second=TWO, by=SYSTEM, at=AT
            )
        begun(world, other)
        with pytest.raises(Refused, match="does not open"):
            seal_keys.recover_key(
                framework=other, file=json.dumps(lied).encode(), first=ONE, second=TWO, by=SYSTEM, at=AT
            )

    def test_nobody_does_it_on_a_page(self, world):
        framework = make_framework(world)
        file = tried(world, framework)

        with pytest.raises(access.Denied):
            seal_keys.recover_key(framework=framework, file=file, first=ONE, second=TWO, by=world.olu, at=AT)


def test_after_a_change_of_keys_all_are_wrapped_anew_and_twice_is_harmless(world, settings):
    settings.SEAL_KEYS = [OLD_KEY]
    frameworks = [make_framework(world, published=True, title=str(number)) for number in range(3)]
    keys = [sealing.key_of(framework.pk) for framework in frameworks]
    SealKey.objects.filter(framework=frameworks[2]).update(wrapped=b"gone")
    settings.SEAL_KEYS = [NEW_KEY, OLD_KEY]
    system = access.System("lots.rewrap_seal_keys")

    found = [seal_keys.rewrap_keys(by=system, at=AT) for _ in range(2)]

    assert [(one.anew, one.already, one.unreadable) for one in found] == [
        (2, 0, (frameworks[2].pk,)),
        (0, 2, (frameworks[2].pk,)),
    ]
    assert Event.objects.filter(action="lots.seal_keys.rewrapped").count() == 1
    settings.SEAL_KEYS = [NEW_KEY]
    assert [sealing.key_of(framework.pk) for framework in frameworks[:2]] == keys[:2]
    with pytest.raises(access.Denied):
        seal_keys.rewrap_keys(by=world.olu, at=AT)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Each race is first shown to happen when the lock is taken away."""

    def two(self):
        world = make_world()
        colleague = make_person("mia")
        Membership.objects.create(
            user=colleague, organisation=world.larkshire, role=Role.PROCUREMENT, given_at=AT, person_name="Mia"
        )
        return world, colleague

    def begin_twice(self):
        world, colleague = self.two()
        framework = make_framework(world)
        lost = together(
            *[lambda who=who: begun(world, framework, by=User.objects.get(pk=who.pk)) for who in (world.max, colleague)]
        )
        return framework, [str(error) for error in lost if error]

    def test_two_first_people_begin_once(self, meet):
        meet(rules, "check_begin")

        framework, lost = self.begin_twice()

        assert [words[:22] for words in lost] == ["A colleague began whil"]
        assert Recovery.objects.filter(framework=framework).count() == 1

    def test_without_the_lock_both_find_nothing_there_and_one_key_is_lost_under_the_others_file(
        self, monkeypatch, meet
    ):
        without_lock(monkeypatch, Framework)
        meet(rules, "check_begin")

        _, lost = self.begin_twice()

        assert len(lost) == 1
        assert "lots_one_recovery_stands" in lost[0] or "unique" in lost[0]

    def publish_while_replaced(self, meet):
        world, colleague = self.two()
        framework = make_ready(world)
        barrier = threading.Barrier(2)
        meet(readiness, "check", barrier)
        meet(rules, "check_begin", barrier)
        number = stands(framework).pk
        lost = together(
            lambda: publication.publish_framework(framework=framework, by=User.objects.get(pk=world.max.pk), at=AT),
            lambda: begun(world, framework, replaces=number, by=User.objects.get(pk=colleague.pk)),
        )
        framework.refresh_from_db()
        return framework, lost

    def test_nothing_is_published_under_a_key_whose_file_was_not_tried(self, meet):
        framework, lost = self.publish_while_replaced(meet)

        assert [error is None for error in lost].count(True) == 1
        is_tried = stands(framework).state == RecoveryState.TRIED
        assert (framework.state == "published") is is_tried

    def test_without_the_lock_it_is(self, monkeypatch, meet):
        without_lock(monkeypatch, Framework)
        framework, lost = self.publish_while_replaced(meet)

        assert lost == [None, None]
        assert (framework.state, stands(framework).state) == ("published", RecoveryState.BEGUN)
