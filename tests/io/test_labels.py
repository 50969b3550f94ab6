"""Channel labels and markers as vendors and people write them."""

from __future__ import annotations

import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.recording import ChannelKind
from amr_viewer.io import vocabulary
from amr_viewer.io.labels import parse_channel, parse_channels, parse_marker
from amr_viewer.io.marker_labels import read_marker
from amr_viewer.io.words import CHANNEL_LEXICON, one_slip_apart, plain

SIDES = {"L": Side.LEFT, "R": Side.RIGHT, "-": None}

FACIAL = """
frontalis : L : L_Frontalis | fro_l | LFRONTALIS | EMG L FRONT | Frontal izq | Stirn links | FrL
frontalis : R : Fr R | M. frontalis rechts | Лобная правая | RFRONT | front. dx | Fr.R | rt forehead
frontalis : L : frontalsi L | L frontails | лобная м. слева | 左前頭筋 | R. frontalis li
corrugator : L : Corr L | L corrugator supercilii | Corrugator sin
corrugator : R : CorR | R Corr
corrugator : - : Corr Raw | corrugator
procerus : - : procerus | Procer
orbicularis_oculi : L : EMG L_OrbOculi | LOOC | L-O.Oculi | M. orbicularis oculi li | OO-L | OO sin
orbicularis_oculi : L : Круговая мышца глаза слева | EMG OOc-OOc ref L | Orb.Oc.L | orb_oculi_left
orbicularis_oculi : L : Orbicularis Occuli L | Ocularis L | ООс L | левый глаз | OCL | L ocul | LOO
orbicularis_oculi : L : L OOc1-L OOc2 | ch1: L OOc | OOc L (zyg stim) | lt OO | Ringmuskel Auge li
orbicularis_oculi : R : R OOc | Orb. oculi re. | OO droite | ROO | R.OOc | R. O.O. | OrbOcR
orbicularis_oculi : R : oculi R
orbicularis_oculi : R : Rt. Orb. Oculi | orbiculaire de l'œil droit | 右眼輪筋 | R_OCULI
orbicularis_oculi : R : TrigEMG ROOc
orbicularis_oculi : R : Orbicularis oculi pars palpebralis R | OOc_R-OOc_R_ref | orbicular ojo der
orbicularis_oculi : L : OcuL | OculiL | OcuL_1
orbicularis_oculi : - : OO | OOM | Oculi | Orb Oc | OOc | EMG OOc
nasalis : L : NASL | Nasal L | L nasalis | нос слева
nasalis : - : Nas | nasalis | Nasalis-ref | ala nasi
levator_labii : - : levator labii | LLS | Lev Raw | LLSAN | levator labii superioris alaeque nasi
levator_labii : L : LLLS | мышца, поднимающая верхнюю губу, слева | Lev. labii sup. (L)
zygomaticus : - : zygomaticus major | Zyg Raw | zygomaticus minor
zygomaticus : L : ZygMaj L | LZyg | Zygomatic L | скуловая левая | zigomatico sx
orbicularis_oris : L : ORIS-L | Orb Oris (L) | OrisL | Orbicularis oris sup. L | left orb. oris inf.
orbicularis_oris : L : OrbOrL | ORIL | L.Oris-Ref | orbicolare della bocca sx | Mund li | LOOr
orbicularis_oris : L : OOrL
orbicularis_oris : R : ROOR | OOr der | кр. м. рта прав | R_ORIS | ORR | рот справа | Lip up R
orbicularis_oris : R : O.oris R
orbicularis_oris : - : OOR | Oris | OOr | Orb. oris | ORIS
buccinator : R : Buccinator R | R buccin
mentalis : L : Mentalis left | L Men | lt. mentalis | Kinn li | Подбородочная L | Mentalis_sin
mentalis : L : LtMen
mentalis : L : MenLt | LeftMentalis | M. mentalis (li.) | EMG-Mentalis-li | NC L_Men | LMEN | 左颏肌
mentalis : L : Mentalis gauche | М. mentalis слева | 左オトガイ筋 | Trig EMG L Men | L-Ment
mentalis : L : Menton gauche
mentalis : L : ZYG->Men L | AMR Men L | M.ment. li. | Mental L | L_MENTALIS_1 | emg_mentalis_l
mentalis : R : MENR | Mentalis-R1 | 1: Mentalis R | emg_mentalis_r | mentalias R | ментальная прав.
mentalis : - : Men | Chin1-Chin2 | MENTALIS | Mentalis ref
depressor_anguli_oris : - : DAO | depressor anguli oris | DepAngOris
depressor_anguli_oris : R : RDAO | DAOR | Depr. ang. oris re | D.A.O. R | depressor oris R
depressor_labii : - : DLI | depressor labii inferioris
depressor_labii : L : L DLI | Dep. labii li
platysma : L : L Platy | Plat L | platisma sx | подкожная мышца слева
platysma : - : platysma | Platysma
masseter : R : masseter R | R Mas | жевательная правая
temporalis : L : m. temporalis L | LTemporalis
"""

