"""akun/impor/ and manage.py import_employees."""

import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import import_files
from accounts.models import User
from tests.factories import Cast, UnitFactory

pytestmark = pytest.mark.django_db

GOOD = "nip;nama;username;email;unit;telepon;ruang;peran\n;Wati Lestari;wati;wati@example.com;1700;;;Teknisi\n"
BAD = "nip;nama;username\n123;<b>Orang</b>;orang salah\n"


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def upload(client: Client, content: str | bytes, name: str = "pegawai.csv") -> tuple[int, str]:
    data = content.encode() if isinstance(content, str) else content
    answer = client.post(reverse("accounts:import"), {"file": SimpleUploadedFile(name, data)})
    return answer.status_code, answer.content.decode()


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    return found.group(1) if found else ""


def commit(client: Client, token: str) -> str:
    return client.post(reverse("accounts:import-commit"), {"token": token}, follow=True).content.decode()


def test_a_good_file_is_shown_first_and_stored_on_the_second_click(admin: Client) -> None:
    status, page = upload(admin, GOOD)
    assert status == 200
    assert "1 ditambahkan" in page
    assert not User.objects.filter(username="wati").exists()
    assert "Impor selesai: 1 ditambahkan, 0 diperbarui." in commit(admin, token_in(page))
    assert User.objects.get(username="wati").roles == ["Pegawai", "Teknisi"]


def test_a_bad_file_shows_every_error_and_offers_no_button(admin: Client) -> None:
    status, page = upload(admin, BAD)
    assert status == 422
    assert "NIP terdiri dari 18 angka" in page
    assert "Nama pengguna hanya memakai" in page
    assert "&lt;b&gt;Orang" in page
    assert token_in(page) == ""


def test_a_spreadsheet_is_taken_too(admin: Client) -> None:
    status, page = upload(admin, import_files.example_xlsx(), "pegawai.xlsx")
    assert (status, "1 ditambahkan" in page) == (200, True)


@pytest.mark.parametrize("content", [b"", b"a\0b", b"nama\nWati\n", b"PK\x03\x04rusak", b"nama;username\n"])
def test_a_file_that_cannot_be_used_is_an_error_at_the_field(admin: Client, content: bytes) -> None:
    status, page = upload(admin, content)
    assert status == 422
    assert "invalid-feedback" in page


def test_no_file_is_an_error_at_the_field(admin: Client) -> None:
    answer = admin.post(reverse("accounts:import"), {})
    assert answer.status_code == 422
    assert "Isilah bagian ini" in answer.content.decode()


@pytest.mark.parametrize("token", ["", "tidak-pernah-ada", "../../x", "a\0b" * 9])
def test_a_made_up_token_stores_nothing(admin: Client, token: str) -> None:
    assert "kedaluwarsa" in commit(admin, token)


def test_a_token_works_once(admin: Client) -> None:
    token = token_in(upload(admin, GOOD)[1])
    commit(admin, token)
    assert "kedaluwarsa" in commit(admin, token)


def test_somebody_elses_token_is_worth_nothing(admin: Client, cast: Cast) -> None:
    token = token_in(upload(admin, GOOD)[1])
    cast.supervisor.set_roles(["Admin/PJK TIP"])
    other = Client()
    other.force_login(cast.supervisor)
    assert "kedaluwarsa" in commit(other, token)
    assert not User.objects.filter(username="wati").exists()


def test_what_became_wrong_since_the_preview_is_shown_and_not_stored(admin: Client, cast: Cast) -> None:
    token = token_in(upload(admin, GOOD)[1])
    cast.colleague.email = "wati@example.com"
    cast.colleague.save(update_fields=["email"])
    assert "Sudah dipakai oleh Kiki Rekan" in commit(admin, token)
    assert not User.objects.filter(username="wati").exists()


@pytest.mark.parametrize("who", ["requester", "technician", "supervisor"])
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("import", "get"),
        ("import", "post"),
        ("import-commit", "post"),
        ("import-template-csv", "get"),
        ("import-template-xlsx", "get"),
    ],
)
def test_nobody_but_an_admin_may(cast: Cast, who: str, name: str, method: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert getattr(client, method)(reverse(f"accounts:{name}")).status_code == 403


def test_storing_is_a_post(admin: Client) -> None:
    assert admin.get(reverse("accounts:import-commit")).status_code == 405


@pytest.mark.parametrize("name", ["import-template-csv", "import-template-xlsx"])
def test_the_example_can_be_uploaded_as_it_is(admin: Client, name: str) -> None:
    answer = admin.get(reverse(f"accounts:{name}"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert upload(admin, answer.content)[0] == 200


class TestCommand:
    @pytest.fixture(autouse=True)
    def unit(self, db: None) -> None:
        UnitFactory(code="1700")

    def run(self, path: Path, *options: str) -> str:
        out = io.StringIO()
        call_command("import_employees", str(path), *options, stdout=out, stderr=out)
        return out.getvalue()

    def test_it_shows_without_storing(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text(GOOD)
        assert "1 ditambahkan, 0 diperbarui, 0 tetap. Ini pratinjau" in self.run(tmp_path / "a.csv")
        assert not User.objects.exists()

    def test_it_stores_when_told_to(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text(GOOD)
        self.run(tmp_path / "a.csv", "--commit")
        assert User.objects.get().username == "wati"

    @pytest.mark.parametrize("options", [[], ["--commit"]])
    def test_errors_end_it_with_a_sentence(self, tmp_path: Path, options: list[str]) -> None:
        (tmp_path / "a.csv").write_text(GOOD + "123;Salah;salah;;;;;\n")
        with pytest.raises(CommandError, match="1 baris bermasalah"):
            self.run(tmp_path / "a.csv", *options)
        assert not User.objects.exists()

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"tidak\.csv"):
            self.run(tmp_path / "tidak.csv")

    def test_a_file_that_is_no_table_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(b"\0\0")
        with pytest.raises(CommandError, match="bukan CSV"):
            self.run(tmp_path / "a.csv")
