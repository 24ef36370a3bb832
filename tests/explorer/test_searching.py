"""A question over the whole data set finds what the assistant finds graph by graph."""

from collections import Counter
from dataclasses import replace

import pytest

from assistant import Assistant
from assistant.programs import CountIs, Exists, HasAttribute, Not
from assistant.steps import Extreme, Find, Having, Placed, Predicate, Related, Union
from explorer import columns
from explorer.index import build
from explorer.needs import needs_of
from explorer.searching import needs_files, read, search
from explorer.streaming import ItemTable
from scenegraph import InputError, files
from tests import factories
from tests.explorer.scenes import VOCABULARY, write_video

RIDER = Related(Find(("person",)), Predicate(("riding",)), Find(("horse",)))
RIDES = ("person", "horse")


@pytest.mark.parametrize(
    "line",
    [
        "a person riding a horse",
        "Is there a dog chasing a ball?",
        "person holding ball",
        "two people",
        "a horse",
        "a dog chasing a ball while a person is looking at the dog",
    ],
)
@pytest.mark.parametrize("name", ["truth", "model"])
def test_the_search_finds_what_the_assistant_finds(scenes, line, name):
    graphs = scenes.truth if name == "truth" else scenes.predicted
    found = search(scenes.index, scenes.manifest, name, line)
    program = read(line, VOCABULARY).program
    assert found["program"] == program.line
    expected = {
        graph.source.uri.removesuffix(".jpg")
        for graph in graphs
        if Assistant(graph).run(program).short.startswith("yes")
    }
    assert {hit["item"] for hit in found["items"]} == expected
    assert found["complete"] and found["searched"] == len(graphs) >= found["candidates"] >= len(expected)
    by_name = {graph.source.uri.removesuffix(".jpg"): graph for graph in graphs}
    for hit in found["items"]:
        ids = {node.id for node in by_name[hit["item"]].nodes}
        assert set(hit["nodes"]) <= ids and (hit["nodes"] or hit["relations"])
        assert all(position < len(by_name[hit["item"]].relations) for position in hit["relations"])


def test_the_evidence_is_the_relation_that_was_asked_for(scenes):
    found = search(scenes.index, scenes.manifest, "truth", "a person riding a horse")
    assert found["items"]
    for hit in found["items"]:
        graph = next(g for g in scenes.truth if g.source.uri == f"{hit['item']}.jpg")
        assert {graph.predicate_name(graph.relations[position]) for position in hit["relations"]} == {"riding"}


def test_a_question_for_nodes_lists_the_items_that_have_them(scenes):
    which = search(scenes.index, scenes.manifest, "truth", "Who is riding a horse?")
    assert {hit["item"] for hit in which["items"]} == {
        hit["item"] for hit in search(scenes.index, scenes.manifest, "truth", "a person riding a horse")["items"]
    }


@pytest.mark.parametrize("line", ["florble the wug", "why?", "'; DROP TABLE items; --", "<b>", "x" * 900])
def test_what_cannot_be_read_is_said(scenes, line):
    found = search(scenes.index, scenes.manifest, "truth", line)
    assert found["items"] == [] and (found["program"] or found["reason"])


def test_a_search_that_takes_too_long_gives_what_it_has(scenes):
    found = search(scenes.index, scenes.manifest, "truth", "a person", seconds=0.0)
    assert not found["complete"] and len(found["items"]) == 1 < found["candidates"]


def test_videos_are_searched_in_their_files(tmp_path):
    write_video(tmp_path / "data")
    manifest = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    assert len(search(tmp_path / "index", manifest, "truth", "a dog chasing a ball")["items"]) == 1
    assert search(tmp_path / "index", manifest, "truth", "a ball chasing a dog")["items"] == []


def test_tables_are_read_a_row_group_at_a_time(scenes, tmp_path, monkeypatch):
    """With groups of seven rows every item's rows lie across borders somewhere; what is found stays the same."""
    monkeypatch.setattr(columns, "ROW_GROUP", 7)
    manifest = build({"truth": scenes.data}, tmp_path / "index", progress=False)
    table = ItemTable(manifest.columns(tmp_path / "index") / "truth.relations.parquet", ["relation"])
    groups = [len(group) for group in table.groups()]
    assert max(groups) == 7 and sum(groups) == manifest.sets[0].relations
    for number, graph in enumerate(scenes.truth):
        assert [position for (position,) in table.of(number)] == list(range(len(graph.relations)))
    for line in ("a person riding a horse", "a horse", "two people"):
        assert (
            search(tmp_path / "index", manifest, "truth", line)["items"]
            == search(scenes.index, scenes.manifest, "truth", line)["items"]
        )


def test_a_set_without_relations_is_searched(tmp_path):
    park = replace(factories.park(), relations=())
    (tmp_path / "graphs").mkdir()
    files.save(park, tmp_path / "graphs" / "park.scenegraph.json")
    manifest = build({"graphs": tmp_path / "graphs"}, tmp_path / "index", progress=False)
    for line, items in (("a dog", 1), ("a person riding a dog", 0)):
        found = search(tmp_path / "index", manifest, "graphs", line)
        assert len(found["items"]) == items and found["complete"]


