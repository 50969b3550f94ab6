"""The words that laboratories write into channel labels and markers, and what each stands for.

Every table maps a concept to its spellings, in lower case and without accents, in English, German,
Russian, Latin, French, Spanish, Italian and a little Chinese and Japanese. ``men|talis`` stands for
every abbreviation from ``men`` to ``mentalis``, ``скулов*`` for every word that begins so. What a
concept means for a channel or a marker stand in `labels` and `marker_labels`, how a text falls into
words in `words`.
"""

from __future__ import annotations

from amr_viewer.core.anatomy import Branch, Muscle, Side

SIDES = {
    "left": """l lt lft left links linke linker linkes linken li sin sinist|ra sinister
        sinistrum sinistro sx gauche gau izq|uierda izquierdo izda izdo esq|uerda esquerdo л
        лев* слева 左 左側 左侧""",
    "right": """r rt rgt rght right rechts rechte rechter rechtes rechten re dx dex|tra dext|er
        dextrum destra destro droit|e der derech|a derecho dcha dcho direit|a direito п пр
        прав* справа 右 右側 右侧""",
}
"""``sinus`` or ``linear`` are no sides: these words have no free endings, except the Russian."""

WEAK_SIDES = {"d": Side.RIGHT, "s": Side.LEFT, "g": Side.LEFT, "i": Side.LEFT, "e": Side.LEFT}
"""Letters that mean a side only where a whole set of channels is named so: dexter, derecha, droite,
destra; sinister, gauche, izquierda, esquerda."""

PARTS = {
    "orbicularis": """orb|icularis orbicularus orbicularius orbiculares orbiculaire orbikularis
        o orbclrs кр|уговая кругов* ringmuskel ringmuskels""",
    "oo": "oo",
    "oculi": """oc|uli ooc|uli ocular|is occ|uli oculo oculus occulus okuli oocc oom oop ooci
        oocs œil oeil yeux paupiere paupieres ojo|s occhio occhi auge|s augen eye|s eyelid
        глаз* окул* 眼輪筋 眼轮匝肌 眼輪匝肌""",
    "oris": """or|is oor|is orris oriss ooro oors orbor mund|es mundwinkel mouth bouche boca
        bocca рта рот орис 口輪筋 口轮匝肌 口輪匝肌""",
    "lip": "lip|s lippe lippen levre|s labio labbro губ*",
    "levator": "lev|ator levatore elevador elevat|or elevateur heber lvtr поднима* леватор*",
    "depressor": "dep|ressor deprs depresor abaisseur senker опуска* депрессор*",
    "anguli": "ang|uli angl angulus angularis anguloris mundwinkels угол угла",
    "labii": "lab|ii labium labialis",
    "ala": "ala alae alaeque alaque nasi",
    "supercilii": "supercilii",
    "muscle": "muscle|s muscul|us musc muskel|n myo мышц* мышеч*",
}

MUSCLES = {
    "frontalis": """fr fro|ntalis frt frnt frontales frontails forehead stirn лоб* лобн* фронт*
        前頭筋 前頭 额肌 額肌 额""",
    "corrugator": "cor|rugator corugator корругат* сморщив* 皱眉肌 皺眉筋",
    "procerus": "procer|us пирамидальн* процерус",
    "nasalis": "nas|alis nose nase nasale naso nariz nez нос* 鼻筋 鼻肌",
    "levator_labii": "lls llsan lln levlab levlabsup",
    "zygomatic": """zyg|omaticus zygomatik|us zygomatici zygomaticum zygomaticae zygomatique
        zygmaj zigomatic|o cigomatic|o скул* joch|bein jochbogen zg 颧肌 頬骨筋 颧支 頬骨枝""",
    "zygomaticus": "zm zmj zmaj zma zmi zmin",
    "buccinator": "buccin|ator bucin|ator buccinatorius trompeter|muskel",
    "mentalis": """men|talis mnt|ls mentales mentlis metalis mentonier mentonniere menton mento
        barbilla chin kinn kinnes подбородо* ментал* オトガイ筋 オトガイ 頤筋 颏肌 頦肌""",
    "dao": "dao dpao depangoris triangularis",
    "dli": "dli dlii deplabinf",
    "platysma": "plat|ysma platisma platismo подкожн* платизм* 広頚筋 颈阔肌 頸闊肌",
    "masseter": "mas|seter mass|eter maseter massetere жевательн* массетер* 咬筋 咬肌",
    "temporalis": "temporalis temporales tempralis",
}

