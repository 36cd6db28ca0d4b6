"""The codes of languages (ISO 639), and what people write for them: the code of a country, three letters, a name."""

from __future__ import annotations

import json
from functools import cache

from procdef.resources import packaged

_TWO = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et
eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
TWO_LETTERS = frozenset(_TWO.split())
"""ISO 639-1."""

_LONG = """
aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az bak:ba bam:bm baq:eu
bel:be ben:bn bis:bi bod:bo bos:bs bre:br bul:bg bur:my cat:ca ces:cs cha:ch che:ce chi:zh chu:cu chv:cv cor:kw cos:co
cre:cr cym:cy cze:cs dan:da deu:de div:dv dut:nl dzo:dz ell:el eng:en epo:eo est:et eus:eu ewe:ee fao:fo fas:fa fij:fj
fin:fi fra:fr fre:fr fry:fy ful:ff geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha hbs:sh
heb:he her:hz hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id ipk:ik isl:is
ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kat:ka kau:kr kaz:kk khm:km kik:ki kin:rw kir:ky kom:kv kon:kg kor:ko kua:kj
kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg mac:mk mah:mh mal:ml mao:mi mar:mr may:ms mkd:mk
mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nau:na nav:nv nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no nya:ny
oci:oc oji:oj ori:or orm:om oss:os pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm ron:ro rum:ro run:rn rus:ru
sag:sg san:sa sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es sqi:sq srd:sc srp:sr ssw:ss
sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo tir:ti ton:to tsn:tn tso:ts tuk:tk tur:tr
twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wel:cy wln:wa wol:wo xho:xh yid:yi yor:yo zha:za zho:zh zul:zu
"""
_MIXED_UP = """
jp:ja cz:cs dk:da gr:el cn:zh kr:ko ua:uk gb:en us:en at:de mx:es rs:sr vn:vi il:he ir:fa iw:he ji:yi al:sq ge:ka kz:kk
np:ne md:ro by:be pk:ur sh:sr mo:ro
"""
_NAMES = """
english:en finnish:fi suomi:fi swedish:sv svenska:sv german:de deutsch:de french:fr français:fr spanish:es español:es
italian:it italiano:it portuguese:pt português:pt dutch:nl nederlands:nl danish:da dansk:da norwegian:no norsk:no
polish:pl polski:pl czech:cs čeština:cs slovak:sk hungarian:hu magyar:hu romanian:ro bulgarian:bg greek:el estonian:et
eesti:et latvian:lv lithuanian:lt icelandic:is irish:ga turkish:tr türkçe:tr ukrainian:uk russian:ru arabic:ar hebrew:he
japanese:ja chinese:zh korean:ko hindi:hi vietnamese:vi thai:th croatian:hr serbian:sr slovenian:sl catalan:ca
"""
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW
"""


def is_language(code: str) -> bool:
    """Whether a code names a language: two letters, or three where there are no two; a part of two capitals is a country."""
    first, *rest = code.split("-")
    known = first in TWO_LETTERS if len(first) == 2 else first in _three_letters()
    regions = [part for part in rest if len(part) == 2]
    return known and all(part.upper() in _COUNTRIES.split() for part in regions)


@cache
def _three_letters() -> frozenset[str]:
    """ISO 639-3, without the languages that have a code of two letters."""
    listed: str = json.loads(packaged("language", "three_letter_languages.json").read_text(encoding="utf-8"))
    return frozenset(listed.split())


def language_meant(written: str) -> str | None:
    """The code of the language that was likely meant; None where that is not certain."""
    first, dash, rest = written.strip().partition("-")
    small = first.lower()
    if dash and rest.upper() == "UK":
        rest = "GB"
    known = {**_pairs(_LONG), **_pairs(_MIXED_UP), **_pairs(_NAMES)}
    code = small if len(small) < 4 and is_language(small) else known.get(small)
    whole = f"{code}-{rest}" if dash else code
    return whole if whole and whole != written and is_language(whole) else None


def _pairs(listed: str) -> dict[str, str]:
    return {name: code for name, _, code in (pair.partition(":") for pair in listed.split())}
