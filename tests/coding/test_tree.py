"""The tree of surviving concepts, in memory."""

import pytest

from app.coding.tree import Node, Tree

NODES = [
    Node(1, None, None),  # relations
    Node(2, 1, None),  # trust
    Node(3, 2, None),  # trust between partners
    Node(4, 1, 2),  # reliance, merged into trust
    Node(5, 4, None),  # reliance on contract, below reliance
    Node(6, None, 4),  # belief, merged into reliance
    Node(7, None, None),
]


def test_a_merged_concept_is_its_final_survivor() -> None:
    tree = Tree(NODES)
    assert [tree.survivor(number) for number in range(1, 8)] == [1, 2, 3, 2, 5, 2, 7]
    assert tree.members(6) == tree.members(2) == {2, 4, 6}
    assert tree.members(7) == {7}


def test_children_of_a_merged_concept_count_under_the_survivor() -> None:
    tree = Tree(NODES)
    assert tree.children(2) == tree.children(4) == [3, 5]
    assert tree.subtree(2) == tree.subtree(6) == {2, 3, 4, 5, 6}
    assert tree.subtree(1) == {1, 2, 3, 4, 5, 6}
    assert tree.path(5) == [1, 2, 5]


def test_rolls_up_to_a_depth() -> None:
    tree = Tree(NODES)
    assert [tree.depth(number) for number in (1, 4, 5, 7)] == [0, 1, 2, 0]
    assert [tree.ancestor_at(5, depth) for depth in (0, 1, 2, 9)] == [1, 2, 5, 5]


def test_numbers_that_are_no_concepts_are_not_in_it() -> None:
    tree = Tree(NODES)
    assert 7 in tree
    assert 8 not in tree
    with pytest.raises(KeyError):
        tree.survivor(8)


def test_rings_in_the_data_are_cut_and_listed() -> None:
    tree = Tree([Node(1, 3, None), Node(2, 1, None), Node(3, 2, None), Node(4, 4, None)])
    assert tree.cycles == {(1, 3, 2), (4,)}
    assert tree.path(3) == [1, 2, 3]
    assert tree.subtree(1) == {1, 2, 3}
    assert tree.path(4) == [4]
    merged = Tree([Node(1, None, 2), Node(2, None, 1)])
    assert merged.survivor(2) == 1
    assert merged.cycles == {(1, 2)}
