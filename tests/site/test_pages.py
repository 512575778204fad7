"""Every page, in Chromium: nothing from elsewhere, no complaint, light, accessible, as wide as a phone."""

from utils.site.browser import pages

KIB = 1024
MOST_SCRIPT, MOST_BYTES = 200 * KIB, 1024 * KIB
MOST_PLAIN = 3 * MOST_BYTES // 2  # from a server that does not compress


def test_every_page_was_seen_in_both_schemes(site, visits):
    assert {(visit.scheme, visit.page) for visit in visits} == {
        (scheme, page) for scheme in ("light", "dark") for page in pages(site)
    }
    assert len(pages(site)) > 20


def test_no_request_leaves_the_site(visits):
    assert {visit.page: visit.outside for visit in visits if visit.outside} == {}


def test_everything_asked_for_is_there(visits):
    assert {visit.page: visit.missing for visit in visits if visit.missing} == {}


def test_the_console_stays_empty(visits):
    assert {visit.page: visit.complaints for visit in visits if visit.complaints} == {}


def test_axe_finds_nothing(visits):
    found = {(visit.page, visit.scheme): visit.violations for visit in visits if visit.violations}
    assert found == {}


def test_no_page_is_wider_than_its_screen(visits):
    assert {(visit.page, visit.scheme): visit.wider_by for visit in visits if visit.wider_by > 0} == {}


def test_nothing_is_blank(visits):
    assert {(visit.page, visit.scheme): visit.blank for visit in visits if visit.blank} == {}


def test_scripts_stay_within_their_budget(visits):
    assert {visit.page: visit.travels(".js") for visit in visits if visit.travels(".js") > MOST_SCRIPT} == {}


def test_pages_stay_within_their_budget(visits):
    assert {visit.page: visit.travels() for visit in visits if visit.travels() > MOST_BYTES} == {}
    assert {visit.page: visit.plain() for visit in visits if visit.plain() > MOST_PLAIN} == {}


def test_the_theme_does_not_lay_out_the_whole_page_at_once(site):
    script = (site / "_static" / "scripts" / "pydata-sphinx-theme.js").read_text(encoding="utf-8")
    assert "scrollWidth" not in script  # else its line was renamed: see utils.site.markup


def test_neither_icon_script_nor_widget_manager(site, visits):
    fetched = {url for visit in visits for url in visit.bodies}
    assert not [url for url in fetched if "fontawesome" in url or "html-manager" in url or "require" in url]
    assert not list(site.rglob("fontawesome*"))
