"""The words of the section on free-running EMG in Russian, and those of the analysis."""

from __future__ import annotations

import re

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.patterns import CONCLUSION_WORDS

HEADINGS = {
    "patterns": "Спонтанная ЭМГ",
    "bursts_per_min": "Вспышек/мин (95 % ДИ)",
    "clonic": "Клон.",
    "tonic": "Тонич.",
    "other_bursts": "Прочие",
    "burst_duration": "Длит., мс [МКР]",
    "burst_load": "Время, %",
    "burst_area": "мкВ·с/мин",
    "set_aside": "Не учтено",
    "raster": "Вспышки",
    "synchrony": "Синхронность",
    "measures": "Измерено",
    "supporting": "За [баллы]",
    "opposing": "Против [баллы]",
    "told": "Отмечено также",
    "pattern_limits": "Ограничения этого раздела",
}

PATTERNS = {
    "is_no_activity": "Непроизвольной активности не найдено",
    "is_hfs_clonic": "Паттерн гемифациального спазма, клонический",
    "is_hfs_tonic": "Паттерн гемифациального спазма, тонический",
    "is_hfs_clonic_tonic": "Паттерн гемифациального спазма, клонико-тонический",
    "is_blepharospasm": "Паттерн типа блефароспазма",
    "is_myokymia": "Паттерн типа миокимии",
    "is_synkinesis": "Паттерн типа синкинезии",
    "is_cortical": "Ритмичные подёргивания коркового типа",
    "is_voluntary": "Активность типа произвольной",
    "is_fasciculation": "Активность типа фасцикуляций",
    "is_neuromyotonia": "Разряды типа нейромиотонических",
    "is_hemimasticatory": "Паттерн типа гемимастикаторного спазма",
    "is_indeterminate": "Неопределённо",
    "is_insufficient": "Слишком мало активности или времени для вывода",
    "flag_clipping": "усилитель насыщался",
    "flag_mains": "значительная часть фона — сетевая помеха",
    "flag_baseline": "фон зашумлён или активен постоянно",
    "flag_flat line": "нет сигнала: электрод отошёл или канал плоский",
    "flag_low signal-to-noise ratio": "вспышки едва выше шума",
    "flag_movement or cardiac artefact": "движение или сердце занимают значительную часть времени",
    "too_short": (
        "Паттерн не указан: спонтанной ЭМГ {seconds} с, нужно не менее {least} с, желательно "
        "{asked} с. Короткая запись не исключает непостоянного спазма."
    ),
    "not_assessed": "Паттерн не указан: {reason}.",
    "place_left": "слева",
    "place_right": "справа",
    "place_both": "с обеих сторон",
    "sure_high": "уверенность: высокая",
    "sure_moderate": "уверенность: умеренная",
    "sure_low": "уверенность: низкая",
    "sentence": "Спонтанная ЭМГ, {minutes} мин, {electrodes}: {counts}{timing}.",
    "none_counted": "вспышек нет",
    "counts": "{clonic}{clonic_ms}, {tonic}{tonic_ms} в самой активной мышце ({muscle})",
    "n_clonic": "клонических вспышек {n}",
    "n_tonic": "тонических {n}",
    "median_ms": " (медиана {ms} мс)",
    "timing": "индекс синхронности {si}, медиана задержки {lag} мс",
    "surface": "поверхностные электроды",
    "needle": "игольчатые электроды",
    "mixed": "поверхностные и игольчатые электроды",
    "about_hfs": (
        "Картина ЭМГ соответствует паттерну гемифациального спазма. Это не исключает "
        "постпаралитических синкинезий и вторичного гемифациального спазма; сопоставить с "
        "клинической картиной, МРТ по показаниям."
    ),
    "about_no_activity": (
        "За {minutes} мин вспышек типа гемифациального спазма не найдено. Короткая запись не "
        "исключает непостоянного гемифациального спазма."
    ),
    "about_blepharospasm": (
        "Картина ЭМГ соответствует двусторонней синхронной активности круговых мышц глаз, какая "
        "может наблюдаться при блефароспазме; сопоставить с клинической картиной."
    ),
    "about_myokymia": (
        "Картина ЭМГ соответствует сгруппированным разрядам, какие могут наблюдаться при миокимии "
        "лица. Граница между миокимией и гемифациальным спазмом не общепринята; сопоставить с "
        "клинической картиной."
    ),
    "about_synkinesis": (
        "Активность сопровождает моргания или движения по команде, в покое скудна, как может "
        "наблюдаться после пареза лицевого нерва; сопоставить с клинической картиной."
    ),
    "about_cortical": (
        "Ритмичные короткие вспышки, какие могут наблюдаться при корковых подёргиваниях; "
        "рекомендуется ЭЭГ, сопоставить с клинической картиной."
    ),
    "about_voluntary": (
        "Активность похожа на произвольное сокращение. ЭМГ не различает функциональный спазм, тик "
        "и произвольное сокращение; сопоставить с клинической картиной."
    ),
    "about_fasciculation": (
        "Одиночные разряды в случайном порядке, не вместе в нескольких мышцах, какие могут "
        "наблюдаться при фасцикуляциях; сопоставить с клинической картиной."
    ),
    "about_neuromyotonia": (
        "Длинные частые серии с падающей амплитудой, не вместе в нескольких мышцах, какие могут "
        "наблюдаться при нейромиотонии; сопоставить с клинической картиной."
    ),
    "about_hemimasticatory": (
        "Вспышки жевательных мышц одной стороны при молчании мимических, какие могут наблюдаться "
        "при гемимастикаторном спазме; сопоставить с клинической картиной."
    ),
    "about_indeterminate": (
        "Ни один паттерн не отвечает всем своим правилам. Это не исключает гемифациального спазма; "
        "сопоставить с клинической картиной."
    ),
    "about_insufficient": (
        "Слишком мало вспышек или времени для вывода. Короткая запись не исключает непостоянного "
        "гемифациального спазма."
    ),
    "about_operation": (
        "Записано во время операции: паттерны покоя не оцениваются. Это не исключает "
        "гемифациального спазма."
    ),
    "row_groups": "Группы",
    "groups": (
        "залпов {salvos}, эпизодов {episodes}, {rate} в минуту; переходов клонических в тонические "
        "{runs}"
    ),
    "row_duration": "Длительность",
    "duration": "клонические {clonic} мс, тонические {tonic} мс (медиана [МКР])",
    "row_load": "Нагрузка",
    "load": "{percent} % времени хотя бы в одной мышце; {area} мкВ·с/мин в среднем на мышцу",
    "row_synchrony": "Синхронность",
    "synchrony_none": "не измерить: на одной стороне активно менее двух мышц",
    "synchrony": "индекс {si} в пределах {ms} мс, начал {n}; задержка {lag} мс (медиана [МКР])",
    "row_side": "Латерализация",
    "side": "{li} по вспышкам, {area} по их площади (+1 только слева, −1 только справа)",
    "side_none": "не измерить: записана одна сторона или нет вспышек",
    "row_rhythm": "Ритм",
    "rhythm": "эпизоды {word}: CV {cv}, CV2 {cv2}; индекс ритма {index}",
    "rhythm_none": "не измерить: слишком мало эпизодов",
    "rhythm_index": "индекс ритма {index}",
    "at_hz": " на {hz} Гц",
    "regular": "регулярны",
    "irregular": "нерегулярны",
    "neither": "ни регулярны, ни нерегулярны",
    "row_babinski": "Другой симптом Бабинского",
    "babinski": "{side}: {value}, n {n}, {word}",
    "babinski_none": "не измерить: нужны лобная и круговая мышца глаза одной стороны и вспышки",
    "positive": "есть",
    "negative": "нет",
    "equivocal": "неясно",
    "few": "слишком мало для вывода",
    "row_rate": "Частота во вспышках",
    "rate": "{rate} Гц (медиана [МКР]), n {n}; два способа согласны в {reliable} вспышек",
    "rate_surface": "поверхностными электродами не измерить",
    "rate_none": "не измерить: слишком мало разрядов",
    "row_cues": "Движения по команде",
    "cues": "другая мышца той же стороны присоединяется в {value}, n {n}",
    "row_blinks": "Моргания",
    "row_sleep": "Сон",
    "sleep": "эпизодов в час во сне {value} от бодрствования, n {n}",
    "row_amr": "AMR этой записи",
    "row_aside": "Не учтено",
    "aside_1": "после стимула {n}",
    "aside_2": "моргания обоих глаз {n}",
    "aside_3": "ниже порога мышцы {n}",
    "aside_4": "движение или сердце {n}",
    "aside_5": "не вспышка, вручную {n}",
    "aside_6": "объёмное проведение {n}",
    "row_manual": "Вручную",
    "manual": "вспышек, заданных или изменённых врачом: {n}",
    "row_runner_up": "Следующая версия",
    "no_runner_up": "нет такой, в пользу которой говорили бы её правила",
    "row_missing": "Не исследовано",
    "row_quality": "Качество сигнала",
    "all_channels": "все каналы",
    "row_crosstalk": "Возможна наводка",
    "row_conclusion": "Спонтанная ЭМГ",
    "kind_1": "клонические",
    "kind_2": "тонические",
    "kind_0": "прочие",
    "kind_aside": "не учтены",
    "min": "мин",
    "s": "с",
    "raster_note": (
        "Вверху вся запись; внизу {s} с наибольшим числом вспышек (вверху закрашены). Высокие: "
        "клонические; толстые: тонические; тонкие: одиночные разряды и промежуточной "
        "длительности; серые штрихи: не учтены."
    ),
    "raster_note_one": (
        "Высокие: клонические; толстые: тонические; тонкие: одиночные разряды и промежуточной "
        "длительности; серые штрихи: не учтены."
    ),
    "raster_alt": "Вспышки в {n} каналах за {minutes} мин: {counts}",
    "matrix_note": (
        "Над диагональю: индекс синхронности (0 как случайно, 1 всегда вместе); под ней: медиана "
        "задержки строки относительно столбца, мс. ×: возможна наводка; ·: мало вспышек или пар. "
        "Важны мышцы одной стороны."
    ),
    "matrix_alt": "Синхронность пар мышц; наибольшая: {pair} {si}",
    "limit_defaults": (
        "Пороги по умолчанию этой программы, не опубликованные как критерии и не проверенные на "
        "пациентах: вспышка от {on} до {off} SD над покоем, порог мышцы {floor} обычного пика; "
        "клоническая до {clonic} мс, тоническая от {tonic} мс; промежуток залпа {salvo} мс, "
        "эпизода {episode} с; не менее {n_clonic} клонических или {n_tonic} тонических вспышек за "
        "{rest} с; вместе в пределах {sync} мс, синхронно от {si}, асинхронно ниже {asi}; "
        "одна сторона от {uni}, обе до {bil}; другой симптом Бабинского "
        "в пределах {obs_ms} мс, есть от {obs}, нет до {no_obs}; регулярно ниже CV {reg}, "
        "нерегулярно от {irr}. Значения стоят в разделе «Параметры», их можно изменить."
    ),
    "limit_crosstalk": (
        "Наводка от соседних мышц может имитировать синхронность и другой симптом Бабинского; "
        "порог мышцы и поиск копий её уменьшают, но не устраняют."
    ),
    "limit_surface": (
        "Поверхностные электроды не разрешают частоту разрядов 250–400 Гц при любой частоте "
        "дискретизации; частоты указаны только по игольчатым электродам."
    ),
    "limit_short": (
        "Короткая запись не исключает непостоянного спазма. Ботулотоксин, парез лицевого нерва, "
        "седация и миорелаксанты уменьшают число вспышек."
    ),
    "limit_kinds": (
        "ЭМГ не различает функциональный спазм, тик и произвольное сокращение. Сохранение во сне и "
        "аномальный мышечный ответ свойственны не только гемифациальному спазму."
    ),
    "limit_aid": (
        "Заключение сформировано программой по правилам, не является диагнозом и требует "
        "оценки врачом. Каждую вспышку можно увидеть и исправить в программе."
    ),
}  # fmt: skip

