"""Extract base-model statements from sentences and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FAMILY = (
    r"(?:xlm-|distil)?(?:bert|roberta|deberta|electra|ernie|lert|macbert|mpnet|minilm|t5|mt5|gtr"
    r"|mistral|mixtral|llama|qwen|gemma|phi|gte|e5|bge|stella|nomic|modernbert)"
)
"""Families whose names are also written in lower case; no other word in lower case is a name."""
_PROPER = r"[A-Z0-9]\w*(?:[.+-]\w+)*"
_NAME = (
    r"(?P<name>[A-Za-z][\w.-]*/[\w.-]*\w"
    rf"|{_PROPER}(?: {_PROPER}){{0,2}}|{_FAMILY}[\w.]*(?:-[\w.]*\w)*)"
)
_STATEMENTS = (
    rf"(?:initiali[sz]ed (?:from|with)|fine-?tuned (?:from|version of|on top of)|built (?:up)?on"
    rf"(?: top of)?|trained on top of|based on|fine-?tune from|backbone(?: model)?(?: is|:)?)"
    rf" (?:the )?(?:pre-?trained )?{_NAME}",
    rf"\b[Bb]ase(?: [\w-]+){{0,2}} ?(?:[Mm]odel|LLM|[Ee]ncoder)\s*[:：]\s*{_NAME}",
    rf"\b(?:[Ww]e|[Ii]) (?:chose|choose|use|used|take|took|adopt|adopted) {_NAME}"
    rf" as (?:our|the) (?:base|backbone|foundation)\b",
    rf"\b[Ww]e use (?:the |a )?(?:pre-?trained )(?:model )?{_NAME}(?: model)? and fine-?tun",
    rf"以 ?{_NAME} ?(?:模型)?为(?:基座|底座|基础|骨干|初始)",
    rf"(?:基于|由|从) ?{_NAME} ?(?:模型)?(?:进行|继续)?(?:微调|训练|初始化|蒸馏|改造)",
    rf"(?:基座|底座|骨干|基础)(?:模型)?(?:为|是|采用|使用|选用|[:：]) ?{_NAME}",
)
_PATTERNS = tuple(re.compile(words, re.ASCII) for words in _STATEMENTS)
"""Names are ASCII, so that they end where Chinese text goes on without a blank."""
_OF_ANOTHER = re.compile(
    r"['’´]s\b|(?: \w+)? (?:architecture|structure|framework|data(?:set)?|corpus)\b"
)
"""Behind the name of a company or a design, not of a base."""
_COULD_NAME = re.compile(
    r"from |with |version of |on top of |built |based on |backbone|[Bb]ase |[Bb]ase[:：]|[Bb]ase-"
    r"|as (?:our|the) |pre-?trained|[基底骨由从]"
)
"""Without any of these no sentence names a base; saves most searches."""
_NO_NAME = re.compile(
    r"^(?:MTEB|The|This|These|Our|A|An|Table|Section|Figure|GPU|LLM|LLMs|AI|Apache|MIT|BM25"
    r"|(?:HuggingFace )?[Tt]ransformers?|PyTorch|[\w-]*Corpus|Sentence-?Transformers?|[0-9]+)\b"
)
_PART = re.compile(
    r"\b(?:LoRA|adapters?|heads?|layers?|projections?|code|scripts?|software|librar\w+|licen[cs]e"
    r"|approach\w*|methods?|techniques?|ideas?)\b[^,;]{0,60}$"
    r"|, (?:an?|the) (?:[\w-]+ ){0,4}(?:model|encoder) $",
    re.IGNORECASE,
)
"""Subjects other than the model: a part of it, a program, an idea, or a remark between commas."""
_KIND = re.compile(r"(?: (?:LLMs?|Model|Transformer|Encoder))+$", re.IGNORECASE)


def bases(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Named base models in ``text[start:end]``: span of the statement, and the name."""
    if not _COULD_NAME.search(text, start, end):
        return
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text, start, end)]
    for match in sorted(found, key=lambda m: m.start()):
        name = _KIND.sub("", match["name"])
        if _NO_NAME.match(name) or _OF_ANOTHER.match(text, match.end("name")):
            continue
        if not _PART.search(text, max(start, match.start() - 80), match.start()):
            yield match.start(), match.end("name"), name
