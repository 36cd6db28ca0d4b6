"""What the figures of the report mean, for its glossary: a term and its meaning each, by language."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "term_goals": "Goal",
    "means_goals": "The actual figure beside the target, in percent of it, and the share of the time gone. On track: the "
    "first is not behind the second. A rate is on track when it reaches its target.",
    "term_hit_rate": "Hit rate",
    "means_hit_rate": "Won offers / (won + lost offers) x 100. A deal counts when it had an offer and was won or lost in "
    "the period; one lost after the win counts as lost.",
    "term_win_rate": "Win rate",
    "means_win_rate": "Won deals / (won + lost deals) x 100, of all deals decided in the period, also of those without an "
    "offer.",
    "term_funnel": "Funnel by cohort",
    "means_funnel": "Of the deals started in the period, those that ever entered a stage until now, and of these those that "
    "went on.",
    "term_visits": "Visits",
    "means_visits": "Each entry into a stage is a visit; a deal that comes back begins another. Reopening goes on with a "
    "new one.",
    "term_time_in_stage": "Time in a stage",
    "means_time_in_stage": "From entering to leaving, in days of 24 hours. The 90th percentile is the shortest time that 90 "
    "% of the visits did not exceed.",
    "term_overdue": "Overdue",
    "means_overdue": "Open deals past the due time of their stage, now.",
    "term_idle": "Idle",
    "means_idle": "Open deals without an applied step for 30 days, or as many as were asked for, now.",
    "term_refusals": "Held up",
    "means_refusals": "Deals of which a step was refused for this item, at least once. Times counts every refusal.",
    "term_met_later": "Met later",
    "means_met_later": "Those of them that went on later without a waiver of it, and the median time from the first refusal "
    "to then.",
    "term_waivers": "Waiver",
    "means_waivers": "Somebody with the role for it let one criterion pass, with a reason. Times counts each, deals each "
    "deal once.",
    "term_losses": "Losses",
    "means_losses": "Deals lost in the period that are lost now, once each, with their value where they have one.",
    "term_bands": "Band",
    "means_bands": "Deals by the value of a field: money and percent in quartiles or between the limits asked for, choices "
    "by option.",
    "term_expected_value": "Expected value of an offer",
    "means_expected_value": "Hit rate x mean value of the offers won: what an offer is worth before it is decided.",
    "term_objections": "Objection",
    "means_objections": "Deals in whose notes an objection was written down, and those that were in a stage whose playbook "
    "answers it, they among them; of each, those decided by now and those won.",
    "term_slippage": "Slippage",
    "means_slippage": "From the events of the field of the day of closing: how often it was moved later, and by how many "
    "days in all; of the value: what it is now beside what it was at the first offer.",
    "term_activity": "Activity",
    "means_activity": "Every completion of an action, a decision of each kind, counted once each; notes by kind.",
    "term_won_value": "Won value",
    "means_won_value": "The sum of the deals won in the period that have a value.",
    "term_cycle": "Sales cycle",
    "means_cycle": "From the start of a deal to its win, in days of 24 hours.",
    "term_velocity": "Sales velocity",
    "means_velocity": "Open deals x win rate x mean won value / median cycle in days: money a day. Its n is the open deals.",
    "term_measures": "Measure",
    "means_measures": "A figure that the process declares over a field of its deals; n are the deals that have a value.",
    "term_forecast": "Forecast",
    "means_forecast": "Expected value and the 10th, 50th and 90th percentile of 10,000 draws, for the deals open now and "
    "with new ones at the rate of the last six months. docs/metrics.md has the formulas.",
    "term_back_test": "Track record",
    "means_back_test": "The same forecast made at the beginning of past months, from what was on record then, beside what "
    "came.",
}

FINNISH: Mapping[str, str] = {
    "term_goals": "Tavoite",
    "means_goals": "Toteuma tavoitteen vieressä, prosentteina siitä, ja kuluneen ajan osuus. Aikataulussa: edellinen ei ole "
    "jäljessä jälkimmäisestä. Osuus on aikataulussa, kun se yltää tavoitteeseen.",
    "term_hit_rate": "Osumatarkkuus",
    "means_hit_rate": "Voitetut tarjoukset / (voitetut + hävityt tarjoukset) x 100. Kauppa lasketaan, kun siitä on tehty "
    "tarjous ja se voitettiin tai hävittiin jaksolla; voiton jälkeen menetetty on hävitty.",
    "term_win_rate": "Voitto-osuus",
    "means_win_rate": "Voitetut kaupat / (voitetut + hävityt kaupat) x 100, kaikista jaksolla ratkenneista, myös ilman "
    "tarjousta.",
    "term_funnel": "Suppilo kohorteittain",
    "means_funnel": "Jaksolla alkaneista kaupoista ne, jotka ovat tähän mennessä tulleet vaiheeseen, ja näistä jatkaneet.",
    "term_visits": "Käynti",
    "means_visits": "Jokainen tulo vaiheeseen on käynti; palaava kauppa aloittaa uuden, samoin uudelleen avattu.",
    "term_time_in_stage": "Aika vaiheessa",
    "means_time_in_stage": "Tulosta lähtöön, vuorokausina. 90. prosenttipiste on lyhin aika, jota 90\u00a0% käynneistä ei "
    "ylittänyt.",
    "term_overdue": "Myöhässä",
    "means_overdue": "Avoimet kaupat, jotka ovat nyt ylittäneet vaiheensa määräajan.",
    "term_idle": "Toimeton",
    "means_idle": "Avoimet kaupat, joissa ei ole ollut hyväksyttyä askelta 30 päivään (tai niin moneen kuin pyydettiin).",
    "term_refusals": "Pysähtyi",
    "means_refusals": "Kaupat, joiden askel evättiin tästä syystä ainakin kerran. Kerrat laskevat jokaisen epäämisen.",
    "term_met_later": "Täytti myöhemmin",
    "means_met_later": "Näistä ne, jotka jatkoivat myöhemmin ilman poikkeusta, ja mediaaniaika ensimmäisestä epäämisestä "
    "siihen.",
    "term_waivers": "Poikkeus",
    "means_waivers": "Siihen oikeutettu antoi yhden ehdon mennä ohi ja perusteli sen. Kerrat laskevat jokaisen, kaupat "
    "kunkin kerran.",
    "term_losses": "Häviöt",
    "means_losses": "Jaksolla hävityt kaupat, jotka ovat nyt hävittyjä, kukin kerran, arvoineen jos sellainen on.",
    "term_bands": "Luokka",
    "means_bands": "Kaupat kentän arvon mukaan: raha ja prosentit neljänneksittäin tai pyydettyjen rajojen mukaan, valinnat "
    "vaihtoehdoittain.",
    "term_expected_value": "Tarjouksen odotusarvo",
    "means_expected_value": "Osumatarkkuus x voitettujen tarjousten keskiarvo: tarjouksen arvo ennen kuin se ratkeaa.",
    "term_objections": "Vastaväite",
    "means_objections": "Kaupat, joiden muistiinpanoihin vastaväite on kirjattu, ja ne, jotka ovat olleet vaiheessa, jonka "
    "käsikirja vastaa siihen, edelliset mukaan lukien; kummastakin jo ratkenneet ja voitetut.",
    "term_slippage": "Lykkäys",
    "means_slippage": "Kauppapäivän kentän tapahtumista: kuinka monta kertaa sitä siirrettiin myöhemmäksi ja kuinka paljon "
    "yhteensä; arvosta: mikä se on nyt verrattuna ensimmäiseen tarjoukseen.",
    "term_activity": "Tekeminen",
    "means_activity": "Jokainen toimenpiteen teko ja päätös kerran; muistiinpanot lajeittain.",
    "term_won_value": "Voitettu arvo",
    "means_won_value": "Jaksolla voitettujen kauppojen arvojen summa.",
    "term_cycle": "Myyntisykli",
    "means_cycle": "Kaupan alusta sen voittoon, vuorokausina.",
    "term_velocity": "Myynnin nopeus",
    "means_velocity": "Avoimet kaupat x voitto-osuus x voitettujen keskiarvo / syklin mediaani päivinä: rahaa päivässä. n "
    "on avoimet kaupat.",
    "term_measures": "Mittari",
    "means_measures": "Luku, jonka prosessi laskee kauppojensa kentästä; n on ne kaupat, joilla on arvo.",
    "term_forecast": "Ennuste",
    "means_forecast": "Odotusarvo sekä 10 000 arvonnan 10., 50. ja 90. prosenttipiste nyt avoimille kaupoille ja uusien "
    "kanssa kuuden viime kuukauden tahtiin. Kaavat ovat tiedostossa docs/metrics.md.",
    "term_back_test": "Osuvuus",
    "means_back_test": "Sama ennuste menneiden kuukausien alusta, sen mukaan mitä silloin oli kirjattu, ja mitä todella "
    "tuli.",
}
