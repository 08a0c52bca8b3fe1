"""The texts of the screens: collected from code and templates, complete in English."""

from pathlib import Path

import pytest

from halocik import messages


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def texts(project: Path) -> list[object]:
    return [message.id for message in messages.collect(project) if message.id]


def test_texts_of_code_are_collected(project: Path) -> None:
    (project / "tickets" / "a.py").write_text(
        '_("Satu")\ngettext_lazy("Dua")\nngettext("%d tiket", "%d tiket-tiket", 3)\n'
    )
    assert texts(project) == ["Satu", "Dua", ("%d tiket", "%d tiket-tiket")]


def test_texts_of_templates_are_collected_whatever_their_indentation(project: Path) -> None:
    (project / "templates" / "a.html").write_text(
        """
        <p>{% translate "Satu" %}</p>
            {% if (x %}
          <b title="it's">{% blocktranslate trimmed with n=number %}
              Tiket {{ n }}
              dibuka
          {% endblocktranslate %}</b>
        """
    )
    assert texts(project) == ["Satu", "Tiket %(n)s dibuka"]


def test_migrations_are_not_texts(project: Path) -> None:
    (project / "tickets" / "migrations").mkdir()
    (project / "tickets" / "migrations" / "0001.py").write_text('_("Lama")')
    assert texts(project) == []


def test_a_text_with_quotes_and_percent_keeps_them(project: Path) -> None:
    (project / "tickets" / "a.py").write_text("""_('50 % "selesai"')\n""")
    assert texts(project) == ['50 % "selesai"']


def test_every_text_has_its_english() -> None:
    assert messages.problems() == [], "run `make messages`, then write the missing English in locale/en"


def test_the_catalogues_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Masuk"\nmsgstr "Log in"\n'
    )
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.compile_all()
    assert b"Log in" in (folder / "django.mo").read_bytes()


@pytest.mark.parametrize(
    ("text", "names"),
    [("%(n)s dari %(total)s", {"%(n)s", "%(total)s"}), ("100 %% dari %s", {"%s"}), ("{nama} di {}", {"{nama}", "{}"})],
)
def test_placeholders_are_recognised(text: str, names: set[str]) -> None:
    assert messages._placeholders(text) == names
