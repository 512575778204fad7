"""The files that a notebook depends on: transitively, with the data sets that it names, and no others."""

import pytest

from utils.errors import FrugalError
from utils.execution.closure import Closure


@pytest.fixture
def names(project):
    def of(*cells: str) -> list[str]:
        return [
            path.relative_to(project.root).as_posix() for path in Closure(project.root).files(list(cells))
        ]

    return of


def test_imports_are_followed_through_modules(project, names):
    project.module("utils/a.py", "def f():\n    from utils.deep.b import g\n")
    project.module("utils/deep/__init__.py", "")
    project.module("utils/deep/b.py", "from . import c\nfrom ..d import x\n")
    project.module("utils/deep/c.py", "import utils.e\n")
    for other in ("d", "e", "unused"):
        project.module(f"utils/{other}.py", "import numpy\n")
    deep = ["utils/deep/__init__.py", "utils/deep/b.py", "utils/deep/c.py"]
    assert names("import utils.a") == ["utils/__init__.py", "utils/a.py", "utils/d.py", *deep, "utils/e.py"]


def test_an_import_circle_ends(project, names):
    project.module("utils/a.py", "import utils.b")
    project.module("utils/b.py", "import utils.a")
    assert names("import utils.b") == ["utils/__init__.py", "utils/a.py", "utils/b.py"]


@pytest.mark.parametrize("text", ["import utils.a", "from utils import a", "from utils.a import f as g"])
def test_every_form_of_import(project, names, text):
    project.module("utils/a.py", "")
    assert "utils/a.py" in names(text)


def test_files_beside_a_module_belong_to_it_but_front_ends_do_not(project, names):
    project.module("utils/table.py", "COMMON = __file__, 'shared/more.yml', 'shared/common.js'")
    for file in ("table.yml", "table.js", "table.css", "shared/more.yml", "shared/common.js", "other.yml"):
        project.module(f"utils/{file}", "")
    expected = ["__init__.py", "shared/more.yml", "table.py", "table.yml"]
    assert names("import utils.table") == [f"utils/{name}" for name in expected]


@pytest.mark.parametrize("cell", ["import utils.loader", "from utils import fetch\nfetch('digits', 'a.gz')"])
def test_a_data_set_that_is_named_belongs_to_it(project, names, cell):
    project.module("utils/loader.py", "def load():\n    return fetch('digits', 'a.gz')")
    for name in ("digits", "letters"):
        project.module(f"utils/data/sets/{name}.yml", "")
    assert [name for name in names(cell) if name.endswith(".yml")] == ["utils/data/sets/digits.yml"]


def test_a_module_that_is_no_python_is_named(project, names):
    project.module("utils/a.py", "x = (")
    with pytest.raises(FrugalError, match=r"a\.py is no valid Python .*line 1"):
        names("import utils.a")


def test_a_string_cannot_reach_outside_the_folder(project, names):
    project.module("utils/a.py", "X = '../requirements.txt'")
    assert names("import utils.a") == ["utils/__init__.py", "utils/a.py"]


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\nimport utils.a",
        "!ls\nimport utils.a",
        "%%time\nimport utils.a",
        "x = !ls\nimport utils.a",
    ],
)
def test_ipython_syntax_hides_no_import(project, names, cell):
    project.module("utils/a.py", "")
    assert "utils/a.py" in names(cell)


def test_a_cell_that_is_not_python_gives_nothing(names):
    assert names("%%bash\nls -l | wc", "this is not python") == []
