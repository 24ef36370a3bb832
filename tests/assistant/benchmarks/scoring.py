"""Writing small benchmark files, scoring answers, and a judge that follows a script."""

import json

from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.items import Answer
from assistant.benchmarks.judging import Judge
from assistant.models import open_model


def write(folder, name, value):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def scored(name, files, answers, judge=None, **options):
    benchmark = BENCHMARKS[name]
    items = benchmark.read(files, options)
    texts = {key: value if isinstance(value, Answer) else Answer(value) for key, value in answers.items()}
    return benchmark.score(items, texts, judge)


def judge(*replies):
    left = list(replies)

    def scripted(messages):
        reply = left.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return Judge(open_model(scripted))
