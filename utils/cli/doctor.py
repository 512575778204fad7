"""``frugal doctor``: what this machine has of what the book needs."""

import json
from dataclasses import asdict

import click


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def command(as_json: bool) -> None:
    """Say OK or the remedy for all that the book needs; exit 1 if a need is not met.

    \b
    Example: frugal doctor --json
    """
    from utils.doctor import examine
    from utils.errors import FrugalError

    findings = examine()
    if as_json:
        click.echo(json.dumps([asdict(finding) | {"ok": finding.ok} for finding in findings], indent=1))
    else:
        _print(findings)
    missing = [finding.name for finding in findings if finding.needed and not finding.ok]
    if missing:
        raise FrugalError(f"needed and not right: {', '.join(missing)}; the remedy stands at each.")


def _print(findings: list) -> None:
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        word, color = _word(finding)
        click.echo(click.style(f"{word:7}", fg=color) + f" {finding.name:{width}}  {finding.text}")
        if finding.remedy:
            click.echo(f"{'':8}{'':{width}}  -> {finding.remedy}")


def _word(finding) -> tuple[str, str]:
    if finding.ok:
        return "OK", "green"
    return ("MISSING", "red") if finding.needed else ("note", "yellow")
