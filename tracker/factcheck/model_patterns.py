"""Patterns of statements about models themselves: licence, release, methods, paper, maker."""

from __future__ import annotations

import re

from tracker.factcheck.sentence import BOARD, DATE, MODEL
from tracker.factcheck.vocabulary import LICENCE, POOLINGS, TECHNIQUES, TOKENS

_I = re.IGNORECASE
LICENCE_OF_MODEL = (
    re.compile(
        rf"(?:\bunder(?: (?:the|an?))?|\blicen[cs]ed?(?: (?:is|as|under))?:?(?: the)?|采用"
        rf"|遵循|使用"
        rf"|基于|(?:许可证?|协议)(?:为|是|:)?)"
        rf" ?(?P<v>{LICENCE})",
        _I,
    ),
    re.compile(
        rf"\b(?:licen[cs]\w*|non-?commercial|research[- ]only)\b[^,;。()\d{MODEL}]{{0,40}}"
        rf"\((?P<v>{LICENCE})(?: licen[cs]e)?\)",
        _I,
    ),
    re.compile(rf"(?<![\w-])(?P<v>{LICENCE})[- ]?(?:开源)?(?:licen[cs]ed?|协议|许可)", _I),
)
IN_BRACKETS = re.compile(
    rf"{MODEL} ?\((?:[^(){MODEL}]{{0,60}}[,;/] ?)?(?P<v>{LICENCE})(?: licen[cs]e)?(?=[,;/)])",
    _I,
)
RELEASE = (
    re.compile(
        rf"\b(?:(?:released|launched|unveiled|open-sourced)(?: it| the model)?|came out"
        rf"|release date(?: is| was|:)?|appeared)"
        rf"(?: (?:on|in|at|by|publicly|back|first|early|late|open|source|under|to|the|public"
        rf"|Hugging|Face|[A-Z]\w+))*,? {DATE}",
        _I,
    ),
    re.compile(
        rf"{MODEL}[^;。,{MODEL}{DATE}]{{0,12}}(?:于"
        rf"|在) ?{DATE}[^,;。{MODEL}]{{0,8}}(?:正式)?(?:发布|推出|开源|问世|上线)"
    ),
    re.compile(rf"(?:发布于|推出于|开源于|发布(?:日期|时间)(?:为|是|:)?) ?{DATE}"),
    re.compile(
        rf"(?:[,;、] ?(?:并|且)?|{MODEL} ?是?)"
        rf" ?(?:由[^,;。{MODEL}{DATE}]{{1,20}})?(?:于|在)? ?{DATE}"
        r" ?(?:正式|首次|公开|对外){0,2}"
        r"(?:发布|推出|开源|问世)(?=\W*$|[,;。、])"
    ),
    re.compile(
        rf"(?:^|[,;。、]|在|于) ?{DATE} ?,? ?[^,;。{MODEL}{DATE}]{{0,14}}"
        rf"(?:正式)?(?:发布|推出|开源)了? ?{MODEL}(?! ?的)"
    ),
    re.compile(
        rf"\b(?:released|launched|published|open-sourced|unveiled|introduced) (?:the |its )?{MODEL}"
        r"(?: (?:to|the|public|model|publicly|back|under|with|[A-Z]\w+)){0,4}"
        rf",? (?:on|in) {DATE}",
        _I,
    ),
    re.compile(
        rf"(?:^|\b(?:On|In) ?){DATE},? (?:[A-Z][\w-]+ ){{1,3}}(?:released|launched"
        rf"|open-sourced) (?:the )?{MODEL}",
        _I,
    ),
)
POOLING = re.compile(
    "(?:"
    + "|".join(rf"(?P<p{n}>(?<![A-Za-z]){words})" for n, (words, _) in enumerate(POOLINGS))
    + ")"
    r"[- ]?(?:pooling|pooled|池化)",
    _I,
)
POOLING_IS = re.compile(
    r"(?:(?<![A-Za-z])pooling|池化)(?: ?(?:方式|方法|策略|层| type| method| mode| strategy))?"
    r" ?(?:为|是|采用|使用|选用|:|is|uses) ?(?:the )?(?:"
    + "|".join(rf"(?P<p{n}>(?<![A-Za-z])(?:{words}))" for n, (words, _) in enumerate(POOLINGS))
    + r")(?![A-Za-z])",
    _I,
)
_TOKENS = "(?:" + "|".join(rf"(?P<p{n}>(?:{words}))" for n, words in enumerate(TOKENS)) + ")"
STATE_OF_TOKEN = re.compile(
    r"\b(?:hidden state|representation|embedding|output|vector)s? (?:of|at) (?:the |its )?"
    rf"{_TOKENS}(?: token)?\b",
    _I,
)
TOKEN_STATE = re.compile(
    rf"{_TOKENS} ?(?:token)?(?:'s|的)? ?(?:(?:final|last) )?"
    r"(?:hidden state|隐藏?状态|隐层状态|隐向量|输出向量|输出|表示)",
    _I,
)
"""The hidden state of a token: pooling without the word."""
_VECTOR = r"(?:sentence|text|document|passage|final)s? (?:embedding|representation|vector)\b"
TOKEN_AS_VECTOR = (
    re.compile(
        rf"\b(?:takes?|taking|uses?|using|reads?|keeps?) (?:only )?(?:the )?{_TOKENS}(?: token)?"
        rf"(?:'s)?(?: (?:final |last )?(?:hidden state|output|vector|state))?"
        rf" (?:as|for) (?:the |its )?{_VECTOR}",
        _I,
    ),
    re.compile(rf"\bpools (?:only )?(?:the )?{_TOKENS}(?: token)?(?=\W*$|[,;.])", _I),
    re.compile(
        rf"(?:取|以|用|使用|采用|选取|选用) ?{_TOKENS} ?(?:token|词元|标记)?(?:的|处的)?"
        r"(?:输出|隐藏?状态|隐层状态|隐向量|向量|表示)?(?:来?作为|当作|来?表示|为) ?(?:整个"
        r"|最终)?的?(?:句子?|文本|段落)?的?(?:嵌入)?(?:向量|表示|嵌入|表征)",
        _I,
    ),
)
"""A token that stands for the text: pooling without the word."""
LATENT = re.compile(r"(?P<latent>latent[- ]attention)(?= (?:layer|module|mechanism))", _I)
TECHNIQUE = re.compile(
    "|".join(rf"(?P<t{n}>(?<![A-Za-z])(?:{words}))" for n, (words, _) in enumerate(TECHNIQUES)),
    _I,
)
USES = re.compile(
    rf"(?:\b(?:uses?|used|using|employ\w*|adopt\w*|appl(?:y|ies|ied)|rel(?:y|ies|ied) on"
    rf"|supports?|trained (?:with|on)|mines?|comes? with|ships? with|offers?|provides?"
    rf"|introduc\w+|combin\w+|leverag\w+|built with|features|propos\w+)|采用|使用|引入|支持|利用"
    rf"|结合|借助|提出)[^:;。{MODEL}]{{0,40}}$",
    _I,
)
OF_PAPER = re.compile(
    rf"{MODEL} ?(?:的)? ?(?:论文|技术报告)[^;。{MODEL}]{{0,60}}?"
    rf"(?:提出|引入|介绍|采用)[^,;。{MODEL}]{{0,20}}$"
    rf"|{MODEL}(?:'s)? (?:paper|report|authors)\b[^;{MODEL}]{{0,60}}?"
    rf"\b(?:propos|introduc|present|describ)\w*[^,;{MODEL}]{{0,30}}$",
    _I,
)
"""The paper of a model brings what follows."""
_BASE_NAME = (
    rf"(?P<v>{MODEL}|(?:Mistral|Qwen|Llama|LLaMA|Gemma|Phi|BERT|RoBERTa|XLM-R(?:oBERTa)?|T5"
    rf"|ModernBERT|DeBERTa|GPT|ERNIE"
    r"|E5|MiniLM|MPNet)(?:[- ]?\d(?:\.\d)?)?(?:[- ]?\d+(?:\.\d+)?[BM]\b)?(?:[- ](?:base|large"
    r"|small)|-(?:it|pt|instruct|chat|v\d(?:\.\d)?))*)"
)
BASE = (
    re.compile(
        r"\b(?:based on|built (?:up)?on(?: top of)?|builds (?:up)?on|trained on top of"
        r"|(?:an? )?fine-?tun(?:ed|e|ing) (?:from"
        r"|on top of|version of|of)|initiali[sz]ed (?:from|with)"
        r"|derived from|start(?:s|ed|ing) from|trained from|adapted from|backbone(?: is|:)?"
        r"|base model(?: is|:)?|with)"
        rf"(?: (?:the|a|an|pre-?trained|LLM|model"
        rf"|decoder-only))* ?{_BASE_NAME}(?! (?:as (?:a )?(?:teacher|judge)|data|dataset"
        rf"|corpus|paper|-?style))",
        _I,
    ),
    re.compile(
        rf"\b(?:built|trained|fine-?tuned|developed|created)\b[^;:。]{{2,40}}?\bon top of"
        rf"(?: (?:the|a|an|pre-?trained|LLM|model))* ?{_BASE_NAME}",
        _I,
    ),
    re.compile(
        rf"\b(?:uses?|with|takes?|on) {_BASE_NAME} as (?:its |the |a )?(?:base|backbone"
        rf"|foundation|initiali[sz]ation)",
        _I,
    ),
    re.compile(
        rf"(?:以|采用|使用|选用) ?{_BASE_NAME} ?(?:模型)?(?:作?为)(?:其)?(?:基座|底座|基础"
        rf"|骨干|初始)",
        _I,
    ),
    re.compile(
        rf"(?:基于|由|从|在) ?{_BASE_NAME} ?(?:模型)?(?:的?基础)?(?:上|之上)?(?:进行|继续"
        rf"|经过?)?(?:微调|训练|初始化|改造|构建"
        rf"|得到)",
        _I,
    ),
    re.compile(rf"基于(?:了)? ?{_BASE_NAME}(?=[,;。]|$| ?(?:的|模型|架构|构建|开发))", _I),
    re.compile(
        rf"(?:基座|底座|骨干|基础)(?:模型|网络|架构)?(?:为|是|采用|使用|选用|:) ?{_BASE_NAME}", _I
    ),
)
ARXIV = re.compile(r"(?<![\d.])(?P<v>\d{4}\.\d{4,5})(?:v\d+)?(?![\d.]\d)")
TITLE = re.compile(r"[\"《「](?P<t>[^\"《》「」]{12,200})[\"》」]")
PAPER_OF = re.compile(
    r"\b(?:described|introduced|presented|proposed|documented|detailed|reported) (?:in|by)\b"
    r"|\b(?:paper|report|preprint)\b"
    r"|\b(?:en)?titled\b|\bdescribes?\b|论文|技术报告|题为|标题",
    _I,
)
CITES = re.compile(r"\b(?:cit(?:es?|ed|ing)|follow(?:s|ing)|discuss\w*|surveys?)\b|引用|综述", _I)
_MADE = (
    r"(?:develop(?:ed)?|built|created?|made|released?|trained|published|introduced"
    r"|proposed|open-sourced|launched|maintained)"
)


