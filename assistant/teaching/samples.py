"""What instruction data is made of: statements that were proven, turns, samples.

A sample is stored as plain JSON with the programs behind it, so that anybody can run them again; the
formats of `files` keep the text only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.phrasing import listed


@dataclass(frozen=True)
class Statement:
    """One clause of an answer, with what proves it.

    A clause is proven by being read back (`read`) and found in the graph, or, where English for it
    cannot be read back, by the result of a program; where both are given, by both.

    Attributes:
        text: the clause as it stands in the answer, without a full stop.
        read: what `verify` reads, usually the text itself; None where a program alone proves it.
        program: a program in its one-line form, or None.
        result: what the program gives, as `proof.result_of` writes it.
        ends: subject and object, node ids, that the reading must be about.
    """

    text: str
    read: str | None = None
    program: str | None = None
    result: str | None = None
    ends: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, without what is empty."""
        pairs: dict[str, Any] = {"text": self.text, "read": self.read, "program": self.program, "result": self.result}
        pairs["ends"] = None if self.ends is None else list(self.ends)
        return {key: value for key, value in pairs.items() if value is not None}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Statement":
        """What `to_json` wrote."""
        ends = value.get("ends")
        pair = None if ends is None else (ends[0], ends[1])
        return cls(value["text"], value.get("read"), value.get("program"), value.get("result"), pair)


@dataclass(frozen=True)
class Turn:
    """A question with its answer.

    Attributes:
        family: which template asked (see `phrasings`).
        question: English.
        answer: English; every clause of it is a statement, the rest are connecting words.
        statements: the clauses.
        program: the program that the question means, in one-line form; None for descriptions.
    """

    family: str
    question: str
    answer: str
    statements: tuple[Statement, ...]
    program: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "family": self.family,
            "question": self.question,
            "answer": self.answer,
            "program": self.program,
            "statements": [statement.to_json() for statement in self.statements],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Turn":
        """What `to_json` wrote."""
        statements = tuple(Statement.from_json(each) for each in value["statements"])
        return cls(value["family"], value["question"], value["answer"], statements, value["program"])


@dataclass(frozen=True)
class Rejected:
    """An answer that the graph does not support, beside the last answer of a sample, which it does.

    Attributes:
        answer: English.
        read: the clause of it that is wrong, as `verify` reads it.
        verdict: what the graph says about that clause: contradicted, or not in the graph.
        change: what was changed: the predicate, the roles, the object, the number.
    """

    answer: str
    read: str
    verdict: str
    change: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"answer": self.answer, "read": self.read, "verdict": self.verdict, "change": self.change}


@dataclass(frozen=True)
class Sample:
    """One piece of instruction data.

    Attributes:
        id: distinct within a run.
        kind: conversation, detail, reasoning, choice, captions, temporal, space, unanswerable, difference,
            preference.
        media: the pictures or the video that it is about, by uri; a moment of a video as `URI#frame=12`; none of a
            map without pictures.
        video: whether the media are videos.
        turns: questions with answers, in order.
        rejected: the worse answer of a preference pair.
        related: ids of samples that show the same task on other graphs (in-context examples).
        writer: "deterministic", or the name of the language model.
    """

    id: str
    kind: str
    media: tuple[str, ...]
    video: bool
    turns: tuple[Turn, ...]
    rejected: Rejected | None = None
    related: tuple[str, ...] = ()
    writer: str = "deterministic"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "media": list(self.media),
            "video": self.video,
            "turns": [turn.to_json() for turn in self.turns],
            "rejected": None if self.rejected is None else self.rejected.to_json(),
            "related": list(self.related),
            "writer": self.writer,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Sample":
        """What `to_json` wrote."""
        rejected = None if value["rejected"] is None else Rejected(**value["rejected"])
        turns = tuple(Turn.from_json(turn) for turn in value["turns"])
        texts = value["id"], value["kind"], tuple(value["media"]), value["video"]
        return cls(*texts, turns, rejected, tuple(value["related"]), value["writer"])


def told(lead: str, statements: Sequence[Statement], joint: str = "and") -> str:
    """One sentence: connecting words, then clauses.

    >>> told("Yes,", [Statement("the dog is on the grass")]), told("", [Statement("dog-1 is on grass-1")])
    ('Yes, the dog is on the grass.', 'dog-1 is on grass-1.')
    """
    text = f"{lead} {listed([statement.text for statement in statements], joint)}".strip()
    first = text.split()[0] if text else ""
    # A label keeps its letters: "person-1" is a name.
    shown = text if first.rpartition("-")[2].isdigit() and "-" in first else f"{text[:1].upper()}{text[1:]}"
    return f"{shown}."
