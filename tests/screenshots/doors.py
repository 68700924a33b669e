"""How one gets in: the first page, signing in, one's own account, a refusal."""

from __future__ import annotations

import pyotp

from tests.browser.installation import PASSWORD
from tests.browser.stage import Stage
from tests.screenshots.shoot import shoot


def doors(stage: Stage, lang: str) -> None:
    page, base = stage.page(1366, 768, lang), stage.installation.url
    stage.installation.add_staff(stage.hall, "cho", "clerk", "赵晓")
    set_up = f"/set-up/{stage.services.access.set_up_code(stage.hall.id)}"
    pair = stage.installation.pair_path(stage.hall, "kiosk")
    for path, name in (
        *(("/", "home"), ("/sign-in", "sign-in"), ("/no-such-page", "problem"), (set_up, "set-up"), (pair, "pair")),
    ):
        page.goto(base + path)
        shoot(page, f"{name}-{lang}")
    page.goto(base + stage.installation.sign_in_path(stage.hall, "cho"))
    with page.expect_navigation():
        page.click("form .button")
    page.goto(f"{base}/account")
    shoot(page, f"account-{lang}")
    page.goto(f"{base}/account/second")
    shoot(page, f"second-factor-{lang}", whole=True)
    secret = page.inner_text(".letters code").replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    with page.expect_navigation():
        page.click("form .button")
    page.wait_for_selector(".codes")
    shoot(page, f"recovery-codes-{lang}")
    page = stage.page(1366, 768, lang)
    page.goto(f"{base}/sign-in")
    page.select_option("[name=hall]", stage.hall.id)
    page.fill("[name=name]", "cho")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form .button")
    shoot(page, f"second-code-{lang}")
