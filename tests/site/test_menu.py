"""Each button in the head of a page opens what it names, on a phone, a tablet and a laptop."""

import pytest

from utils.site import browser

PAGE = "book/11_bitnet_reloaded.html"
# What a button changes: a dialog opens where the sidebar has no room, else the sidebar itself comes or goes.
STATE = """() => JSON.stringify([
    ...document.querySelectorAll('dialog')].map(box => box.open).concat(
    [...document.querySelectorAll('#pst-primary-sidebar, #pst-secondary-sidebar')].map(
        side => side.checkVisibility() && side.getBoundingClientRect().right > 0)))"""


@pytest.fixture(scope="module")
def address(site):
    with browser.served(site) as address:
        yield address


@pytest.mark.parametrize("width", (390, 800, 1000, 1280))
@pytest.mark.parametrize("name", ("primary-toggle", "secondary-toggle"))
def test_a_menu_button_opens_its_menu(page, address, width, name):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/{PAGE}")
    buttons = page.locator(f"button.{name}:visible")
    if width >= 1200 and name == "secondary-toggle":
        assert buttons.count() == 0  # the contents stand beside the text
        return
    assert buttons.count() == 1
    before = page.evaluate(STATE)
    buttons.click()
    page.wait_for_function(f"before => ({STATE})() !== before", arg=before)