NERVES = {
    "temp": "temp",
    "temporal": "tempo|ral temporo tmp tb frontotemporal schlafe|n височн* 側頭枝 颞支",
    "zygomatic_branch": "zb zbr zyb",
    "buccal": """buc|calis bucca|lis buccales buccals bb bukk|alis bucal cheek wange щечн*
        頬筋枝 颊支""",
    "mandibular": """man mand|ibularis mandibulae mandible marg|inalis mandibulaire mandibulare
        mb mmb mmn mmbr mdb mdbr rmm unterkiefer|ast нижнечелюстн* маргинал* краев* челюст*
        下顎縁枝 下颌缘支""",
    "cervical": "cerv|icalis cb colli zervikal|er hals шейн* 頸枝 颈支",
    "trunk": """trunk stylomast|oideum mainstem smf fnt truncus hauptstamm stamm tronc tronco
        ствол* шилососц* 主幹 总干""",
    "supraorbital": "so supraorb|italis supra sorb надглазн* супраорб* надорбит* 眼窩上 眶上",
}

STIMULUS = {
    "stim": """stim|ulus stims stimuli stimulation stimulations stimulating stimulated
        stimulate stimulo stimolo stimolazione estim|ulo estimulacion estimulation stima stimb
        stimc stimd elstim shock shocks puls pulse pulses impuls impulse reiz reize reizung
        reizungen elektroreiz стим|ул стимул* импульс* раздраж* 刺激 電気刺激 电刺激""",
    "trigger": """trig trg trigs trigger triggers triggering ttl trigin trigout dtrig триг|гер
        триггер* ausloser gatillo declencheur トリガー 触发""",
}

CHANNEL_WORDS = {
    "emg": """emg semg nemg temg nc mep mmep triggered evoked freerun spontan эмг ээмг
        myogram|m 筋電図 肌电""",
    "marking": """status sti din dig digital event events ereignis evt marker markers marking
        mark sync synch synchro syncin photo photic photodiode photosensor синхр* метка метки
        маркер* событи*""",
    "other": """eeg ээг ecg ekg экг eog heog veog эог ecog meg erg spo sao resp respiration
        breathing flow airflow nasalflow snore snoring pressure press druck nibp ibp abp cvp
        etco capno baep bera abr aep vep ssep sep bis eda gsr acc accel accelerometer gyro
        force torque mic microphone pleth plethysmo ppg hr pulserate hypnogram impedance
        temperature temperatur thermistor pupil gaze tracker avr avl avf timestamp processed
        rectified rect rms envelope integrated iemg smoothed дыхание давлен* температур*""",
    "quiet": """thorax abdomen abd chest art arterial sat co angle light sound audio heart
        pulse pulses position battery index counter time zeit imp lead ref reref reference gnd
        ground erde aux auxiliary analog dc therm rectal xpos ypos пульс""",
    "body": """soleus sol fdi apb adm adq abductor adductor ta tibialis ah gast|rocnemius
        delt|oid biceps trap|ezius tric|eps scm sternocl|eidomastoid sternomastoid digastr|ic
        submental submentalis risor|ius auricular|is occipit|alis stylohyoid mylohyoid
        geniogl|ossus tongue zunge язык vocal|is cricothyroid hypogl|ossus palate palat|i
        pharyn|x laryn|x quad|s quadriceps gluteus vastus ecr fcr edc thenar hypothenar digiti
        pollicis hallucis interosseous hand foot leg arm forearm rectus oblique hamstring
        diaphragm interc|ostal paraspinal sphincter splenius septi palpebrae caninus lao
        stapedius flexor extensor""",
}
"""`other` words say that a channel is no EMG, whatever else its label says; `quiet` ones only where
it names no muscle."""

