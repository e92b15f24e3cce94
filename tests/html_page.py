"""A page of HTML as tests look at it."""

from __future__ import annotations

from html.parser import HTMLParser

_NAMED = ("h1", "h2", "h3", "h4", "h5", "h6", "script", "style", "td", "summary", "a", "footer")


class Page(HTMLParser):
    """Tags with their attributes, and the text inside those that tests read, in the order of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in _NAMED:
            self._open.append(len(self.texts))
            self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _NAMED:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for place in self._open:
            tag, text = self.texts[place]
            self.texts[place] = (tag, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    def texts_of(self, *tags: str) -> list[tuple[str, str]]:
        """Kind and text of every element of these kinds."""
        return [(tag, text) for tag, text in self.texts if tag in tags]
