from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = _("Jaringan")

    def ready(self) -> None:
        from network import scans  # noqa: F401  # their kinds of long work
        from network.imports import work  # noqa: F401
