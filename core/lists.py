"""A page of a list: fifty rows at most, at the same cost whether the list holds a thousand rows or a hundred thousand.

The next page starts after the last row's key instead of skipping rows, and counting stops at a thousand.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

MOST_ROWS = 50
COUNT_UP_TO = 1_000
_LONGEST_KEY = 2_000


@dataclass(frozen=True)
class Page:
    """What the pager and the table show. `before` and `after` are query strings, empty where there is no such page."""

    rows: list
    count: int
    count_is_exact: bool
    before: str
    after: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def how_many(self) -> str:
        """`12`, `1,000`, or `more than 1,000`."""
        return f"{self.count:,}" if self.count_is_exact else f"more than {self.count:,}"


def page(
    queryset: QuerySet,
    asked: Mapping[str, Any],
    *,
    order: Sequence[str],
    per: int = MOST_ROWS,
    discreet: bool = False,
    counted: bool = True,
) -> Page:
    """One page of `queryset` by `order`, as the query string `asked` says (`after=…`, `before=…`).

    `order` is fields of the model (or of rows it points to, `organisation__name`), each with `-` in front for
    descending; together they must be unique and never null, so the last is usually `id`. A key that nobody gave out
    leads to the first page, never to an error. Two queries: the rows, and a count that stops at a thousand; one
    where everything fits on the first page. A `discreet` list names in its addresses only the key of the row that it
    goes on from, never what it is sorted by, such as a name; its other pages cost one query more. One that is not
    `counted` costs one query less: what does not stand on one page has no exact count then.
    """
    if not 1 <= per <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} rows")
    names = [name.removeprefix("-") for name in order]
    fields = [_field(queryset.model, name) for name in names]
    read = (lambda text: _looked_up(queryset, text, names)) if discreet else (lambda text: _key(text, fields))
    back = read(asked.get("before"))
    on = None if back else read(asked.get("after"))

    turned = [_turn(name) for name in order] if back else list(order)
    found = queryset.order_by(*turned)
    if key := back or on:
        found = found.filter(_beyond(turned, key))
    rows = list(found[: per + 1])
    more = len(rows) > per
    rows = rows[:per]
    if back:
        rows.reverse()
        if len(rows) < per:  # Rows went away since: the first page as it is now, whole.
            return page(queryset, {}, order=order, per=per, discreet=discreet, counted=counted)
    if not (back or on) and not more:
        count, exact = len(rows), True
    elif not counted:
        count, exact = len(rows), False
    else:
        # By keys alone: what was annotated for the rows of a page is not worked out for a thousand of them.
        count = queryset.order_by().values("pk")[: COUNT_UP_TO + 1].count()
        count, exact = min(count, COUNT_UP_TO), count <= COUNT_UP_TO
    has_before = more if back else bool(on)
    has_after = bool(back) or more
    return Page(
        rows=rows,
        count=count,
        count_is_exact=exact,
        before=_query(asked, "before", rows[0] if rows else None, names, discreet) if has_before else "",
        after=_query(asked, "after", rows[-1], names, discreet) if has_after and rows else "",
    )


def _turn(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _field(model, name: str):
    """The model field at the end of a path; raises FieldDoesNotExist for one that is not there or may be null."""
    field = None
    for step in name.split("__"):
        model = field.related_model if field is not None else model
        field = model._meta.get_field(step)
        if field.null:
            raise FieldDoesNotExist(f"{name} may be null: a list cannot go on after nothing")
    return field


def _beyond(order: list[str], key: list) -> Q:
    """The rows after `key`: the first field is beyond, or equal and the next one is beyond, and so on.

    The first field's own bound stands outside as well: that is what an index can start from."""
    beyond, equal = Q(), Q()
    for name, value in zip(order, key, strict=True):
        bare = name.removeprefix("-")
        comparison = "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{bare}__{comparison}": value})
        equal &= Q(**{bare: value})
    first = order[0].removeprefix("-")
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": key[0]}) & beyond


def _key(text: str | None, fields: list) -> list | None:
    """The key in a query string, or None where there is none or it is not one."""
    if not text or len(text) > _LONGEST_KEY:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode()))
        if not isinstance(values, list) or len(values) != len(fields):
            return None
        if not all(isinstance(value, str) and "\x00" not in value for value in values):
            return None
        key = [_readable(field.to_python(value)) for field, value in zip(fields, values, strict=True)]
    except (ValueError, binascii.Error, ValidationError, OverflowError, RecursionError):
        return None
    too_large = any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in key)
    return None if too_large else key


def _readable(value):
    """The value, if both databases can compare with it: a moment has a time zone and exists in UTC, text can be written
    as UTF-8. Raises ValueError or OverflowError."""
    if isinstance(value, dt.datetime):
        if timezone.is_naive(value):
            raise ValueError("A moment without a time zone")
        return value.astimezone(dt.UTC)
    if isinstance(value, str):
        value.encode()
    return value


def _looked_up(queryset: QuerySet, text: str | None, names: list[str]) -> list | None:
    """What the row with this key is sorted by, if it is one of the list."""
    if not text or not re.fullmatch(r"[0-9]{1,18}", text):
        return None
    found = queryset.order_by().filter(pk=int(text)).values_list(*names).first()
    return list(found) if found else None


def _query(asked: Mapping[str, Any], word: str, row, names: list[str], discreet: bool) -> str:
    """The query string of the page on this side of `row`, the filters kept. With no row left it names no key, which
    is the first page."""
    query = asked.copy() if isinstance(asked, QueryDict) else QueryDict(mutable=True)
    query.pop("before", None)
    query.pop("after", None)
    if row is not None and discreet:
        query[word] = row.pk
    elif row is not None:
        values = [_text(reduce(getattr, name.split("__"), row)) for name in names]
        query[word] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    return f"?{query.urlencode()}"


def _text(value) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