OTHERS = """
trigger : TRIG | Trigger | TTL | Status | STI 014 | STI101 | STIM | Stimulus | DC1-trigger | Marker
trigger : Sync | Event | DIN | Photo | Event marker | DIG DTRIG | stAtUs | tRigGer | Digital input
trigger : Stim zyg L | Trigger In | Photic | Stim Ch | TTL1 | Стимул | Stim Trig | EMG trigger
other : ECG | EKG | ECG ECG1 | EEG Fp1 | Fp1 | FP2 | Cz | C3-A2 | F3 | Fz | EEG Fpz-Cz | POz | EOG
other : HEOG
other : EOG horizontal | SpO2 | Resp oro-nasal | Temp rectal | Temp | NIBP | BAEP L | SSEP
other : Nasal pressure
other : GSR1 | Corr Processed | Mentalis rectified | DC01 | Aux1 | ЭКГ | nasal flow | HR
other : REF_EEG REF_EEG
emg : EMG1 | Ch 3 | ORBICULARIS | Temporal | sinus | EMG submental | Soleus | FDI | EMG needle
emg : TA L
emg : Trapezius R | EXG1 | A1 | sine 1 Hz | Frontalis/Corrugator L | depressor L | levator palpebrae
emg : levator anguli oris | OOc-Men | depressor septi nasi | Channel 12 | Marginal mandibular L
emg : MUP
"""


def rows(table: str) -> list[tuple[str, ...]]:
    """Return (expected..., text) for each text of a table."""
    found = []
    for line in table.strip().splitlines():
        *expected, texts = line.split(" : ")
        found += [(*expected, text.strip()) for text in texts.split(" | ")]
    return found


@pytest.mark.parametrize(("muscle", "side", "label"), rows(FACIAL))
def test_facial_channels(muscle: str, side: str, label: str):
    meaning = parse_channel(label)
    assert (meaning.muscle, meaning.side, meaning.kind) == (
        Muscle(muscle),
        SIDES[side],
        ChannelKind.EMG,
    )


@pytest.mark.parametrize(("kind", "label"), rows(OTHERS))
def test_channels_without_a_known_muscle(kind: str, label: str):
    meaning = parse_channel(label)
    assert meaning.kind is ChannelKind(kind)
    assert meaning.muscle is None


def test_there_are_enough_labels():
    assert len(rows(FACIAL)) + len(rows(OTHERS)) >= 150


@pytest.mark.parametrize(
    "label", ["OOc L-R", "L OOc R OOc", "ORBICULARIS", "sinus", "EMG1", "Cosinus"]
)
def test_side_unknown(label: str):
    assert parse_channel(label).side is None


def test_a_pair_tells_what_one_label_cannot():
    oculi = parse_channels(["OOL", "OOR", "L OOr"])
    assert [m.muscle for m in oculi] == [
        Muscle.ORBICULARIS_OCULI,
        Muscle.ORBICULARIS_OCULI,
        Muscle.ORBICULARIS_ORIS,
    ]
    assert [m.side for m in oculi] == [Side.LEFT, Side.RIGHT, Side.LEFT]
    alone = parse_channels(["L OO", "OOR"])
    assert alone[1].muscle is Muscle.ORBICULARIS_ORIS
    front = parse_channels(["EMG FL", "EMG FR"])
    assert [(m.muscle, m.side) for m in front] == [
        (Muscle.FRONTALIS, Side.LEFT),
        (Muscle.FRONTALIS, Side.RIGHT),
    ]
    assert parse_channels(["FL"])[0].muscle is None


