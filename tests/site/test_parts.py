"""The steps between Sphinx and the finished site, each on a few lines."""

from types import SimpleNamespace

import pytest
from myst_nb.sphinx_ import HideCodeCellNode

from utils.errors import FrugalError
from utils.evidence.scoreboard import Row
from utils.execution.records import RunRecord
from utils.site import drawings, markup, notebooks, page, settings, styles
from utils.site.directives import book, figure, markdown


class TestPurge:
    CSS = ".a{color:red}.b{color:blue}@media print{.b{top:0}.a .c{top:1px}}p{margin:0}:is(.b,.d) i{left:0}"

    def test_keeps_what_a_page_can_match(self):
        kept = styles.used(self.CSS, {"a", "c"})
        assert ".a{color:red}" in kept
        assert ".a .c{top:1px}" in kept
        assert "p{margin:0}" in kept

    def test_drops_what_none_can(self):
        assert ".b" not in styles.used(self.CSS, {"a", "c"}).replace(":is(.b,.d)", "")

    def test_one_of_several_selectors_suffices(self):
        assert styles.matches(".b, .a", {"a"})
        assert not styles.matches(".b, .c .a", {"a"})

    def test_what_must_not_be_there_need_not_be_there(self):
        assert styles.matches(".a:not(.b)", {"a"})


class TestIcons:
    def test_icon_font_and_its_rules_go(self):
        font = '@font-face{font-display:block;font-family:"Font Awesome 6 Free";src:url(x)}'
        words = {"fa-x", "fade"}
        css = styles.used(font + 'a{b:c}.fa-x:before,.fa{d:e}.fade{f:g}:root{--pst-icon-x:"y"}', words)
        assert css == 'a{b:c}.fade{f:g}:root{--pst-icon-x:""}'


class TestLighten:
    def test_the_expensive_line_goes_and_is_missed_where_it_is_not(self, tmp_path):
        script = tmp_path / markup.SCRIPT
        script.parent.mkdir(parents=True)
        script.write_text(f"a(){markup.SCROLL_STOPS};b()")
        markup.lighten(tmp_path)
        assert script.read_text() == "a();b()"
        with pytest.raises(FrugalError, match="has another form"):
            markup.lighten(tmp_path)


