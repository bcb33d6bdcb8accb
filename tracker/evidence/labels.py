"""Extract labelled values such as ``Embedding dimension: 1024`` from lists, tables and prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.evidence.contexts import sentences
from tracker.evidence.markdown_tables import Cell, rows
from tracker.evidence.model_names import OwnNames
from tracker.evidence.records import Confidence, Document, Passage, Role
from tracker.evidence.stated import count, hub_id, is_licence, is_nothing, licence_name

_LABELS: tuple[tuple[str, str], ...] = (
    (
        "embedding_dimensions",
        r"(?:(?:default|output|embeddings?|vector|sentence|max(?:imum)?|full) )*"
        r"dim(?:s|\.|ensions?|ensionality)?|(?:embedding|vector|output) size"
        r"|(?:默认|输出|嵌入|向量|最大)*维度数?",
    ),
    (
        "max_tokens",
        r"max(?:imum|\.)? ?(?:input |sequence |seq(?:\.|uence)? |context |document |text )*"
        r"(?:length|len|tokens?)|(?:sequence|context|input|document) (?:length|window|size)"
        r"|context|max_seq_length"
        r"|最大(?:支持)?(?:输入|序列|上下文|文本)?(?:长度|token ?数|tokens?)"
        r"|(?:上下文|序列|输入|文本)(?:窗口|长度|窗口长度)",
    ),
    ("licence", r"licen[cs]es?|(?:开源)?(?:许可证|许可协议|许可|协议)"),
    (
        "base_model",
        r"base(?: model)?|backbone(?: model)?|(?:fine-?tuned|adapted) from(?: model)?"
        r"(?: \[optional\])?|(?:底座|基座|骨干|基础)模型|底座|基座",
    ),
    ("pooling", r"pooling(?: method| strategy| type| mode|方式|策略)?|池化(?:方式|方法|策略)?"),
    (
        "training_data",
        r"(?:fine-?tuning|training) (?:data ?sets?|data)|datasets?|训练(?:数据集?|语料)",
    ),
)
_KNOWN_LABELS = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _LABELS)
_MODEL_COLUMN = re.compile(
    r"(?:model|name|models?(?: name)?|model ?id|模型(?:名称?)?)", re.IGNORECASE
)
_LABELLED = re.compile(
    r"^\W{0,4}([^:：\n]{2,40}?)\s*(?:\([^()]{0,30}\))?\s*[:：]\s*(.{1,200})$", re.S
)
_NUMBER = re.compile(r"(?<![\w.×-])[0-9][0-9,]*(?:\s?[KkMm]\b)?(?![\w.]*[A-Za-z]-|\s?[x×]\s?[0-9])")
_LABEL_ALONE = re.compile(r"\W{0,4}([^:：\n]{2,40}?)\s*[:：]")
"""A list item that labels the items below it."""
_UP_TO = re.compile(r"\bup to\b|\bmax|最高|最大|最多", re.IGNORECASE)
_POOLINGS = (
    ("weighted-mean", r"weighted|加权"),
    ("mean", r"mean|average|avg|均值|平均"),
    ("last-token", r"last[-_ ]?token|末位|最后一个"),
    ("eos", r"\beos\b|end[- ]of[- ]sequence"),
    ("cls", r"\[?cls\b|first[- ]token|首位"),
    ("max", r"\bmax(?:imum)?\b|最大"),
)
_KNOWN_POOLINGS = tuple((slug, re.compile(words, re.IGNORECASE)) for slug, words in _POOLINGS)
_IN_TRAINING = re.compile(r"train|fine-?tun|训练|微调", re.IGNORECASE)
_IN_TESTING = re.compile(r"evaluat|test|benchmark|评测|测试", re.IGNORECASE)
_SKIPPED = frozenset({"related", "ablation", "code"})
_ID_IN_TEXT = re.compile(
    r"(?<![\w./-])[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*[A-Za-z0-9](?![\w/])", re.ASCII
)
_N = r"(?P<n>[0-9][0-9,]*(?:\s?[Kk]\b)?)"
_PROSE: tuple[tuple[str, str], ...] = (
    (
        "embedding_dimensions",
        rf"\b(?:embedding|vector|output) (?:dimension(?:ality)?s?|size) (?:is|of|are) {_N}",
    ),
    (
        "embedding_dimensions",
        rf"\b{_N}[- ]dimensional (?:(?:dense|sparse|text|embedding|vector) )*"
        r"(?:vectors?|embeddings?|space)",
    ),
    (
        "embedding_dimensions",
        rf"\b(?:vectors?|embeddings?|outputs?) (?:have|has|of|with) {_N} dimensions",
    ),
    ("embedding_dimensions", rf"{_N} dimensions come out"),
    ("embedding_dimensions", rf"(?:向量|嵌入|输出)维度(?:为|是|[:：]) ?{_N}"),
    ("embedding_dimensions", rf"{_N} ?维的?(?:稠密)?(?:句)?向量"),
    ("max_tokens", rf"\bup to {_N} tokens"),
    ("max_tokens", rf"\b(?:truncated|cut)(?: off)? (?:to|at|after) {_N} tokens"),
    (
        "max_tokens",
        rf"\b(?:max(?:imum)? (?:sequence |input |context )?|context |sequence )(?:length|window)"
        rf" (?:is|of) {_N}",
    ),
    ("max_tokens", rf"最大(?:输入|序列|文本|上下文)?长度(?:为|是|[:：]) ?{_N}"),
    ("max_tokens", rf"(?:最大|最多|最长)支持 ?{_N} ?(?:个 ?)?(?:tokens?|词元)"),
    (
        "licence",
        r"\b(?:released|licen[cs]ed|available|distributed|open-?sourced) under (?:the |an? )?"
        r"(?P<licence>[\w.-]+(?: [\w.-]+){0,3}?)(?: licen[cs]e\b|[.,;]|$)",
    ),
    ("licence", r"(?:采用|遵循|使用) ?(?P<licence>[\w. -]{3,24}?) ?(?:开源)?(?:协议|许可证?)"),
)
_SENTENCES = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _PROSE)
_COULD_STATE = re.compile(
    r"[0-9] ?[Kk]?[- ](?:dim|token|个)|dimension|length|window|size|under |[维度长支协许]",
    re.IGNORECASE,
)
"""Without any of these no sentence states a number or a licence; saves most searches."""
_COMPARED = re.compile(
    r"\b(?:unlike|whereas|compar(?:ed|ing)|versus|vs|outperforms?)\b|相比|不同于|优于|而不是",
    re.IGNORECASE,
)
_OTHER_WORK = re.compile(
    r"\b(?:code(?:base)?|repositor(?:y|ies)|scripts?|data ?sets?|corpus|data|images?|their)\b"
    r"|代码|数据",
    re.IGNORECASE,
)
"""What is licensed may be something else than the model."""
_OTHER_LENGTH = re.compile(r"\bgenerat\w+ $|\bproduc\w+ $|\btraining data\b|生成$", re.IGNORECASE)
"""A length of what is generated, or of training examples, is not the context length."""
_SMALLEST = 8
_LARGEST_WIDTH = 200_000
_SHORTEST_CONTEXT = 16


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with its label: spans of the sentence, list item or row, and of the value."""

    property: str
    value: str
    span: tuple[int, int]
    cue: tuple[int, int]
    rule: str
    confidence: Confidence


