"""Two engines written apart, on the same programs: the indexed one and the SQLite one."""

import json
from random import Random

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant, Status, program_json
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line, from_trace
from assistant.program_sampling import Sampler
from assistant.programs import STEPS, Count, Exists, Which
from assistant.schemas import ANSWER_SCHEMA
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from assistant.steps import Find, Having, Predicate, Related, walk
from scenegraph import Camera, Node, SceneGraph, Source, Track4D
from scenegraph.graph import UPS
from tests.assistant.graphs import FRAMES, HEIGHT, VOCABULARY, WIDTH, random_graph
from tests.assistant.scenes import birthday, riders
from toyworld import clips


def in_space(seed: int) -> SceneGraph:
    """A random video with depth: some nodes have tracks, some frames no reading, some nodes no place in the picture.

    The camera moves or has no poses; where it has some, any axis that may point up does.
    """
    random = np.random.default_rng(seed)
    video = random_graph(seed, "video", nodes=2 + seed % 6, relations=seed % 12)
    nodes = []
    for node in video.nodes:
        frames = len(node.region.frames)
        positions = random.normal((0, 0, 5), 2, (frames, 3))
        positions[random.random(frames) < 0.2] = np.nan
        extents = random.uniform(0.1, 2, (frames, 3)).round(1)
        errors = random.uniform(0, 0.4, (frames, 3)) if random.random() < 0.5 else None
        region = Track4D(node.region, positions, extents, errors) if random.random() < 0.8 else node.region
        unlocated = {"located": False} if seed % 3 == 0 and random.random() < 0.4 else {}
        nodes.append(Node(node.id, node.category, region, node.score, {**node.attributes, **unlocated}))
    poses = None
    if random.random() < 0.5:
        angles = random.uniform(0, 6, FRAMES)
        poses = np.tile(np.eye(4), (FRAMES, 1, 1))
        poses[:, 0, 0] = poses[:, 2, 2] = np.cos(angles)
        poses[:, 0, 2], poses[:, 2, 0] = np.sin(angles), -np.sin(angles)
        poses[:, :3, 3] = random.normal(0, 1, (FRAMES, 3))
    up = "-y" if poses is None else UPS[seed % len(UPS)]
    source = Source("rgbd", "random", HEIGHT, WIDTH, FRAMES, 4.0, Camera(50.0, 50.0, 30.0, 20.0, poses), up)
    return SceneGraph(source, tuple(nodes), video.relations, VOCABULARY)


def graph_of(kind: str, seed: int) -> SceneGraph:
    return in_space(seed) if kind == "rgbd" else random_graph(seed, kind, nodes=seed % 9, relations=seed % 14)


def assert_agree(graph, closed_world, programs, min_score=0.2):
    engines = Executor(GraphIndex(graph, min_score), closed_world), SqliteExecutor(graph, closed_world, min_score)
    for program in programs:
        first, second = (engine.run(program) for engine in engines)
        assert not disagreements(first, second), program.line
        yield program, first


@pytest.mark.parametrize("kind", ["image", "video", "rgbd"])
@pytest.mark.parametrize("seed", range(5))
def test_the_engines_agree_and_every_form_of_a_program_gives_it_back(seed, kind):
    graph = graph_of(kind, seed)
    sampler = Sampler(graph, Random(seed))
    for closed_world in (False, True):
        programs = [sampler.question() for _ in range(25)]
        for program, outcome in assert_agree(graph, closed_world, programs):
            assert from_line(program.line) == program
            assert from_trace(outcome.trace) == program
            assert program_json.from_json(json.loads(json.dumps(program_json.to_json(program)))) == program


@settings(max_examples=20, deadline=None)
@given(kind=st.sampled_from(["image", "video", "rgbd"]), graph_seed=st.integers(0, 400), seed=st.integers(0, 1 << 30))
def test_the_engines_agree_on_anything(kind, graph_seed, seed):
    graph = graph_of(kind, graph_seed)
    sampler = Sampler(graph, Random(seed))
    assert len(list(assert_agree(graph, bool(seed % 2), [sampler.question(depth=3) for _ in range(8)]))) == 8


@pytest.mark.parametrize("graph", [riders(), birthday()], ids=["riders", "birthday"])
def test_the_engines_agree_on_scenes(graph):
    sampler = Sampler(graph, Random(5))
    assert len(list(assert_agree(graph, False, [sampler.question() for _ in range(60)], min_score=0))) == 60


def test_the_engines_agree_on_a_scene_in_space():
    graph = clips.video(3, frames=12, rgbd=True).graph
    sampler = Sampler(graph, Random(1))
    outcomes = [outcome for _, outcome in assert_agree(graph, True, [sampler.question() for _ in range(80)])]
    assert any(outcome.measures for outcome in outcomes)


def test_samples_hold_every_operation():
    seen = set()
    for seed in range(40):
        sampler = Sampler(in_space(seed), Random(seed))
        for _ in range(40):
            seen |= {type(step) for step in walk(sampler.question(depth=3))}
    assert seen == set(STEPS)


@pytest.mark.parametrize("kind", ["image", "video", "rgbd"])
def test_every_outcome_has_words_and_citations_that_exist(kind):
    validator = jsonschema.Draft202012Validator(ANSWER_SCHEMA)
    for seed in range(4):
        graph = graph_of(kind, seed + 3)
        ids = {node.id for node in graph.nodes}
        sampler = Sampler(graph, Random(seed))
        assistant = Assistant(graph, closed_world=bool(seed % 2), min_score=0)
        for _ in range(25):
            program = sampler.question()
            answer = assistant.run(program)
            assert answer.text and answer.short, program.line
            assert (answer.reason is None) == (answer.status is Status.ANSWERED), program.line
            cited = {end for each in answer.to_json()["citations"] for end in _ends(each)}
            assert cited <= ids and set(answer.options) <= ids
            assert all(0 <= at < len(answer.citations) for claim in answer.claims for at in claim.citations)
            assert validator.is_valid(answer.to_json()), program.line


def _ends(citation):
    return (citation["node"],) if citation["kind"] == "node" else (citation["subject"], citation["object"])


def test_names_are_never_sql():
    graph = riders()
    engine = SqliteExecutor(graph)
    attack = "x'); DROP TABLE node; --"
    assert engine.run(Exists(Find((attack,)))).status is Status.UNANSWERABLE
    assert engine.run(Which(Having(Find(None), attack, "colour' OR '1'='1"))).status is Status.UNANSWERABLE
    assert engine.run(Which(Related(Find(None), Predicate((attack,)), Find(None)))).nodes == ()
    assert engine.run(Count(Find(None))).number == len(graph.nodes)


def test_what_a_program_adds_is_forgotten_after_it():
    engine = SqliteExecutor(birthday())
    sampler = Sampler(birthday(), Random(2))
    before = [engine.data.value(f"SELECT count(*) FROM {table}") for table in ("picked", "link", "stretch", "active")]
    for _ in range(40):
        engine.run(sampler.question())
    after = [engine.data.value(f"SELECT count(*) FROM {table}") for table in ("picked", "link", "stretch", "active")]
    assert before == after and before[:2] == [0, 0]
