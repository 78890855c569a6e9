"""`{% rows %}` writes what `{% for %}` writes, to the letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, TemplateSyntaxError, engines
from django.test import override_settings
from django.urls import set_script_prefix
from django.utils.safestring import mark_safe

from accounts.models import User

AT = dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC)


@dataclass
class Thing:
    pk: int
    name: object
    at: dt.datetime = AT
    more: dict = field(default_factory=lambda: {"items": "<key>", "pk": 3})
    nothing: object = None
    number: float = 1234.5
    inner: object = None

    def shout(self):
        return f"{self.name}!"

    def needs(self, something):
        return something

    def __str__(self):
        return f"<{self.name}>"


THINGS = [
    Thing(1, "it's <b>", inner=Thing(7, "inner")),
    Thing(2, mark_safe("<i>safe</i>")),
    Thing(3, "", nothing="something"),
    Thing(1_000_000, 17, inner={"name": "key", "pk": 4}),
]

INSIDE = [
    "{{ thing }}, {{ thing.name }}",
    "{{ thing.shout }} {{ thing.needs }} {{ thing.missing }} {{ thing.pk.missing }}",
    "{{ thing.more.items }} {{ thing.more.pk }} {{ thing.nothing }} {{ thing.number }} {{ thing.at }}",
    "{{ thing.inner.name }} {{ thing.inner }} {{ other }} {{ other.name }} {{ 'text' }} {{ 5 }} {{ missing }}",
    '{{ thing.at|moment }} {{ thing.at|day }} {{ thing.at|date:"j F" }} {{ thing.name|default:"<none>" }}',
    "{{ thing.name|safe }} {{ thing.name|upper|lower }} {{ thing.name|default:other.name }} {{ thing.at|date:form }}",
    "{% if thing.name %}a{{ thing.pk }}{% elif thing.nothing %}b{% else %}c{% endif %}",
    "{% if thing.pk == 2 and not missing %}two{% endif %}{% if missing %}x{% endif %}",
    "{% if other %}{{ thing }}{% endif %}",
    "{% if thing.pk > 1 and thing.name or thing.pk == other.pk %}a{% endif %}{% if not other %}x{% else %}y{% endif %}",
    "{% if thing.pk == thing.name|add:missing %}x{% else %}y{% endif %}{% if thing.name < 5 %}x{% endif %}y",
    "{% if thing.pk|add:missing %}x{% else %}y{% endif %}{% if missing == thing.nothing %}same{% endif %}y",
    "{% if thing.missing %}x{% else %}y{% endif %}{% if thing.inner %}{{ thing.inner.name }}{% endif %}",
    '{% url "organisation" thing.pk %} {% url "person_roles" other.pk thing.pk %} {% url "home" %}',
    "{% url view thing.pk %} {% url 'organisation' pk=thing.pk %} {% url 'organisation' '8' %}",
    '{% url "organisation" thing.pk as there %}{{ there }}',
    '{% tag thing.name "green" %} {% tag "Open" "grey" %} {% tag words=thing.name %} {% tag "<" as said %}{{ said }}',
    "{% with two=thing.name %}{{ two }}{% endwith %}{% for one in thing.more %}{{ one }}{% endfor %}{# nothing #}",
    '{% include "components/nothing.html" with text=thing.name %}',
    "{{ things.0.name }} {{ thing.name.0 }}",
]


def written(tag: str, inside: str, **context) -> str:
    text = f"{{% {tag} thing in things %}}[{inside}]{{% end{tag} %}}"
    given = {"things": THINGS, "other": Thing(9, "<other>"), "view": "people", "form": "Y"} | context
    return engines["django"].from_string(text).render(given)


@pytest.mark.parametrize("inside", INSIDE)
def test_it_writes_what_a_loop_writes(inside):
    ours = written("rows", inside)

    assert ours == written("for", inside)
    assert len(ours) > 2 * len(THINGS)


def test_what_does_not_speak_of_the_row_is_asked_for_once():
    class Asked:
        times = 0

        def what(self):
            self.times += 1
            return f"<{self.times}>"

    other = Asked()
    inside = "{{ other.what }}{% if other.what and other.what == other.what %}{{ thing.pk }}{% endif %}"

    assert written("rows", inside, other=other) == "".join("[&lt;1&gt;]" for _ in THINGS)
    assert other.times == 4
    # A tag that could change what a name means: nothing is taken for granted.
    assert written("rows", "{{ said }}{% tag thing.pk as said %}") == written(
        "for", "{{ said }}{% tag thing.pk as said %}"
    )


def test_methods_and_lookups_behave_as_everywhere():
    class Odd:
        pk = 5

        def delete(self):
            raise AssertionError("called")

        delete.alters_data = True

        def lost(self):
            raise ObjectDoesNotExist

        @property
        def gone(self):
            raise ObjectDoesNotExist

    inside = (
        "{{ thing.delete }}{{ thing.lost }}{{ thing.gone }}{{ thing.pk }}{% if thing.gone %}{% else %}no{% endif %}"
    )

    assert written("rows", inside, things=[Odd()]) == written("for", inside, things=[Odd()]) == "[5no]"


def test_a_row_of_the_database_is_shown_as_everywhere():
    people = [User(pk=1, name="it's <b>"), User(pk=2, email="a@b.example"), User(pk=3, name=mark_safe("<i>i</i>"))]
    inside = "{{ thing }} {{ thing.pk }} {{ thing.last_login }}"

    assert written("rows", inside, things=people) == written("for", inside, things=people)
    with override_settings(USE_THOUSAND_SEPARATOR=True):
        assert written("rows", "{{ thing.pk }}") == written("for", "{{ thing.pk }}")


@pytest.mark.parametrize("things", [[], None, iter([])])
def test_no_rows_are_nothing(things):
    assert written("rows", "{{ thing }}", things=things) == ""


def test_the_name_ends_with_the_rows():
    template = engines["django"].from_string("{% rows thing in things %}{{ thing.pk }}{% endrows %}{{ thing }}")

    assert template.render({"things": THINGS, "thing": "outside"}) == "1231000000outside"


def test_an_address_follows_the_prefix_that_the_portal_is_served_under():
    inside = '{% url "organisation" thing.pk %}'
    before = written("rows", inside)
    set_script_prefix("/under/<here>/")
    try:
        assert written("rows", inside) == written("for", inside) != before
    finally:
        set_script_prefix("/")


def test_an_address_follows_the_table_of_addresses():
    with override_settings(ROOT_URLCONF="bench.floor"):
        assert written("rows", '{% url "floor_list" thing.pk %}', things=THINGS[:1]) == "[/floor/1/]"


@pytest.mark.parametrize("tag", ["rows", "rows thing", "rows thing of things", "rows a,b in things", "rows a in b c"])
def test_anything_else_is_refused(tag):
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string(f"{{% {tag} %}}{{% endrows %}}")


def test_it_always_escapes():
    template = engines["django"].from_string("{% rows thing in things %}{{ thing }}{% endrows %}").template

    with pytest.raises(TemplateSyntaxError, match="always escapes"):
        template.render(Context({"things": THINGS}, autoescape=False))


def test_an_error_of_the_row_is_not_hidden():
    class Broken:
        @property
        def name(self):
            raise AttributeError("inside")

    with pytest.raises(AttributeError, match="inside"):
        written("rows", "{{ thing.name }}", things=[Broken()])
