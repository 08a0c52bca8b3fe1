"""What `accounts.limits` counts."""

from django.db import models


class AskedCount(models.Model):
    """How often an address asked for a thing in the minute (since 1970) in which it last did; see `accounts.limits`."""

    key = models.CharField(primary_key=True, max_length=100)
    minute = models.PositiveBigIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.n}"
