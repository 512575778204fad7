"""One record per chapter, and everything that is made from it."""

import copy
import json
import re

import pytest
import yaml

from utils import chapters, toc
from utils.errors import FrugalError
from utils.paths import BOOK, NOTEBOOKS, ROOT

PLAN = yaml.safe_load((BOOK / "map.yml").read_text(encoding="utf-8"))
WRITTEN = chapters.written()


@pytest.fixture
def read(tmp_path):
    """Write a changed plan and read it."""

    def read(change):
        plan = copy.deepcopy(PLAN)
        change({entry["slug"]: entry for entry in plan["chapters"]})
        (tmp_path / "book").mkdir(exist_ok=True)
        (tmp_path / "book" / "map.yml").write_text(yaml.safe_dump(plan))
        return chapters.load(tmp_path)

    return read


def test_the_table_of_contents_is_up_to_date():
    assert (ROOT / "_toc.yml").read_text(encoding="utf-8") == toc.text(), "call `frugal toc`"


def test_a_chapter_that_becomes_written_enters_the_table_of_contents(tmp_path):
    def lists(root):
        return [line for line in toc.text(root).splitlines() if "02_inception" in line]

    assert lists(ROOT) == []
    texts = dict.fromkeys(("authors", "link", "cite", "we_read"), "words")
    plan = copy.deepcopy(PLAN)
    plan["chapters"][1] |= {**texts, "state": "written", "minutes": {"read": 1, "run": 1, "lab": 1}}
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "map.yml").write_text(yaml.safe_dump(plan))
    assert [line.split("file: ")[1].split("/")[0] for line in lists(tmp_path)] == [
        "book",
        "notebooks",
        "labs",
    ]
    assert toc.write(tmp_path)
    assert not toc.write(tmp_path)


@pytest.mark.parametrize(
    "field, value, message",
    [
        ("state", "writen", "did you mean 'written'"),
        ("authors", "", "is empty"),
        ("minutes", {"read": 1}, "the field 'run' is missing"),
        ("part", "IX", "must be one of I, II"),
        ("needs", [12], "rests on chapter 12, which does not come before it"),
        ("titel", "x", "did you mean 'title'"),
        ("slug", "11", "two digits and lower-case words"),
        ("slug", "12_other", "another chapter has this number"),
    ],
)
def test_a_mistake_in_the_plan_is_told_with_its_place(read, field, value, message):
    with pytest.raises(FrugalError, match=message) as error:
        read(lambda entries: entries["11_bitnet_reloaded"].update({field: value}))
    assert "book/map.yml, chapter" in str(error.value)


def test_a_written_chapter_names_its_authors(read):
    with pytest.raises(FrugalError, match="is written, so 'authors' may not be missing"):
        read(lambda entries: entries["11_bitnet_reloaded"].pop("authors"))


def test_chapters_are_found_by_number_and_slug():
    assert chapters.find("1").slug == chapters.find("01_gradient_noise").slug == "01_gradient_noise"
    with pytest.raises(FrugalError, match="no written chapter '2'; written are: 01"):
        chapters.find("2")


@pytest.mark.parametrize("chapter", WRITTEN, ids=[chapter.slug for chapter in WRITTEN])
def test_the_record_names_what_page_and_notebook_use(chapter):
    notebook = json.loads((NOTEBOOKS / f"{chapter.slug}.ipynb").read_text(encoding="utf-8"))
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    page = (BOOK / f"{chapter.slug}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^`{3,}\{widget\} (\w+)", page, re.MULTILINE)) == set(chapter.widgets)
    loaded = set(re.findall(r"from utils\.data\.(\w+) import", code))
    for names in re.findall(r"from utils\.data import (.+)", code):
        loaded |= set(names.split(", "))
    assert loaded == set(chapter.data)
    for kind in ("widgets", "kernels"):
        for stem in getattr(chapter, kind):
            assert (ROOT / "utils" / kind / f"{stem}.py").is_file(), stem
    card = f"```{{card}} {chapter.slug}\n```"  # cites the paper
    assert card in page or f"{{cite}}`{chapter.cite}" in page
