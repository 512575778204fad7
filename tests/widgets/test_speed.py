"""What a move of a slider costs: the processor's time per move, at most three frames on a busy machine."""

import numpy as np
import pytest

from utils.widgets import static
from utils.widgets.controls import Slider

FRAME = 16  # ms
MOVES = 60
ROOM = 3  # times the frame: a crowded processor takes more cycles for the same work
SLIDERS = [
    stem
    for stem in static.stems()
    if any(isinstance(control, Slider) for control in static.widget_class(stem).controls.values())
]
# The time from each event to a picture that is drawn and laid out.
MEASURE = """moves => [...document.querySelectorAll('input[type=range]')].flatMap(slider =>
    Array.from({length: moves}, (_, i) => {
        const start = performance.now();
        const [low, high] = [Number(slider.min), Number(slider.max)];
        slider.value = low + (high - low) * ((i * 0.618) % 1);
        slider.dispatchEvent(new Event('input'));
        document.querySelector('.frugal').getBoundingClientRect();
        return performance.now() - start;
    }))"""


def processor_ms(session) -> float:
    """Milliseconds that the page's thread has computed so far, not those in which it waited for others."""
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * metrics["TaskDuration"]


@pytest.mark.parametrize("stem", SLIDERS)
def test_a_move_stays_far_below_what_a_reader_notices(stem, show, random_states, capsys):
    page = show(stem, **random_states[stem](np.random.default_rng(2)))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = processor_ms(session)
    times = page.evaluate(MEASURE, MOVES)
    cost = (processor_ms(session) - before) / len(times)
    with capsys.disabled():
        late = np.percentile(times, 95)
        print(f"\n{stem}: {cost:.1f} ms of the processor per move, 95 % of moves within {late:.1f} ms")
    assert cost < ROOM * FRAME
