"""Copies the few third-party front-end files that pages need from node_modules/ to var/assets/, and draws the icons.

    python -m halocik.assets

Imports nothing of the project. Missing packages or icons stop it with a sentence.
"""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FILES = (
    "@tabler/core/dist/css/tabler.min.css",
    "chart.js/dist/chart.umd.min.js",
    "htmx.org/dist/htmx.min.js",
    "idiomorph/dist/idiomorph-ext.min.js",
)
# Names a file that is not copied, which the manifest of static files would look for.
_SOURCE_MAP = re.compile(
    rb"\s*(/\*# sourceMappingURL=\S+ \*/|/\*# sourceMappingURL=\S+\*/|//# sourceMappingURL=\S+)\s*"
)
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z"[^>]*/>')
_OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'


class AssetError(Exception):
    """Carries one sentence for the person at the terminal."""


def build(packages: Path, names: Path, target: Path) -> None:
    """`packages` is a node_modules folder, `names` the list of icons; `target` is made and filled."""
    target.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        source = packages / file
        if not source.is_file():
            raise AssetError(f"{file} is missing in {packages}: run `make setup`, which calls npm.")
        _write(target / source.name, _SOURCE_MAP.sub(b"\n", source.read_bytes()))
    _write(target / "icons.svg", sprite(packages / "@tabler" / "icons" / "icons", names).encode())


def sprite(icons: Path, names: Path) -> str:
    """One SVG file with a symbol per icon named in `names` (one per line, # begins a comment); ids equal the names.

    A name that ends in -filled is the filled drawing. The width of lines is left to the page's style sheet.
    """
    wanted = sorted({line.partition("#")[0].strip() for line in names.read_text().splitlines()} - {""})
    symbols = "\n".join(_symbol(icons, name, names) for name in wanted)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(icons: Path, name: str, names: Path) -> str:
    filled = name.endswith("-filled")
    source = icons / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
    drawing = _SVG.search(source.read_text()) if source.is_file() else None
    if drawing is None:
        raise AssetError(f"{names.name} names the icon {name!r}, which @tabler/icons does not have.")
    shapes = " ".join(_FRAME.sub("", drawing[1]).split())
    paint = 'fill="currentColor"' if filled else _OUTLINE
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>'


def _write(path: Path, content: bytes) -> None:
    """Leaves an unchanged file alone, so that nothing is collected and compressed anew."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def main() -> int:
    try:
        build(PROJECT / "node_modules", PROJECT / "static" / "icons.txt", PROJECT / "var" / "assets")
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
