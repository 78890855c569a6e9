from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Ground floor: doors, money, clock, calendars"

    def ready(self):
        from core import checks  # noqa: F401