MARKER_WORDS = {
    "branch": "branch branches br rami ramus ast aste ветв* ветк* rama ramo rameau branche",
    "neutral": """a b c d e s m n nn nerve nerves nerv nervus nervi nerf nervio нерв* fac|ialis
        face fazialis лиц* vii cn cnvii of the to at on with and single main first second stylo
        foramen channel ch chan kanal канал elec electric electrical electrically elektrisch|e
        elektrischer elektro электрич* current courant strom ток* intensity intensitat int i
        интенсивн* amp ampl amplitude width breite длительн* pw pulsewidth pulsbreite dur
        duration dauer rate freq frequency frequenz hz khz гц cathode anode kathode polarity
        pol polaritat site ort side seite сторон* area test run sweep trial nr num number
        nummer ном* id type typ name value ma ms us sec constant bipolar monopolar manual auto
        square wave train supramax supramaximal amr lsr orbital high low percutaneous surface
        transcutaneous needle major minor upper lower superior inferior sup inf target label
        code port pin bnc inc outc external ext internal comment annotation event marker mark
        dc к""",
    "event": """is was wird wurde threshold schwelle порог* parameter|s protocol off stop stopp
        stopped end ende beendet abgeschaltet aus ended finish pause resume start begin beginn
        begun began continue increase decrease raise reduce erhoht erhohen reduziert gesteigert
        увелич* уменьш* повыш* пониж* снижен* change changes set setting settings adjust now
        new neu moved move replace reposition placement position positions lost loss gone
        vanish vanishes disappear disappears reappear reappears absent absence present presence
        response responses reaction antwort antworten ответ* artefact artifact artefakt
        artifacts артефакт* noise spasm spasms spasmus спазм* blink blinks blinzeln морган*
        burst bursts reflex during wahrend после до во время after nach before vor until bis
        without ohne prior post pre poststim prestim sham fail fails failed failure missed
        missing miss no not none nicht kein keine нет не electrode electrodes elektrode
        elektroden электрод* impedance check contact opening open close closure closed incision
        dura dural durae teflon decompression dekompression декомпресс* irrigation cautery
        coagulation drill retractor retraction patient pat anesthesia anaesthesia relaxant
        propofol bolus aica pica vessel gefass сосуд* сосуд surgeon artery bleeding movement
        bewegung cough husten swallow talk talking speech smile grimace forced voluntary eyes
        remove up down from per habit request question problem error weak strong better worse
        good bad bereit ready wait break over остан* прекращ* начал* начат* конец кон* оконч*
        заверш* пауза включ* выключ* откр* закрыт* смен* перестав* потер* исчез* появ*
        отсутств* без перед 開始 終了 停止 开始 结束""",
    "phase": """baseline basal preop postop closing control kontrolle контроль* final initial
        initio исходн* фон*""",
    "towards": "rec record recorded recording ableitung abl запись отвед*",
}
"""`neutral` words leave a stimulus a stimulus, `event` words make it a remark, `phase` words do so
unless site and current are stated, and what stands behind `towards` is what was recorded."""

