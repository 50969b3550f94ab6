"""Which words a de-identified recording may hold: lists of what is allowed, never of what is not.

A text stays only if every word of it is known: anatomy, sides, stimulation, usual events of
surgery, quantities. What nobody foresaw is taken for a name. Whose recording it is, `anonymize_who`
knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import Channel, ChannelKind
from amr_viewer.io import vocabulary
from amr_viewer.io.words import plain

NOTE = "note"
"""Stands for a remark that is not kept."""

_ANATOMY = (vocabulary.SIDES, vocabulary.PARTS, vocabulary.MUSCLES, vocabulary.NERVES)
_REMARKS = (*_ANATOMY, vocabulary.STIMULUS, vocabulary.MARKER_WORDS)
_LABELS = (*_ANATOMY, vocabulary.STIMULUS, vocabulary.CHANNEL_WORDS)

_NAME_LIKE = """ala art ast begin break chin dexter dep good hals heber int kinn lang lao li main
    man mark mas mond mund nase neu ort pat pol prior rama rein reiz rose sin sinister stamm stark
    strom tom wange aus area label site page name value type id lev leva levat levato cor corr ang
    angl dext dexte mand mandi mass masse ment menta mento nas nasa ori joch jochb jochbe linke
    linker linken lippe occhi ojo orb procer ramo rami risor sca seite senker target temp tempo"""
"""Known words that are names of people as well, or announce one; in a remark they are taken so."""

_SURGERY = """arachnoid bone flap burr hole cerebellar cerebellum craniotomy csf release skin suture
    wound microscope rez root exit entry zone vertebral va sca pica aica vein venous offending
    identified found seen exposed exposure opened closed done complete completed performed inserted
    insertion placed felt pledget sponge pad muscle relaxed given induction intubation extubation
    baep mep ssep emg lsr amr lateral spread again back returned recovered disappeared reappeared
    vanished decreased increased unchanged changed stable saline papaverine hemostasis clip test
    recording running free evoked spontaneous stimulator all both side more less very slightly
    partial partially full fully first second third attempt and or the of to at in by no not a
    амр тефлон тефлона тефлоном вскрытие тмо твердая мозговая оболочка разрез шов нерв нерва
    установлен установлена стимуляция стимуляции"""
_OWN = """finding late response amr m reflex other side on the by person present absent
    indeterminate note stim"""
"""Words that the program itself writes into annotations."""

_FILTERS = """hp lp bp n f hpf lpf bpf notch dc ac off on none no filter filters filtered highpass
    lowpass bandpass high low pass band stop cutoff corner butterworth bessel chebyshev fir iir
    order oct octave zero phase tc gain x mains line nan"""
_UNITS = """uv mv v nv ua ma a hz khz ms us s sec min db % ohm kohm mohm c degc degf k mmhg cmh2o
    kpa pa hpa bpm 1/min rpm g mg kg n nm m/s^2 m/s2 m mm cm um deg rad deg/s l ml l/min ml/min lux
    au a.u. lpm count counts bit bits raw boolean bool no psi mm/s m/s"""
_LABEL_EXTRAS = """ch chan channel kanal exg sti oro oral horizontal vertical horiz vert rectal
    upper lower inner outer middle medial lateral maj major minor superior inferior free running
    nerve branch input signal data прав лев"""

_VERDICTS = " ".join(v.value for v in Verdict)
_NAMES = " ".join(x.value.replace("_", " ") for x in (*Muscle, *Branch, *Side))

_ADJECTIVE = "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ых их ую юю ыми ими"
_NOUN = """а я о е у ы и ю ь к ка ки ку ок ия ию ии ией ий ами ям ам ах ях ом ем ый ная ный ной ное
    ного ной ному ным ном ные ных чная чный чной"""
_VERB = """ение ения ении ен ено ена ены ить ание ания ании ан ано ана аны ать ил ила или ило яет
    ает ыта ыто ытие ытия ыт ыли лся лась лись ло ли ся ения"""
_TOKEN = re.compile(r"[^\W_]+")
_SPLIT = re.compile(r"\d+|[^\W\d_]+")
_QUANTITY = re.compile(
    r"(?<![\d.,/:-])\d{1,5}(?:[.,]\d{1,4})?\s?"
    r"(?:m[aа]|ua|ms|us|uv|mv|v|k?hz|db|min|sec|s|мс|мa|ма|мка|мкс|мкв|гц|%|mm|mmhg)(?![^\W_])",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?<![\d/])\d{1,6}/\d{1,6}(?![\d/])")
_REMARK_SIGNS = re.compile(r"[\w\s.,;:!?()+=%°/<>→-]*")
_LABEL_SIGNS = re.compile(r"[\w\s.,:()\[\]+=#>/'\"-]*")
_FILTER_SIGNS = re.compile(r"[\w\s.,:;()+=/-]*")
_FILTER_NUMBER = re.compile(r"(?<![\d.,/-])\d{1,5}(?:[.,]\d{1,4})?(?![\d.,/-]*\d)")
_ELECTRODE = re.compile(r"(?:fp|af|f|ft|fc|c|t|tp|cp|p|po|o|i|n|a|m)(?:z|\d{1,2})")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_LABEL_DIGITS = 3
_SHORT_STEM = 5
"""A stem up to this length, its asterisk counted, may be a name: ``конец`` and Kon."""

_SHORT = {
    Muscle.ORBICULARIS_OCULI: "Orb oculi",
    Muscle.ORBICULARIS_ORIS: "Orb oris",
    Muscle.LEVATOR_LABII: "Lev labii",
    Muscle.DEPRESSOR_ANGULI_ORIS: "DAO",
    Muscle.DEPRESSOR_LABII: "DLI",
}
"""Names that would not fit the 16 characters of a label."""


def fold(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, without case and accents.

    Examples
    --------
    >>> fold("Müller_Anna 7.5 mA")
    ('muller', 'anna', '7', '5', 'ma')
    """
    return tuple(_TOKEN.findall(plain(text).casefold()))


