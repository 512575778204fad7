"""News are silenced, and what else was configured stays."""

import json

from utils.workspace.news import ANNOUNCEMENTS, silence_news


def test_news_are_disabled_and_other_settings_stay(tmp_path):
    path = tmp_path / "etc/jupyter/labconfig/page_config.json"
    silence_news(tmp_path)
    config = json.loads(path.read_text())
    assert config == {"disabledExtensions": {ANNOUNCEMENTS: True}}
    path.write_text(json.dumps({"disabledExtensions": {"other": True}, "theme": "dark"}))
    silence_news(tmp_path)
    expected = {"disabledExtensions": {"other": True, ANNOUNCEMENTS: True}, "theme": "dark"}
    assert json.loads(path.read_text()) == expected