MUSCLE_PATTERNS: tuple[tuple[str, Muscle | None], ...] = (
    ("levator palpebrae", None),
    ("levator anguli oris", None),
    ("levator anguli", None),
    ("levator labii ala", Muscle.LEVATOR_LABII),
    ("levator labii", Muscle.LEVATOR_LABII),
    ("levator lip", Muscle.LEVATOR_LABII),
    ("levator ala", Muscle.LEVATOR_LABII),
    ("levator", Muscle.LEVATOR_LABII),
    ("levator_labii", Muscle.LEVATOR_LABII),
    ("depressor anguli oris", Muscle.DEPRESSOR_ANGULI_ORIS),
    ("depressor anguli lip", Muscle.DEPRESSOR_ANGULI_ORIS),
    ("depressor oris", Muscle.DEPRESSOR_ANGULI_ORIS),
    ("depressor anguli", Muscle.DEPRESSOR_ANGULI_ORIS),
    ("dao", Muscle.DEPRESSOR_ANGULI_ORIS),
    ("depressor labii", Muscle.DEPRESSOR_LABII),
    ("depressor lip", Muscle.DEPRESSOR_LABII),
    ("dli", Muscle.DEPRESSOR_LABII),
    ("depressor supercilii", None),
    ("orbicularis oculi", Muscle.ORBICULARIS_OCULI),
    ("oo oris", Muscle.ORBICULARIS_ORIS),
    ("oo lip", Muscle.ORBICULARIS_ORIS),
    ("oris lip", Muscle.ORBICULARIS_ORIS),
    ("oo", Muscle.ORBICULARIS_OCULI),
    ("oculi", Muscle.ORBICULARIS_OCULI),
    ("oris", Muscle.ORBICULARIS_ORIS),
    ("lip", Muscle.ORBICULARIS_ORIS),
    ("frontalis", Muscle.FRONTALIS),
    ("corrugator", Muscle.CORRUGATOR),
    ("procerus", Muscle.PROCERUS),
    ("nasalis", Muscle.NASALIS),
    ("ala", Muscle.NASALIS),
    ("zygomatic", Muscle.ZYGOMATICUS),
    ("zygomaticus", Muscle.ZYGOMATICUS),
    ("buccinator", Muscle.BUCCINATOR),
    ("mentalis", Muscle.MENTALIS),
    ("platysma", Muscle.PLATYSMA),
    ("masseter", Muscle.MASSETER),
    ("temporalis", Muscle.TEMPORALIS),
    ("temporal muscle", Muscle.TEMPORALIS),
)
"""What concepts make a muscle, the longest first; None: a muscle that this program does not know.
"Levator" alone is the one of the lip: facial studies record no other."""

SITES = {
    "temporal": Branch.TEMPORAL,
    "temp": Branch.TEMPORAL,
    "temporalis": Branch.TEMPORAL,
    "zygomatic": Branch.ZYGOMATIC,
    "zygomaticus": Branch.ZYGOMATIC,
    "zygomatic_branch": Branch.ZYGOMATIC,
    "buccal": Branch.BUCCAL,
    "mandibular": Branch.MANDIBULAR,
    "cervical": Branch.CERVICAL,
    "trunk": Branch.TRUNK,
    "supraorbital": Branch.SUPRAORBITAL,
}

SITE_BY_MUSCLE = {
    Muscle.FRONTALIS: Branch.TEMPORAL,
    Muscle.ORBICULARIS_OCULI: Branch.ZYGOMATIC,
    Muscle.ZYGOMATICUS: Branch.ZYGOMATIC,
    Muscle.ORBICULARIS_ORIS: Branch.BUCCAL,
    Muscle.BUCCINATOR: Branch.BUCCAL,
    Muscle.MENTALIS: Branch.MANDIBULAR,
    Muscle.DEPRESSOR_ANGULI_ORIS: Branch.MANDIBULAR,
    Muscle.DEPRESSOR_LABII: Branch.MANDIBULAR,
    Muscle.PLATYSMA: Branch.CERVICAL,
}
"""The branch meant by a marker that names a muscle ("stim OOc"): a habit of laboratories, so that
`assignment` warns of it."""

SITE_LETTERS = {
    "z": Branch.ZYGOMATIC,
    "t": Branch.TEMPORAL,
    "b": Branch.BUCCAL,
    "m": Branch.MANDIBULAR,
}
"""Only in front of an arrow (``Z->Men``) or beside a current."""