def labelled_values(
    document: Document, own: OwnNames, prose: frozenset[Role]
) -> Iterator[tuple[Passage, Labelled]]:
    """Labelled values of a card, and what its sentences state of dimensions, length and licence.

    Args:
        document: The card.
        own: Names of the card's model.
        prose: Roles of passages whose sentences describe the model.
    """
    open_label: str | None = None
    section = ""
    for passage in document.passages:
        if passage.section != section or passage.role != "list":
            section, open_label = passage.section, None
        if own.heads_other(section):
            continue
        if passage.role not in _SKIPPED and not own.is_of_other(section):
            text = document.text[passage.start : passage.end]
            if alone := _LABEL_ALONE.fullmatch(text):
                open_label = _label(alone[1])
                continue
            if open_label and _ID_IN_TEXT.fullmatch(text):
                cell = Cell(passage.start, passage.end, text)
                span = (passage.start, passage.end)
                found = _values(open_label, cell, span, section + " / training", "label")
            else:
                found = _in_passage(document.text, passage, own)
            yield from ((passage, value) for value in found)
        if passage.role in prose:
            for span in sentences(document.text, passage.start, passage.end):
                yield from ((passage, value) for value in _in_sentence(document.text, span, own))


def _in_passage(text: str, passage: Passage, own: OwnNames) -> Iterator[Labelled]:
    """Labelled values of a table, list item or paragraph."""
    if passage.role == "table":
        yield from _table(text, passage, own)
        return
    match = _LABELLED.match(text[passage.start : passage.end])
    if match and (name := _label(match[1])):
        start = passage.start + match.start(2)
        cell = Cell(start, start + len(match[2].rstrip()), match[2].strip())
        span = (passage.start, min(passage.end, cell.end))
        yield from _values(name, cell, span, passage.section, "label")


