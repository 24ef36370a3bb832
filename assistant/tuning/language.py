"""The language model that is tuned: a tiny one from nothing, or a local folder of any size."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assistant.models.local import load
from scenegraph import InputError

PAD, UNKNOWN, START, END, USER, ANSWER, GRAPH = "<pad>", "<unk>", "<s>", "</s>", "<user>", "<answer>", "<graph>"

_WORD = r"[A-Za-z_]+(?:-[A-Za-z_]+)*"
_OTHER = r"\n|-?\d+|[^\sA-Za-z0-9_]"

_CHAT = (
    "<s>{% for message in messages %}{% if message['role'] == 'assistant' %}{{ message['content'] }}</s>"
    "{% else %}<user>{{ message['content'] }}<answer>{% endif %}{% endfor %}"
)


@dataclass(frozen=True)
class TinySize:
    """Size of a language model that is made from nothing.

    Attributes:
        dims: width.
        inner: width of the feed-forward layers.
        layers: number of layers.
        heads: attention heads.
        positions: tokens of the longest sequence.
    """

    dims: int = 128
    inner: int = 256
    layers: int = 4
    heads: int = 4
    positions: int = 1024


def word_tokenizer(texts: Iterable[str], phrases: Iterable[str] = ()) -> PreTrainedTokenizerFast:
    """A tokenizer whose tokens are the words of some texts; other words are unknown to it.

    A word keeps the number of its label (`person-1`); line breaks, numbers and marks are tokens too.

    Args:
        texts: what it shall be able to write.
        phrases: several words that shall be one token, for example predicates.

    >>> tokenizer = word_tokenizer(["person-1 looking at sports ball-1"], ["looking at", "sports ball"])
    >>> tokenizer.tokenize("person-1 looking at sports ball-1 , dog")
    ['person-1', 'looking at', 'sports ball-1', '<unk>', '<unk>']
    """
    several = sorted((re.escape(phrase) for phrase in phrases if " " in phrase), key=len, reverse=True)
    names = "|".join([*several, _WORD])
    split = pre_tokenizers.Split(Regex(rf"(?:{names})(?:-\d+)?\b|{_OTHER}"), "removed", invert=True)
    words = sorted({word for text in texts for word, _ in split.pre_tokenize_str(text)})
    special = [PAD, UNKNOWN, START, END, USER, ANSWER, GRAPH]
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys([*special, *words]))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = split
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        bos_token=START,
        eos_token=END,
        additional_special_tokens=[USER, ANSWER, GRAPH],
        clean_up_tokenization_spaces=False,
    )
    made.chat_template = _CHAT
    return made


def tiny_model(tokenizer: PreTrainedTokenizerFast, size: TinySize, seed: int = 0) -> LlamaForCausalLM:
    """A Llama of random weights over the words of a tokenizer; the same seed gives the same weights."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=size.dims,
        intermediate_size=size.inner,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=size.positions,
        tie_word_embeddings=True,
        initializer_range=size.dims**-0.5,  # the usual 0.02 is made for widths of thousands
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    return LlamaForCausalLM(config)


def from_folder(folder: str | Path, dtype: str = "auto") -> tuple[Any, Any]:
    """A causal language model and its tokenizer, which gets a padding token, from a local folder.

    Raises:
        InputError: the folder holds none that can be loaded.
    """
    model, tokenizer = load(Path(folder), dtype)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def with_lora(model: Any, rank: int = 16, alpha: int = 32, dropout: float = 0.05) -> Any:
    """The model with low-rank adapters at every linear layer (LoRA, Hu et al. 2022; all layers as in QLoRA).

    Raises:
        InputError: peft is not installed.
    """
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError:
        raise InputError("LoRA needs peft: pip install peft; or tune all parameters with lora=None") from None
    config = LoraConfig(
        r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules="all-linear", task_type="CAUSAL_LM"
    )
    return get_peft_model(model, config)