def test_single_letters_are_sides_only_in_pairs():
    assert [m.side for m in parse_channels(["Men D", "Men S", "OOc D"])] == [
        Side.RIGHT,
        Side.LEFT,
        Side.RIGHT,
    ]
    assert [m.side for m in parse_channels(["Mentalis S", "OOc"])] == [None, None]


def test_a_channel_of_another_kind_keeps_no_pair():
    assert parse_channels(["OOL", "TTL OOR"])[1].kind is ChannelKind.TRIGGER


# site, side, current in mA, width in ms
STIMULI = """
zygomatic - 8 - : Stim: zygomatic 8 mA | Stim 8mA zyg | 8 mA zygomatic | стимул скуловая ветвь 8 мА
zygomatic - 8 - : R. zygomaticus 8 mA | intensity_ma: 8 zyg | Reiz N. zygomaticus 8 mA
zygomatic L 8 - : Zygomatic left 8mA | stim zyg li 8 mA | ZYGL_8mA | zyg_l_8_mA | AMR ZYG L 8mA
zygomatic L 8 - : L-ZYG-8mA
zygomatic L 8 - : стимул скуловая ветвь слева 8 мА | ZYG-Men L 8 mA | Z L 8mA | ZYG baseline L 8 mA
zygomatic L 8 - : cigomático izq 8 mA | branche zygomatique gauche 8 mA
zygomatic L 8 - : {"site":"zyg","side":"l","mA":8}
zygomatic L 8 - : Stimulus: site=zygomatic; side=left; intensity=8 mA | Stim sx zigomatico 8 mA
zygomatic L 8 - : Stimulus 12 - ZYG L - 8.0 mA | OOc L 8mA | LZYG 8000 uA | stim zygomatc L 8 mA
zygomatic L 8 0.2 : ZYG L 8.0mA 0.2ms | ZYG L 8,0 mA; 200 µs | stim: ZYG left, 0.2 ms, 8 mA
zygomatic L 8 0.2 : Stim ZYG li 8mA/200us
zygomatic L 8 0.2 : Стимуляция n. facialis, r. zygomaticus, слева, 8 мА, 200 мкс
zygomatic L 8 0.2 : ZYG L 0.2ms-8mA 1 Hz
zygomatic L 7.5 - : Reiz R. zygomaticus links 7,5 mA | ZYG L 7500 uA
zygomatic L - - : L ZYG 10 | StimZygL | Stim ZYG L, rec Men R | ZYG L->Men R | left zyg stim
zygomatic L - - : ZYG_L | zyg li
zygomatic L - - : ZYG L 5-10 mA | ZYG L 900 mA | ZYG L 1,000 uA
zygomatic - - - : Zyg #12 | stim OOc | ZYG->Men | Z->Men | ZB | STIMZYG | скуловая | zygomaticus
zygomatic - - - : ZYG→OOr
zygomatic R - - : STIM_R_ZYG | R zygomatic | ZYG rechts | скул. прав.
mandibular - - - : маргинальная | marginal mandibular | MMB | MAN | MAND 3 | stim mentalis
mandibular - - - : M->OOc | marg. mand.
mandibular R - - : R. marginalis mandibulae re | ManR | стимуляция маргинальной ветви справа
mandibular L 6.5 0.2 : MAN L 6.5mA 0.2ms | MAN L 6,5 mA, 0,2 мс | stim man left 6.5 mA PW 200 us
mandibular L 7 - : Нижнечелюстная ветвь левая 7мА | N. facialis R. mandibularis li. 7 mA
temporal - - - : TB | temporal branch | temp | frontal branch | R. temporalis
temporal R 5 - : TEMP R 5 mA | Reizung R. temporalis rechts 5mA | височная ветвь справа 5 мА
temporal R 5 - : Stim T right 5 mA
buccal - - - : buccal | BB | щечная ветвь | stim OOr | bucc
buccal L 6 - : N. facialis R. buccalis li. 6 mA | BUC L 6mA
cervical - - - : cervical | R. colli
trunk - - - : trunk | stylomastoid | main trunk | ствол | Hauptstamm
trunk L 10 - : Stim trunk L 10 mA
supraorbital - - - : supraorbital | SO | supra-orbital | надглазничный нерв
- - - - : StimA | StimB | Stimulus/S  1 | S1 | S  1 | S 253 | stim | Trigger | TTL | DC trigger on
- - - - : Shock | Stim No. 3
- - - - : Stim ON | Trigger 1 | Stimulus 12/200 | Reiz | стимул | стимуляция | STIM_004
- - - - : Stim ZYG/MAN | 電気刺激
- - 10 0.2 : Electrical stimulus 200us 10 mA | Stim 10mA 0.2ms 1Hz
- - 12 - : @ 12mA | 12 mA | Stim 1: 12.0 mA | Stim 1 - 12 mA | Stim (mA): 12 | 0.012 A stim
- L 8 - : Stim. N. fac. li 8 mA | Stim facial nerve L 8 mA | L 8mA
"""

