"""Units stand in for any model: `name` repeats on purpose, so that ties at page borders show."""

from typing import Any

import pytest
from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from accounts.models import Unit
from jobs import paging
from jobs.paging import ListForm, Page, Sort


class UnitListForm(ListForm):
    SORTS = {
        "code": Sort("Kode", ("code",)),
        "name": Sort("Nama", ("sort_name", "-pk")),
        "mixed": Sort("Terbalik", ("-sort_name", "code")),
    }
    q = forms.CharField(required=False, max_length=20)
    parent = forms.ModelChoiceField(Unit.objects.all(), required=False)


def form(**params: str) -> UnitListForm:
    return UnitListForm(params)


def units() -> QuerySet[Unit]:
    return Unit.objects.filter(code__startswith="U").annotate(sort_name=Lower("name"))


@pytest.fixture
def twenty(db: None) -> list[Unit]:
    return Unit.objects.bulk_create(Unit(code=f"U{n:02}", name="AaBbCc"[n % 6]) for n in range(20))


def walk(sort: str, size: int) -> tuple[list[Page[Unit]], list[Page[Unit]]]:
    """All pages forward, then all pages back from the last."""
    forward = [form(sort=sort).page(units(), size)]
    while cursor := forward[-1].next:
        forward.append(form(sort=sort, after=cursor).page(units(), size))
    back = [forward[-1]]
    while cursor := back[-1].prev:
        back.append(form(sort=sort, before=cursor).page(units(), size))
    return forward, back


# Signed, but not for a list. The time is in it, so it must be no part of a test's name: test processes compare names.
UNSALTED = pytest.param(signing.dumps(["U05"]), id="signed for something else")


@pytest.mark.parametrize("size", [1, 3, 7, 10, 20, 50])
@pytest.mark.parametrize("sort", ["code", "name", "mixed"])
def test_pages_forward_show_every_row_once_in_order(twenty: list[Unit], sort: str, size: int) -> None:
    forward, _back = walk(sort, size)
    shown = [row for page in forward for row in page.rows]
    assert shown == list(units().order_by(*UnitListForm.SORTS[sort].key))


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("sort", ["code", "name", "mixed"])
def test_pages_back_show_every_row_once_in_order(twenty: list[Unit], sort: str, size: int) -> None:
    _forward, back = walk(sort, size)
    shown = [row for page in reversed(back) for row in page.rows]
    assert shown == list(units().order_by(*UnitListForm.SORTS[sort].key))


def test_the_first_page_has_no_way_back_and_the_last_none_on(twenty: list[Unit]) -> None:
    forward, back = walk("code", 7)
    assert forward[0].prev is None
    assert forward[-1].next is None
    assert back[-1].prev is None
    assert back[-1].next is not None


def test_rows_added_before_a_page_do_not_move_it(twenty: list[Unit]) -> None:
    first = form(sort="code").page(units(), 5)
    Unit.objects.create(code="U000", name="baru")
    assert form(sort="code", after=first.next or "").page(units(), 5).rows[0].code == "U05"


@pytest.mark.parametrize(
    "cursor",
    ["x", "\x00", "a:b:c", "é", "..", "-1", "9" * 400, "%00", "null", UNSALTED, "W10:1abc:zzz"],
)
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_cursor_of_nobody_s_making_gives_the_first_page(twenty: list[Unit], way: str, cursor: str) -> None:
    page = form(sort="code", **{way: cursor}).page(units(), 5)
    assert [row.code for row in page.rows] == ["U00", "U01", "U02", "U03", "U04"]


def test_a_cursor_of_another_sort_gives_the_first_page(twenty: list[Unit]) -> None:
    cursor = form(sort="name").page(units(), 5).next
    assert form(sort="code", after=cursor or "").page(units(), 5).rows[0].code == "U00"


@pytest.mark.parametrize("values", [[], ["U05", 1], [None], [{"a": 1}], "U05", 5, [[1]]])
def test_a_signed_cursor_of_another_shape_breaks_nothing(twenty: list[Unit], values: Any) -> None:
    cursor = signing.dumps(values, salt="paging:code")
    assert form(sort="code", after=cursor).page(units(), 5).rows


def test_a_page_whose_rows_are_gone_gives_the_first(twenty: list[Unit]) -> None:
    cursor = form(sort="code").page(units(), 5).next
    Unit.objects.filter(code__gt="U04", code__startswith="U").delete()
    assert form(sort="code", after=cursor or "").page(units(), 5).rows[0].code == "U00"


@pytest.mark.parametrize("sort", ["nope", "", "\x00", "code__pk"])
def test_an_unknown_sort_is_the_first_one(twenty: list[Unit], sort: str) -> None:
    assert form(sort=sort).page(units(), 1).rows[0].code == "U00"


def test_invalid_filters_are_told_and_otherwise_absent(twenty: list[Unit]) -> None:
    bad = form(q="\x00", parent="abc")
    assert (bad.chosen("q"), bad.chosen("parent")) == ("", None)
    assert set(bad.errors) == {"q", "parent"}


def test_valid_filters_are_cleaned(twenty: list[Unit]) -> None:
    good = form(q=" x ", parent=str(twenty[0].pk))
    assert (good.chosen("q"), good.chosen("parent")) == ("x", twenty[0])


def test_a_small_count_is_exact(twenty: list[Unit]) -> None:
    assert form().page(units()).count_words == "20"


def test_a_large_count_stops_counting(twenty: list[Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 10)
    page = form().page(units())
    assert (page.count, page.count_words) == (11, "lebih dari 10")


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [("id", 1000, "1.000"), ("id", 1001, "lebih dari 1.000"), ("en", 1000, "1,000")],
)
def test_counts_are_written_as_the_language_does(language: str, count: int, words: str) -> None:
    with translation.override(language):
        assert Page[Unit]([], None, None, count).count_words == words


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    page = form().page(units())
    assert (page.rows, page.prev, page.next, page.count) == ([], None, None, 0)


# Forms of lists


class Shades(paging.ListForm):
    SORTS = {"name": Sort("Nama", ("code", "pk")), "newest": Sort("Terbaru", ("-pk",))}

    shade = forms.ChoiceField(choices=[("dark", "Gelap"), ("light", "Terang")], required=False)
    other = forms.ChoiceField(choices=[("a", "A")], required=False)


class Others(paging.ListForm):
    SORTS = {"oldest": Sort("Terlama", ("pk",))}


def choices(one: forms.Form, name: str) -> list[tuple[str, str]]:
    chosen: Any = one.fields[name]
    return [(value, str(words)) for value, words in chosen.choices]


def test_each_kind_of_list_offers_its_own_sorts() -> None:
    assert choices(Shades(), "sort") == [("name", "Nama"), ("newest", "Terbaru")]
    assert choices(Others(), "sort") == [("oldest", "Terlama")]


def test_what_one_form_puts_in_place_of_its_choices_no_other_offers() -> None:
    changed: Any = Shades()
    changed.fields["shade"].choices = [("red", "Merah")]
    assert choices(changed, "shade") == [("red", "Merah")]
    assert choices(Shades(), "shade") == [("dark", "Gelap"), ("light", "Terang")]


def test_what_one_form_does_to_a_widget_no_other_shows() -> None:
    Shades().fields["shade"].widget.attrs["class"] = "is-invalid"
    assert "class" not in Shades().fields["shade"].widget.attrs


def test_a_field_that_one_form_leaves_out_the_next_one_has() -> None:
    del Shades().fields["other"]
    assert "other" in Shades().fields