_NUMBER = r"(-?[\d.]+)"
_MUSCLES = "|".join(m.title for m in Muscle)
_LONGEST_FIRST = sorted(CONCLUSION_WORDS.items(), key=lambda item: -len(item[1]))
PHRASES: tuple[tuple[str, str], ...] = (
    (r"orbiculares oculi: ", "круговые мышцы глаз: "),
    (r"synchrony index ", "индекс синхронности "),
    (r"quartiles ", "квартили "),
    (rf"{_NUMBER} to {_NUMBER}", r"\1 … \2"),
    (r"fewer than two active muscles", "активно менее двух мышц"),
    (r"only one side was recorded", "записана только одна сторона"),
    (r"lateralization ", "латерализация "),
    (r"(\d+) on the other side", r"на другой стороне \1"),
    (r"no masseter or temporalis was recorded", "жевательные мышцы не записаны"),
    (r"variation of intervals ", "вариация интервалов "),
    (
        rf"discharges at {_NUMBER} Hz \((.*?)\) within bursts",
        r"частота разрядов во вспышках \1 Гц (\2)",
    ),
    (r"other Babinski sign \(frontalis and orbicularis oculi of one side\)",
     "другой симптом Бабинского (лобная и круговая мышца глаза одной стороны)"),
    (r"other Babinski sign ", "другой симптом Бабинского "),
    (r"abnormal muscle response present, as also in 4 of 5 with synkinesis",
     "аномальный мышечный ответ есть, как и у 4 из 5 с синкинезиями"),
    (r"no abnormal muscle response, as in 4 % of those operated on",
     "аномального мышечного ответа нет, как у 4 % оперированных"),
    (r"(\d+) episodes asleep", r"эпизодов во сне \1"),
    (rf"envelope of tonic bursts fluctuates by {_NUMBER} %",
     r"огибающая тонических вспышек колеблется на \1 %"),
    (rf"{_NUMBER} % of the events are single discharges", r"одиночных разрядов \1 % событий"),
    (r"correlation of envelopes ", "корреляция огибающих "),
    (r"too few bursts for a synchrony index", "для индекса синхронности мало вспышек"),
    (r"no bursts on either side", "вспышек нет ни на одной стороне"),
    (r", of area ", ", по площади "),
    (r"one active muscle; the others hold no more than may be conducted from it",
     "активна одна мышца; в других не больше, чем может быть наведено от неё"),
    (r"both sides burst, at different times", "вспышки на обеих сторонах, в разное время"),
    (rf"{_NUMBER} % of the intervals between bursts are alike, rhythm index {_NUMBER}, runs of "
     rf"{_NUMBER} s", r"одинаковы \1 % интервалов между вспышками, индекс ритма \2, серии по \3 с"),
    (rf"runs of {_NUMBER} s; salvos of spasm are shorter", r"серии по \1 с; залпы спазма короче"),
    (rf"amplitude falls evenly in {_NUMBER} % of (\d+) long bursts",
     r"амплитуда ровно падает в \1 % длинных вспышек (n \2)"),
    (r"(\d+) bursts of muscles of the facial nerve on one side", r"вспышек мимических мышц \1"),
    (rf", {_NUMBER} % in area", r", \1 % по площади"),
    (r"(\d+) bursts of masseter or temporalis", r"вспышек жевательной или височной мышцы \1"),
    (r"of masseter or temporalis ", "жевательной или височной мышцы: "),
    (r"(\d+) clonic and (\d+) tonic bursts, (\d+) events in all",
     r"вспышек: клонических \1, тонических \2; всего событий \3"),
    (r"(\d+) clonic and (\d+) tonic bursts", r"вспышек: клонических \1, тонических \2"),
    (r"(\d+) events that no noise makes", r"событий, каких не даёт шум: \1"),
    (rf"median duration of a group {_NUMBER} ms", r"медиана длительности группы \1 мс"),
    (rf"{_NUMBER} % of the active time in bursts of 500 ms and more",
     r"\1 % активного времени во вспышках от 500 мс"),
    (r"too few groups in any muscle", "мало групп в каждой мышце"),
    (r"too few bursts for a rhythm", "для ритма мало вспышек"),
    (rf"круговые мышцы глаз: within {_NUMBER} ms", r"круговые мышцы глаз в пределах \1 мс"),
    (rf"orbiculares oculi within {_NUMBER} ms", r"круговые мышцы глаз в пределах \1 мс"),
    (r"латерализация of the eyes ", "латерализация глаз "),
    (rf"{_NUMBER} % of the activity around the eyes", r"\1 % активности вокруг глаз"),
    (r"not both orbiculares oculi were recorded", "записаны не обе круговые мышцы глаз"),
    (rf"lag between muscles up to {_NUMBER} ms", r"задержка между мышцами до \1 мс"),
    (rf"lag between muscles {_NUMBER} ms", r"задержка между мышцами \1 мс"),
    (rf"a muscle that the other side does not move joins {_NUMBER} % of (\d+) movements asked for",
     r"мышца, которой другая сторона не движет, присоединяется в \1 % движений по команде (n \2)"),
    (rf"a muscle that the other side does not move joins {_NUMBER} % of (\d+) blinks",
     r"мышца, которой другая сторона не движет, присоединяется в \1 % морганий (n \2)"),
    (r"(\d+) movements asked for move this side; the other side was not recorded",
     r"движений этой стороны по команде \1; другая сторона не записана"),
    (r"(\d+) blinks move this side; the other side was not recorded",
     r"морганий этой стороны \1; другая сторона не записана"),
    (rf"its envelope follows another muscle's with r {_NUMBER}, {_NUMBER} ms apart",
     r"её огибающая следует за другой мышцей: r \1, разница \2 мс"),
    (rf"the other side does so in {_NUMBER} %", r"на другой стороне то же в \1 %"),
    (r"too few blinks or movements that were asked for", "мало морганий и движений по команде"),
    (r"no movements were asked for, or too few", "движений по команде не было или мало"),
    (r"(\d+) of (\d+) movements asked for are made", r"движений по команде выполнено \1 из \2"),
    (rf"the sides differ in {_NUMBER} % of movements or blinks at most",
     r"стороны различаются не более чем в \1 % движений или морганий"),
    (rf"envelopes of two muscles in movements correlate with r {_NUMBER}",
     r"корреляция огибающих двух мышц при движениях r \1"),
    (r"(\d+) tonic bursts", r"тонических вспышек \1"),
    (rf"another muscle joins {_NUMBER} % of the blinks on one side",
     r"другая мышца на одной стороне присоединяется в \1 % морганий"),
    (rf"{_NUMBER} bursts/min at rest", r"\1 вспышек/мин в покое"),
    (r"(\d+) bursts$", r"вспышек \1"),
    (r"^no bursts$", "вспышек нет"),
    (r"rhythm index ", "индекс ритма "),
    (rf"every {_NUMBER} s", r"каждые \1 с"),
    (rf"median duration {_NUMBER} ms", r"медиана длительности \1 мс"),
    (rf"rise in {_NUMBER} ms", r"нарастание за \1 мс"),
    (rf"no pattern reaches {_NUMBER} points; closest is ",
     r"ни один паттерн не набирает \1 балла; ближе всего: "),
    (rf" and (.*) are supported alike \({_NUMBER} and {_NUMBER} points\)",
     r" и \1 подтверждены одинаково (баллов \2 и \3)"),
    (rf"next is (.*): {_NUMBER} points against {_NUMBER}", r"далее: \1, баллов \2 против \3"),
    *((re.escape(w), PATTERNS[f"is_{c.value}"].lower()) for c, w in _LONGEST_FIRST),
    (r"a short recording does not exclude intermittent spasm",
     "короткая запись не исключает непостоянного спазма"),
    (rf"{_NUMBER} min recorded, {_NUMBER} are asked for", r"записано \1 мин, желательно \2"),
    (rf"{_NUMBER} of {_NUMBER} min recorded", r"записано \1 из \2 мин"),
    (rf"{_NUMBER} s recorded, {_NUMBER} s are asked for", r"записано \1 с, желательно \2 с"),
    (r"the signal of active channels is flagged", "сигнал активных каналов под вопросом"),
    (r"two channels may hold one signal", "два канала могут содержать один сигнал"),
    (r"synkinesis after facial palsy and secondary spasm are not excluded",
     "синкинезии после пареза лицевого нерва и вторичный спазм не исключены"),
    (r"no bursts; recorded during an operation", "вспышек нет; записано во время операции"),
    (rf"recorded during an operation: (\d+) A-trains \({_NUMBER} s of train time\), (\d+) B-type "
     r"and (\d+) C-type; resting patterns are not judged",
     r"записано во время операции: A-серий \1 (всего \2 с), типа B \3, типа C \4; паттерны покоя "
     r"не оцениваются"),
    (r"no channel holds a signal", "ни один канал не содержит сигнала"),
    (r"no muscle of the facial nerve was recorded", "мимические мышцы не записаны"),
    (r"^abnormal muscle response$", "аномальный мышечный ответ"),
    (r"muscles of the other side", "мышцы другой стороны"),
    (r"discharge rate within bursts \(needle electrode; surface resolves up to 200 Hz\)",
     "частота разрядов во вспышках (игольчатый электрод; поверхностный разрешает до 200 Гц)"),
    (r"cued movements \(synkinesis\)", "движения по команде (синкинезии)"),
    (r"^sleep$", "сон"),
    (r"maximal contraction \(floor against volume conduction\)",
     "максимальное сокращение (порог против наводки)"),
    (r"masseter \(hemimasticatory spasm\)", "жевательная мышца (гемимастикаторный спазм)"),
    (r"^EEG$", "ЭЭГ"),
    (r"stimulated throughout: no free-running EMG of 10 s or more",
     "стимуляция без перерывов, спонтанной ЭМГ нет и 10 с"),
    (r"no continuous EMG of 10 s or more", "непрерывной ЭМГ нет и 10 с"),
    (rf"\bleft ({_MUSCLES})", r"\1 слева"),
    (rf"\bright ({_MUSCLES})", r"\1 справа"),
    (r"(?<![\w.])-(?=\d)", "−"),
)  # fmt: skip
"""Words of the analysis: patterns and what they become, in order."""