class TestBundle:
    @pytest.fixture
    def site(self, tmp_path):
        files = {
            "_static/a.css": '@import "sub/b.css";\n.a{background:url("i.png")}',
            "_static/sub/b.css": ".b{background:url(../i.png)}.d{background:url(data:x)}",
            "_static/documentation_options.js": "const DOCUMENTATION_OPTIONS = {};",
            "book/p.html": '<head><link rel="stylesheet" type="text/css" href="../_static/a.css?v=1" />'
            '<script src="../_static/documentation_options.js?v=1"></script><script src="../x.js"></script>'
            '<script type="module" src="../m.js"></script><script>inline()</script></head><body></body>',
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        markup.bundle(tmp_path)
        return tmp_path

    def test_one_sheet_with_imports_first_and_addresses_seen_from_its_folder(self, site):
        (sheet,) = site.glob("_static/page-*.css")
        first, _, second = sheet.read_text().partition(".a{")
        assert first.strip() == ".b{background:url(i.png)}.d{background:url(data:x)}"
        assert second.strip() == 'background:url("i.png")}'
        assert f'href="../_static/{sheet.name}"' in (site / "book/p.html").read_text()

    def test_scripts_wait_and_settings_stand_in_the_page(self, site):
        html = (site / "book/p.html").read_text()
        assert '<script defer src="../x.js">' in html
        assert '<script type="module" src="../m.js">' in html
        assert "<script>const DOCUMENTATION_OPTIONS = {};</script>" in html
        assert "<script>inline()</script>" in html


class TestFront:
    @pytest.mark.parametrize(
        "before, after",
        [
            (' href="map.html#x"', ' href="book/map.html#x"'),
            (' src="../_static/a.js?v=1"', ' src="_static/a.js?v=1"'),
            (' data-content_root="../"', ' data-content_root="./"'),
            (' href="#x"', ' href="#x"'),
            (' href="https://example.org/a"', ' href="https://example.org/a"'),
        ],
    )
    def test_addresses_are_seen_from_above(self, before, after):
        assert markup.raised(f"<a{before}>{before}</a>", "book") == f"<a{after}>{before}</a>"

    def test_what_is_no_tag_is_left_alone(self):
        html = '<!-- <a href="x"> --><script>y = \'<a href="x">\'</script>\n<p title="href">&lt;</p>'
        assert markup.raised(html, "book") == html


class TestDrawings:
    SVG = (
        '<?xml version="1.0"?><svg xmlns="x" viewBox="0 0 1 1" color="#222" role="img" aria-labelledby="t">'
        '<title id="t">T</title><style>text{fill:red}</style>'
        '<g id="m"/><use href="#m" fill="currentColor"/></svg>'
    )

    def test_named_by_its_text_and_without_a_style_of_its_own(self):
        html = drawings.inline(self.SVG, "d", 'a "b"')
        assert html.startswith(
            '<svg viewBox="0 0 1 1" class="drawing" role="img" aria-label="a &quot;b&quot;">'
        )
        assert "style" not in html
        assert "title" not in html

    def test_ids_do_not_meet_those_of_other_drawings(self):
        html = drawings.inline(self.SVG, "11_d", "a")
        assert '<g id="11_d-m"/><use href="#11_d-m"' in html


class TestNotebook:
    @staticmethod
    def shown(source="x = 1", tags=(), outputs=()):
        cell = {
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": list(tags)},
            "outputs": list(outputs),
        }
        return notebooks.for_site({"cells": [cell], "metadata": {}})["cells"]

    @pytest.mark.parametrize(
        "source, tags, folded",
        [
            ("import torch", [], True),
            ('profile = "quick"', ["parameters"], True),
            ("x = 1\nimport y", [], False),
            ("def f(): ...", ["hide-input"], True),
        ],
    )
    def test_plumbing_is_folded(self, source, tags, folded):
        (cell,) = self.shown(source, tags)
        assert cell["metadata"]["tags"].count("hide-input") == folded

    def test_injected_parameters_go(self):
        assert self.shown(tags=["injected-parameters"]) == []

    def test_paths_of_the_run_and_progress_go(self):
        path = {"output_type": "execute_result", "data": {"text/plain": "PosixPath('/tmp/x.json')"}}
        bar = {"output_type": "stream", "text": " 50%|##   | 1/2 [00:01<00:01, 1.0it/s]\nkept\n"}
        (cell,) = self.shown(outputs=[path, bar])
        assert [output["text"] for output in cell["outputs"]] == ["kept\n"]


class TestPage:
    def test_a_fold_is_named_by_its_text_and_its_summary_holds_no_paragraph(self):
        writer, node = SimpleNamespace(body=[]), HideCodeCellNode(prompt_show="Show <it>", prompt_hide="Hide")
        page.open_fold(writer, node)
        (html,) = writer.body
        assert '<summary>\n<span class="collapsed admonition-title">Show &lt;it&gt;</span>' in html
        assert "<p" not in html

    def test_what_is_generated_has_no_source_to_edit(self):
        assert page.source_suffix("book/functions", ".md") == ""
        assert page.source_suffix("labs/11_bitnet_reloaded", ".md") == ""
        assert page.source_suffix("book/map", ".md") == ".md"


class TestSettings:
    def test_nothing_given_nothing_offered(self):
        found = settings.settings({})
        assert found["html_baseurl"] == ""
        assert not [key for key in found if key.startswith("html_theme_options")]

    def test_repository_brings_the_buttons(self):
        found = settings.settings({"FRUGAL_REPOSITORY": "https://github.com/a/b", "FRUGAL_BRANCH": "next"})
        assert found["html_theme_options.repository_url"] == "https://github.com/a/b"
        assert found["html_theme_options.repository_branch"] == "next"
        assert "binderhub_url" in found["html_theme_options.launch_buttons"]

    def test_builds_can_be_repeated(self):
        assert settings.settings({"SOURCE_DATE_EPOCH": "86400"})["frugal_date"] == "1970-01-02"


class TestLivePages:
    @pytest.fixture
    def outdated(self, tmp_path, monkeypatch):
        """Function that says which of the pages a and b are out of date, where a shows data."""
        monkeypatch.setattr(markdown, "SOURCES", (tmp_path,))
        env = SimpleNamespace(docname="a", found_docs={"a", "b"})
        markdown.live(env)
        return lambda: markdown.outdated(None, env, set(), set(), set())

    def test_read_again_only_when_what_they_show_has_changed(self, outdated, tmp_path):
        assert outdated() == ["a"]
        assert outdated() == []
        (tmp_path / "01_one.quick.json").write_text("{}")
        assert outdated() == ["a"]
        (tmp_path / "common.css").write_text("")
        assert outdated() == []

    def test_another_process_has_read_a_page(self, outdated):
        env, other = SimpleNamespace(), SimpleNamespace(docname="c")
        markdown.live(other)
        markdown.merge(None, env, ["c"], other)
        assert getattr(env, markdown.LIVE) == {"c"}


def test_run_times_stand_beside_the_machines_yardstick():
    record = RunRecord(
        "01_one", "quick", "ok", 61.2, 40.0, 1.25, 3 << 20, "", {}, "2026-01-02T03", "cpu", "", {}
    )
    cells = dict(zip(book.RUN_HEAD, book.run_cells(record), strict=True))
    assert cells["processor seconds"] == "40.0"
    assert cells["this machine's yardstick"] == "1.25"
    assert cells["peak memory, MiB"] == "3"


class TestSetting:
    @pytest.mark.parametrize(
        "target, shown",
        [
            ("noise_schedule:eta=0.01", "0.01"),
            ("noise_schedule:steps=200000", "200000"),
            ("adaptive_weights:temperature=0.063", "0.063"),
            ("shift_levels:law=gaussian", "Gaussian"),
        ],
    )
    def test_a_value_that_the_reader_reaches_is_printed(self, target, shown):
        assert figure.reached(target)[0] == shown

    @pytest.mark.parametrize(
        "target, said",
        [
            ("noise_schedule:eta=0.0123", "does not reach it"),
            ("noise_schedule:eta=2", "does not reach it"),
            ("shift_levels:law=cauchy", "does not reach it"),
            ("noise_schedule:fan_in=50", "no control 'fan_in'"),
            ("nothing:eta=1", "no widget 'nothing'"),
        ],
    )
    def test_any_other_is_told(self, target, said):
        with pytest.raises(FrugalError, match=said):
            figure.reached(target)


class TestCounts:
    def row(self, **words):
        return Row("11_x", {}, {name: word and {"verdict": word} for name, word in words.items()})

    def test_each_measured_claim_counts_once_by_its_larger_scale(self):
        rows = [
            self.row(quick="supported", full=None),
            self.row(quick="supported", full="contradicted"),
            self.row(quick="the task cannot tell", full=None),
            self.row(quick=None, full=None),
        ]
        found = book.counts(rows)
        assert [found[key] for key in ("claims", "hold", "undecided", "fail")] == [3, 1, 1, 1]

    def test_chapters_are_those_of_the_map(self):
        found = book.counts([])
        assert found["written"] + found["planned"] == 30
