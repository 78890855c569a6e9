"""`manage.py preflight`: say everything that keeps production from starting, and fail; silent when it may start."""

from django.core.management.base import BaseCommand

from apframework import preflight


class Command(BaseCommand):
    help = "Refuse what production must not serve: demo data, a database that is not migrated, unsafe settings."
    requires_system_checks = []

    def handle(self, **options):
        preflight.stop_if_unfit()
