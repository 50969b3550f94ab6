"""Which muscle answers directly, laterally or on the other side."""

from __future__ import annotations

import pytest

from amr_viewer.core.anatomy import FACIAL_BRANCHES, SUPPLY, Branch, Muscle, Role, Side, role_of

L, R = Side.LEFT, Side.RIGHT
OCULI, ORIS, MENTALIS = Muscle.ORBICULARIS_OCULI, Muscle.ORBICULARIS_ORIS, Muscle.MENTALIS
FRONTALIS, PLATYSMA, NASALIS = Muscle.FRONTALIS, Muscle.PLATYSMA, Muscle.NASALIS


@pytest.mark.parametrize(
    ("branch", "direct", "lateral"),
    [
        (Branch.ZYGOMATIC, {OCULI}, {MENTALIS, ORIS, FRONTALIS, PLATYSMA}),
        (Branch.MANDIBULAR, {MENTALIS}, {OCULI, FRONTALIS}),
        (Branch.TEMPORAL, {FRONTALIS, OCULI}, {MENTALIS}),
        (Branch.BUCCAL, {ORIS, NASALIS}, {OCULI, FRONTALIS, MENTALIS}),
    ],
)
def test_roles_of_the_published_protocols(
    branch: Branch, direct: set[Muscle], lateral: set[Muscle]
) -> None:
    assert {role_of(m, L, branch, L) for m in direct} == {Role.DIRECT}
    assert {role_of(m, L, branch, L) for m in lateral} == {Role.LATERAL}
    assert {role_of(m, R, branch, L) for m in direct | lateral} == {Role.CONTRALATERAL}


@pytest.mark.parametrize("muscle", [Muscle.MASSETER, Muscle.TEMPORALIS])
@pytest.mark.parametrize("branch", sorted(FACIAL_BRANCHES))
def test_trigeminal_muscles_are_not_facial(muscle: Muscle, branch: Branch) -> None:
    assert role_of(muscle, L, branch, L) is Role.OTHER
    assert role_of(muscle, R, branch, L) is Role.OTHER


def test_every_facial_muscle_answers_the_trunk_directly() -> None:
    for muscle in Muscle:
        expected = Role.DIRECT if SUPPLY[muscle] else Role.OTHER
        assert role_of(muscle, L, Branch.TRUNK, L) is expected


@pytest.mark.parametrize("muscle", list(Muscle))
def test_supraorbital_stimulation_gives_no_amr(muscle: Muscle) -> None:
    roles = {role_of(muscle, side, Branch.SUPRAORBITAL, L) for side in Side}
    assert Role.LATERAL not in roles
    assert Role.DIRECT not in roles


@pytest.mark.parametrize("branch", list(Branch))
def test_unknown_muscle_or_branch_is_other(branch: Branch) -> None:
    assert role_of(None, L, branch, L) is Role.OTHER
    assert role_of(MENTALIS, L, None, L) is Role.OTHER


def test_unknown_side_is_taken_as_the_stimulated_one() -> None:
    assert role_of(MENTALIS, None, Branch.ZYGOMATIC, L) is Role.LATERAL
    assert role_of(MENTALIS, L, Branch.ZYGOMATIC, None) is Role.LATERAL


def test_every_muscle_is_mirrored() -> None:
    for muscle in Muscle:
        for branch in Branch:
            assert role_of(muscle, L, branch, L) is role_of(muscle, R, branch, R)
            assert role_of(muscle, L, branch, R) is role_of(muscle, R, branch, L)
