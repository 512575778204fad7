"""``frugal rules`` takes a chapter by number or by name, and fails with the file that is missing."""

import pytest
from click.testing import CliRunner

from utils.cli.rules import command


@pytest.mark.parametrize("name", ["11", "1", "11_bitnet_reloaded"])
def test_a_finished_chapter_breaks_nothing(name):
    assert CliRunner().invoke(command, [name]).output == ""


def test_an_unknown_chapter_is_named():
    result = CliRunner().invoke(command, ["99"])
    assert result.exit_code != 0
    assert "'99'" in str(result.exception)
