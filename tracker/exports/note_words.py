"""The words of a note in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers import Bilingual


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a note says by itself, in one language."""

    language: str
    title: str
    opening: str
    board_heads: tuple[str, str]
    board_source: str
    board_opening: str
    rank: str
    mean: str
    size: str
    aside: str
    brought: str
    pooling: str
    trained_on: str
    papers: str
    statement: str
    later: str
    no_paper: str
    no_paper_short: str
    left_out: str
    left_out_one: str
    methods_head: str
    datasets: str
    dataset: str
    pooling_ways: str
    sources: str
    remark_heads: dict[str, str]
    """By the kind of remark of a written comparison, in order."""
    references_head: str
    comma: str
    semicolon: str
    colon: str

    def pick(self, text: Bilingual) -> str:
        """A text in this language."""
        return text.zh if self.language == "zh" else text.en


EN = Words(
    language="en",
    title="Text embeddings: who leads and why, {day}",
    opening="State of {day}. Ranks and means are those that the boards printed{boards}. Methods"
    " are told as far as they are documented today, each with its source; a paper that came"
    " after that day is marked.",
    board_heads=("English: the state of the art", "Chinese models"),
    board_source="the boards as they were published, state of {day}",
    board_opening="{board}, version of {day}{source}. Of the first {top} models (a copy"
    " keeps its rank but is not listed) the methods of these are documented:",
    rank="No. {rank}",
    mean="mean {mean}",
    size="{size} parameters",
    aside=" ({aside})",
    brought="What it brought: ",
    pooling="Pooling: ",
    trained_on="Trained on: ",
    papers="Papers: ",
    statement="{label} ({said})",
    later="published later, on {day}",
    no_paper="{said} (searched {day})",
    no_paper_short=", no paper found in {day}",
    left_out="Left out, because nothing of their method is documented here yet: {names}.",
    left_out_one="{model} (No. {rank}{known})",
    methods_head="Training data and methods",
    datasets="Training data that most of these models name (number of models): {names}.",
    dataset="{name} ({n})",
    pooling_ways="How they pool (number of models): {names}.",
    sources="sources",
    remark_heads={
        "difference": "What divides them",
        "connection": "What connects them",
        "remark": "Often told wrong",
    },
    references_head="Sources",
    comma=", ",
    semicolon="; ",
    colon=": ",
)

ZH = Words(
    language="zh",
    title="文本嵌入模型：谁领先，凭什么（{day}）",
    opening="榜单数据截至 {day}，名次与均分以当时公布的为准{boards}。"
    "方法按现有资料整理，只写有据可查的部分，逐条注明出处；晚于该日的论文另行标明。",
    board_heads=("英文榜：当前最佳", "中文模型"),
    board_source="榜单原始数据，{day} 的状态",
    board_opening="{board}，{day} 版{source}。合并重复上传后取前 {top} 个模型（名次仍按原榜），"
    "方法有公开记载的如下：",
    rank="第 {rank} 名",
    mean="均分 {mean}",
    size="参数量 {size}",
    aside="（{aside}）",
    brought="创新点：",
    pooling="池化方式：",
    trained_on="训练数据：",
    papers="论文：",
    statement="{label}（{said}）",
    later="{day} 才发表",
    no_paper="{said}（{day} 查证）",
    no_paper_short="，{day} 查证未见论文",
    left_out="以下模型暂未收录任何方法资料，故未展开：{names}。",
    left_out_one="{model}（第 {rank} 名{known}）",
    methods_head="训练数据与方法",
    datasets="上述模型提到最多的训练数据（括号内为模型数）：{names}。",
    dataset="{name}（{n}）",
    pooling_ways="池化方式分布（括号内为模型数）：{names}。",
    sources="出处",
    remark_heads={"difference": "差异", "connection": "联系", "remark": "容易说错的地方"},
    references_head="参考资料",
    comma="、",
    semicolon="；",
    colon="：",
)
