"""Branches and muscles of the facial nerve, and what a channel means for a stimulated branch.

References
----------
.. [1] Standring S (ed.). Gray's Anatomy, 42nd ed., 2020, chapter 31 (muscles of facial expression).
.. [2] Miao S et al. World Neurosurg 2020;134:1 (muscles recorded on zygomatic stimulation).
"""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Side of the patient's body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def opposite(self) -> Side:
        """The other side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Branch(StrEnum):
    """A nerve that is stimulated: a branch of the facial nerve, its trunk, or the supraorbital."""

    TEMPORAL = "temporal"
    ZYGOMATIC = "zygomatic"
    BUCCAL = "buccal"
    MANDIBULAR = "mandibular"
    CERVICAL = "cervical"
    TRUNK = "trunk"
    SUPRAORBITAL = "supraorbital"


class Muscle(StrEnum):
    """A muscle that may be recorded in a facial study."""

    FRONTALIS = "frontalis"
    CORRUGATOR = "corrugator"
    PROCERUS = "procerus"
    ORBICULARIS_OCULI = "orbicularis_oculi"
    NASALIS = "nasalis"
    LEVATOR_LABII = "levator_labii"
    ZYGOMATICUS = "zygomaticus"
    ORBICULARIS_ORIS = "orbicularis_oris"
    BUCCINATOR = "buccinator"
    MENTALIS = "mentalis"
    DEPRESSOR_ANGULI_ORIS = "depressor_anguli_oris"
    DEPRESSOR_LABII = "depressor_labii"
    PLATYSMA = "platysma"
    MASSETER = "masseter"
    TEMPORALIS = "temporalis"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name as a report prints it, in lower case with spaces."""
        return self.value.replace("_", " ")


class Role(StrEnum):
    """What a channel says about a stimulated branch."""

    DIRECT = "direct"
    LATERAL = "lateral"
    CONTRALATERAL = "contralateral"
    OTHER = "other"


FACIAL_BRANCHES = frozenset(
    {Branch.TEMPORAL, Branch.ZYGOMATIC, Branch.BUCCAL, Branch.MANDIBULAR, Branch.CERVICAL}
)

SUPPLY: dict[Muscle, frozenset[Branch]] = {
    Muscle.FRONTALIS: frozenset({Branch.TEMPORAL}),
    Muscle.CORRUGATOR: frozenset({Branch.TEMPORAL, Branch.ZYGOMATIC}),
    Muscle.PROCERUS: frozenset({Branch.TEMPORAL, Branch.ZYGOMATIC, Branch.BUCCAL}),
    Muscle.ORBICULARIS_OCULI: frozenset({Branch.TEMPORAL, Branch.ZYGOMATIC}),
    Muscle.NASALIS: frozenset({Branch.BUCCAL}),
    Muscle.LEVATOR_LABII: frozenset({Branch.ZYGOMATIC, Branch.BUCCAL}),
    Muscle.ZYGOMATICUS: frozenset({Branch.ZYGOMATIC, Branch.BUCCAL}),
    Muscle.ORBICULARIS_ORIS: frozenset({Branch.BUCCAL, Branch.MANDIBULAR}),
    Muscle.BUCCINATOR: frozenset({Branch.BUCCAL}),
    Muscle.MENTALIS: frozenset({Branch.MANDIBULAR}),
    Muscle.DEPRESSOR_ANGULI_ORIS: frozenset({Branch.MANDIBULAR}),
    Muscle.DEPRESSOR_LABII: frozenset({Branch.MANDIBULAR}),
    Muscle.PLATYSMA: frozenset({Branch.CERVICAL}),
    Muscle.MASSETER: frozenset(),
    Muscle.TEMPORALIS: frozenset(),
}
"""Branches that supply each muscle [1]_; masseter and temporalis belong to the trigeminal nerve."""


def role_of(
    muscle: Muscle | None, muscle_side: Side | None, site: Branch | None, side: Side | None
) -> Role:
    """Say what a channel means for a stimulated branch.

    A muscle of the stimulated branch on the stimulated side is `direct`, a muscle of another
    facial branch on that side `lateral`, any facial muscle of the other side `contralateral`. Where
    one of the two sides is unknown they are taken as equal (`analysis` warns of it). All else, also
    stimulation of the trunk (every muscle answers directly) or of the supraorbital nerve, is
    `other`.

    Examples
    --------
    >>> role_of(Muscle.MENTALIS, Side.LEFT, Branch.ZYGOMATIC, Side.LEFT).value
    'lateral'
    >>> role_of(None, Side.LEFT, Branch.ZYGOMATIC, Side.LEFT).value
    'other'
    """
    if muscle is None or site is None or not SUPPLY[muscle]:
        return Role.OTHER
    if muscle_side is not None and side is not None and muscle_side is not side:
        return Role.CONTRALATERAL
    if site is Branch.TRUNK:
        return Role.DIRECT
    if site not in FACIAL_BRANCHES:
        return Role.OTHER
    return Role.DIRECT if site in SUPPLY[muscle] else Role.LATERAL
