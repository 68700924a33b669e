"""Commands about what is kept of people: python -m hall person …, python -m hall keys …

Who somebody is never stands on the command line, where other users of the machine could read it: it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import click

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.people import Person, masked
from hall.services.key_ring import BadKeyRing, RotationBusy
from hall.services.rotation import Progress
from hall.services.sealing import CannotOpen

_CLI = Caller(by="cli")
_HALL = click.option("--hall", "hall_id")


def register(cli: click.Group, sanban: Callable[[], Sanban], one_hall: Callable[[Sanban, str | None], str]) -> None:
    """Add the commands to the command line; `sanban` and `one_hall` find the services and the hall."""

    @cli.group()
    def person() -> None:
        """What is kept of somebody; asks for an identity number or a phone."""

    @person.command()
    @_HALL
    @click.option("--clear", is_flag=True, help="nothing masked, for the person themselves; the journal says so")
    def show(hall_id: str | None, clear: bool) -> None:
        """Print all that is kept of somebody, as JSON; masked."""
        built = sanban()
        chosen = one_hall(built, hall_id)
        for person_id in _asked(built, chosen):
            about = built.privacy.about(_CLI, chosen, person_id, "clear" if clear else "masked")
            click.echo(json.dumps(about, ensure_ascii=False, indent=2))

    @person.command()
    @_HALL
    def erase(hall_id: str | None) -> None:
        """Destroy what is kept of somebody."""
        built = sanban()
        chosen = one_hall(built, hall_id)
        for person_id, found in _asked(built, chosen).items():
            if click.confirm(f"Erase {' '.join(text for text in masked(found).values() if text)}?"):
                built.privacy.erase(_CLI, chosen, person_id)
                click.echo("Erased.")

    @person.command()
    @_HALL
    def sweep(hall_id: str | None) -> None:
        """Drop what is kept no longer, now; a job does so every night."""
        built = sanban()
        counts = built.privacy.sweep(one_hall(built, hall_id))
        click.echo(", ".join(f"{count} {kind}" for kind, count in counts.items()))

    @cli.group()
    def keys() -> None:
        """The keys that wrap people's keys."""

    @keys.command()
    def rotate() -> None:
        """Wrap every person's key with a new one, while everything runs; interrupted, it goes on where it was."""
        built = sanban()
        try:
            generation = built.rotation.rotate(_CLI, built.store.clock(), _tell)
        except RotationBusy as error:
            raise click.ClickException("the keys are being rotated already") from error
        except BadKeyRing as error:
            raise click.ClickException(f"the key ring cannot be read: {error}") from error
        except CannotOpen as error:
            raise click.ClickException(f"a record cannot be opened: {error}") from error
        click.echo(f"Generation {generation} wraps everything now. Keep a copy of {built.settings.key_ring}.")

    @keys.command("list")
    def list_keys() -> None:
        """Print the wrapping keys that are there."""
        built = sanban()
        for one in built.secrets.ring.all():
            state = "retired" if one.retired else "in use" if one.finished else "unfinished: run `keys rotate` again"
            click.echo(f"generation {one.generation}  made {_day(one.made)}  {state}")
        for hall_id in built.halls.ids():
            click.echo(f"{hall_id}: {built.rotation.left(hall_id)} records are wrapped with an older one")


def _asked(built: Sanban, hall_id: str) -> dict[str, Person]:
    found = built.privacy.find(hall_id, click.prompt("Identity number or phone", hide_input=True))
    if not found:
        raise click.ClickException("nothing is kept of anybody with this number")
    return found


def _tell(progress: Progress) -> None:
    click.echo(f"{progress.hall}: {progress.done} of {progress.seen}")


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
