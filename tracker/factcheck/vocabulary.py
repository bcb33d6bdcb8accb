"""Words for ranks, poolings, techniques, licences and organisations, in English and Chinese."""

from __future__ import annotations

import re

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
"""Ranks in words, beginning with 1."""

POOLINGS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"latent[- ]attention|潜在注意力", frozenset({"latent-attention"})),
    (
        r"(?:last|final)[- ]token|末位词元|最后一个 ?(?:token|词元)|末尾 ?token",
        frozenset({"last-token", "eos"}),
    ),
    (r"\[?EOS\]?(?:[- ]token)?|end[- ]of[- ]sequence|结束符", frozenset({"eos", "last-token"})),
    (r"\[?CLS\]?(?:[- ]token)?|first[- ]token|首词元", frozenset({"cls", "multi-cls"})),
    (r"weighted[- ]mean|加权平均", frozenset({"weighted-mean"})),
    (r"mean|average|avg|均值|平均", frozenset({"mean", "instruction-masked-mean"})),
    (r"max|最大", frozenset({"max"})),
)
"""Words of a pooling, and the slugs of the vocabulary that they fit."""

TOKENS = (
    r"(?:last|final)[- ]token|最后一个 ?(?:token|词元)|末位词元|末尾 ?token",
    r"\[?EOS\]?",
    r"\[?CLS\]?|first[- ]token|首词元",
)
"""Words of a single token whose state stands for the text; each is the beginning of a pooling's."""

TECHNIQUES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"matryoshka(?: representation learning| embeddings?)?|\bMRL\b"
    r"|套娃", frozenset({"matryoshka"})),
    (r"model merging|slerp|模型合并|模型融合", frozenset({"model-merging"})),
    (
        r"hard[- ]negatives?(?: mining)?|难负例|困难负样本|难负样本|硬负样本",
        frozenset({"hard-negatives", "mined-static", "positive-aware", "dynamic-score",
                   "teacher-mined-negatives", "rank-window", "index-refresh"}),
    ),
    (r"positive-aware (?:hard[- ]negative )?(?:mining|filtering)", frozenset({"positive-aware"})),
    (r"in-batch negatives|批内负(?:例"
    r"|样本)", frozenset({"in-batch", "in-batch-softmax", "cross-device"})),
    (r"cross-(?:GPU|device) (?:batch|negatives)|跨(?:设备|GPU)", frozenset({"cross-device"})),
    (r"InfoNCE", frozenset({"infonce"})),
    (r"CoSENT", frozenset({"cosent"})),
    (r"circle loss", frozenset({"circle-loss"})),
    (r"AnglE ?(?:loss|objective|损失|目标)", frozenset({"angle"})),
    (
        r"contrastive (?:learning|loss|training|objective)|对比学习|对比损失",
        frozenset({"contrastive", "infonce", "in-batch-softmax", "improved-contrastive",
                   "nce-hardness-weighted", "weakly-supervised-contrastive"}),
    ),
    (
        r"(?:knowledge |embedding |score )?distillation|蒸馏",
        frozenset({"distillation", "embedding-distillation", "score-distillation",
                   "self-distillation", "unlabelled-distillation"}),
    ),
    (r"self-(?:knowledge )?distillation|自蒸馏", frozenset({"self-distillation"})),
    (r"task(?:-specific)? (?:LoRA )?adapters?|LoRA adapters?"
    r"|适配器", frozenset({"adapter-training"})),
    (
        r"synthetic (?:training )?data|LLM-generated data|合成数据",
        frozenset({"llm-synthetic", "persona-synthetic"}),
    ),
    (r"bidirectional attention"
    r"|双向注意力", frozenset({"bidirectional", "causal-to-bidirectional"})),
    (r"causal attention|因果注意力", frozenset({"causal"})),
    (r"rotary (?:position\w*|embeddings?)|RoPE|旋转位置", frozenset({"rope"})),
    (r"in-context (?:examples|learning)|上下文示例", frozenset({"in-context-examples"})),
    (r"late chunking|延迟切块", frozenset({"late-chunking"})),
    (r"quantisation-aware|quantization-aware|量化感知", frozenset({"quantisation-aware-training"})),
    (r"instruction[- ]tun\w+|指令微调", frozenset({"instruction-tuning", "instruction-data"})),
    (r"mixture[- ]of[- ]experts|\bMoE\b|混合专家", frozenset({"moe"})),
)  # fmt: skip

TECHNIQUE_PROPERTIES = (
    "innovation", "negatives", "objective", "stages", "attention", "instructions", "training_data",
    "batching", "pooling",
)  # fmt: skip
EXCLUSIVE = {"attention": frozenset({"bidirectional", "causal", "causal-to-bidirectional"})}
"""Properties of which a model has one value, with the slugs that exclude each other."""

LICENCE = (
    r"Apache[- ]?(?:Licen[cs]e,? ?)?(?:version |v)?2(?:\.0)?|MIT(?![A-Za-z])"
    r"|CC[- ]?BY(?:[- ]NC)?(?:[- ](?:SA|ND))?"
    r"(?:[- ]\d\.\d)?|Gemma(?= (?:licen|terms))|BSD[- ]3(?:-Clause)?|(?:A"
    r"|L)?GPL(?:[- ]?v?\d(?:\.0)?)?|OpenMDW"
    r"(?:-\d\.\d)?"
)


def licence_slug(written: str) -> str:
    """The name of a licence as sources write it: ``apache-2.0``, ``cc-by-nc-4.0``."""
    slug = re.sub(
        r"[\s-]+", "-", re.sub(r"licen[cs]e|version|,|(?<=[ -])v(?=\d)", "", written, flags=re.I)
    )
    slug = slug.casefold().strip("-")
    if slug.startswith("apache"):
        return "apache-2.0"
    return re.sub(r"^ccby", "cc-by", slug)
