"""`manage.py data_map`: the record of processing (UK GDPR, Article 30), from every app's `data.py`, as Markdown."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prints what each table holds, of what kind, and how long it is kept."""

    help = "Print what data the portal holds, of what kind, and how long"

    def handle(self, **options):
        self.stdout.write("| table | kind | kept | fields |\n|---|---|---|---|\n")
        for config in apps.get_app_configs():
            if "." in config.name or find_spec(f"{config.name}.data") is None:
                continue
            data = import_module(f"{config.name}.data")
            for table, fields in getattr(data, "FIELDS", {}).items():
                grouped: dict = {}
                for field, what in fields.items():
                    grouped.setdefault(what, []).append(field)
                for what, names in grouped.items():
                    self._row(f"{config.label}.{table}", what.kind, what.keep, ", ".join(names))
            for table, (kind, keep, why) in getattr(data, "THIRD_PARTY", {}).items():
                self._row(table, kind, keep, why)

    def _row(self, table, kind, keep, fields):
        self.stdout.write(f"| {table} | {kind.value} | {keep.value} | {fields} |\n")
