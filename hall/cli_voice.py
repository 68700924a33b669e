"""Commands about spoken calls."""

from __future__ import annotations

from collections.abc import Callable

import click

from hall.bootstrap import Sanban

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]


def register(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    """Add the commands."""

    @cli.group()
    def voice() -> None:
        """Spoken calls."""

    @voice.command("list")
    @click.option("--hall", "hall_id")
    def voice_list(hall_id: str | None) -> None:
        """Print every clip, what it says, and the file that is played."""
        built = sanban()
        for language, clip, words, file in built.voices.all_clips(one_hall(built, hall_id)):
            click.echo(f"{language:3} {clip:14} {words:14} {file or '(missing)'}")

    @voice.command("render")
    @click.option("--hall", "hall_id")
    def voice_render(hall_id: str | None) -> None:
        """Render the labels of windows that no clip says yet; a job does so by itself."""
        built = sanban()
        click.echo(f"{built.voices.render(one_hall(built, hall_id))} clips made.")