def _in_sentence(text: str, span: tuple[int, int], own: OwnNames) -> Iterator[Labelled]:
    """Dimensions, context length and licence that a sentence states of its model."""
    if not _COULD_STATE.search(text, *span):
        return
    for name, pattern in _SENTENCES:
        for match in pattern.finditer(text, *span):
            before = text[span[0] : match.start()]
            if _COMPARED.search(before) or own.is_of_other(before):
                continue
            if name == "licence":
                if is_licence(match["licence"]) and not _OTHER_WORK.search(before):
                    licence = licence_name(match["licence"])
                    yield Labelled(name, licence, span, match.span(), "sentence", "medium")
            elif not _OTHER_LENGTH.search(before):
                number = count(match["n"])
                if number is not None and _is_plausible(name, number):
                    yield Labelled(name, str(number), span, match.span(), "sentence", "medium")


def _label(words: str) -> str | None:
    plain = " ".join(words.strip(" *_`").split())
    return next((name for name, known in _KNOWN_LABELS if known.fullmatch(plain)), None)


def _values(
    name: str, cell: Cell, span: tuple[int, int], section: str, rule: str
) -> Iterator[Labelled]:
    """What a value behind a label states."""
    text, cue = cell.text, (cell.start, cell.end)
    if is_nothing(text):
        return
    if name in ("embedding_dimensions", "max_tokens"):
        if (number := _number(text)) is not None and _is_plausible(name, number):
            # What is cut in training is not always what the model can read.
            is_setting = name == "max_tokens" and _IN_TRAINING.search(section.rpartition(" / ")[2])
            level: Confidence = "medium" if is_setting else "high"
            yield Labelled(name, str(number), span, cue, rule, level)
    elif name == "licence":
        first = re.split(r"[,，;；。(（]", text, maxsplit=1)[0].strip()
        if is_licence(first):
            yield Labelled(name, licence_name(first), span, cue, rule, "high")
    elif name == "base_model":
        words = text.split()
        if len(words) == 1 and (base := hub_id(words[0].strip(".。,，"))) and "-" in base:
            yield Labelled(name, base, span, cue, rule, "high")
    elif name == "pooling":
        found = [slug for slug, words in _KNOWN_POOLINGS if words.search(text)]
        if len(text) <= 60 and found:
            yield Labelled(name, found[0], span, cue, rule, "high")
    elif _IN_TRAINING.search(section + " " + rule) or "train" in name:
        yield from _data(cell, span, section, rule)


def _data(cell: Cell, span: tuple[int, int], section: str, rule: str) -> Iterator[Labelled]:
    """Ids of data sets on the Hub; other names are found by the vocabulary's list."""
    if _IN_TESTING.search(section.rpartition(" / ")[2]) or _IN_TESTING.search(section):
        return
    for match in _ID_IN_TEXT.finditer(cell.text):
        if hub_id(match[0]):
            cue = (cell.start + match.start(), cell.start + match.end())
            yield Labelled("training_data", match[0], span, cue, rule, "medium")


def _number(text: str) -> int | None:
    """The number of a value; of several numbers the largest, if the words call it a maximum."""
    numbers = [number for m in _NUMBER.finditer(text) if (number := count(m[0])) is not None]
    if len(numbers) > 1:
        return max(numbers) if _UP_TO.search(text) else None
    return numbers[0] if numbers else None


def _is_plausible(name: str, number: int) -> bool:
    if name == "max_tokens":
        return _SHORTEST_CONTEXT <= number <= 10_000_000
    return _SMALLEST <= number <= _LARGEST_WIDTH


def _table(text: str, passage: Passage, own: OwnNames) -> Iterator[Labelled]:
    """Rows of label and value, or the model's own row in a table of several models."""
    table = list(rows(text, passage.start, passage.end))
    if len(table) < 2:
        return
    head, body = table[0], table[1:]
    if len(head) == 2 and not _MODEL_COLUMN.fullmatch(head[0].text):
        for label, value in body:
            if name := _label(label.text):
                yield from _values(name, value, (label.start, value.end), passage.section, "label")
        return
    columns = {n: name for n, cell in enumerate(head) if (name := _label(cell.text))}
    if not columns or not _MODEL_COLUMN.fullmatch(head[0].text):
        return
    row = _own_row(body, own)
    for number, name in columns.items():
        if number < len(row) and name != "training_data":
            span = (row[0].start, row[-1].end)
            yield from _values(name, row[number], span, passage.section, "row")


def _own_row(body: Sequence[Sequence[Cell]], own: OwnNames) -> Sequence[Cell]:
    """The row of the model; empty where no row or several rows name it."""
    found: list[Sequence[Cell]] = [
        row for row in body if row[0].text and own.is_full(row[0].text.strip("*` "))
    ]
    return found[0] if len(found) == 1 else ()
