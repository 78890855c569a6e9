"""Sealing: only the right key, for the right purpose, and only what was sealed."""

from __future__ import annotations

import base64
import os

import pytest

from core import crypto

OLD, NEW = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


def test_what_was_sealed_comes_back():
    assert crypto.unseal(crypto.seal(b"a price", purpose="bid"), purpose="bid") == b"a price"


def test_sealing_twice_gives_two_blobs_and_none_shows_what_is_inside():
    first, second = (crypto.seal(b"a price", purpose="bid") for _ in range(2))

    assert first != second
    assert b"price" not in first + second


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(settings):
    settings.SEAL_KEYS = [OLD]
    blob = crypto.seal(b"a price", purpose="bid")

    settings.SEAL_KEYS = [NEW, OLD]

    assert crypto.unseal(blob, purpose="bid") == b"a price"
    assert crypto.seal(b"", purpose="bid")[:4] != blob[:4]


@pytest.mark.parametrize("where", [0, 5, 20, -1])
def test_a_changed_blob_does_not_open(where):
    blob = bytearray(crypto.seal(b"a price", purpose="bid"))
    blob[where] ^= 1

    with pytest.raises(crypto.SealBroken):
        crypto.unseal(bytes(blob), purpose="bid")


def test_a_blob_for_one_purpose_does_not_open_for_another():
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(crypto.seal(b"a price", purpose="bid"), purpose="letter")


def test_without_its_key_a_blob_does_not_open(settings):
    settings.SEAL_KEYS = [OLD]
    blob = crypto.seal(b"a price", purpose="bid")
    settings.SEAL_KEYS = [NEW]

    with pytest.raises(crypto.SealBroken):
        crypto.unseal(blob, purpose="bid")


def test_a_fingerprint_is_the_same_each_time_and_differs_by_purpose_and_key(settings):
    first = crypto.fingerprint("B801200005001", purpose="upn")

    assert crypto.fingerprint("B801200005001", purpose="upn") == first
    assert crypto.fingerprint("B801200005001", purpose="uln") != first
    settings.FINGERPRINT_KEY = NEW
    assert crypto.fingerprint("B801200005001", purpose="upn") != first


def test_a_key_of_its_own_opens_what_it_sealed_and_nothing_else():
    key, other = b"k" * 32, b"o" * 32
    blob = crypto.seal_with(key, b"a price", purpose="bid")

    assert crypto.unseal_with(key, blob, purpose="bid") == b"a price"
    for wrong in [(other, blob, "bid"), (key, blob, "letter"), (key, blob[:20], "bid"), (key, b"", "bid")]:
        with pytest.raises(crypto.SealBroken):
            crypto.unseal_with(wrong[0], wrong[1], purpose=wrong[2])


def test_what_stands_under_the_newest_key_is_known(settings):
    settings.SEAL_KEYS = [OLD]
    blob = crypto.seal(b"a price", purpose="bid")
    assert crypto.is_newest(blob)

    settings.SEAL_KEYS = [NEW, OLD]

    assert not crypto.is_newest(blob)
    assert not crypto.is_newest(b"")
