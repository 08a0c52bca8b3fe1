"""Lists of the Django admin, asked for what makes no sense: PostgreSQL's refusals are no fault of the server's."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_cast

ODD = [
    ("accounts_user", {"username__regex": "("}),
    ("accounts_unit", {"code__regex": "[z-a]"}),
    ("accounts_user", {"username": "\0"}),
    ("accounts_user", {"id": "9" * 40}),
    ("accounts_user", {"id": "x"}),
    ("accounts_user", {"q": "\0"}),
    ("tickets_ticket", {"number__regex": "("}),
    ("network_device", {"pc_name__iregex": "*"}),
]


@pytest.mark.usefixtures("committed_db")  # a refused statement ends a test's transaction
def test_a_filter_that_makes_no_sense_gives_the_whole_list() -> None:
    client = Client()
    client.force_login(make_cast().admin)
    for name, query in ODD:
        address = reverse(f"admin:{name}_changelist")
        answer = client.get(address, query, follow=True)
        assert answer.status_code == 200, (name, query)
        assert answer.request["PATH_INFO"] == address
        assert answer.request["QUERY_STRING"] == "e=1" or not answer.redirect_chain


@pytest.mark.usefixtures("committed_db")
def test_a_filter_that_fails_again_is_not_sent_around_in_circles() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_cast().admin)
    answer = client.get(reverse("admin:accounts_user_changelist"), {"username__regex": "(", "e": "1"})
    assert answer.status_code == 500
