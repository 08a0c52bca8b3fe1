"""The settings of the tests: those of the application, beside engines that are there for this run alone."""

from tests import engines

engines.ensure()

from halocik.settings import *  # noqa: E402, F403
from halocik.settings import STORAGES  # noqa: E402

# Files are looked up where they lie, without a manifest that `collectstatic` would have to write first.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# A browser that goes from test to test asks for each of them once.
WHITENOISE_MAX_AGE = 3600

# The real hasher takes 50 ms per log-in on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
