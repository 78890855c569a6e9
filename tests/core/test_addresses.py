"""Addresses of pages, worked out once for each page."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from core import addresses


@pytest.mark.parametrize(("view", "numbers"), [("home", ()), ("people", (7,)), ("person_roles", (3, 10**12))])
def test_an_address_is_the_one_that_django_gives(view, numbers):
    assert addresses.address(view, *numbers) == reverse(view, args=numbers)


@pytest.mark.parametrize(("view", "numbers"), [("nowhere", ()), ("people", ()), ("home", (1,))])
def test_where_there_is_no_page_there_is_no_address(view, numbers):
    with pytest.raises(NoReverseMatch):
        addresses.address(view, *numbers)


def test_an_address_follows_where_the_portal_is_served_and_which_table_counts():
    assert addresses.address("home") == "/"
    set_script_prefix("/portal/")
    try:
        assert addresses.address("people", 7) == reverse("people", args=[7]) == "/portal/organisations/7/people/"
    finally:
        set_script_prefix("/")
    with override_settings(ROOT_URLCONF="bench.floor"):
        assert addresses.address("floor_list", 50) == "/floor/50/"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('{% url "home" %}', "/"),
        ('{% url "people" seven %}', "/organisations/7/people/"),
        ('{% url "people" "7" %}', "/organisations/7/people/"),
        ('{% url "people" pk=seven %}', "/organisations/7/people/"),
        ("{% url page seven %}", "/organisations/7/people/"),
        ('{% url "people" seven as there %}-{{ there }}', "-/organisations/7/people/"),
        ('{% url "nowhere" as there %}-{{ there }}', "-"),
        ('{% autoescape off %}{% url "people" seven %}{% endautoescape %}', "/organisations/7/people/"),
    ],
)
def test_the_tag_takes_all_that_djangos_takes(tag, expected):
    assert engines["django"].from_string(tag).render({"seven": 7, "page": "people"}) == expected


def test_the_tag_escapes_where_the_portal_is_served():
    set_script_prefix("/a&b/")
    try:
        assert engines["django"].from_string('{% url "home" %}').render({}) == "/a&amp;b/"
    finally:
        set_script_prefix("/")
