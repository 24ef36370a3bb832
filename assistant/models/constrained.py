"""Constrained decoding: a local model can only write text that a JSON Schema allows.

Needs llguidance (extra `llm`). A grammar is compiled from the schema; before every token the tokens
that would leave it get the logit minus infinity, so that an id that the schema does not list cannot be
written at all. What comes out is validated like any other text all the same.
"""

import importlib.util
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenegraph import InputError

if TYPE_CHECKING:
    import torch

PACKAGE = "llguidance"


def available() -> bool:
    """Whether llguidance is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def require() -> None:
    """Raise the error that says how to install what is missing.

    Raises:
        InputError: llguidance is not installed.
    """
    if not available():
        raise InputError(
            "constrained decoding needs the package 'llguidance': pip install 'groundgraph[llm]'; "
            "without it a model's text is only validated afterwards"
        )


def tokenizer_of(tokenizer: Any, vocabulary_size: int) -> Any:
    """The tokenizer of a Hugging Face model as llguidance sees it; takes about a second for a large one."""
    from llguidance.hf import from_tokenizer

    return from_tokenizer(tokenizer, n_vocab=vocabulary_size)


class Constraint:
    """A logits processor of one answer of one conversation (a batch of one).

    Args:
        tokenizer: of `tokenizer_of`.
        schema: the JSON Schema that the answer follows.
        prompt_length: tokens before the answer.

    Raises:
        InputError: llguidance cannot make a grammar of the schema.
    """

    def __init__(self, tokenizer: Any, schema: Mapping[str, Any], prompt_length: int) -> None:
        from llguidance import LLMatcher

        # Free white space between the parts would let a weak model write blanks until its room is used up.
        grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), defaults={"whitespace_flexible": False})
        self.matcher = LLMatcher(tokenizer, grammar)
        if self.matcher.is_error():
            raise InputError(f"no grammar can be made of the schema ({str(self.matcher.get_error())[:200]})")
        self._read = prompt_length

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """The logits [1, vocabulary] with minus infinity for every token that leaves the schema."""
        import numpy as np
        import torch

        for token in input_ids[0, self._read :].tolist():
            self.matcher.consume_token(token)
        self._read = input_ids.shape[1]
        packed = np.frombuffer(self.matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.zeros(scores.shape[1], dtype=bool)  # padding rows of an embedding are no tokens
        bits = np.unpackbits(packed, bitorder="little")[: len(allowed)].astype(bool)
        allowed[: len(bits)] = bits
        return scores.masked_fill(~torch.from_numpy(allowed).to(scores.device), float("-inf"))
