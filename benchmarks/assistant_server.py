"""`groundgraph serve` under a crowd: is every answer there, and the right one?

    python benchmarks/assistant_server.py [--clients 200] [--seconds 60] [--graphs 24]

The command is started as a user starts it, on images and videos of the simulated world. Every client keeps
one connection and asks one question after the other, each time of another graph; every tenth answer is
streamed. The questions and their answers come from the world itself (`toyworld.questions`), so that an
answer that belongs to another question, another graph or another client is noticed; the graphs are complete,
and the server is told so. Printed are the requests a second, the times of answers and what went wrong.
Clients and server share the machine.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from random import Random

os.environ.setdefault("OMP_NUM_THREADS", "1")

import httpx
from tqdm import tqdm

from scenegraph import files
from toyworld import clips, scenes
from toyworld.questions import questions

FAMILIES = ("existence", "count", "yes-no", "colour")
"""Families of which the short answer is one word that needs no reading."""

STREAMED = 10
"""One in so many answers is streamed."""


def asked_of(folder, number):
    """Write the graphs; gives (model, question, short answer, uri of the graph) in mixed order."""
    rows = []
    for at in tqdm(range(number), desc="graphs"):
        graph = clips.video(70_000 + at, frames=20).graph if at % 3 == 2 else scenes.image(70_000 + at).graph
        files.save(graph, folder / f"world-{at}.scenegraph.json")
        rows += [
            (f"scenegraph/world-{at}", asked.question, asked.answers[0], graph.source.uri)
            for asked in questions(graph, at)
            if asked.family in FAMILIES and len(asked.answers) == 1
        ]
    Random(0).shuffle(rows)
    print(f"{len(rows)} questions about {number} graphs")
    return rows


async def client(address, rows, deadline, results):
    """Ask until the time is over; notes times and faults."""
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, verify=False) as http:
        for number, (model, question, short, uri) in enumerate(rows):
            if time.monotonic() > deadline:
                return
            body = {"model": model, "messages": [{"role": "user", "content": question}]}
            start = time.monotonic()
            try:
                read = streamed if number % STREAMED == 0 else whole
                content, grounding = await read(http, body)
            except Exception as error:
                results["faults"][f"{type(error).__name__}: {str(error)[:80]}"] += 1
                continue
            results["seconds"].append(time.monotonic() - start)
            right = (grounding["question"], grounding["short"], grounding["source"]["uri"]) == (question, short, uri)
            if not right or content != grounding["text"]:
                results["faults"][f"wrong: {model} {question} {grounding['short']} for {short}"] += 1


async def whole(http, body):
    """Content and grounding of an answer."""
    response = await http.post("chat/completions", json=body)
    response.raise_for_status()
    message = response.json()["choices"][0]["message"]
    return message["content"], message["grounding"]


async def streamed(http, body):
    """The same, put together from its events."""
    content, grounding, done = "", None, False
    async with http.stream("POST", "chat/completions", json={**body, "stream": True}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line == "data: [DONE]":
                done = True
            elif line.startswith("data: "):
                delta = json.loads(line[6:])["choices"][0]["delta"]
                content += delta.get("content") or ""
                grounding = delta.get("grounding", grounding)
    if not done:
        raise ValueError("the stream ended without [DONE]")
    return content, grounding


async def crowd(address, rows, clients, seconds):
    """All clients at once."""
    results = {"seconds": [], "faults": Counter()}
    deadline = time.monotonic() + seconds
    streams = [cycle(rows[at % len(rows) :] + rows[: at % len(rows)]) for at in range(0, 7 * clients, 7)]
    await asyncio.gather(*(client(address, stream, deadline, results) for stream in streams))
    return results


def main() -> int:
    """Start the server, let the crowd in; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--graphs", type=int, default=24)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows = asked_of(folder, arguments.graphs)
        command = [sys.executable, "-m", "groundgraph.main", "serve", str(folder), "--closed-world", "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                address = server.stderr.readline().split()[3]
                start = time.monotonic()
                results = asyncio.run(crowd(address, rows, arguments.clients, arguments.seconds))
                took = time.monotonic() - start
            finally:
                server.terminate()
                server.wait(20)
    times = sorted(results["seconds"])
    faults = results["faults"].total()
    rate = len(times) / took
    print(f"{arguments.clients} clients, {took:.0f} s: {len(times)} answers, {rate:.0f} a second, {faults} faults")
    if times:
        median, late = statistics.median(times), times[int(0.99 * (len(times) - 1))]
        print(f"time of an answer: median {1000 * median:.0f} ms, 99th percentile {1000 * late:.0f} ms")
    for fault, number in results["faults"].most_common(10):
        print(f"  {number} x {fault}")
    return int(faults > 0 or not times)


if __name__ == "__main__":
    sys.exit(main())