REMARKS = """Stim OFF | Stim start | Stim stop | stop stim | Dural opening | Baseline
Decompression | Teflon
incision | Dura geöffnet | Forced closure | blink | AICA moved off | stimulation stopped
Reizung beendet
increase stim to 10 mA | Stim 8->10 mA | set stim 8 mA | Zygomatic electrode re-placed | AMR lost
AMR present
LSR disappeared | no response to stim | ZYG electrode moved | temporal artery | mandible retracted
стимуляция остановлена | начало стимуляции | смена электродов | Stimulation ausgeschaltet
new stim site
baseline zyg | eyes closed | Response/R255 | cervical collar applied | closing | stim artifact
pre-stim"""

STRANGE = """Hreflex | Magnet | 12 | 254 | Sync On | Comment | temporal lobe | TOF 4/4 | MAC 0.5
temp 36.5 | L
mentalis | OOc L | left | latency 10 ms | event | Marker 1 | LSR test 3 | S
Sleep stage 3
some stim table near window | вскрытие ТМО | facial nerve | R | Test | XLEvent |"""


def texts(table: str) -> list[str]:
    """Return the texts of a table."""
    return [t.strip() for line in table.splitlines() for t in line.split(" | ")]


@pytest.mark.parametrize(("expected", "text"), rows(STIMULI))
def test_markers_that_are_stimuli(expected: str, text: str):
    site, side, current, width = expected.split()
    label = parse_marker(text)
    assert label is not None
    assert (label.site, label.side) == (None if site == "-" else Branch(site), SIDES[side])
    assert label.intensity_ma == (None if current == "-" else float(current))
    assert label.width_ms == (None if width == "-" else float(width))


@pytest.mark.parametrize("text", texts(REMARKS))
def test_markers_that_are_remarks(text: str):
    meaning = read_marker(text)
    assert (meaning.is_stimulus, meaning.is_remark) == (False, True)
    assert parse_marker(text) is None


@pytest.mark.parametrize("text", texts(STRANGE))
def test_markers_that_are_not_understood(text: str):
    meaning = read_marker(text)
    assert (meaning.is_stimulus, meaning.is_remark) == (False, False)


def test_there_are_enough_markers():
    assert len(rows(STIMULI)) + len(texts(REMARKS)) + len(texts(STRANGE)) >= 80


def test_a_branch_concluded_from_a_muscle_is_marked_so():
    assert read_marker("stim OOc").from_muscle
    assert not read_marker("stim zyg").from_muscle
    assert not read_marker("stim frontal branch").from_muscle


def test_case_width_and_accents_do_not_matter():
    for text in ("zyg l 8 ma", "ＺＹＧ Ｌ ８ ｍＡ", "ZYG\tL\u00a08\u202fmA"):
        assert parse_marker(text) == parse_marker("ZYG L 8 mA")
    assert plain("œil ½ µV") != ""
    assert parse_channel("MENTALIS LEFT") == parse_channel("mentalis left")


def test_every_written_out_muscle_and_branch_is_known():
    for muscle in Muscle:
        assert parse_channel(f"{muscle.value}_left") == parse_channel(f"L {muscle.title}")
        assert parse_channel(f"{muscle.value}_left").muscle is muscle
    for branch in Branch:
        label = parse_marker(f"{branch.value} right")
        assert label is not None
        assert (label.site, label.side) == (branch, Side.RIGHT)


