from hypothesis import given
from hypothesis import strategies as st

from hub.home.automaton import Automaton, Network, minimal, of_sentences

SENTENCES = st.lists(st.lists(st.sampled_from("abcd"), max_size=5).map(tuple), max_size=20)


@given(SENTENCES)
def test_it_accepts_its_sentences_and_no_others(sentences: list[tuple[str, ...]]) -> None:
    automaton = of_sentences(sentences)
    assert sorted(map(tuple, automaton.sentences())) == sorted(set(sentences))
    assert automaton.sentence_count() == len(set(sentences))
    assert all(automaton.accepts(list(sentence)) for sentence in sentences)


@given(SENTENCES.filter(bool))
def test_samples_are_sentences_and_the_same_seed_gives_the_same(
    sentences: list[tuple[str, ...]],
) -> None:
    automaton = of_sentences(sentences)
    samples = automaton.sample(20, seed=3)
    assert {tuple(sample) for sample in samples} <= set(sentences)
    assert samples == automaton.sample(20, seed=3)


@given(SENTENCES)
def test_no_two_states_mean_the_same_and_none_is_a_dead_end(
    sentences: list[tuple[str, ...]],
) -> None:
    automaton = of_sentences(sentences)
    endings = [
        frozenset(map(tuple, automaton.sentences(state))) for state in range(len(automaton.arcs))
    ]
    assert len(set(endings)) == len(endings)
    if sentences:
        assert all(endings)


def test_sentences_that_share_their_ends_share_states() -> None:
    automaton = of_sentences(
        [verb, name] for verb in ("lock", "open", "close") for name in ("door", "gate", "window")
    )
    assert len(automaton.arcs) == 3
    assert automaton.arc_count == 6


def test_a_list_stands_for_each_of_its_entries_wherever_it_is() -> None:
    names = of_sentences([["bed", "light"], ["lamp"]])
    network = Network(lists={"{name}": names})
    middle, end = network.state(), network.state()
    network.connect(0, "{name}", middle)
    network.connect(middle, "and", end)
    last = network.state()
    network.connect(end, "{name}", last)
    network.final = {middle, last}
    assert sorted(map(" ".join, minimal(network).sentences())) == [
        "bed light",
        "bed light and bed light",
        "bed light and lamp",
        "lamp",
        "lamp and bed light",
        "lamp and lamp",
    ]


def test_words_are_those_of_sentences_and_not_of_dead_ends() -> None:
    network = Network()
    network.connect(0, "nowhere", network.state())
    network.add_path(0, ["go", "home"], end := network.state())
    network.final.add(end)
    assert minimal(network).words() == {"go", "home"}


def test_a_network_without_an_end_has_no_sentences() -> None:
    automaton = minimal(Network())
    assert automaton == Automaton(({},), frozenset())
    assert automaton.sentence_count() == 0
    assert not automaton.accepts([])
