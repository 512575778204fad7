"""The registry itself: complete entries, names that stay inside their folder, URLs that cannot change."""

import re

import pytest

from utils.data.cache import state
from utils.data.registry import data_sets, find
from utils.errors import FrugalError

COMMIT = re.compile(r"/[0-9a-f]{40}/")


@pytest.mark.parametrize("data_set", data_sets(), ids=lambda data_set: data_set.name)
def test_entry_is_complete(data_set):
    assert data_set.contents
    assert data_set.license
    assert data_set.source
    assert all(1 <= chapter <= 30 for chapter in data_set.chapters)
    for file in data_set.files:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", file.name), (
            "a name must not lead out of its folder"
        )
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0
        assert file.urls
        assert all(url.startswith("https://") and COMMIT.search(url) for url in file.urls)


def test_names_are_sorted():
    names = [data_set.name for data_set in data_sets()]
    assert names == sorted(names)


def test_unknown_set_lists_the_known():
    with pytest.raises(FrugalError, match="tiny_shakespeare"):
        find("tiny_goethe")


@pytest.mark.parametrize("data_set", data_sets(), ids=lambda data_set: data_set.name)
def test_prepared_files_are_those_of_the_registry(data_set, prepared_data):
    present = [(prepared_data / data_set.name / file.name, file) for file in data_set.files]
    present = [(path, file) for path, file in present if path.is_file()]
    if not present:
        pytest.skip(f"FRUGAL_DATA holds nothing of {data_set.name}")
    assert [path.name for path, file in present if state(path, file) != "ok"] == []