def made_by(organisations: str) -> tuple[re.Pattern[str], ...]:
    """Compile the ways to say who made a model.

    Args:
        organisations: Alternatives for the name of an organisation, as a pattern.
    """
    return (
        re.compile(
            rf"\b(?i:{_MADE})(?: (?:on|in) {DATE})? by (?:researchers (?:at|from) |a team at "
            rf"|the )?(?P<o>{organisations})(?![\w/-])"
        ),
        re.compile(
            rf"(?<![\w/-])(?P<o>{organisations})(?:'s (?:\w+ ){{0,3}}?| (?:released|launched"
            rf"|developed|built|open-sourced|introduced|published)"
            rf" (?:the )?){MODEL}"
        ),
        re.compile(
            rf"{MODEL} ?是 ?(?:由)? ?(?P<o>{organisations})[^,;。{MODEL}]{{0,20}}?(?:开发"
            rf"|发布|推出|训练|微调"
            rf"|提出|研发|开源)的?"
        ),
        re.compile(
            rf"由 ?(?P<o>{organisations})[^,;。{MODEL}]{{0,20}}?(?:开发|发布|推出|训练|提出"
            rf"|研发|开源|打造|研制)"
        ),
        re.compile(
            rf"\b(?:maker|developer|creator|author|publisher)s? of {MODEL} (?:is|are|was|were)"
            rf" (?:the )?(?P<o>{organisations})(?![\w/-])"
        ),
        re.compile(
            rf"(?<![\w/-])(?P<o>{organisations}) (?i:{_MADE}) (?:it|the model|this model)\b"
        ),
        re.compile(rf"{MODEL} ?(?:是)?(?:出自|来自|源自|出品方为) ?(?P<o>{organisations})"),
        re.compile(
            rf"(?P<o>{organisations}) ?(?:团队)?(?:开发|发布|推出|提出|研发|开源)(?:了|的) ?{MODEL}"
        ),
        re.compile(rf"(?P<o>{organisations}) ?(?:公司|团队)?的 ?{MODEL}"),
        re.compile(rf"{MODEL}(?: \([^()]{{0,40}}\))? (?:is|was) (?P<o>{organisations})'s\b"),
        re.compile(
            rf"{MODEL}(?: \([^()]{{0,40}}\))?"
            rf"(?:,? (?:is|was)? ?(?:an?|the)(?: [\w-]+){{0,3}}? (?:model|embedder"
            rf"|encoder|retriever)"
            rf"|,? (?:is|comes|was)|,)? (?:from|by) (?:the )?(?P<o>{organisations})(?![\w/-])"
        ),
    )