def _endings(words: str) -> str:
    """Return endings as an alternative of a pattern, as `plain` writes them."""
    return "|".join(sorted(set(plain(words).split()), key=len, reverse=True))


def _spelled(tables: Iterable[Mapping[str, str]]) -> tuple[frozenset[str], re.Pattern[str]]:
    """Return all full spellings of some tables, and what matches their inflected stems.

    A stem takes endings of grammar only: ``лев*`` is to know ``левый`` and not Levin.
    """
    words: set[str] = set()
    stems: dict[str, list[str]] = {}
    for table in tables:
        for concept, spellings in table.items():
            endings = _ADJECTIVE if table is vocabulary.SIDES else f"{_ADJECTIVE} {_NOUN}"
            endings += f" {_VERB}" if concept == "event" else ""
            for spelling in plain(spellings).casefold().split():
                if spelling.endswith("*"):
                    bare = "?" if concept == "event" and len(spelling) > _SHORT_STEM else ""
                    stems.setdefault(f"(?:{_endings(endings)}){bare}", []).append(spelling[:-1])
                    continue
                least, _, rest = spelling.partition("|")
                words.update(least + rest[:end] for end in range(len(rest) + 1))
    groups = (f"(?:{'|'.join(begun)}){endings}" for endings, begun in stems.items())
    return frozenset(words), re.compile("|".join(groups))


_label_words, _label_stems = _spelled(_LABELS)
_LABEL_WORDS = _label_words | frozenset(f"{_LABEL_EXTRAS} {_NAMES}".split())
_remark_words, _remark_stems = _spelled(_REMARKS)
_OWN_WORDS = frozenset(f"{_OWN} {_VERDICTS} {_NAMES}".split())
_REMARK_WORDS = (
    frozenset(w for w in _remark_words if len(w) > 1 or not w.isascii())
    - frozenset(_NAME_LIKE.split())
    | frozenset(f"{plain(_SURGERY)} l r".split())
    | _OWN_WORDS
)
_FILTER_WORDS = frozenset(f"{_FILTERS} {_UNITS}".split())
_UNIT_WORDS = frozenset(_UNITS.split())


def is_ordinary(word: str) -> bool:
    """Whether a folded word would stand in such a file whoever the patient is.

    A surname may be one (Frontalis, Chin, Li): then it tells nothing where anatomy is named.
    """
    if word in _REMARK_WORDS or word in _FILTER_WORDS or _remark_stems.fullmatch(word):
        return True
    if _ELECTRODE.fullmatch(word):
        return True
    parts = _SPLIT.findall(word)
    numbers = [p for p in parts if p.isdigit()]
    return len(numbers) < len(parts) and all(
        _is_label_word(p) if p not in numbers else len(p) <= _LABEL_DIGITS for p in parts
    )


