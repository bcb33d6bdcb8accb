"""Fixed texts of a note in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed texts of a note in one language."""

    language: str
    title: str
    opening: str
    lead: str
    lead_data: str
    votes: str
    """Explains ranks by votes of tasks, if they do not follow the means."""
    tied: str
    """Says that the choice of tasks does not tell the leader apart from others."""
    board_heads: tuple[str, str]
    board_names: tuple[str, str]
    board_source: str
    board_opening: str
    rank: str
    mean: str
    no_mean: str
    size: str
    aside: str
    dash: str
    """Before an aside that has brackets itself."""
    licence: str
    no_commerce: str
    disputed: str
    brought: str
    pooling: str
    trained_on: str
    papers: str
    later: str
    no_paper: str
    no_paper_short: str
    left_out: str
    left_out_one: str
    copies: str
    copy: str
    methods_head: str
    datasets: str
    dataset: str
    pooling_ways: str
    sources: str
    remark_heads: dict[str, str]
    """Headings by kind of remark in a written comparison, in order."""
    references_head: str
    comma: str
    enumeration: str
    """Separator of list items."""
    semicolon: str
    colon: str
    sentence_space: str

    def pick(self, text: Bilingual) -> str:
        """Return a text in this language."""
        return text.pick(self.language)


EN = Words(
    language="en",
    title="Text embeddings: who leads and why, {day}",
    opening="Who led the boards of text embeddings on {day}, what did they do differently, and what"
    " were they trained on? Ranks and means are those of the last boards that were published by"
    " then{boards}. Methods are given as documented today, each with its source; papers"
    " published after that day are marked.",
    lead="First on the {board} board: {names}{source}.",
    lead_data="Where pooling is documented, it is mostly {pooling}.",
    votes=" Tasks vote on the ranks (Borda), so they do not follow the means.",
    tied="{model}, which leads, is tied with {others}: with 95 % confidence, the choice of tasks"
    " does not tell them apart.",
    board_heads=("English: the state of the art", "Chinese models"),
    board_names=("English", "Chinese"),
    board_source="the boards as they were published, state of {day}",
    board_opening="{board}, version of {day}{source}.{votes} Of the first {top} models (a copy"
    " keeps its rank but is not listed) the methods of these are documented:",
    rank="No. {rank}",
    mean="mean {mean}",
    no_mean="no mean because tasks are missing",
    size="{size} parameters",
    aside=" ({aside})",
    dash=": ",
    licence="Licence: ",
    no_commerce="no commercial use",
    disputed="sources disagree",
    brought="New in it: ",
    pooling="Pooling: ",
    trained_on="Trained on: ",
    papers="Papers: ",
    later="published later, on {day}",
    no_paper="{said} (searched {day})",
    no_paper_short=", no paper found in {day}",
    left_out="Not described, because their methods are not documented here yet: {names}.",
    left_out_one="{model} (No. {rank}{known})",
    copies="Not listed, because they are copies: {names}.",
    copy="{copies} of {model}",
    methods_head="Training data and methods",
    datasets="Most frequent training data (number of models): {names}.",
    dataset="{name} ({n})",
    pooling_ways="Pooling (number of models): {names}; unknown for {silent} others.",
    sources="sources",
    remark_heads={
        "difference": "Differences",
        "connection": "Connections",
        "remark": "Common misconceptions",
    },
    references_head="Sources",
    comma=", ",
    enumeration=", ",
    semicolon="; ",
    colon=": ",
    sentence_space=" ",
)

ZH = Words(
    language="zh",
    title="文本嵌入模型：谁领先，凭什么（{day}）",
    opening="{day} 这天，文本嵌入榜上谁领先，靠的是什么，又用什么数据训练？"
    "名次与均分取该日及之前最近一次公布的榜单{boards}；"
    "方法按现有资料整理，只写有据可查的部分，逐条注明出处，晚于该日的论文另行标明。",
    lead="{board}上领先的是 {names}{source}。",
    lead_data="池化方式有据可查的模型里，以{pooling}居多。",
    votes="名次由各任务投票得出（Borda 计票），与均分高低不完全一致。",
    tied="榜首 {model} 与 {others} 难分高下（95% 置信水平）：任务稍有增减，名次就可能互换。",
    board_heads=("英文榜：当前最佳", "中文模型"),
    board_names=("英文榜", "中文榜"),
    board_source="榜单原始数据，{day} 的状态",
    board_opening="{board}，{day} 版{source}。{votes}合并重复上传后取前 {top} 个模型"
    "（名次仍按原榜），方法有公开记载的如下：",
    rank="第 {rank} 名",
    mean="均分 {mean}",
    no_mean="任务不全，没有均分",
    size="{size} 参数",
    aside="（{aside}）",
    dash="——",
    licence="许可证：",
    no_commerce="禁止商用",
    disputed="各来源说法不一",
    brought="创新点：",
    pooling="池化方式：",
    trained_on="训练数据：",
    papers="论文：",
    later="{day} 才发表",
    no_paper="{said}（{day} 查证）",
    no_paper_short="，{day} 查证未见论文",
    left_out="以下模型暂未收录任何方法资料，故未展开：{names}。",
    left_out_one="{model}（第 {rank} 名{known}）",
    copies="另有重复上传未单列：{names}。",
    copy="{copies}（同 {model}）",
    methods_head="训练数据与方法",
    datasets="上述模型提到最多的训练数据（括号内为模型数）：{names}。",
    dataset="{name}（{n}）",
    pooling_ways="池化方式分布（括号内为模型数）：{names}；其余 {silent} 个未见说明。",
    sources="出处",
    remark_heads={"difference": "差异", "connection": "联系", "remark": "容易说错的地方"},
    references_head="参考资料",
    comma="，",
    enumeration="、",
    semicolon="；",
    colon="：",
    sentence_space="",
)
