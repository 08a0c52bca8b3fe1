"""The few third-party files, and the icons."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from halocik import assets
from tests.engines import ROOT

ICON = '<svg viewBox="0 0 24 24">\n  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M1 1" />\n</svg>'


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "node_modules"
    for file in assets.FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("words\n/*# sourceMappingURL=x.map */")
    for kind in ("outline", "filled"):
        (folder / "@tabler" / "icons" / "icons" / kind).mkdir(parents=True)
        (folder / "@tabler" / "icons" / "icons" / kind / "star.svg").write_text(ICON)
    return folder


def test_files_are_copied_without_the_name_of_a_map_that_is_not_there(packages: Path, tmp_path: Path) -> None:
    names = tmp_path / "icons.txt"
    names.write_text("star\n")
    assets.build(packages, names, tmp_path / "out")
    assert (tmp_path / "out" / "tabler.min.css").read_text() == "words\n"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {Path(file).name for file in assets.FILES} | {
        "icons.svg"
    }


def test_an_icon_becomes_a_symbol_of_its_name(packages: Path, tmp_path: Path) -> None:
    names = tmp_path / "icons.txt"
    names.write_text("# ours\nstar   # used\nstar-filled\nstar\n")
    drawn = ET.fromstring(assets.sprite(packages / "@tabler" / "icons" / "icons", names))
    assert [symbol.get("id") for symbol in drawn] == ["star", "star-filled"]
    assert [symbol.get("fill") for symbol in drawn] == ["none", "currentColor"]
    assert [len(symbol) for symbol in drawn] == [1, 1]


def test_an_icon_that_is_not_there_stops_the_build_with_a_sentence(packages: Path, tmp_path: Path) -> None:
    names = tmp_path / "icons.txt"
    names.write_text("unicorn\n")
    with pytest.raises(assets.AssetError, match=r"icons.txt names the icon 'unicorn'"):
        assets.build(packages, names, tmp_path / "out")


def test_missing_packages_stop_the_build_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetError, match="make setup"):
        assets.build(tmp_path, tmp_path / "icons.txt", tmp_path / "out")


def test_every_icon_that_pages_draw_is_in_the_sprite() -> None:
    drawn = {symbol.get("id") for symbol in ET.parse(ROOT / "var" / "assets" / "icons.svg").getroot()}
    named = {line.partition("#")[0].strip() for line in (ROOT / "static" / "icons.txt").read_text().splitlines()}
    assert named - {""} == drawn
