"""A causal language model in a local Hugging Face folder."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.models import constrained
from assistant.models.base import Message, ModelError
from scenegraph import InputError


class LocalModel:
    """A model and its tokenizer, loaded from a folder; nothing is downloaded and no code of the folder runs.

    Args:
        folder: as `save_pretrained` of transformers writes it.
        constrain: where a schema is given, let the model write only what it allows (see
            `assistant.models.constrained`); None does so if llguidance is installed.

    Raises:
        InputError: the folder holds no causal language model that can be loaded, or `constrain` is
            asked for and llguidance is not installed.
    """

    def __init__(self, folder: Path, constrain: bool | None = None) -> None:
        if constrain:
            constrained.require()
        import torch

        self.folder = folder
        self.constrain = constrained.available() if constrain is None else constrain
        self.model, self.tokenizer = load(folder)
        self.model.eval()
        if torch.cuda.is_available():
            self.model.to("cuda")

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    def count(self, text: str) -> int:
        """Tokens of a text in this model's own vocabulary."""
        return len(self.tokenizer.encode(text, add_special_tokens=False))

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> str:
        """The text of the next turn, the most likely word each time.

        Raises:
            ModelError: the conversation has pictures or is longer than the model reads, or generation fails.
        """
        return "".join(self.stream(messages, schema, max_tokens))

    def stream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> Iterator[str]:
        """The same text in pieces, while it is written; closing the iterator stops the model.

        Raises:
            ModelError: as `complete`.
        """
        if any(not isinstance(message["content"], str) for message in messages):
            raise ModelError(f"{self.name} reads text only; pictures need a server with a vision-language model")
        inputs = self._inputs(messages).to(self.model.device)
        limit = getattr(self.model.config, "max_position_embeddings", None)
        length = inputs["input_ids"].shape[1]
        if limit is not None and length + 1 >= limit:
            raise ModelError(f"the prompt has {length} tokens; {self.name} reads at most {limit}")
        room = max_tokens if limit is None else min(max_tokens, limit - length)
        yield from self._written(inputs, room, self._constraints(schema, length))

    def _written(
        self, inputs: Mapping[str, Any], room: int, constraints: list[constrained.Constraint]
    ) -> Iterator[str]:
        """What the model writes in a thread of its own, piece by piece."""
        import torch
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        stopped = threading.Event()
        failed: list[Exception] = []
        padding = self.tokenizer.pad_token_id

        def stop(input_ids: Any, scores: Any, **_: Any) -> Any:
            return torch.full((input_ids.shape[0],), stopped.is_set(), device=input_ids.device)

        def write() -> None:
            try:
                with torch.inference_mode():
                    self.model.generate(
                        **inputs,
                        max_new_tokens=room,
                        do_sample=False,
                        pad_token_id=self.tokenizer.eos_token_id if padding is None else padding,
                        streamer=streamer,
                        stopping_criteria=[stop],
                        logits_processor=constraints,
                    )
            except Exception as error:  # whatever it is, the reader waits for an end
                failed.append(error)
                streamer.end()

        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        try:
            yield from filter(None, streamer)
        finally:
            stopped.set()
            thread.join()
        if failed:
            raise ModelError(f"{self.name} could not write an answer ({str(failed[0])[:120]})") from None

    @cached_property
    def _guide(self) -> Any:
        return constrained.tokenizer_of(self.tokenizer, self.model.config.vocab_size)

    def _constraints(self, schema: Mapping[str, Any] | None, length: int) -> list[constrained.Constraint]:
        if schema is None or not self.constrain:
            return []
        try:
            return [constrained.Constraint(self._guide, schema, length)]
        except (InputError, ValueError):  # a schema or a tokenizer that llguidance cannot use
            return []

    def _inputs(self, messages: Sequence[Message]) -> Any:
        if getattr(self.tokenizer, "chat_template", None):
            return self.tokenizer.apply_chat_template(
                list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        plain = "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)
        return self.tokenizer(f"{plain}\n\nassistant:", return_tensors="pt")


def load(folder: Path, dtype: str = "auto") -> tuple[Any, Any]:
    """A causal language model and its tokenizer from a local folder; nothing is downloaded, no code of it runs.

    Args:
        folder: as `save_pretrained` of transformers writes it.
        dtype: of the weights, for example "bfloat16"; "auto" takes that of the file.

    Raises:
        InputError: the folder holds none that can be loaded.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the local folder of a causal language model")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=dtype
        )
    except Exception as error:  # transformers raises many kinds for a folder of another sort
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{folder}: holds no causal language model that can be loaded ({said})") from None
    return model, tokenizer
