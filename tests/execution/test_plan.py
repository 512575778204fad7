"""A notebook runs when what it depends on has changed, and says what; otherwise it does not."""

import dataclasses
import json
import os
import time

import pytest

from utils.errors import FrugalError
from utils.execution import plan, records
from utils.execution.fingerprint import SHOWN
from utils.execution.keep import keep


@pytest.fixture
def ran(project):
    """A project with two chapters, each with a module of its own and a shared one, that ran."""
    project.module("utils/shared.py", "")
    for slug, own in (("01_one", "a"), ("02_two", "b")):
        project.module(f"utils/{own}.py", "")
        project.chapter(slug, f"import utils.shared, utils.{own}")
        task = project.task(slug)
        keep(task, project.executed(task), project.root)
    return project


def reasons(project, **options) -> dict[str, str]:
    tasks = plan.make(["01_one", "02_two"], "quick", root=project.root, **options)
    return {task.slug: task.reason for task in tasks if task.reason}


def test_nothing_changed(ran):
    assert reasons(ran) == {}


def test_a_module_of_one_chapter(ran):
    ran.module("utils/a.py", "x = 1")
    assert reasons(ran) == {"01_one": "utils/a.py changed"}


def test_a_module_of_both_chapters_and_a_file_beside_it(ran):
    ran.module("utils/shared.yml", "")
    assert reasons(ran) == dict.fromkeys(["01_one", "02_two"], "utils/shared.yml is new")


def test_an_update_of_many_packages_is_told_briefly(ran):
    ran.module("requirements.txt", "")
    [reason] = set(reasons(ran).values())
    assert reason.count("is no longer used") == SHOWN
    assert reason.endswith(" more")


def test_the_notebook_and_what_it_no_longer_uses(ran):
    ran.chapter("02_two", "import utils.shared")
    assert reasons(ran) == {"02_two": "notebook changed, utils/b.py is no longer used"}


def test_parameters_and_device(ran):
    assert reasons(ran, extra={"seed": 3})["01_one"] == "parameter seed is new"
    assert reasons(ran, device="cuda")["01_one"] == 'parameter device: "cpu" -> "cuda"'


def test_another_profile_has_its_own_record(ran):
    assert plan.make(["01_one"], "smoke", root=ran.root)[0].reason == "never ran"


@pytest.mark.parametrize("path", ["executed/01_one.quick.ipynb", "results/01_one.quick.json"])
def test_missing_output(ran, path):
    ran.built(path).unlink()
    assert reasons(ran) == {"01_one": f"_build/{path} is missing"}


def truncate(path):
    path.write_bytes(path.read_bytes()[:-9])


def link(path):
    path.unlink()
    path.symlink_to("/etc/hostname")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def folder(path):
    path.unlink()
    path.mkdir()


def swap(path):
    path.write_bytes(path.with_name(path.name.replace("01_one", "02_two")).read_bytes())


@pytest.mark.parametrize("damage", [truncate, link, pipe, folder, swap])
@pytest.mark.parametrize("path", ["executed/01_one.quick.ipynb", "results/01_one.quick.json"])
def test_damaged_output_runs_again_and_is_not_shown(ran, path, damage):
    damage(ran.built(path))
    assert reasons(ran)["01_one"].startswith(f"_build/{path} is ")
    with pytest.raises(FrugalError, match=r"01_one cannot be shown: .*`frugal run 01 --profile quick`"):
        records.executed("01_one", "quick", ran.root)


@pytest.mark.parametrize("damage", [truncate, link, pipe, folder, swap])
def test_a_damaged_record_is_not_believed(ran, damage):
    damage(ran.built("executed", "01_one.quick.json"))
    assert reasons(ran) == {"01_one": "its record cannot be used"}


@pytest.mark.parametrize(
    "change", [{"inputs": None}, {"inputs": {"x": 1}}, {"files": []}, {"seconds": "2"}, {"slug": "02_two"}]
)
def test_a_record_of_another_form_is_not_believed(ran, change):
    path = records.record_path("01_one", "quick", ran.root)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert reasons(ran) == {"01_one": "its record cannot be used"}


def test_failed_and_old_run_again(ran):
    for status in ("failed", "old"):
        record = records.read("01_one", "quick", ran.root)
        records.write(dataclasses.replace(record, status=status), ran.root)
        assert reasons(ran) == {"01_one": "failed last time"}


def test_force(ran):
    assert reasons(ran, force=True) == dict.fromkeys(["01_one", "02_two"], "forced")


def test_one_notebook_without_the_parameter_stops_all(ran):
    ran.chapter("02_two", parameters='profile = "quick"\ndevice = "auto"')
    with pytest.raises(FrugalError, match="02_two has no parameter 'seed'"):
        reasons(ran, extra={"seed": 3})


def test_thirty_chapters_are_compared_in_a_few_seconds_of_the_processor(project):
    for number in range(40):
        project.module(f"utils/m{number}.py", f"import utils.m{number + 1}\n" + "x = [1, 2, 3]\n" * 300)
    slugs = [f"{number:02d}_chapter" for number in range(1, 31)]
    for slug in slugs:
        project.chapter(slug, "import utils.m0", *["y = 1\n" * 20] * 60)
    start = time.process_time()
    assert len(plan.make(slugs, "quick", root=project.root)) == 30
    assert time.process_time() - start < 15  # 2 on a calm machine
