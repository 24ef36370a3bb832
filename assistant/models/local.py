"""A causal language model in a local Hugging Face folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.models.base import Message, ModelError
from scenegraph import InputError


class LocalModel:
    """A model and its tokenizer, loaded from a folder; nothing is downloaded and no code of the folder runs.

    Raises:
        InputError: the folder holds no causal language model that can be loaded.
    """

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.folder = folder
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            self.model = AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype="auto"
            )
        except Exception as error:  # transformers raises many kinds for a folder of another sort
            said = " ".join(str(error).split())[:200]
            raise InputError(f"{folder}: holds no causal language model that can be loaded ({said})") from None
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
        import torch

        if any(not isinstance(message["content"], str) for message in messages):
            raise ModelError(f"{self.name} reads text only; pictures need a server with a vision-language model")
        inputs = self._inputs(messages).to(self.model.device)
        limit = getattr(self.model.config, "max_position_embeddings", None)
        length = inputs["input_ids"].shape[1]
        if limit is not None and length + 1 >= limit:
            raise ModelError(f"the prompt has {length} tokens; {self.name} reads at most {limit}")
        room = max_tokens if limit is None else min(max_tokens, limit - length)
        padding = self.tokenizer.pad_token_id
        try:
            with torch.inference_mode():
                written = self.model.generate(
                    **inputs,
                    max_new_tokens=room,
                    do_sample=False,
                    pad_token_id=self.tokenizer.eos_token_id if padding is None else padding,
                )
        except (RuntimeError, ValueError, IndexError) as error:
            raise ModelError(f"{self.name} could not write an answer ({str(error)[:120]})") from None
        return str(self.tokenizer.decode(written[0, length:], skip_special_tokens=True))

    def _inputs(self, messages: Sequence[Message]) -> Any:
        if getattr(self.tokenizer, "chat_template", None):
            return self.tokenizer.apply_chat_template(
                list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        plain = "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)
        return self.tokenizer(f"{plain}\n\nassistant:", return_tensors="pt")