def test_a_damaged_table_is_named(scenes, tmp_path):
    (tmp_path / "table.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match=r"table\.parquet: not a readable table"):
        ItemTable(tmp_path / "table.parquet", ["relation"])
    place = scenes.manifest.columns(scenes.index) / "truth.relations.parquet"
    with pytest.raises(InputError, match="lacks the columns colour"):
        ItemTable(place, ["colour"])


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("a person not riding a horse", lambda names: names["person"] - names["riders"] > 0),
        ("a person and no dog", lambda names: names["person"] > 0 and not names["dog"]),
        ("Is there no dog?", lambda names: not names["dog"]),
    ],
)
def test_what_a_graph_does_not_show_counts_as_absent(scenes, line, holds):
    found = search(scenes.index, scenes.manifest, "truth", line)
    assert found["complete"] and found["denies"] and found["missing"] == []
    expected = set()
    for graph in scenes.truth:
        names = Counter(graph.category_name(node.id) for node in graph.nodes)
        riding = [r for r in graph.relations if graph.predicate_name(r) == "riding"]
        riders = {r.subject for r in riding if (graph.category_name(r.subject), graph.category_name(r.object)) == RIDES}
        names["riders"] = len(riders)
        if holds(names):
            expected.add(graph.source.uri.removesuffix(".jpg"))
    assert 0 < len(expected) < len(scenes.truth)
    assert {hit["item"] for hit in found["items"]} == expected


def test_words_that_the_data_set_lacks_are_named(scenes):
    found = search(scenes.index, scenes.manifest, "truth", "a person holding a cup")
    assert found["program"] and found["items"] == [] and found["missing"] == ["cup"] and not found["denies"]
    assert search(scenes.index, scenes.manifest, "truth", "a person carrying a dog")["missing"] == ["carrying"]


def test_slips_of_spelling_are_offered_undone(scenes):
    found = search(scenes.index, scenes.manifest, "truth", "a persn ridng a horse")
    assert found["program"] is None and found["suggestion"].lower() == "a person riding a horse"
    assert search(scenes.index, scenes.manifest, "truth", "a zorblax frobbing")["suggestion"] is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("a person on a hosre", "a person on a horse"), ("a dgo", "a dog"), ("a baal", "a ball"), ("a wug", None)],
)
def test_a_swap_is_one_slip_and_the_words_of_the_data_set_come_first(scenes, typed, meant):
    suggestion = search(scenes.index, scenes.manifest, "truth", typed)["suggestion"]
    assert (suggestion and suggestion.lower()) == meant


def test_needs_follow_only_from_what_is_affirmed():
    needs = needs_of(Exists(RIDER))
    assert [(sorted(n.subject or ()), sorted(n.forward)) for n in needs] == [
        (["person"], ["riding"]),
        (["person"], []),
        (["horse"], []),
    ]
    assert needs_of(Not(Exists(RIDER))) == [] == needs_of(CountIs(RIDER, 0))
    assert not needs_files(Not(Exists(RIDER))) and not needs_files(Exists(Having(Find(("person",)), "red")))


def test_places_and_values_need_the_things_that_they_are_of():
    beside = Placed(Find(("person",)), "left of", Extreme(Find(("dog",)), "largest"))
    assert [need.subject for need in needs_of(Exists(beside))] == [{"person"}, {"dog"}]
    assert needs_files(Exists(beside))
    either = Related(Union((Find(("dog",)), Find(("horse",)))), Predicate(("on",)), Find(("road",)))
    assert [need.subject for need in needs_of(Exists(either))] == [{"dog", "horse"}, {"dog", "horse"}, {"road"}]
    red = needs_of(HasAttribute(Find(("car",)), "red", "colour"))
    assert [(need.subject, need.value) for need in red] == [({"car"}, ("red", "colour")), ({"car"}, None)]
    assert needs_of(Not(HasAttribute(Find(("car",)), "red"))) == []


def painted(number, colours):
    """A park of two dogs and a person, the dogs of these colours."""
    park = factories.park()
    nodes = list(park.nodes)
    dogs = [at for at, node in enumerate(nodes) if park.category_name(node.id) == "dog"]
    for at, colour in zip(dogs, colours, strict=False):
        nodes[at] = replace(nodes[at], attributes={"Color": colour} if colour else {})
    return replace(park, nodes=tuple(nodes), source=replace(park.source, uri=f"park{number}.png"))


@pytest.fixture(scope="module")
def coloured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coloured")
    for number, colours in enumerate([["red"], ["brown"], [None], [["White", "red"]]]):
        graph = painted(number, colours)
        files.save(graph, folder / f"park{number}.scenegraph.json")
    return folder, build({"truth": folder}, folder / "index", progress=False)


@pytest.mark.parametrize(
    ("line", "numbers", "candidates"),
    [
        ("a red dog", {"0", "3"}, 2),
        ("Is the dog brown?", {"1"}, 1),
        ("a red person", set(), 0),
        ("a dog that is not red", {"1", "2"}, 4),
    ],
)
def test_attributes_are_looked_up_in_the_columns(coloured, line, numbers, candidates):
    folder, manifest = coloured
    found = search(folder / "index", manifest, "truth", line)
    assert {hit["item"].removeprefix("park") for hit in found["items"]} == numbers, found
    assert found["candidates"] == candidates and found["unrecorded"] == []


def test_values_that_nothing_has_are_told(scenes, coloured):
    folder, manifest = coloured
    purple = search(folder / "index", manifest, "truth", "a purple dog")
    assert (purple["items"], purple["candidates"]) == ([], 0)
    assert (purple["unrecorded"], purple["attributes"]) == (["purple"], ["colour"])
    bare = search(scenes.index, scenes.manifest, "truth", "a red car")
    assert (bare["candidates"], bare["unrecorded"], bare["attributes"]) == (0, ["red"], [])
