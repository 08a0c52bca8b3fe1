from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = _("Dasbor")

    def ready(self) -> None:
        """The kinds of long work, the documents and the invariants of this room."""
        from dashboard import integrity, report_views  # noqa: F401

        integrity.register()
