"""Makes the shipped fonts, once, by hand; their hashes are beside them.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    python -m hall.paper.make_fonts package

It needs brotli (requirements-dev.txt). The same package gives the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
PAPER, PAGES = ROOT / "hall/paper/fonts", ROOT / "hall/web/static/fonts"
#: weight → folder of the package
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
#: what we print and show that GB 2312 lacks: dashes, bullets, check marks, boxes, arrows, the euro
SYMBOLS = "–•…‧−≈≤≥⇄⇦⇨⇧⇩✓△▷▽◁○●◎★☆€℃№™©®"


def gb2312() -> set[int]:
    """Every character of GB 2312."""
    codes = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                codes.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # an empty cell
    return codes


def wanted() -> set[int]:
    """GB 2312, ASCII, Latin-1, our symbols, and whatever the example halls and catalogues write."""
    texts = [
        *ROOT.glob("examples/**/*.toml"),
        *ROOT.glob("*/translations/**/*.po"),
        *ROOT.glob("hall/*/translations/**/*.po"),
    ]
    written = {ord(char) for path in texts for char in path.read_text("utf-8") if char >= " "}
    return gb2312() | set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | {ord(char) for char in SYMBOLS} | written


def make(package: Path) -> None:
    codes = wanted()
    for weight, folder in WEIGHTS.items():
        font = TTFont(package / folder / f"NotoSansSC_{folder}.ttf", recalcTimestamp=False)
        options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"])
        # Horizontal text only, each character by itself.
        options.drop_tables += ["GPOS", "GSUB", "GDEF", "BASE", "STAT", "vhea", "vmtx"]
        cut = subset.Subsetter(options)
        cut.populate(unicodes=codes)
        cut.subset(font)
        font.save(PAPER / f"NotoSansSC-{weight}.ttf")
        font.flavor = "woff2"
        font.save(PAGES / f"NotoSansSC-{weight}.woff2")
        lacking = sorted(codes - set(font.getBestCmap()))
        sys.stdout.write(f"{weight}: {len(codes)} characters, not in Noto Sans SC: {' '.join(map(chr, lacking))}\n")
    for directory in (PAPER, PAGES):
        (directory / "OFL.txt").write_text((package / "LICENSE_FONT").read_text("utf-8"), "utf-8")
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in sorted(directory.glob("Noto*"))
        ]
        (directory / "SHA256SUMS").write_text("".join(sums), "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
