"""A catalog in which everything that has a name has a hostile one, through the real loaders.

Models, organisations, boards, tasks, task types, languages, datasets, techniques, papers, authors
and addresses come from sources and curated files with every text of ``TEXTS``. Each text holds its
kind and ``MARK``, so a test can count where names of a kind are shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from tests.support.catalogs import Loaded, words
from tests.support.leaderboard_payloads import benchmark as live_benchmark
from tests.support.leaderboard_payloads import board, row
from tests.support.leaderboard_payloads import model as live_model
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import put_registry
from tracker.curated import Curated, ModelEntry, PaperEntry, PaperRef, TermEntry
from tracker.curated.basics import BilingualText, Group
from tracker.curated.evidence import EvidenceEntry
from tracker.curated.library import DatasetEntry
from tracker.curated.organisations import OrganisationEntry, OrganisationName
from tracker.curated.records import FactEntry, SeriesEntry
from tracker.snapshots.store import Archive
from tracker.sources import model_cards, result_files
from tracker.sources.records import Fetched

MARK = "Zq7"
"""Part of every hostile name, and of nothing else."""
TEXTS = {
    "script": "<script>window.ran=1;alert(1)</script>",
    "image": '"><img src=x onerror="window.ran=1">',
    "attribute": "' onmouseover='window.ran=1' x='",
    "address": "javascript:window.ran=1",
    "link": "[l](javascript:window.ran=1)<javascript:window.ran=1>",
    "path": "../../../../etc/passwd",
    "backslash": "..\\..\\con\\nul.",
    "encoded": "%2e%2e%2f%00?a=b#c",
    "formula": '=HYPERLINK("http://evil.invalid","x")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "bidi": "left\u202eright\u2066in\u2069\u200b",
    "control": "\x1b]0;title\x07\x1b[31mred\x08\x7f",
    "lines": "line\nbreak\r\nreturn\ttab\u2028\u0085end",
    "template": "{{ 7 * 191 }}{% raw %}${7*191}#{7}",
    "table": "a|b||c\\|d`e`*f*_g_~h~",
    "cdata": "]]></script><![CDATA[--><!--",
    "tex": "}\\input{/etc/passwd}$x$%&#{",
    "option": "--upload-pack=touch ran",
    "quote": "\"'`;drop table model;--",
    "astral": "\U0001f4a9\ufffe\ufdd0中文e\u0301",
    "long": "w" * 400,
}
"""Hostile texts that are taken as names."""
REFUSED = {"nul": "a\0b", "megabyte": "m" * 1_000_000}
"""Hostile texts that no name can hold; what carries them is a finding."""
BOARD, LIVE = "Hostile(v1)", "HostileLive(v1)"
PLAIN = tuple(f"lab/plain-{n}" for n in range(len(TEXTS)))
"""Models with names that files and cards can have, and hostile texts about them."""
AT = "2026-01-02T03:04:05Z"


def names(kind: str) -> list[str]:
    """Every text as the name of a kind."""
    marked = [(text, f"{MARK}{kind}-{n}") for n, text in enumerate(TEXTS.values())]
    # Pages cut long names; the mark must be in the part that they show.
    return [f"{mark} {text}" if len(text) > 100 else f"{text} {mark}" for text, mark in marked]


def model_names() -> list[str]:
    """Models whose organisation and whose own name are hostile."""
    owners = [owner.replace("/", "\u2215") for owner in names("owner")]
    return [f"{owners[n - 1]}/{own}" for n, own in enumerate(names("model"))]


def _registry() -> bytes:
    boards = [
        benchmark(
            name, names("task"), display_name=name, description=name, reference=name,
            citation=f"@misc{{b, title={{{name}}}, url={{https://arxiv.org/abs/2405.00003}}}}",
        )
        for name in (BOARD, *names("board")[::2])
    ]  # fmt: skip
    tasks = [
        task(
            name, kind, languages=[language], subset_languages={"default": [language]},
            domains=[name], reference=name, dataset={"path": dataset, "revision": dataset},
            description=name, license=name, citation=f"@misc{{t, title={{{name}}}}}",
        )
        for name, kind, language, dataset in zip(
            names("task"), names("type"), names("language"), names("taskset"), strict=True
        )
    ]  # fmt: skip
    models = [
        {
            "name": name, "revision": own, "training_tasks": names("task")[:2], "license": own,
            "languages": [own], "reference": own, "framework": [own], "public_training_code": own,
            "public_training_data": own, "adapted_from": model_names()[n - 1],
            "citation": f"@misc{{m, title={{{own}}}, author={{{own}}}, url={{{own}}}}}",
        }
        for n, (name, own) in enumerate(zip(model_names(), names("model"), strict=True))
    ]  # fmt: skip
    models += [{"name": name, "revision": "main"} for name in PLAIN]
    return export(*boards, tasks=tasks, models=models)


def _curated() -> Curated:
    papers = [f"2405.{n:05}" for n in range(10, 10 + len(TEXTS))]
    source = "https://example.org/receipt"

    def both(text: str) -> Any:
        return BilingualText.model_construct(en=f"{text} en", zh=f"{text} 中文")

    texts = {kind: [f"x{t}x" for t in names(kind)] for kind in ("term", "dataset", "org", "paper")}
    terms = tuple(
        TermEntry.model_construct(
            group="pooling", slug=f"term-{n}", label=both(name), definition=both(name),
            cues=(name,), config_cues=(), paper=papers[n],
        )
        for n, name in enumerate(texts["term"])
    )  # fmt: skip
    return Curated(
        series=(SeriesEntry.model_construct(
            slug="c-mteb", title=both(f"series {MARK}"), editions=(LIVE,),
        ), SeriesEntry.model_construct(
            slug="mteb-english", title=both(f"series {MARK}"), editions=(BOARD,))),
        groups=(Group(slug="pooling", title=words("Pooling")),),
        terms=terms,
        papers=tuple(
            PaperEntry.model_construct(
                arxiv_id=papers[n], title=name, authors=(name,), more_authors=False,
                submitted=None, venue=name, introduces=both(name), source=source,
                confidence="high",
            )
            for n, name in enumerate(texts["paper"])
        ),
        models=tuple(
            ModelEntry.model_construct(
                name=name, organisation=texts["org"][n], listed_as=(), sources={},
                facts=(FactEntry.model_construct(
                    property="pooling", value=f"term-{n}", statement=both(name), qualifier=name,
                    evidence=(EvidenceEntry.model_construct(
                        source=source, locator=name, shows=(), kind="primary", of=None,
                        confidence="high", checked=None, note=name),),
                ), FactEntry.model_construct(
                    property="training_data", value=texts["dataset"][n], statement=None,
                    qualifier=None, evidence=(EvidenceEntry.model_construct(
                        source=source, locator=name, shows=(), kind="primary", of=None,
                        confidence="high", checked=None, note=None),),
                )),
                papers=(PaperRef.model_construct(arxiv=papers[n], role=both(name)),),
                no_paper=None,
            )
            for n, name in enumerate(model_names())
        ),
        datasets=tuple(
            ("mixture", DatasetEntry.model_construct(
                slug=f"dataset-{n}", name=name, aliases=(), what=both(name), size=both(name),
                languages=both(name), paper=papers[n], part_of=(), used_by=(), source=source,
                confidence="high", note=both(name)))
            for n, name in enumerate(texts["dataset"])
        ),
        dataset_kinds=(Group(slug="mixture", title=words("Mixtures")),),
        organisations=tuple(
            OrganisationEntry.model_construct(
                slug=f"org-{n}", name=OrganisationName(en=name), kind="company", parent=None,
                owners=(model_names()[n].partition("/")[0],), aliases=())
            for n, name in enumerate(texts["org"])
        ),
    )  # fmt: skip


def load_hostile_world(catalog: Loaded, folder: Path) -> Loaded:
    """Load all of it into an empty catalog."""
    catalog = catalog.knowing(_curated())
    put_registry(catalog, _registry(), AT)
    _put_results(catalog, folder)
    _put_live_boards(catalog)
    _put_cards(catalog)
    catalog.load()
    return catalog


def _put_results(catalog: Loaded, folder: Path) -> None:
    repository = ResultRepository(folder / "results.git")
    files = {
        result_path(model, "main", f"T{m}"): result(name, 0.9 - n / 100)
        for n, model in enumerate(PLAIN)
        for m, name in enumerate(names("task"))
    }
    repository.commit(files, at="2026-01-01T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")


def _put_live_boards(catalog: Loaded) -> None:
    models = [*model_names(), *REFUSED.values()]
    tasks = names("task")

    def rows(shift: int) -> list[dict[str, Any]]:
        order = [*models[shift:], *models[:shift]]
        return [
            row(name, n, dict.fromkeys(tasks, 1 - n / 100), scoresByTaskType=kinds,
                trainedOnTasks=tasks[:3])
            for n, name in enumerate(order, 1)
        ]  # fmt: skip

    kinds = dict.fromkeys(names("type"), 0.5)
    meta = [{"name": t, "type": k} for t, k in zip(tasks, names("type"), strict=True)]
    for shift, at in enumerate(("2026-01-01T12:00:00Z", AT)):
        for name in (LIVE, *names("board")[1::2], *REFUSED.values()):
            shown = rows(shift) if name == LIVE else rows(shift)[:2]
            body = board(name, shown, tasks=tasks, tasksMeta=meta)
            catalog.put(f"scores/{name}", body, at)
    benchmarks = [
        {
            **live_benchmark(name),
            "displayName": name,
            "languages": names("language"),
            "tasks": tasks,
        }
        for name in (LIVE, *names("board")[1::2])
    ]
    catalog.put("benchmarks", benchmarks, AT)
    listed = [
        live_model(
            name, url=own, license=own, releaseDate="2025-01-02", embeddingDim=8, maxTokens=512
        )
        for name, own in zip(model_names(), names("model"), strict=True)
    ]
    catalog.put("models", listed, AT)


def _put_cards(catalog: Loaded) -> None:
    store = Archive(catalog.archive)
    for n, (name, own) in enumerate(zip(PLAIN, names("card"), strict=True)):
        front = {
            "license": own,
            "datasets": [own],
            "base_model": own,
            "tags": [own],
            "language": own,
        }
        body = b"---\n" + orjson.dumps(front) + b"\n---\n" + f"We use {own} pooling.".encode()
        info = {
            "id": name,
            "sha": "a" * 40,
            "siblings": [{"rfilename": "README.md"}],
            "tags": [own],
        }
        for file, content in ((model_cards.INFO, orjson.dumps(info)), ("README.md", body)):
            url = f"https://hub.example/{n}/{file}"
            store.add("model-cards", "own", Fetched(f"{name}/{file}", url, content, AT))
