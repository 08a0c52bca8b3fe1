"""What is drawn once says the same as what is drawn anew, in each language."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation


def drawn(source: str, **context: object) -> list[str]:
    """In Indonesian, English and Indonesian again, by one compiled template."""
    template = Template(source)
    answers: list[str] = []
    for language in ("id", "en", "id"):
        with translation.override(language):
            answers.append(template.render(Context(context)))
    return answers


@pytest.mark.parametrize(
    ("source", "indonesian", "english"),
    [
        ('{% translate "Lanjutkan" %}', "Lanjutkan", "Resume"),
        ('{% translate "Perangkat" context "jamak" %}', "Perangkat", "Devices"),
        ('{% translate "Lanjutkan" as word %}<{{ word }}>', "<Lanjutkan>", "<Resume>"),
        ('{% translate word %}', "Lanjutkan", "Resume"),
        ('{% url "dashboard:home" %}', "/halocik/", "/halocik/"),
        ('{% url "nothing:here" as address %}[{{ address }}]', "[]", "[]"),
        ('{% constant %}{% translate "Lanjutkan" %} {{ word }}{% endconstant %}', "Lanjutkan ", "Resume "),
    ],
)  # fmt: skip
def test_each_language_has_its_own(source: str, indonesian: str, english: str) -> None:
    assert drawn(source, word="Lanjutkan") == [indonesian, english, indonesian]


def test_a_pure_part_is_drawn_for_its_values_and_escapes_them() -> None:
    template = Template('{% pure "components/badge.html" word=word tone="late" %}')
    badges = [template.render(Context({"word": word})) for word in ("Satu", "<b>", "Satu")]
    assert "Satu" in badges[0]
    assert badges[0] == badges[2]
    assert "&lt;b&gt;" in badges[1]


def test_a_pure_part_takes_named_values_alone() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template('{% pure "components/badge.html" word %}')
