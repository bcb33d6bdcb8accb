"""The page of choices gives the answers of Python, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.choices import Choice
from tracker.insights.boards.conditions import Condition, Properties
from tracker.insights.boards.model_choice import (
    ChoiceBoard,
    ChoiceRow,
    TypeMeans,
    choose_models,
    type_means,
)
from tracker.insights.boards.score_table import row_name
from tracker.pages.views.choose import choices_file

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

N_ROWS = 60


class Case(NamedTuple):
    """One question: in the address, and in Python."""

    address: str
    conditions: tuple[Condition, ...] = ()
    types: Mapping[str, float] = MappingProxyType({})
    languages: Mapping[str, float] = MappingProxyType({})


CASES = (
    Case(""),
    Case("type=Retrieval%3D2,Classification%3D0.5", types={"Retrieval": 2, "Classification": 0.5}),
    Case("type=Retrieval", types={"Retrieval": 1}),
    Case("language=deu%3D2,zho&cost=storage", languages={"zho": 1, "deu": 2}),
    Case("language=zho&type=Retrieval", types={"Retrieval": 1}, languages={"zho": 1}),
    Case("max-parameters=1B", (Condition("max_parameters", 1e9),)),
    Case("max-parameters=600M&max-memory=4GB", (
        Condition("max_parameters", 6e8), Condition("max_memory", 4096.0))),
    Case("min-context=8192&open-weights=1", (
        Condition("min_context", 8192), Condition("open_weights", True))),
    Case("licence=MIT,apache-2.0", (Condition("licence", ("mit", "apache-2.0")),)),
    Case("commercial=1&no-instructions=1", (
        Condition("commercial", True), Condition("no_instructions", False))),
    Case("org=Lab-1&untrained-only=1", (
        Condition("organisation", ("lab-1",)), Condition("untrained_only", 100))),
    Case("pooling=mean", (Condition("pooling", ("mean",)),)),
    Case("base=QWEN", (Condition("base", "qwen"),)),
    Case("released-since=2025", (Condition("released_since", "2025-01-01"),)),
    Case("released-since=2025-06&max-parameters=1", (
        Condition("max_parameters", 1.0), Condition("released_since", "2025-06-01"))),
)  # fmt: skip


def drawn_board(fake: FakeCatalog, seed: int) -> ChoiceBoard:
    """A board of random models: every value may be missing, and equal scores occur."""
    random = Random(seed)
    board = next(iter(fake.choice_boards())).board
    template = board.rows[0]
    rows = []
    for n in range(N_ROWS):
        name, dates = f"lab-{n % 3}/m-{n}", ("2024", "2025-05", "2025-07-09", None)
        licence = random.choice(("mit", "apache-2.0", "cc-by-nc-4.0", None))
        kinds = {k: random.choice((50.0, 60.5, random.uniform(0, 90))) for k in TYPES}
        whole = random.random() < 0.7
        if not whole:
            del kinds[random.choice(TYPES)]
        date = random.choice(dates)
        row = replace(
            template, rank=n + 1, model=name, model_now=name, label=name, slug=f"m-{n}",
            organisation=f"lab-{n % 3}", task_types=kinds, n_tasks=33 if whole else 30,
            parameters=random.choice((None, 0, 1_125_000_000, random.randrange(10**6, 10**10))),
            embedding_dimensions=random.choice((None, 384, 768, 1024)),
            max_tokens=random.choice((None, 512, 8192, 32768)), licence=licence,
            release_date=date, zero_shot_pct=random.choice((None, 80, 100)),
        )  # fmt: skip
        bools = [random.choice((None, True, False)) for _ in range(2)]
        properties = Properties(
            row.parameters, random.choice((None, 512.0, 4096.0, random.uniform(1, 2**15))),
            row.max_tokens, bools[0], licence,
            None if licence is None else licence != "cc-by-nc-4.0", (f"lab-{n % 3}",),
            row.zero_shot_pct, bools[1], random.choice(((), ("mean",), ("cls", "mean"))),
            random.choice(((), ("qwen/qwen3",), ("bert",))),
            date and f"{date}-01-01"[:10],
        )  # fmt: skip
        rows.append(ChoiceRow(row, properties))
    board = replace(board, rows=tuple(row.row for row in rows))
    parts: dict[str | None, TypeMeans] = {None: type_means(board)}
    for code in ("zho", "deu"):
        some = [row for row in board.rows if random.random() < 0.8]
        types = TYPES if code == "zho" else TYPES[:1]
        means = {row_name(row): {k: random.randrange(10**5) for k in types} for row in some}
        parts[code] = TypeMeans(code, tuple(types), means, {row_name(row): 9 for row in some}, 9)
    return ChoiceBoard(board, tuple(rows), parts)


TYPES = ("Classification", "Retrieval")


@pytest.fixture
def opened(browser: Any, address: str, fake: FakeCatalog) -> Iterator[Callable[..., Any]]:
    """Open the page on a drawn board; errors of a page fail the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def start(query: str, found: ChoiceBoard, root: str = "", **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        content = choices_file([found])
        page.route("**/choices.json", lambda route: route.fulfill(body=content))
        page.goto(f"{address}{root}choose/?{query}", wait_until="load")
        page.wait_for_selector("#et-choose-answer:not([hidden])", state="attached")
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


ROWS = """(place, front) => [...document.querySelectorAll(`${place} tbody tr`)].map((row) =>
  [...row.cells].slice(0, 3).map((cell) => cell.textContent.trim())
    .concat(front ? row.className : []))"""


def shown(page: Any) -> tuple[list[list[str]], list[list[str]]]:
    """Ranked rows (place, name, score, front) and dropped ones (name, reasons) of a page."""
    more = page.locator("#et-choose-ranked button")
    if more.count():
        more.click()
    page.evaluate("document.querySelector('#et-choose-dropped').parentElement.open = true")
    if page.locator("#dropped ~ details:not([hidden])").count():
        page.wait_for_selector("#et-choose-dropped tr", state="attached")
    ranked = page.evaluate(f"({ROWS})('#et-choose-ranked', true)")
    return ranked, page.evaluate(f"({ROWS})('#et-choose-dropped', false)")


def two_decimals(score: float | None) -> str:
    """A score as browsers write it: they round up where two decimals are equally near."""
    return str(Decimal(score or 0.0).quantize(Decimal("0.01"), ROUND_HALF_UP))


def expected(choice: Choice, *, storage: bool) -> tuple[list[list[str]], list[list[str]]]:
    ranked = [
        [str(m.place), m.label, two_decimals(m.score),
         "et-front" if (m.on_storage_front if storage else m.on_size_front) else ""]
        for m in choice.models
    ]  # fmt: skip
    return ranked, [[m.label, "; ".join(m.dropped)] for m in choice.dropped]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_page_answers_as_python_does(
    opened: Callable[..., Any], fake: FakeCatalog, address: str, seed: int
) -> None:
    found = drawn_board(fake, seed)
    page = opened("", found)
    for case in CASES:
        page.goto(f"{address}choose/?{case.address}")
        page.wait_for_selector("#et-choose-answer:not([hidden])", state="attached")
        choice = choose_models(found, case.types, case.languages, case.conditions)
        wanted = expected(choice, storage="cost=storage" in case.address)
        assert shown(page) == wanted, case.address
        sentence = page.inner_text("#et-choose [role=status]")
        assert sentence.endswith(choice.explained.en), case.address


def test_a_choice_is_made_by_keyboard_and_kept_in_the_address(
    opened: Callable[..., Any], fake: FakeCatalog
) -> None:
    found = drawn_board(fake, 1)
    page = opened("", found)
    page.focus("[name=max-parameters]")
    page.keyboard.type("1b")
    page.focus("[name=commercial]")
    page.keyboard.press("Space")
    page.focus("#et-choose-types input")
    page.keyboard.press("ArrowUp")
    assert page.url.endswith("?type=Classification%3D2%2CRetrieval&max-parameters=1b&commercial=1")
    again = opened(page.url.partition("?")[2], found)
    assert shown(again) == shown(page)
    page.focus("#et-choose [type=reset]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/choose/")
    assert page.input_value("[name=max-parameters]") == ""


def test_a_value_that_cannot_be_read_says_how_to_write_it(
    opened: Callable[..., Any], fake: FakeCatalog
) -> None:
    page = opened("", drawn_board(fake, 1), "zh/")
    page.fill("[name=max-parameters]", "很多")
    assert page.inner_text("#et-choose [role=status]") == (
        "参数量上限：无法识别“很多”，请写成 600M 这样的形式。"
    )


def test_a_phone_shows_all_without_scrolling_sideways(
    opened: Callable[..., Any], fake: FakeCatalog
) -> None:
    page = opened("", drawn_board(fake, 1), viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
