"""What a report shows besides words: the scorecard as a file, the chart, the flame graph. Each is uploaded once."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from bot import drawing
from bot.agents.contract import Event
from bot.blobs import Blobs
from bot.drawing import NotDrawn
from bot.forge import Forge, ForgeError
from bot.report import chart
from bot.report.facts import Picture, Story
from bot.report.merge_request import FLAME
from bot.store import RunRow, Store
from evaluation.scorecard import Scorecard

STEP = "publish"
_ADDRESS = re.compile(r"\]\((/[\w./-]{1,300})\)\s*$")  # in GitLab's Markdown for an upload
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The uploads of a run. None is worth failing for: what GitLab refuses or cannot be drawn is left out and logged."""

    forge: Forge
    store: Store
    blobs: Blobs

    def beside(self, run: RunRow, iteration: str, story: Story, *, pictures: bool = True) -> Story:
        """The story with its exhibits. Without any where it began in confidence: who knows a picture's address may see it."""
        card = story.published.scorecard
        if card is None or run.thread.get("internal"):
            return story
        figures = json.dumps(card.to_json(), indent=1).encode()
        told = replace(story, attachment=self._uploaded(run, "scorecard.json", figures, lambda: figures))
        spec = self._specified(iteration, card)
        if not pictures:
            return told
        return replace(told, chart=self._chart(run, card, spec), flame=self._flame(run, story.graph))

    def _specified(self, iteration: str, card: Scorecard) -> str:
        """The blob of the chart's specification, kept with the run for other pages; "" where a chart would say nothing."""
        spec = chart.spec(card.cells)
        if spec is None:
            return ""
        kept = self.blobs.put_json(spec)
        self.store.add_events(iteration, STEP, [Event("drawn", _words(card), {"chart": kept})])
        return kept

    def _chart(self, run: RunRow, card: Scorecard, spec: str) -> Picture | None:
        """Sizes across, times and gains up."""
        if not spec:
            return None
        address = self._address(run, "chart.png", self.blobs.get(spec), lambda: drawing.chart(self.blobs.get_json(spec)))
        return Picture(_words(card), address) if address else None

    def _flame(self, run: RunRow, graph: str) -> Picture | None:
        """As a bitmap to look at, and the original: GitLab hands an SVG out as a download only."""
        if not graph:
            return None
        source = self.blobs.get(graph)
        drawn = self._address(run, "flame.png", source, lambda: drawing.svg(source.decode()))
        original = self._address(run, "flame.svg", source, lambda: source)
        return Picture(FLAME, drawn, original) if drawn or original else None

    def _address(self, run: RunRow, name: str, source: bytes, make: Callable[[], bytes]) -> str:
        found = _ADDRESS.search(self._uploaded(run, name, source, make))
        return found[1] if found else ""

    def _uploaded(self, run: RunRow, name: str, source: bytes, make: Callable[[], bytes]) -> str:
        """GitLab's Markdown for what is made of `source`; found again by that, so a restart makes and uploads nothing twice."""
        digest = hashlib.sha256(f"{name}\n".encode() + source).hexdigest()
        known = self.store.upload(run.project_id, digest)
        if known is not None:
            return known
        try:
            known = self.forge.attach(run.project_id, name, make())
        except (ForgeError, NotDrawn) as error:
            log.warning("upload.left_out", run=run.id, name=name, why=str(error))
            return ""
        self.store.keep_upload(run.project_id, digest, known)
        return known


def _words(card: Scorecard) -> str:
    return chart.alt(card.target.rpartition("::")[2], card.cells)
