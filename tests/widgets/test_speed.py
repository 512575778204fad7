"""A move of a slider answers within one frame: the 95th percentile of every widget, measured and printed."""

import numpy as np
import pytest

from utils.widgets import static

FRAME = 16  # ms
MOVES = 60
ROOM = 6  # times the frame: test machines are shared, and this test must not fail for its neighbors
# The time from the event to a picture that is drawn and laid out.
MEASURE = """moves => [...document.querySelectorAll('input[type=range]')].flatMap(slider =>
    Array.from({length: moves}, (_, i) => {
        const start = performance.now();
        const [low, high] = [Number(slider.min), Number(slider.max)];
        slider.value = low + (high - low) * ((i * 0.618) % 1);
        slider.dispatchEvent(new Event('input'));
        document.querySelector('.frugal').getBoundingClientRect();
        return performance.now() - start;
    }))"""


@pytest.mark.parametrize("stem", static.stems())
def test_a_move_takes_less_than_a_frame(stem, show, random_states, capsys):
    page = show(stem, **random_states[stem](np.random.default_rng(2)))
    times = page.evaluate(MEASURE, MOVES)
    if not times:
        pytest.skip("this widget has no slider")
    late = float(np.percentile(times, 95))
    with capsys.disabled():
        print(f"\n{stem}: {late:.1f} ms at the 95th percentile of {len(times)} moves (a frame: {FRAME} ms)")
    assert late < ROOM * FRAME
