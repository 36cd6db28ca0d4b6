"""What people get wrong who never wrote YAML: one finding each, at the very character (marked « below), in these words."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
UNREADABLE = [
    (
        "    owner: seller\n    probability: 10",
        "     «owner: seller\n    probability: 10",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "start"',
    ),
    (
        "    title: Lead\n    start: true",
        "    title: Lead\n     «start: true",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "title"',
    ),
    (
        "    title: Lead\n    start: true",
        "    title: Lead\n   «start: true",
        'syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under "title"',
    ),
    (
        "      call:\n        title: Call the customer\n",
        "      call:\n        title: Call the customer\n         «x: y\n",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "title"',
    ),
    (
        "  manager: {title: Sales manager}",
        "   «manager: {title: Sales manager}",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "seller"',
    ),
    (
        "  manager: {title: Sales manager}",
        " «manager: {title: Sales manager}",
        'syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under "seller"',
    ),
    (
        "        records: [price, discount]\n        milestone: offer",
        "        records: [price, discount]\n       «milestone: offer",
        'syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under "records"',
    ),
    (
        "        records: [price, discount]\n        milestone: offer",
        "        records: [price, discount]\n          «milestone: offer",
        'syntax: this line stands 2 blanks further in than the ones it belongs to; move it to the left, under "records"',
    ),
    (
        "        - Who decides?\n        - What",
        "        - Who decides?\n         «- What",
        "cut-by-yaml: YAML takes this item for more of the text above it; put its dash under the dash above",
    ),
    (
        "        - Who decides?\n        - What",
        "        - Who decides?\n       «- What",
        "syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under the dash above",
    ),
    (
        "    next: contract\n",
        "   «next: contract\n",
        'syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under "playbook"',
    ),
    (
        "version: 1\n",
        " «version: 1\n",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "id"',
    ),
    (
        "currency: EUR\n",
        "  «currency: EUR\n",
        'syntax: this line stands 2 blanks further in than the ones it belongs to; move it to the left, under "languages"',
    ),
    (
        "      visit: {title: Visit the site",
        "     «visit: {title: Visit the site",
        'syntax: this line stands 1 blank further out than the ones it belongs to; move it to the right, under "call"',
    ),
    (
        "    sla: {within",
        "     «sla: {within",
        'syntax: this line stands 1 blank further in than the ones it belongs to; move it to the left, under "probability"',
    ),
    (
        "    title: Lead\n",
        "    «title Lead\n",
        'syntax: the colon after "title" is missing; write title: Lead',
    ),
    (
        "    title: Lead\n",
        "    «title:Lead\n",
        "syntax: the blank after the colon is missing; write title: Lead",
    ),
    (
        "    title: Contract\n    owner: seller",
        "    title: Contract\n    «owner seller",
        'syntax: the colon after "owner" is missing; write owner: seller',
    ),
    (
        "    title: Contract\n    owner: seller",
        "    title: Contract\n    «owner:seller",
        "syntax: the blank after the colon is missing; write owner: seller",
    ),
    (
        "      visit: {title: Visit the site, needs: [call]}\n",
        "      «visit\n",
        'syntax: the colon after "visit" is missing; write visit:',
    ),
    (
        "  contract:\n    title",
        "  «contract\n    title",
        'syntax: the colon after "contract" is missing; write contract:',
    ),
    (
        "  lead:\n    title",
        "  «lead\n    title",
        'syntax: the colon after "lead" is missing; write lead:',
    ),
    (
        "stages:\n",
        "«stages\n",
        'syntax: the colon after "stages" is missing; write stages:',
    ),
    (
        "    next: contract\n\n",
        "    «next contract\n\n",
        'syntax: the colon after "next" is missing; write next: contract',
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: {«title:Salesperson}",
        "syntax: the blank after the colon is missing; write title: Salesperson",
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: {«title Salesperson}",
        'syntax: the colon after "title" is missing; write title: Salesperson',
    ),
    (
        "  seller: {title: Salesperson}",
        "  «seller {title: Salesperson}",
        "syntax: the colon before the { is missing; write seller: {title: Salesperson}",
    ),
    (
        "  seller: {title: Salesperson}",
        "  «seller:{title: Salesperson}",
        "syntax: the blank after the colon is missing; write seller: {title: Salesperson}",
    ),
    (
        "    required_actions:\n      call",
        "    «required_actions\n      call",
        'syntax: the colon after "required_actions" is missing; write required_actions:',
    ),
    (
        "        check: budget >= 8000",
        "        «check:budget >= 8000",
        "syntax: the blank after the colon is missing; write check: budget >= 8000",
    ),
    (
        "procdef: 1\n",
        "«procdef 1\n",
        'syntax: the colon after "procdef" is missing; write procdef: 1',
    ),
    (
        "title: Solar sales\n",
        "«title Solar sales\n",
        'syntax: the colon after "title" is missing; write title: Solar sales',
    ),
    (
        "title: Solar sales\n",
        "«title:Solar sales\n",
        "syntax: the blank after the colon is missing; write title: Solar sales",
    ),
    (
        "    outcome: won\n",
        "    «outcome won\n",
        'syntax: the colon after "outcome" is missing; write outcome: won',
    ),
    (
        "    start: true\n",
        "«\tstart: true\n",
        "syntax: YAML takes no tab here; write spaces instead",
    ),
    (
        "    start: true\n",
        "    «\tstart: true\n",
        "syntax: YAML takes no tab here; write spaces instead",
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: «{title: Salesperson",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "  installer: {title: Head of installation}",
        "  installer: «{title: Head of installation",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "records: [budget, source, contacts, first_call, urgent]",
        "records: «[budget, source, contacts, first_call, urgent",
        "syntax: this [ is not closed; add ] where it ends",
    ),
    (
        "languages: [en]",
        "languages: «[en",
        "syntax: this [ is not closed; add ] where it ends",
    ),
    (
        "languages: [en]",
        "languages: «[en}",
        "syntax: this [ is closed with }; write ] there",
    ),
    (
        "languages: [en]",
        "languages: [en]«]",
        "syntax: no bracket is open that this ] could close; remove it",
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: {title: Salesperson}«}",
        "syntax: no bracket is open that this } could close; remove it",
    ),
    (
        "      visit: {title: Visit the site, needs: [call]}",
        "      visit: «{title: Visit the site, needs: [call]",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "      visit: {title: Visit the site, needs: [call]}",
        "      visit: {title: Visit the site, needs: «[call}",
        "syntax: this [ is closed with }; write ] there",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: «{title: Accept the job\n",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: «{timezone: Europe/Helsinki, holidays: FI",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "    options: {fair: Trade fair, web: Web site}",
        "    options: «{fair: Trade fair, web: Web site",
        "syntax: this { is not closed; add } where it ends",
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki «holidays: FI}",
        'syntax: the comma before "holidays" is missing; add it',
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«blah\n",
        "syntax: this line has no key with a colon, so it belongs to nothing; remove it, or begin it with # as a remark",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«Thanks, see you\n",
        "syntax: this line has no key with a colon, so it belongs to nothing; remove it, or begin it with # as a remark",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«}\n",
        "syntax: no bracket is open that this } could close; remove it",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«```\n",
        "syntax: this line has no key with a colon, so it belongs to nothing; remove it, or begin it with # as a remark",
    ),
    (
        "\nroles:\n",
        "\n«hello\nroles:\n",
        "syntax: this line has no key with a colon, so it belongs to nothing; remove it, or begin it with # as a remark",
    ),
]
TEXTS = [
    (
        "    title: Lead\n",
        '    title: «"Lead\n',
        "syntax: this quotation mark is not closed on its line, and the text cannot be read at line 89; close it",
    ),
    (
        "    title: Lead\n",
        '    title: «"Lead""\n',
        'cut-by-yaml: there is a quotation mark too many; write "Lead"',
    ),
    (
        "        title: Make the offer\n",
        "        title: «'Sign the customer's contract'\n",
        'cut-by-yaml: the apostrophe ends the text; write "Sign the customer\'s contract", or double the apostrophe',
    ),
    (
        "      visit: {title: Visit the site, needs",
        "      visit: {title: «'Sign the customer's contract', needs",
        'cut-by-yaml: the apostrophe ends the text; write "Sign the customer\'s contract", or double the apostrophe',
    ),
    (
        "        - Who decides?",
        '        - «"Who" decides',
        "cut-by-yaml: YAML ends the text at the second quotation mark; write '\"Who\" decides'",
    ),
    (
        "      goal: We know who decides",
        '      goal: «"Who" decides',
        "cut-by-yaml: YAML ends the text at the second quotation mark; write '\"Who\" decides'",
    ),
    (
        "    title: Contract\n    owner",
        "    title: «'Contract\n    owner",
        "syntax: this quotation mark is not closed on its line, and the text cannot be read at line 89; close it",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        '      done_job: {title: «"Accept the job}\n',
        "syntax: this quotation mark is not closed on its line, and the text cannot be read at line 89; close it",
    ),
    (
        "        message: Too small for us\n",
        "        message: «'It's too small'\n",
        'cut-by-yaml: the apostrophe ends the text; write "It\'s too small", or double the apostrophe',
    ),
    (
        "        - Who decides?",
        "        - «*Important* who decides",
        "cut-by-yaml: YAML gives the * at the beginning a meaning of its own; write '*Important* who decides'",
    ),
    (
        "        - Who decides?",
        "        - «*Important*",
        "cut-by-yaml: YAML gives the * at the beginning a meaning of its own; write '*Important*'",
    ),
    (
        "        - Who decides?",
        "        - «[Important] who decides",
        "cut-by-yaml: YAML gives the [ at the beginning a meaning of its own; write '[Important] who decides'",
    ),
    (
        "        - Who decides?",
        "        - «{Important} who decides",
        "cut-by-yaml: YAML gives the { at the beginning a meaning of its own; write '{Important} who decides'",
    ),
    (
        "        - Who decides?",
        "        - «&Who decides",
        "cut-by-yaml: YAML takes the & at the beginning for an anchor; write '&Who decides'",
    ),
    (
        "        - Who decides?",
        "        - «& who decides",
        "cut-by-yaml: YAML gives the & at the beginning a meaning of its own; write '& who decides'",
    ),
    (
        "        - Who decides?",
        "        - «@home who decides",
        "cut-by-yaml: YAML gives the @ at the beginning a meaning of its own; write '@home who decides'",
    ),
    (
        "        - Who decides?",
        "        - «`Who` decides",
        "cut-by-yaml: YAML gives the ` at the beginning a meaning of its own; write '`Who` decides'",
    ),
    (
        "        - Who decides?",
        "        - «% of what",
        "cut-by-yaml: YAML gives the % at the beginning a meaning of its own; write '% of what'",
    ),
    (
        "        - Who decides?",
        "        - «> 5 what",
        "cut-by-yaml: YAML gives the > at the beginning a meaning of its own; write '> 5 what'",
    ),
    (
        "        - Who decides?",
        "        - «? what",
        "cut-by-yaml: YAML gives the ? at the beginning a meaning of its own; write '? what'",
    ),
    (
        "        - Who decides?",
        "        - «- what",
        "cut-by-yaml: YAML gives the second dash a meaning of its own; write '- what'",
    ),
    (
        "        - Who decides?",
        "        - «!Important who",
        "cut-by-yaml: YAML takes the ! at the beginning for a tag; write '!Important who'",
    ),
    (
        "        - Who decides?",
        "        - «# Important who",
        "cut-by-yaml: YAML takes what follows # for a comment; write '# Important who'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «[Important] we know",
        "cut-by-yaml: YAML gives the [ at the beginning a meaning of its own; write '[Important] we know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «*Important* we know",
        "cut-by-yaml: YAML gives the * at the beginning a meaning of its own; write '*Important* we know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «*Important*",
        "cut-by-yaml: YAML gives the * at the beginning a meaning of its own; write '*Important*'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «**Important** we know",
        "cut-by-yaml: YAML gives the * at the beginning a meaning of its own; write '**Important** we know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «& we know",
        "cut-by-yaml: YAML gives the & at the beginning a meaning of its own; write '& we know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «&We know",
        "cut-by-yaml: YAML takes the & at the beginning for an anchor; write '&We know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «{Important} we know",
        "cut-by-yaml: YAML gives the { at the beginning a meaning of its own; write '{Important} we know'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «[Important]",
        "cut-by-yaml: YAML gives the [ at the beginning a meaning of its own; write '[Important]'",
    ),
    (
        "      goal: We know who decides",
        "      goal: «Our aim: we know",
        "cut-by-yaml: YAML gives \":\" here a meaning of its own; write 'Our aim: we know'",
    ),
    (
        "      goal: We know who decides",
        '      goal: «"Our aim": we know',
        'cut-by-yaml: YAML gives the " at the beginning a meaning of its own; write \'"Our aim": we know\'',
    ),
    (
        "      visit: {title: Visit the site, needs",
        "      visit: {title: «[Visit] the site, needs",
        "cut-by-yaml: YAML gives the [ at the beginning a meaning of its own; write '[Visit] the site'",
    ),
    (
        "      visit: {title: Visit the site, needs",
        "      visit: {title: «*Visit* the site, needs",
        "cut-by-yaml: YAML gives \"*\" here a meaning of its own; write '*Visit* the site'",
    ),
    (
        "      visit: {title: Visit the site, needs",
        "      visit: {title: «Visit: the site, needs",
        "cut-by-yaml: YAML gives \":\" here a meaning of its own; write 'Visit: the site'",
    ),
    (
        "        - Who decides?\n",
        "        «-Who decides?\n",
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "-Who decides? - What is the budget?"',
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        - Who decides?\n        «-What is the budget?\n",
        "syntax: the blank after the dash is missing; write - What is the budget?",
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        - Who decides?\n        «What is the budget?\n",
        "syntax: the dash before this item of the list is missing; write - What is the budget?",
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        «Who decides?\n        - What is the budget?\n",
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "Who decides? - What is the budget?"',
    ),
    (
        "        - What is the budget?\n",
        "        - What is the budget?\n        «note: x\n",
        "syntax: the dash before this item of the list is missing; write - note: x",
    ),
    (
        "    start: true\n",
        "    «- start: true\n",
        "syntax: a dash makes an item of a list, and this stands among keys; write start: true",
    ),
    (
        "        - Who decides?",
        "        - «Ask this: who decides?",
        "cut-by-yaml: YAML gives the colon in it a meaning of its own; write 'Ask this: who decides?'",
    ),
    (
        "        - What is the budget?",
        "        - «Budget: what is it?",
        "cut-by-yaml: YAML gives the colon in it a meaning of its own; write 'Budget: what is it?'",
    ),
]
BLANKS = [
    (
        "    title: Lead\n",
        "   «\u00a0title: Lead\n",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "    start: true\n",
        "    «\u00a0start: true\n",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "    title: Lead\n",
        "    title:«\u00a0Lead\n",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner:«\u00a0seller\n    probability: 10",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner: «\u00a0seller\n    probability: 10",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "    start: true\n",
        "    start: «\u00a0true\n",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "        - Who decides?\n",
        "        -«\u00a0Who decides?\n",
        "syntax: a non-breaking space (U+00A0) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "        - Who decides?\n",
        "        «\u2003- Who decides?\n",
        "syntax: a blank of another width (U+2003) stands here, which is no blank to YAML; write a plain one",
    ),
    (
        "        check: budget >= 8000",
        "        check: budget >= 8\u00a0«000",
        'expression-syntax: expected the end of the expression, found "000"',
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: «“09:00-17:00”}}",
        'cut-by-yaml: only straight quotation marks are ones to YAML; write "09:00-17:00"',
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner: «“seller”\n    probability: 10",
        'cut-by-yaml: only straight quotation marks are ones to YAML; write "seller"',
    ),
    (
        "      visit: {title: Visit the site, needs",
        "      visit: {title: «“Visit, and see the site”, needs",
        'cut-by-yaml: YAML ends the text at the comma and makes "“Visit" of it; write "Visit, and see the site"',
    ),
    (
        "        message: Too small for us\n",
        "        message: «“Too small: for us”\n",
        'cut-by-yaml: YAML gives ":" here a meaning of its own; write "Too small: for us"',
    ),
    (
        "        check: budget >= 8000",
        "        check: «“budget >= 8000”",
        'cut-by-yaml: only straight quotation marks are ones to YAML; write "budget >= 8000"',
    ),
]
MISTAKES = [
    *UNREADABLE,
    *TEXTS,
    *BLANKS,
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_usual_mistake_is_told_once_at_its_place(right: str, wrong: str, said: str) -> None:
    marked = SOUND.replace(right, wrong, 1)
    before, _, after = marked.partition("«")
    (found,) = check(before + after)
    line = before.count("\n") + 1
    assert (line, len(before) - before.rfind("\n")) == (found.span.line, found.span.column)
    assert said == f"{found.code}: {found.message}"


def test_the_sound_process_has_no_findings() -> None:
    assert check(SOUND) == []
