"""Queries that are written once and asked many times. Django writes a query's SQL anew at each call, which for those of
the directory takes longer than the database needs to answer (ADR 34). Here it is written once for each shape of a
question, with stand-ins where numbers and moments go, as `core.addresses` does with addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Value = int | dt.date | dt.datetime

_NUMBER = 9_000_000_000_000_000_000
_DAY = dt.date(9000, 1, 1)
_MOMENT = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


def asked(build: Callable[..., QuerySet], shape: Hashable, values: Sequence[Value]) -> list[tuple]:
    """The rows of `build(shape, *values)`, a `values_list` of numbers and texts. `build` puts `values` into the query
    as they are; everything else in it follows from `shape`. For the same shape they are of the same kinds, in order.
    """
    sql, params = _written(build, shape, tuple(type(value) for value in values), connection.vendor)
    if not sql:
        return []
    given = [_sent(value) for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, [fixed if at is None else given[at] for at, fixed in params])
        return cursor.fetchall()


@lru_cache(maxsize=500)
def _written(build, shape, kinds: tuple[type, ...], vendor: str) -> tuple[str, list[tuple[int | None, object]]]:
    """The SQL, and for each of its parameters which value goes there, or what always does. No SQL where nothing can be
    found."""
    stand_ins = [_stand_in(kind, number) for number, kind in enumerate(kinds)]
    try:
        sql, params = build(shape, *stand_ins).query.sql_with_params()
    except EmptyResultSet:
        return "", []
    known = {_sent(value): number for number, value in enumerate(stand_ins)}
    return sql, [(known.get(param), param) for param in params]


def _stand_in(kind: type, number: int) -> Value:
    if kind is dt.datetime:
        return _MOMENT + dt.timedelta(minutes=number)
    return _DAY + dt.timedelta(days=number) if kind is dt.date else _NUMBER + number


def _sent(value: Value):
    """A value as the database's own driver takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
