"""Whatever readers did to a file, handing out the next version loses nothing of their work."""

import json

import pytest

from utils.workspace.sync import BACKUPS, NOTE, content_hash, hand_out

NAME = "notebooks/11.ipynb"


def notebook(*sources: str, **metadata) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def change(data: bytes, cell: dict | None = None, **metadata) -> bytes:
    """The notebook as JupyterLab saves it: other formatting, ids, an empty last cell; then a change."""
    content = json.loads(data)
    for place, old in enumerate(content["cells"]):
        old |= {"source": old["source"].splitlines(keepends=True), "id": f"id-{place}", "execution_count": 7}
    content["cells"][0] |= cell or {}
    content["cells"].append({"cell_type": "code", "metadata": {}, "source": [], "outputs": []})
    content["metadata"] |= metadata
    return json.dumps(content, indent=1).encode()


OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["42\n"]}
# What a reader may have put into a cell besides its source.
WORK = {
    "outputs": {"outputs": [OUTPUT]},
    "attachments": {"attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}},
    "tags": {"metadata": {"tags": ["hand in"]}},
}


@pytest.fixture
def desk(tmp_path):
    """A workspace that was given version 1."""
    assert hand_out({NAME: notebook("version 1")}, tmp_path) == [f"{NAME} is new."]
    return tmp_path


def test_second_call_changes_and_says_nothing(desk):
    before = (desk / NAME).stat().st_mtime_ns
    assert hand_out({NAME: notebook("version 1")}, desk) == []
    assert (desk / NAME).stat().st_mtime_ns == before


def test_untouched_file_is_updated(desk):
    assert hand_out({NAME: notebook("version 2")}, desk) == [f"{NAME} is updated."]
    assert (desk / NAME).read_bytes() == notebook("version 2")


@pytest.mark.parametrize("kind", WORK)
def test_work_besides_the_sources_is_never_written_over(desk, kind):
    mine = change(notebook("version 1"), WORK[kind])
    (desk / NAME).write_bytes(mine)
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).read_bytes() == mine
    assert (desk / "notebooks/11.new.ipynb").read_bytes() == notebook("version 2")


def test_what_an_editor_changes_is_no_work_but_kept_in_a_backup(desk):
    mine = change(notebook("version 1"), kernelspec={"name": ".venv"})
    (desk / NAME).write_bytes(mine)
    assert hand_out({NAME: notebook("version 2")}, desk) == [f"{NAME} is updated."]
    assert (desk / NAME).read_bytes() == notebook("version 2")
    assert [path.read_bytes() for path in (desk / BACKUPS).rglob("*.ipynb")] == [mine]


def test_untouched_file_needs_no_backup(desk):
    hand_out({NAME: notebook("version 2")}, desk)
    assert not (desk / BACKUPS).exists()


def test_file_that_may_be_open_is_never_written_over(desk):
    [message] = hand_out({NAME: notebook("version 2")}, desk, is_open=True)
    assert "may be open" in message
    assert (desk / NAME).read_bytes() == notebook("version 1")
    assert (desk / "notebooks/11.new.ipynb").read_bytes() == notebook("version 2")


def test_outputs_stay_while_the_book_does_not_change(desk):
    mine = change(notebook("version 1"), WORK["outputs"])
    (desk / NAME).write_bytes(mine)
    assert hand_out({NAME: notebook("version 1")}, desk) == []
    assert (desk / NAME).read_bytes() == mine


def test_link_stays_a_link_and_mode_stays(desk, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "11.ipynb"
    (desk / NAME).rename(elsewhere)
    elsewhere.chmod(0o600)
    (desk / NAME).symlink_to(elsewhere)
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).is_symlink()
    assert elsewhere.read_bytes() == notebook("version 2")
    assert elsewhere.stat().st_mode & 0o777 == 0o600


def test_one_file_that_cannot_be_written_keeps_nobody_from_the_others(tmp_path):
    (tmp_path / "notebooks").write_text("a file where a folder is wanted")
    messages = hand_out({NAME: b"{}", "labs/11.ipynb": b"{}"}, tmp_path)
    assert "could not be brought" in messages[0]
    assert (tmp_path / "labs/11.ipynb").read_bytes() == b"{}"


def test_note_of_the_previous_release_is_understood(desk):
    """Its hash of the content was made otherwise: what is untouched is updated, all else stays."""
    note = json.loads((desk / NOTE).read_text())
    note[NAME]["content"] = "0" * 64
    (desk / NOTE).write_text(json.dumps(note))
    assert hand_out({NAME: notebook("version 2")}, desk) == [f"{NAME} is updated."]


def test_edited_file_stays_and_the_new_one_lies_beside_it(desk):
    (desk / NAME).write_bytes(notebook("my answer"))
    messages = hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).read_bytes() == notebook("my answer")
    assert (desk / "notebooks/11.new.ipynb").read_bytes() == notebook("version 2")
    assert len(messages) == 1
    assert "stays" in messages[0]
    assert "11.new.ipynb" in messages[0]
    assert hand_out({NAME: notebook("version 2")}, desk) == [], "the same version is offered once"


def test_a_note_in_the_margin_is_an_edit(desk):
    (desk / NAME).write_bytes(notebook("version 1", "# my note"))
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).read_bytes() == notebook("version 1", "# my note")


def test_work_in_the_offered_file_survives_the_next_version(desk):
    (desk / NAME).write_bytes(notebook("my answer"))
    hand_out({NAME: notebook("version 2")}, desk)
    (desk / "notebooks/11.new.ipynb").write_bytes(notebook("my answer in version 2"))
    hand_out({NAME: notebook("version 3")}, desk)
    contents = {path.read_bytes() for path in (desk / "notebooks").iterdir()}
    assert contents == {notebook("my answer"), notebook("my answer in version 2"), notebook("version 3")}


def test_deleted_file_comes_back(desk):
    (desk / NAME).unlink()
    assert hand_out({NAME: notebook("version 1")}, desk) == [f"{NAME} is new."]


def test_readers_own_files_are_left_alone(desk):
    (desk / "notebooks/mine.ipynb").write_text("mine")
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / "notebooks/mine.ipynb").read_text() == "mine"


def test_change_of_metadata_alone_is_a_new_version(desk):
    hand_out({NAME: notebook("version 1", checks="better")}, desk)
    assert (desk / NAME).read_bytes() == notebook("version 1", checks="better")


@pytest.mark.parametrize("damage", [b"", b"{half a no", None])
def test_lost_note_costs_no_work(desk, damage):
    (desk / NOTE).unlink()
    if damage is not None:
        (desk / NOTE).write_bytes(damage)
    (desk / NAME).write_bytes(notebook("my answer"))
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).read_bytes() == notebook("my answer")


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_damaged_notebook_counts_as_edited(desk, damage):
    (desk / NAME).write_bytes(damage)
    hand_out({NAME: notebook("version 2")}, desk)
    assert (desk / NAME).read_bytes() == damage
    assert (desk / "notebooks/11.new.ipynb").read_bytes() == notebook("version 2")


def test_other_files_are_compared_by_their_bytes():
    assert content_hash(b"a", "page.md") != content_hash(b"b", "page.md")
    assert content_hash(notebook("a"), NAME) == content_hash(change(notebook("a")), NAME)
