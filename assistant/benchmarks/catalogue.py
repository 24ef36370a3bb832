"""The benchmarks by name."""

from assistant.benchmarks.circular import MMBENCH, UPD
from assistant.benchmarks.funqa import FUNQA
from assistant.benchmarks.gqa import GQA
from assistant.benchmarks.items import Benchmark
from assistant.benchmarks.judged import LLAVA_BENCH, VIDEO_CHATGPT, WORLDQA
from assistant.benchmarks.magnifier import MAGNIFIER
from assistant.benchmarks.next_gqa import NEXT_GQA
from assistant.benchmarks.pope import POPE
from assistant.benchmarks.video_questions import AGQA, STAR

BENCHMARKS: dict[str, Benchmark] = {
    each.name: each
    for each in (GQA, NEXT_GQA, STAR, AGQA, POPE, MMBENCH, UPD, FUNQA, WORLDQA, VIDEO_CHATGPT, LLAVA_BENCH, MAGNIFIER)
}
"""Name to adapter."""
