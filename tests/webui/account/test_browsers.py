"""The kind of a browser in a few words."""

import pytest

from webui.account.browsers import browser_words

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME.format("Windows NT 10.0; Win64; x64"), "Chrome, Windows"),
        (CHROME.format("Windows NT 10.0; Win64; x64") + " Edg/140.0", "Edge, Windows"),
        (CHROME.format("X11; CrOS x86_64 14541.0.0"), "Chrome, ChromeOS"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8.1 <script>", None),
        ("", None),
    ],
)
def test_a_browser_is_named_without_its_version(agent, words):
    assert browser_words(agent) == words