TRAINED_ON = re.compile(
    rf"\b(?:trained|fine-?tuned|training data(?:sets?)?|training set"
    rf"|train split)[^;。{MODEL}]{{0,60}}?\b(?:on|with|using|includ\w+|contain\w+|of|from)"
    r"|训练(?:时|中|过程中?|阶段)?[^;。]{0,6}?(?:用到|用上|用|采用|引入|加入|混入)了"
    r"|训练(?:数据|集|语料)[^;。]{0,10}?(?:包括|包含|含有?|有|使用|来自|涵盖)|(?:在|使用"
    r"|用) ?(?=[^;。]{1,40}(?:上"
    r"|进行)?(?:进行)?(?:微调|训练))",
    _I,
)
EXISTS = (
    re.compile(
        rf"{MODEL} (?:is|was|are) (?:\w+ )?(?:listed|included|present|evaluated) (?:on"
        rf"|in)(?: the)? (?P<b>{BOARD})",
        _I,
    ),
    re.compile(
        rf"{MODEL} (?:exists|(?:is|was) (?:\w+ )?(?:available|published|hosted) (?:on"
        rf"|at)(?: the)? Hugging ?Face)",
        _I,
    ),
    re.compile(
        rf"\b(?:there is|there exists) (?:a|an) (?:[\w-]+ ){{0,3}}?model (?:called"
        rf"|named) {MODEL}",
        _I,
    ),
    re.compile(
        rf"{MODEL}[^,;。]{{0,8}}?(?:已|被)?(?:收录于?|列入|上榜|登上)了? ?(?P<b>{BOARD})?"
        rf"(?! ?{BOARD}? ?(?:榜首|第|冠军|前|头名))"
    ),
    re.compile(rf"(?:存在|有)(?:一个)?(?:叫|名为|叫做) ?{MODEL} ?的模型"),
)
