"""The national standards are there on every deployment without anybody typing them: after every migration they are
written if they are not there yet. What operators made of them since stays as it is."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from core import clock
from lots.models import Applies, StandardSet, StandardsVersion
from lots.rules.dfe_standards import NAME, NATIONAL, NOTE, SOURCE
from lots.steps.standards import write_text


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Write the national set with its first version, fixed, unless there is one. Does nothing while the tables are
    missing (a migration back) or in a database that is not ours."""
    if using != DEFAULT_DB_ALIAS or Applies._meta.db_table not in connections[using].introspection.table_names():
        return
    with transaction.atomic():
        made, new = StandardSet.objects.get_or_create(owner=None, name=NAME, defaults={"source": SOURCE})
        if not new:
            return
        at = clock.now()
        version = StandardsVersion.objects.create(standard_set=made, number=1, note=NOTE, made_at=at, fixed_at=at)
        write_text(version=version, text=NATIONAL)
