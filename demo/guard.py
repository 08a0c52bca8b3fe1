"""Demo people have a password that everybody knows: beside production settings nothing starts on their database."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User

#: Of every demo person's address. `.example` belongs to nobody, so that no real person's ends so.
MAIL_DOMAIN = "@bps.example"


def refuse_demo_data() -> None:
    """Raises ImproperlyConfigured with a sentence where PRODUCTION=1 meets a database with demo people.

    Asks the database; raises what Django raises where that is away or not migrated yet.
    """
    if settings.PRODUCTION and User.objects.filter(email__endswith=MAIL_DOMAIN).exists():
        raise ImproperlyConfigured(
            "PRODUCTION=1 refuses to start on a database with demo data: its accounts have a password that everybody "
            "knows. Give HaloCIK a database of its own in DATABASE_URL."
        )
