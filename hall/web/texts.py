"""Languages. Message ids are the English texts, so English is always complete; each page package has a
Chinese catalogue in `<package>/translations`."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hall/web", "kiosk", "display", "hall/console", "hall/office", "hall/desk")
CHINESE, ENGLISH = "zh_Hans_CN", "en"


def catalogue(package: str) -> Path:
    return ROOT / package / "translations" / CHINESE / "LC_MESSAGES" / "messages.po"


def compile_catalogues() -> None:
    """Make the binary catalogues that gettext reads, where they are missing or old."""
    for po in map(catalogue, PACKAGES):
        mo = po.with_suffix(".mo")
        if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
            continue
        with po.open("rb") as source:
            messages = read_po(source, locale=CHINESE)
        # Several processes may start at once: each writes a file of its own, and the last one stays.
        fresh = mo.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as target:
            write_mo(target, messages)
        fresh.replace(mo)


@cache
def _messages(package: str) -> dict[str, str]:
    po = catalogue(package)
    if not po.exists():
        return {}
    with po.open("rb") as source:
        messages = read_po(source, locale=CHINESE)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


@cache
def _of_scripts(package: str) -> dict[str, str]:
    """What stands in a script of the package or in a shared one; the others are the templates', and would be most of a
    page's weight."""
    paths = [path for name in dict.fromkeys(("hall/web", package)) for path in (ROOT / name / "static/js").glob("*.js")]
    code = "".join(path.read_text("utf-8") for path in paths)
    texts = _messages("hall/web") | _messages(package)
    return {text: chinese for text, chinese in texts.items() if json.dumps(text, ensure_ascii=False)[1:-1] in code}


def language() -> str:
    """The catalogue's name for the request: Chinese unless English is asked for."""
    wanted = request.args.get("lang") or request.cookies.get("lang") or request.accept_languages.best or ""
    return ENGLISH if wanted.lower().startswith("en") else CHINESE


def short() -> str:
    """`zh` or `en`: the language of data texts in this request."""
    return "en" if str(get_locale()) == ENGLISH else "zh"


def texts_json(package: str) -> Markup:
    """The catalogue of the package's scripts, as a data block (no inline script is ever needed)."""
    texts = {} if short() == "en" else _of_scripts(package)
    text = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
    return Markup('<script type="application/json" id="texts">{}</script>').format(Markup(text))  # noqa: S704 - escaped above


def said(text: Any) -> str:
    """A data text {zh, en} in the request's language; English falls back to Chinese."""
    if text is None:
        return ""
    if isinstance(text, dict):
        return str((short() == "en" and text.get("en")) or text["zh"])
    return str(text.said(short()))


def this_page(lang: str) -> str:
    """The address of the same page in another language."""
    places: dict[str, Any] = {**request.args.to_dict(flat=False), "lang": lang, **(request.view_args or {})}
    return url_for(request.endpoint or "", **places)


@cache
def _domain(package: str) -> Domain:
    """The shared catalogue, and the package's own over it."""
    return Domain([str(ROOT / name / "translations") for name in dict.fromkeys(("hall/web", package))])


def _package_of(module: str) -> str:
    name = module.replace(".", "/") + "/"
    return next((package for package in PACKAGES if name.startswith(f"{package}/")), "hall/web")


def _choose_catalogue() -> None:
    """A page knows its own texts and the shared ones: one English word may be two Chinese ones on two pages."""
    blueprint = current_app.blueprints.get(request.blueprint or "")
    _domain(_package_of(blueprint.import_name if blueprint else "")).as_default()


def register(app: Flask) -> None:
    compile_catalogues()
    app.before_request(_choose_catalogue)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "hall/web" / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = CHINESE
    Babel(app, locale_selector=language)
    app.jinja_env.filters["said"] = said
    app.jinja_env.globals.update(texts_json=texts_json, short_language=short, this_page=this_page)

    @app.after_request
    def remember(response: Response) -> Response:
        if request.query_string and "lang" in request.args and "lang_kept" not in g:
            response.set_cookie("lang", short(), max_age=31536000, samesite="Lax")
        return response