SIDE_WORDS = {
    Side.LEFT: ("L", "Lt", "left", "li", "links", "(L)", "слева", "лев.", "gauche", "izq", "sx"),
    Side.RIGHT: (
        "R",
        "rt",
        "RIGHT",
        "re.",
        "rechts",
        "(R)",
        "справа",
        "прав.",
        "droite",
        "der",
        "dx",
    ),
}
MUSCLE_WORDS = {
    Muscle.ORBICULARIS_OCULI: ("OOc", "OO", "O. oculi", "Orb.Oc.", "M. orbicularis oculi", "OrbOc"),
    Muscle.ORBICULARIS_ORIS: ("OOr", "Oris", "Orb Oris", "круговая мышца рта", "OrbOr"),
    Muscle.MENTALIS: ("Men", "MENT", "Mentalis", "подбородочная"),
    Muscle.FRONTALIS: ("Fr", "Fro", "Frontalis", "лобная"),
    Muscle.NASALIS: ("Nas", "nasalis"),
    Muscle.LEVATOR_LABII: ("LLS", "Lev. labii sup."),
}
LABEL_FORMS = (
    "{s} {m}", "{m} {s}", "{m}_{s}", "{s}-{m}", "EMG {s}_{m}", "EMG {m}, {s}", "Ch2 {m} {s}",
    "{s} {m}-Ref", "{m}/{s} 1", "{s}.{m}", "EMG{s} {m}", "{m} {s} (uV)",
)  # fmt: skip
SITE_WORDS = {
    Branch.ZYGOMATIC: ("ZYG", "zygomatic branch", "R. zygomaticus", "скуловая ветвь"),
    Branch.MANDIBULAR: ("MAN", "marg. mand.", "R. marginalis mandibulae", "маргинальная"),
    Branch.TEMPORAL: ("TEMP", "temporal", "R. temporalis"),
    Branch.BUCCAL: ("BUC", "buccal", "щечная ветвь"),
}
MARKER_FORMS = (
    "Stim {b} {s} {a}", "{b} {s} {a}", "{s} {b} {a}", "Reiz {b} {s}, {a}", "{a} {b} {s}",
    "{b}_{s}_{a}", "STIM|{b}|{s}|{a}", "TTL {b} ({s}) - {a}", "Stim 12 {b} {s} {a}",
)  # fmt: skip


@pytest.mark.parametrize("form", LABEL_FORMS)
def test_any_side_with_any_muscle_in_any_form(form: str):
    for muscle, names in MUSCLE_WORDS.items():
        for side, words in SIDE_WORDS.items():
            for label in (form.format(s=s, m=m) for s in words for m in names):
                meaning = parse_channel(label)
                assert (meaning.muscle, meaning.side) == (muscle, side), label
                assert meaning.kind is ChannelKind.EMG, label


@pytest.mark.parametrize("form", MARKER_FORMS)
def test_any_branch_with_any_side_and_current_in_any_form(form: str):
    for site, names in SITE_WORDS.items():
        for side, words in SIDE_WORDS.items():
            for text in (form.format(s=s, b=b, a="8,5 mA") for s in words for b in names):
                label = parse_marker(text)
                assert label is not None, text
                assert (label.site, label.side, label.intensity_ma) == (site, side, 8.5), text


def test_mirrored_labels_mean_the_other_side():
    for muscle, side, label in rows(FACIAL):
        if side == "L" and " L" in label:
            mirrored = parse_channel(label.replace(" L", " R"))
            assert (mirrored.muscle, mirrored.side) == (Muscle(muscle), Side.RIGHT), label


@pytest.mark.parametrize(
    "tables",
    [
        (vocabulary.SIDES, vocabulary.PARTS, vocabulary.MUSCLES, vocabulary.NERVES),
        (vocabulary.STIMULUS, {k: v for k, v in vocabulary.CHANNEL_WORDS.items() if k != "quiet"}),
        (vocabulary.MARKER_WORDS,),
    ],
)
def test_no_spelling_stands_for_two_things(tables: tuple[dict[str, str], ...]):
    owner: dict[str, str] = {}
    for table in tables:
        for concept, spellings in table.items():
            for word in plain(spellings).casefold().split():
                least, _, rest = word.partition("|")
                for end in range(len(rest) + 1):
                    assert owner.setdefault(least + rest[:end], concept) == concept


def test_slips_of_one_letter_only():
    assert one_slip_apart("mentalis", "mentalias")
    assert one_slip_apart("mentalsi", "mentalis")
    assert not one_slip_apart("mentalis", "mentalis")
    assert not one_slip_apart("mentalis", "dentalsi")
    assert [w.concept for w in CHANNEL_LEXICON.words("zygomatikus")] == ["zygomatic"]
    assert [w.concept for w in CHANNEL_LEXICON.words("temporales")] == ["temporalis"]
