"""Commands about who may come in: tokens of programs, screens to pair, staff."""

from __future__ import annotations

from collections.abc import Callable

import click

from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.permissions import DEVICES, ROLES

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]


def register(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    """Add the commands."""
    _tokens(cli, sanban, one_hall)
    _people(cli, sanban, one_hall)

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--name", default="")
    @click.option("--place", default="", help="where it stands: a display speaks for the sound zone of that name")
    @click.argument("kind", type=click.Choice(sorted(DEVICES)))
    def pair(hall_id: str | None, kind: str, name: str, place: str) -> None:
        """Print a link that pairs one kiosk or display."""
        built = sanban()
        code = built.access.pairing_code(one_hall(built, hall_id), kind, name, place)
        click.echo(f"{built.settings.url}/pair/{code}")


def _tokens(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    @cli.group()
    def token() -> None:
        """Bearer tokens of programs."""

    @token.command("add")
    @click.option("--hall", "hall_id")
    @click.option("--role", type=click.Choice(sorted(ROLES)), required=True)
    @click.option("--window", "windows", multiple=True, help="limits the token to windows")
    @click.option("--label", default="")
    @click.option("--days", type=click.IntRange(1, 3650), help="worthless after so many; never when left out")
    def token_add(hall_id: str | None, role: str, windows: tuple[str, ...], label: str, days: int | None) -> None:
        """Print a new token, once."""
        built = sanban()
        here = one_hall(built, hall_id)
        for window in windows:
            built.halls.get(here).window(window)
        click.echo(built.access.add_token(here, role, windows, label, days=days))

    @token.command("list")
    @click.option("--hall", "hall_id")
    def token_list(hall_id: str | None) -> None:
        """Print ids, roles and labels."""
        built = sanban()
        for token_id, record in sorted(built.access.list_tokens(one_hall(built, hall_id)).items()):
            click.echo(f"{token_id}  {record['role']:8} {','.join(record['windows']) or '*'}  {record['label']}")

    @token.command("rotate")
    @click.option("--hall", "hall_id")
    @click.argument("token_id")
    def token_rotate(hall_id: str | None, token_id: str) -> None:
        """Print a token with a new secret, once; the old one is good for a day more."""
        built = sanban()
        click.echo(built.access.rotate_token(one_hall(built, hall_id), token_id))

    @token.command("revoke")
    @click.option("--hall", "hall_id")
    @click.argument("token_id")
    def token_revoke(hall_id: str | None, token_id: str) -> None:
        """Make a token worthless."""
        built = sanban()
        here = one_hall(built, hall_id)
        if token_id not in built.access.list_tokens(here):
            raise click.ClickException(f"there is no token {token_id}; `token list` prints them all")
        built.access.revoke_token(here, token_id)
        click.echo(f"Token {token_id} is worthless now.")


def _people(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--role", type=click.Choice(sorted(ROLES)), required=True)
    @click.argument("staff_id")
    def staff(hall_id: str | None, role: str, staff_id: str) -> None:
        """Add a member of staff; asks for the password."""
        built = sanban()
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            built.access.set_staff(one_hall(built, hall_id), staff_id, staff_id, role, password, "cli")
        except HallError as error:
            what = f"not a good {error.facts.get('field', 'entry')}: ids are small letters, passwords at least 12"
            raise click.ClickException(f"{what} characters and none that is used a lot or easily guessed") from error

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.argument("staff_id")
    def link(hall_id: str | None, staff_id: str) -> None:
        """Print a link that signs one member of staff in, once, within an hour."""
        built = sanban()
        try:
            code = built.access.sign_in_code(one_hall(built, hall_id), staff_id)
        except HallError as error:
            raise click.ClickException(f"there is no {staff_id}") from error
        click.echo(f"{built.settings.url}/link/{code}")
