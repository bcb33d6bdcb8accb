"""Patterns of ranks and leads, in English and Chinese.

A pattern's named group says what is claimed: ``ord…``, ``num`` and ``zh…`` a rank, ``two…`` the
second, ``topn`` and ``zhtop`` one of the first n, every other name a lead.
"""

from __future__ import annotations

import re

from tracker.factcheck.sentence import BOARD, DATE, MODEL
from tracker.factcheck.vocabulary import ORDINALS

LONGEST_RANK = 999

ORDINAL_NUMBERS = {word: number for number, word in enumerate(ORDINALS, 1)}
COUNTS = {
    "one": 1,
    "two": 2,
    "four": 4,
    "three": 3,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "fifty": 50,
}
ZH_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ORD = rf"(?P<ord{{0}}>{'|'.join(ORDINALS)}|\d{{{{1,3}}}}(?:st|nd|rd|th))"
_VERB = (
    r"\b(?:rank(?:s|ed|ing)?|plac(?:es|ed|ing)|comes?|came|coming|finish(?:es|ed)|sits?|sat|stands?"
    r"|stood|been|is|was|are|were|remain(?:s|ed)?|hold(?:s|ing)?|held|been|takes?|took|taking|occup(?:y"
    r"|ies|ied)"
    r"|claim(?:s|ed|ing)?|secur(?:es|ed|ing)|land(?:s|ed)?|climb(?:s|ed)|(?:makes?|made) it|rose"
    r"|moved|dropped|fell"
    r"|follow(?:s|ed)|earn(?:s|ed|ing)?|gets?|got|achiev(?:es|ed|ing)|won|wins|being|reach(?:es|ed)|listed|puts?)"
)
_FILLER = (
    r"(?: (?:in|at|to|the|it|its|now|currently|still|only|joint|overall|clear|solid|new|up|down|out"
    r"|into|as|on|a|"
    + BOARD
    + r"|leader ?board|with|currently|again|proudly|close|strong|distant|narrow"
    r"|comfortably|firmly))*"
)
_NOT_RANK = (
    r"(?![-\w])(?! and foremost| in a\b)"
    rf"(?=\W*$| ?[,.;:)(!]| (?:on|in|and|of|at|with|behind|by|overall|for|as|among|here|there"
    rf"|today|now|again|right|but|while|just|after|ahead|out|this|both|before|since|until|from"
    rf"|place|position|rank|spot)\b| [{BOARD}{DATE}])"
)
"""What may follow an ordinal that is a rank: first on a board, not the first model to."""
_LIST_END = (
    rf"(?! and foremost)(?=[,.;:)]| on\b| in\b| and\b| of the\b| of {BOARD}| at\b| with\b"
    rf"| behind\b| {BOARD}|$)"
)
_EDGE = r"(?:of|spot|position|place|rank|slot|score)\b"
CUES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_VERB}{_FILLER} {_ORD.format(1)}(?:[- ](?:place|position|rank|spot"
        rf"|overall))?{_NOT_RANK}",
        rf"{MODEL}(?:,| is| at| in| on)? (?:the )?{_ORD.format(2)}(?: place| position)?{_LIST_END}",
        r"(?:\brank(?:s|ed|ing)?|\bposition|\bplaces?|\bplaced|\bnumber|\bno\.|\bspot|(?<![\w\ue000-\ue002])#)"
        r"(?: (?:of|is|at|in|as|number|no\.|the))* ?#?(?P<num>\d{1,3})\b(?![.,]?\d)"
        r"(?! ?(?:%|points|tasks|param|B\b|M\b|k\b|out))",
        rf"\bnumber[- ](?P<number>{'|'.join(list(COUNTS)[1:])})\b(?! (?:of|most|\w+s\b))",
        r"\b(?P<one>number[- ]one|(?<!in the )first place|top spot|the crown|pole position"
        r"|top place"
        r"|top position"
        r"|top rank)\b",
        rf"(?<!\w)(?P<lead>leads|led|leading|tops|topped|topping|heads|headed|dominates)"
        rf"(?: (?:the|on|in|both|currently|now|again|overall|entire|public|official|latest))*"
        rf" ?(?:{BOARD}|leader ?boards?\b|board\b|rankings?\b|table\b|field\b|list\b"
        r"|it(?= (?:on|in|from|until|since|for|by|with)\b|\W*$|[,;]))",
        rf"\b(?:has|have|had|with|achiev\w+|gets?|posts|holds|reach\w+) (?P<high>the highest)"
        rf"(?: {BOARD}| \w+){{0,2}} (?:average|score|mean)\b",
        r"\b(?:is|was|as|remains)(?: the)? (?P<two>runner-up)\b",
        rf"\b(?P<top2>atop|topping)(?: the)? {BOARD}",
        r"\b(?P<lead2>leads|led) (?:with|by|at) (?=(?:a |an |score |of |mean |average )*\d)",
        rf"(?:\band|,) (?:is |ranks |also )*(?P<rest>{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd"
        rf"|rd|th))"
        rf"(?: place)? (?:on|in)(?: the)? {BOARD}",
        rf"\b(?:at|to|in|on|into|atop|reach\w*|takes?|took|taken|taking|holds?"
        rf"|held|gain(?:s|ed)|seiz(?:es|ed)|captur(?:es|ed)) (?P<top1>(?:the )?(?:very )?top"
        rf" {_EDGE}|the lead\b)",
        r"(?:\b(?:is|was|remains|became|as)|,)(?: \w+)? the (?P<best>(?:top|best|highest)[- ]"
        r"(?:ranked|ranking|scoring|performing|placed)|top model|best model|number one"
        r"|leader(?= (?:of|on)))",
        r"\b(?:is|are|was|achiev\w+|sets?|setting|establish\w*|reach\w*|obtain\w*|deliver\w*"
        r"|claims?|holds?"
        r"|remains?|as|with)(?: (?:a|the|an|new|current|as|now|currently|overall|still|results?))*"
        r" (?P<sota>state[- ]of[- ]the[- ]art|sota|new record|new high)\b",
        r"\b(?:in|within|among|into|inside|cracks?|cracked|enters?|entered|makes?|made|reach(?:es|ed))"
        r" (?:the |its )?(?:top|first"
        r"|best)[- ](?P<topn>\d{1,3}|three|five"
        r"|ten|twenty|fifty)\b(?! ?%)",
        r"\b(?P<all>(?:outperform|beat|surpass|outrank|outscor|exceed)(?:s|es|ed|ing)? "
        r"(?:all|every|any)(?: of)?(?: the)?(?: other| existing| competing| previous)*"
        r"(?: embedding| text embedding)? (?:models?|systems?|entr(?:y|ies)|competitors?)\b)",
        r"\b(?P<two2>second only to)\b",
    )
)
_ZH_NUMBER = r"(?:[一二三四五六七八九十百]{1,5}|\d{1,3})"
_ZH_NOT = (
    r"(?! ?(?:个|次|代|版|层|阶段|步|方|种|款|篇|季|届|周|天|章|节|轮|大|类|点|批|时间|梯队|作者|手"
    r"|性|期|部|行|列|页|图|表|条|项|组|句|段|卷|头|元|选择))"
)
ZH_CUES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:排名?|排行|排在|位列|位居|名列|位于|列|居|获得?|取得|夺得|拿下|占据|升至|升到|空降|冲上|冲到|登上|跃居|跃升|荣登|稳居|稳坐|蝉联|跌至|降至|是|为"
        r"|摘得|斩获|暂列|拿到|的|获评|排到)(?:了|到|在|至)?[^,。;:\ue000]{0,12}?"
        rf"(?P<zh>第 ?{_ZH_NUMBER})(?: ?[名位])?{_ZH_NOT}",
        rf"{MODEL} ?(?P<zh2>第 ?{_ZH_NUMBER})(?: ?[名位])?{_ZH_NOT}",
        r"(?P<zhlead>榜首|登顶|霸榜|冠军|头名|榜一|领跑|居首|首位(?=[,;。!?)]|$)|问鼎|最先进水平|(?:(?<=达到)|(?<=刷新)|(?<=取得)|(?<=刷新了)"
        r"|(?<=取得了)|(?<=达到了)|(?<=实现了)) ?SOTA)",
        rf"(?:刷新|取得|达到|实现|拿下)了? ?{BOARD}(?: ?(?:榜单?|上))?的? ?"
        r"(?:新的? ?)?(?P<zhlead3>SOTA)",
        r"(?:平均分|得分|均分|分数|总分)(?P<zhhigh>最高)",
        r"[是为][^,。;]{0,14}的 ?(?P<zhlead2>SOTA|最佳)(?= ?模型|[,。;]|$)",
        r"前 ?(?P<zhtop>[三五十]|二十|\d{1,3}) ?[名位强]?(?![\w年月天])",
    )
)
_IS = r" (?:is|was)(?: currently| now| still| again)?"
BEHIND = re.compile(
    rf"(?:第 ?(?P<zh>{_ZH_NUMBER}) ?[名位]?|(?P<zhlead>榜首|冠军|头名))的?(?:模型)?"
    rf" ?(?:(?:是|为|:|由|属于|归属?于?)[^,;。:{MODEL}{BOARD}]{{1,8}}的|是|为|:|由|属于|归属?于?"
    rf"|依次为)? ?{MODEL}"
    rf"|(?:\b(?:no\.|number|rank)|(?<![\w\ue000-\ue002])#) ?(?P<num>\d{{1,3}})(?:\)|:| is| was| -+"
    rf"| goes to)? ?{MODEL}"
    rf"|\b{_ORD.format('')}(?: place| rank"
    rf"| position)?(?: \w+){{0,3}}?(?: {BOARD})?(?: leader ?board)?(?: (?:in|on|as of) {DATE})?"
    rf"(?:{_IS}|:| goes to| went to| belong(?:s|ed) to) ?{MODEL}"
    rf"|\b(?P<one>top|best|highest[- ](?:ranked|scoring)|leading|top[- ]ranked)(?: \w+){{0,2}}"
    rf" (?:on|of|in)(?: the)? {BOARD}(?: leader ?board)?,?(?:{_IS}|:) ?{MODEL}"
    rf"|\b(?P<two>runner-up)(?: \w+){{0,2}}(?: (?:on|of|in)(?: the)? {BOARD})?(?: leader ?board)?"
    rf",?(?:{_IS}|:) ?{MODEL}"
    rf"|\b(?P<one2>leader) (?:of|on)(?: the)? {BOARD}(?: leader ?board)?(?:,|{_IS}|:) ?{MODEL}"
    rf"|\b(?P<one4>topping|atop)(?: the)? {BOARD}(?: leader ?board)?,?(?:{_IS}|:)? ?{MODEL}"
    rf"|(?P<one5>#1|\bno\. ?1|\bnumber one)(?: \w+){{0,2}} (?:on|of|in)(?: the)? {BOARD}"
    rf"(?: leader ?board)?,?(?:{_IS}|:) ?{MODEL}"
    rf"|{BOARD}(?: leader ?board)?(?:'s)? (?:current )?(?P<one3>leader|champion|top model)"
    rf"(?:,|{_IS}|:) ?{MODEL}",
    re.IGNORECASE,
)
COULD_RANK = re.compile(
    r"\d|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|elfth|enth\b|eleventh"
    r"|twelfth|twentieth|top|atop|lead|led\b|head|dominat|sota|state|record|best|highest|crown"
    r"|number|place|position|champion|runner|\b(?:every|all|any)\b|第|榜|冠|登|领|居|前|问鼎|头名|最|SOTA",
    re.IGNORECASE,
)
HAS_SUBJECT = re.compile(rf"{MODEL}[^,;。:]{{0,25}}$")
"""A rank right behind a model belongs to it, not to the next one."""
NUMBER_ONE = re.compile(r"(?:#|\bno\.|\bnumber) ?1\b", re.IGNORECASE)
BESIDE_MODEL = re.compile(rf"{MODEL} ?\(?(?:at|in|on|which is|ranked|placed)? ?$")
BEGINS = re.compile(r"\W*(?:Currently|Now|Today|Still)?,? ?")
THEN_SUBJECT = re.compile(
    rf"(?: overall| place)?(?: (?:on|in|of|by)(?: the)?(?: \w+)? {BOARD}(?: leader ?board"
    rf"| benchmark| board)?)?, (?:the )?(?:[\w-]+ ){{0,3}}?{MODEL}"
)
"""Ranked fourth on a board, the model …: the subject follows where a sentence begins so."""
FOLLOWED = re.compile(
    rf"[^.;。{MODEL}]{{0,60}}?,? (?P<followed>(?:closely |directly |immediately )?followed"
    rf"(?: closely| directly| immediately)? by (?:the )?{MODEL})(?!,? (?:and|{MODEL}))"
    rf"|[^.;。{MODEL}]{{0,30}}?[,，](?P<followed2>(?:其次|紧随其后的|随后)(?:是|为) ?{MODEL})",
    re.IGNORECASE,
)
AMONG_SOME = re.compile(
    r"\b(?:(?:open(?:ly)?|free|public|proprietary|closed|API|small|tiny|light-?weight|compact|dense"
    r"|encoder[- ]only|non-\w+|sub-\w+|self-hosted|hosted|bert-based|llm-based|European|Asian)"
    r"(?:[- ]\w+){0,2} (?:models?|encoders?|embedders?)"
    r"|among(?! (?:the|its) (?:top|first|best)\b)|amongst"
    r"|open[- ]?(?:source|weights?)|commercial(?:ly)?"
    r"|for (?:its|their) size"
    r"|size (?:class|category)|under \d|below \d|sub-\d|small(?:er|est)? models?"
    r"|in (?:its|their) class)\b"
    r"|开源(?! ?(?:[,;。]|了))|同等|同规模|同尺寸|以下|以内|轻量|小模型|大小的",
    re.IGNORECASE,
)
"""A lead among some models only cannot be checked by rule."""
RESTRICTED = re.compile(
    r"\b(?:LoRA|low-rank|matrix|matrices|one of|overtook|overtaken|dethron\w+"
    r"|replac\w+|first time|debut\w*|will"
    r"|every"
    r"|each|all (?:of )?(?:the )?(?:tasks|boards)|per-task|compared (?:to|with)|than|tied|shared?"
    r"|joint|on which|when (?:it|released)|at (?:its |the )?(?:release|time))\b"
    r"|之一|此前|之前|首个|首次|刚发布|发布时|当时|并列|多项|各项|个任务",
    re.IGNORECASE,
)
"""A lead at some unnamed time, in some tasks, or shared cannot be checked by rule."""
PAST = re.compile(r"\b(?:once|formerly|previously|used to|had (?:been|led|ranked))\b|曾|一度", re.I)
BY_MEAN = re.compile(
    rf"\bby (?:its |the )?(?:mean|average)|highest(?: {BOARD}| \w+){{0,2}} (?:average|score|mean)\b"
    r"|平均分(?:排|计)|按(?:平均|均)分|(?:平均分|得分|均分|分数|总分)最高",
    re.I,
)
CLAUSE = re.compile(r"[,;。:]")
CONSEQUENCE = re.compile(
    r",? (?:which is why|so(?! far)|and so|hence|therefore|making it)\b|, ?(?:因此|所以|于是)",
    re.IGNORECASE,
)
"""Begins what a writer concludes from a rank."""
TOP_LIST = re.compile(
    rf"\btop[- ](?P<n>three|two|five|\d)(?: \w+){{0,2}}?(?: (?:on|of"
    rf"|in)(?: the)? {BOARD})?(?: are|:) ?"
    rf"(?P<m>{MODEL}(?:(?:,| and|, and) (?:the )?{MODEL})+)"
    rf"|前 ?(?P<n2>[二三五]|\d) ?[名位甲强]?(?:的?模型)?(?P<order>依次|分别)?(?:是|为|:) ?"
    rf"(?P<m2>{MODEL}(?: ?(?:、|,|和|与|以及) ?{MODEL})+)",
    re.IGNORECASE,
)
PART = re.compile(
    r"\b(?:retrieval|classification|clustering|re-?ranking|STS|similarity|summari[sz]ation"
    r"|bitext)\b"
    r"|检索|分类|聚类|重排|相似度|摘要",
    re.IGNORECASE,
)
