"""Names of builds: suffixes such as ``-Q4_K_M-GGUF`` that name a build of a model, not a model."""

from __future__ import annotations

import re
from functools import lru_cache

_BUILD = re.compile(
    r"[-_.](?:i?q\d(?:_[0-9a-z]+)*|f(?:p)?16|f32|fp32|bf16|fp8|int[48]|w\d+a\d+|[48]bits?|gguf|ggml"
    r"|awq|gptq|exl2|onnx|openvino|mlx|bnb|vllm|quantized|quantised|imatrix|imat|gguf-imatrix)$",
    re.IGNORECASE,
)
_QUANTISED = re.compile(
    r"[-_.](?:i?q\d(?:_\w+)*|fp8|int[48]|w\d+a\d+|[48]bits?|gguf|ggml|awq|gptq|exl2|bnb|"
    r"quanti[sz]ed|imatrix|imat)(?=$|[-_.])",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def base_name(name: str) -> str:
    """Strip suffixes from a display name that only name a build.

    >>> base_name("Conan-embedding-v1-Q4_K_M-GGUF")
    'Conan-embedding-v1'
    """
    while (shorter := _BUILD.sub("", name)) != name and shorter:
        name = shorter
    return name


def is_quantised(name: str) -> bool:
    """Whether a name says that the numbers of the model have fewer bits.

    >>> is_quantised("Conan-embedding-v1-Q4_K_M-GGUF"), is_quantised("Conan-embedding-v1-onnx")
    (True, False)
    """
    return _QUANTISED.search(name) is not None