def without_quantities(text: str) -> str:
    """Return a text without numbers that have a unit and without counts: these name nobody.

    Examples
    --------
    >>> without_quantities("Finding: AMR present, 48/50, 8.5 mA, 1234")
    'Finding: AMR present,  ,  , 1234'
    """
    text = _QUANTITY.sub(" ", text)
    return _COUNT.sub(" ", text) if text.startswith("Finding: ") else text


def is_known_remark(text: str) -> bool:
    """Whether an annotation holds nothing but known words, quantities and one small number.

    Examples
    --------
    >>> is_known_remark("Dura open, decompression 2"), is_known_remark("Dr. Green: dura open")
    (True, False)
    >>> is_known_remark("decompression 12.03.1960")
    False
    """
    written = plain(text)
    if _REMARK_SIGNS.fullmatch(written) is None:
        return False
    tokens = fold(without_quantities(written))
    numbers = [t for t in tokens if t.isdigit()]
    words = [t for t in tokens if not t.isdigit()]
    small = not numbers or (len(numbers) == 1 and len(numbers[0]) <= 2)
    known = all(w in _REMARK_WORDS or _remark_stems.fullmatch(w) for w in words)
    return small and known and bool(words or written.strip())


def is_known_label(label: str) -> bool:
    """Whether a channel's label holds nothing but known words, electrodes and small numbers.

    Examples
    --------
    >>> [is_known_label(x) for x in ("EMG L Mentalis", "LOOc", "C3-A2", "Ch 3", "Brown L")]
    [True, True, True, True, False]
    """
    written = plain(label)
    if not written.strip() or _LABEL_SIGNS.fullmatch(written) is None:
        return False
    letters = 0
    for token in _TOKEN.findall(written):
        if _ELECTRODE.fullmatch(token.casefold()):
            continue
        for part in _SPLIT.findall(token):
            if part.isdigit() and len(part) > _LABEL_DIGITS:
                return False
            if not part.isdigit() and not _is_label_word(part):
                letters += 1
                if len(part) > 1 or letters > 1:
                    return False
    return True


def _is_label_word(word: str) -> bool:
    """Whether a run of letters is known, alone or joined with others as laboratories join them."""
    folded = word.casefold()
    if folded in _LABEL_WORDS or _label_stems.fullmatch(folded):
        return True
    sided = (folded[1:], folded[0]), (folded[:-1], folded[-1])
    if any(side in "lr" and rest in _LABEL_WORDS and len(rest) > 1 for rest, side in sided):
        return folded not in _NAME_LIKE.split()
    parts = _CAMEL.findall(word)
    return (
        len(parts) > 1
        and "".join(parts) == word
        and all(p.casefold() in _LABEL_WORDS or p in {"L", "R"} for p in parts)
    )


def neutral_label(channel: Channel, index: int) -> str:
    """Return a label made of what is known of a channel; it is understood as the channel was.

    Examples
    --------
    >>> neutral_label(Channel("Brown", "uV", 1e3, 9, Muscle.MENTALIS, Side.LEFT), 0)
    'L Mentalis'
    """
    side = f"{channel.side.value[0].upper()} " if channel.side else ""
    if channel.muscle is not None:
        return side + _SHORT.get(channel.muscle, channel.muscle.title.capitalize())
    if channel.kind is ChannelKind.EMG:
        return f"EMG {side}{index + 1}"
    return f"{'Trigger' if channel.kind is ChannelKind.TRIGGER else 'Aux'} {index + 1}"


def is_known_filter(text: str) -> bool:
    """Whether the filter settings of a channel hold nothing but such settings.

    Examples
    --------
    >>> is_known_filter("HP:20Hz LP:3kHz N:50"), is_known_filter("HP:20Hz Dr Green")
    (True, False)
    """
    written = plain(text)
    if _FILTER_SIGNS.fullmatch(written) is None:
        return False
    rest = _FILTER_NUMBER.sub(" ", without_quantities(written))
    return all(word in _FILTER_WORDS for word in fold(rest))


def is_known_unit(text: str) -> bool:
    """Whether a unit is one.

    Examples
    --------
    >>> is_known_unit("mmHg"), is_known_unit("Green")
    (True, False)
    """
    return plain(text).casefold().replace("µ", "u").replace("μ", "u").lstrip("°") in _UNIT_WORDS
