"""A language model that reads graphs: its words, the graph's tokens among them, and layers that look at the graph."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from assistant.tuning.connectors import GatedCrossAttention
from assistant.tuning.graph_tokens import GraphTokens
from assistant.tuning.packing import IGNORED, positions, visible


class GraphLanguageModel(nn.Module):
    """A causal language model with graph tokens in the place of placeholders, or looked at through gates.

    Args:
        language: a causal language model of transformers, with or without LoRA.
        tokens: makes graph tokens; None reads text only.
        placeholder: token id that graph tokens stand for.
        gated_every: 0 puts the graph tokens into the sequence; n > 0 leaves them out of it and lets every
            n-th layer look at them through `GatedCrossAttention`.
        heads: attention heads of those layers.
    """

    def __init__(
        self,
        language: Any,
        tokens: GraphTokens | None = None,
        placeholder: int = -1,
        gated_every: int = 0,
        heads: int = 8,
    ) -> None:
        super().__init__()
        self.language = language
        self.tokens = tokens
        self.placeholder = placeholder
        self.gates = nn.ModuleList()
        self._looked_at: tuple[Tensor, Tensor] | None = None
        if tokens is not None and gated_every:
            layers = decoder_layers(language)
            dims = language.get_input_embeddings().embedding_dim
            for layer in layers[::gated_every]:
                gate = GatedCrossAttention(dims, dims, heads)
                self.gates.append(gate)
                layer.register_forward_pre_hook(self._looking(gate), with_kwargs=True)

    def forward(
        self, input_ids: Tensor, labels: Tensor, segments: Tensor, graphs: Mapping[str, Tensor] | None = None
    ) -> dict[str, Tensor]:
        """The mean loss of the answers' tokens, and their logits in the order of `labels[:, 1:]`.

        Args:
            input_ids: (b, t), int64.
            labels: (b, t), int64, `IGNORED` where a token is no part of an answer.
            segments: (b, t), int64, see `packing`.
            graphs: what `graph_tokens.collated` gives; None without graph tokens.
        """
        embedded = self.embedded(input_ids, graphs)
        hidden = torch.zeros((), dtype=embedded.dtype, device=embedded.device)
        mask = hidden.masked_fill(~visible(segments)[:, None], torch.finfo(embedded.dtype).min)
        logits = self.language(
            inputs_embeds=embedded, attention_mask=mask, position_ids=positions(segments), use_cache=False
        ).logits
        wanted = labels[:, 1:] != IGNORED
        answers = logits[:, :-1][wanted]
        # A mean of nothing would be NaN and end a training run: batches without an answer teach nothing.
        loss = nn.functional.cross_entropy(answers.float(), labels[:, 1:][wanted]) if len(answers) else logits.sum() * 0
        return {"loss": loss, "logits": answers}

    def embedded(self, input_ids: Tensor, graphs: Mapping[str, Tensor] | None) -> Tensor:
        """Input embeddings (b, t, dims) with graph tokens at the placeholders, in order."""
        embed = self.language.get_input_embeddings()
        if self.tokens is None or graphs is None:
            return embed(input_ids)
        tokens, seen = self.tokens(graphs["word_ids"], graphs["numbers"], graphs["seen"], embed)
        if len(self.gates):
            self._looked_at = tokens, seen
            return embed(input_ids)
        here = input_ids == self.placeholder
        words = embed(torch.where(here, 0, input_ids))
        return words.masked_scatter(here.unsqueeze(-1), tokens[seen].to(words.dtype))

    @torch.inference_mode()
    def generate(
        self, input_ids: Tensor, seen: Tensor, graphs: Mapping[str, Tensor] | None = None, **options: Any
    ) -> Tensor:
        """The most likely answers (b, t) behind prompts that are padded at their start.

        Args:
            input_ids: (b, t), int64.
            seen: (b, t), 1 where there is a token.
            graphs: what `graph_tokens.collated` gives.
            options: of `generate` of transformers, for example `max_new_tokens`.
        """
        embedded = self.embedded(input_ids, graphs)
        return self.language.generate(inputs_embeds=embedded, attention_mask=seen, do_sample=False, **options)

    def _looking(self, gate: GatedCrossAttention) -> Any:
        def look(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
            if self._looked_at is None:
                return args, kwargs
            words = args[0] if args else kwargs["hidden_states"]
            looked = gate(words.to(gate.norm.weight.dtype), *self._looked_at).to(words.dtype)
            return ((looked, *args[1:]), kwargs) if args else (args, {**kwargs, "hidden_states": looked})

        return look


def decoder_layers(language: Any) -> nn.ModuleList:
    """The layers of a causal language model, one after the other: its longest list of modules of one kind."""
    lists = (module for module in language.modules() if isinstance(module, nn.ModuleList) and len(module))
    return max(lists, key=len)


def freeze(module: nn.Module, frozen: bool = True) -> None:
    """Let a module keep its weights, or learn."""
    for parameter in module.parameters():
        parameter.requires_grad_(not frozen)
