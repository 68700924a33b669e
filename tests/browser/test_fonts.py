"""The shipped fonts reach the browser and can be used there."""

from __future__ import annotations

import pytest

from tests.browser.stage import Stage

_LOAD = """async (name) => {
  const face = new FontFace("Shipped", `url(/static/fonts/${name})`);
  await face.load();
  document.fonts.add(face);
  const pen = document.createElement("canvas").getContext("2d");
  const width = (text) => ((pen.font = '100px "Shipped", monospace'), pen.measureText(text).width);
  return [face.status, Math.round(width("看办")), width("ii") < width("mm")];
}"""

_FACES = """[...document.fonts].map((face) => [face.family.replaceAll('"', ''), face.weight, face.display])"""


@pytest.mark.parametrize("name", ["NotoSansSC-Regular.woff2", "NotoSansSC-Bold.woff2"])
def test_a_shipped_font_loads_and_draws(stage: Stage, name: str) -> None:
    page = stage.page()
    page.goto(f"{stage.installation.url}/sign-in")
    assert page.evaluate(_LOAD, name) == ["loaded", 200, True]


def test_pages_name_the_shipped_font_last_so_that_nobody_loads_it_for_nothing(stage: Stage) -> None:
    page = stage.page()
    page.goto(f"{stage.installation.url}/sign-in")
    family = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert [name.strip('" ') for name in family.split(",")][-2:] == ["Sanban Sans", "sans-serif"]
    faces = page.evaluate(
        "[...document.fonts].map((face) => [face.family.replaceAll('\"', ''), face.weight, face.display])"
    )
    assert faces == [["Sanban Sans", "400", "swap"], ["Sanban Sans", "700", "swap"]]
