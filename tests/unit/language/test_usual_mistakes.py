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
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "start"',
    ),
    (
        "    title: Lead\n    start: true",
        "    title: Lead\n     «start: true",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "title"',
    ),
    (
        "    title: Lead\n    start: true",
        "    title: Lead\n   «start: true",
        'syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under "title"',
    ),
    (
        "      call:\n        title: Call the customer\n",
        "      call:\n        title: Call the customer\n         «x: y\n",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "title"',
    ),
    (
        "  manager: {title: Sales manager}",
        "   «manager: {title: Sales manager}",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "seller"',
    ),
    (
        "  manager: {title: Sales manager}",
        " «manager: {title: Sales manager}",
        'syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under "seller"',
    ),
    (
        "        records: [price, discount]\n        milestone: offer",
        "        records: [price, discount]\n       «milestone: offer",
        'syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under "records"',
    ),
    (
        "        records: [price, discount]\n        milestone: offer",
        "        records: [price, discount]\n          «milestone: offer",
        'syntax: this line is indented 2 spaces more than the lines it belongs with; move it to the left, under "records"',
    ),
    (
        "        - Who decides?\n        - What",
        "        - Who decides?\n         «- What",
        "cut-by-yaml: YAML joins this item to the text above it; put its dash under the dash above",
    ),
    (
        "        - Who decides?\n        - What",
        "        - Who decides?\n       «- What",
        "syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under the dash above",
    ),
    (
        "    next: contract\n",
        "   «next: contract\n",
        'syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under "playbook"',
    ),
    (
        "version: 1\n",
        " «version: 1\n",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "id"',
    ),
    (
        "currency: EUR\n",
        "  «currency: EUR\n",
        'syntax: this line is indented 2 spaces more than the lines it belongs with; move it to the left, under "languages"',
    ),
    (
        "      visit: {title: Visit the site",
        "     «visit: {title: Visit the site",
        'syntax: this line is indented 1 space less than the lines it belongs with; move it to the right, under "call"',
    ),
    (
        "    sla: {within",
        "     «sla: {within",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "probability"',
    ),
    (
        "    title: Lead\n",
        "    «title Lead\n",
        'syntax: the colon after "title" is missing; write title: Lead',
    ),
    (
        "    title: Lead\n",
        "    «title:Lead\n",
        "syntax: the space after the colon is missing; write title: Lead",
    ),
    (
        "    title: Contract\n    owner: seller",
        "    title: Contract\n    «owner seller",
        'syntax: the colon after "owner" is missing; write owner: seller',
    ),
    (
        "    title: Contract\n    owner: seller",
        "    title: Contract\n    «owner:seller",
        "syntax: the space after the colon is missing; write owner: seller",
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
        "syntax: the space after the colon is missing; write title: Salesperson",
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
        "syntax: the space after the colon is missing; write seller: {title: Salesperson}",
    ),
    (
        "    required_actions:\n      call",
        "    «required_actions\n      call",
        'syntax: the colon after "required_actions" is missing; write required_actions:',
    ),
    (
        "        check: budget >= 8000",
        "        «check:budget >= 8000",
        "syntax: the space after the colon is missing; write check: budget >= 8000",
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
        "syntax: the space after the colon is missing; write title: Solar sales",
    ),
    (
        "    outcome: won\n",
        "    «outcome won\n",
        'syntax: the colon after "outcome" is missing; write outcome: won',
    ),
    (
        "    start: true\n",
        "«\tstart: true\n",
        "syntax: YAML allows no tab here; write spaces instead",
    ),
    (
        "    start: true\n",
        "    «\tstart: true\n",
        "syntax: YAML allows no tab here; write spaces instead",
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
        "syntax: there is no open bracket that this ] could close; remove it",
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: {title: Salesperson}«}",
        "syntax: there is no open bracket that this } could close; remove it",
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
        "syntax: this line has no key and colon, so it belongs to nothing; remove it, or begin it with # to make it a comment",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«Thanks, see you\n",
        "syntax: this line has no key and colon, so it belongs to nothing; remove it, or begin it with # to make it a comment",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«}\n",
        "syntax: there is no open bracket that this } could close; remove it",
    ),
    (
        "      done_job: {title: Accept the job}\n",
        "      done_job: {title: Accept the job}\n«```\n",
        "syntax: this line has no key and colon, so it belongs to nothing; remove it, or begin it with # to make it a comment",
    ),
    (
        "\nroles:\n",
        "\n«hello\nroles:\n",
        "syntax: this line has no key and colon, so it belongs to nothing; remove it, or begin it with # to make it a comment",
    ),
]
TEXTS = [
    (
        "    title: Lead\n",
        '    title: «"Lead\n',
        'syntax: this quotation mark is not closed; write "Lead"',
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
        'syntax: this quotation mark is not closed; write "Accept the job"',
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
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "-Who decides? - What is the budget?"; write - Who decides?',
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        - Who decides?\n        «-What is the budget?\n",
        "syntax: the space after the dash is missing; write - What is the budget?",
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        - Who decides?\n        «What is the budget?\n",
        "syntax: the dash before this item of the list is missing; write - What is the budget?",
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        «Who decides?\n        - What is the budget?\n",
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "Who decides? - What is the budget?"; write - Who decides?',
    ),
    (
        "        - What is the budget?\n",
        "        - What is the budget?\n        «note: x\n",
        "syntax: the dash before this item of the list is missing; write - 'note: x'",
    ),
    (
        "    start: true\n",
        "    «- start: true\n",
        "syntax: a dash begins an item of a list, but this is among keys; write start: true",
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
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "    start: true\n",
        "    «\u00a0start: true\n",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "    title: Lead\n",
        "    title:«\u00a0Lead\n",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner:«\u00a0seller\n    probability: 10",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner: «\u00a0seller\n    probability: 10",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "    start: true\n",
        "    start: «\u00a0true\n",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "        - Who decides?\n",
        "        -«\u00a0Who decides?\n",
        "syntax: this is a non-breaking space (U+00A0), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "        - Who decides?\n",
        "        «\u2003- Who decides?\n",
        "syntax: this is a space of another width (U+2003), which YAML does not take for a space; type an ordinary one",
    ),
    (
        "        check: budget >= 8000",
        "        check: budget >= «8\u00a0000",
        "expression-syntax: a number has no spaces in it: write 8000",
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: «“09:00-17:00”}}",
        'cut-by-yaml: YAML knows only straight quotation marks; write "09:00-17:00"',
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner: «“seller”\n    probability: 10",
        'cut-by-yaml: YAML knows only straight quotation marks; write "seller"',
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
        'cut-by-yaml: YAML knows only straight quotation marks; write "budget >= 8000"',
    ),
]
FORMS = [
    (
        "    sla: {within: 10 business days, remind: 2 days, escalate_to: manager}",
        "    sla: «10 business days",
        'wrong-type: "stages.lead.sla" must be keys with values, not "10 business days"; write sla: {within: 10 business days}',
    ),
    (
        "    sla: {within: 10 business days, remind: 2 days, escalate_to: manager}",
        "    sla: «within 10 business days",
        'wrong-type: "stages.lead.sla" must be keys with values, not "within 10 business days"; write sla: {within: 10 business days}',
    ),
    (
        "    sla: {within: 10 business days, remind: 2 days, escalate_to: manager}",
        "    sla: {until: «31.12.2026, remind: 2 days, escalate_to: manager}",
        'bad-id: "31.12.2026" is not the id of a field; `until` names a date field of the deal, whose value is the deadline',
    ),
    (
        "    playbook:\n      goal: We know who decides\n      questions:\n        - Who decides?\n        - What is the budget?\n      objections:\n        sauna: {concern: We have a sauna already, answer: It pays back}\n",
        "    playbook: «Ask who decides\n",
        'wrong-type: "stages.lead.playbook" must be keys with values, not "Ask who decides"; write playbook: {goal: Ask who decides}',
    ),
    (
        "  budget: {type: money}",
        "  budget: «money",
        'wrong-type: "fields.budget" must be keys with values, not "money"; write budget: {type: money}',
    ),
    (
        "  seller: {title: Salesperson}",
        "  seller: «Salesperson",
        'wrong-type: "roles.seller" must be keys with values, not "Salesperson"; write seller: {title: Salesperson}',
    ),
    (
        "  reasons: {no_budget: No budget, rival: Chose a rival}",
        "  reasons: «[no_budget, rival]",
        'wrong-type: "lost.reasons" must be keys with values, not a list; write reasons: {no_budget: No budget, rival: Rival}',
    ),
    (
        "  reasons: {no_budget: No budget, rival: Chose a rival}",
        "  reasons: «No budget",
        'wrong-type: "lost.reasons" must be keys with values, not "No budget"; write reasons: {no_budget: No budget}',
    ),
    (
        "      visit: {title: Visit the site, needs: [call]}",
        "      visit: «Visit the site",
        'wrong-type: "stages.lead.required_actions.visit" must be keys with values, not "Visit the site"; write visit: {title: Visit the site}',
    ),
    (
        "deal: {value: price, assign_by: manager, correct_by: manager}",
        "deal: «price",
        'wrong-type: "deal" must be keys with values, not "price"; write deal: {value: price}',
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: «Europe/Helsinki",
        'wrong-type: "calendar" must be keys with values, not "Europe/Helsinki"; write calendar: {timezone: Europe/Helsinki}',
    ),
    (
        "        sauna: {concern: We have a sauna already, answer: It pays back}",
        "        sauna: «We have a sauna already",
        'wrong-type: "stages.lead.playbook.objections.sauna" must be keys with values, not "We have a sauna already"; write sauna: {concern: We have a sauna already}',
    ),
    (
        "    required_actions:\n      done_job: {title: Accept the job}\n",
        "    required_actions: «done_job\n",
        'wrong-type: "stages.install.required_actions" must be keys with values, not "done_job"; write required_actions: {done_job: {title: Done job}}',
    ),
    (
        "    options: {fair: Trade fair, web: Web site}",
        "    options: «fair, web",
        'wrong-type: "fields.source.options" must be a list or keys with values, not "fair, web"; write options: [fair, web]',
    ),
    (
        "languages: [en]",
        "placeholders: «TBD, n/a\nlanguages: [en]",
        'wrong-type: "placeholders" must be a list, not "TBD, n/a"; write placeholders: [TBD, n/a]',
    ),
    (
        "    options: {fair: Trade fair, web: Web site}",
        "    options: «fair",
        'wrong-type: "fields.source.options" must be a list or keys with values, not "fair"; write options: [fair]',
    ),
    (
        "  reopen: {by: manager, within: 30 days}",
        "  reopen: «30 days",
        'wrong-type: "lost.reopen" must be keys with values, not "30 days"; write it like reopen: {by: a_role, within: 30 days}',
    ),
    (
        "        - Who decides?\n        - What is the budget?\n",
        "        «Who decides?\n",
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "Who decides?"; write questions: ["Who decides?"]',
    ),
    (
        "      questions:\n        - Who decides?\n        - What is the budget?\n",
        "      questions: «Who decides?\n",
        'wrong-type: "stages.lead.playbook.questions" must be a list, not "Who decides?"; write questions: ["Who decides?"]',
    ),
    (
        "      install:\n        title: The customer signs\n",
        "      install: «The customer signs\n",
        'wrong-type: "stages.contract.next.install" must be keys with values, not "The customer signs"; write install: {title: The customer signs}',
    ),
    (
        "    exit_criteria:\n      worth_it:\n        check: budget >= 8000\n        message: Too small for us\n        waivable_by: manager\n",
        "    exit_criteria: «budget >= 8000\n",
        'wrong-type: "stages.lead.exit_criteria" must be keys with values, not "budget >= 8000"; write exit_criteria: {fits: "budget >= 8000"}',
    ),
    (
        "deal:",
        "goals: {won_value: «250000}\ndeal:",
        'wrong-type: "goals.won_value" must be keys with values, not 250000; write won_value: {amount: 250000, per: month}',
    ),
    (
        "roles:\n  seller: {title: Salesperson}\n  manager: {title: Sales manager}\n  installer: {title: Head of installation}",
        "roles: «[seller, manager, installer]",
        'wrong-type: "roles" must be keys with values, not a list; write roles: {seller: {title: Seller}, manager: {title: Manager}, installer: {title: Installer}}',
    ),
]
VALUES = [
    (
        "within: 10 business days",
        "within: «10",
        "bad-duration: 10 is not a duration, because its unit is missing; write 10 days",
    ),
    (
        "remind: 2 days",
        "remind: «1,5 days",
        "cut-by-yaml: a duration takes a whole number, without a comma; write 36 hours",
    ),
    (
        "remind: 2 days",
        "remind: «2 d",
        'bad-duration: "2 d" is not a duration; write 2 days',
    ),
    (
        "remind: 2 days",
        "remind: «2days",
        'bad-duration: "2days" is not a duration; write 2 days',
    ),
    (
        "within: 10 business days",
        "within: «10 working days",
        'bad-duration: "10 working days" is not a duration; write 10 business days',
    ),
    (
        "within: 30 days",
        "within: «1 mo",
        'bad-duration: "1 mo" is not a duration; write 1 month',
    ),
    (
        "probability: 10\n",
        "probability: «10,5\n",
        'wrong-type: "stages.lead.probability" must be a number, not "10,5"; write 10.5',
    ),
    (
        "probability: 10\n",
        "probability: «10 %\n",
        'wrong-type: "stages.lead.probability" must be a number, not "10 %"; write 10',
    ),
    (
        "max: 30}",
        "max: «30 %}",
        'wrong-type: "max" does not fit a field of type percent; write 30',
    ),
    (
        "max: 30}",
        "max: «30,5}",
        "cut-by-yaml: YAML ends the number at the comma; write 30.5",
    ),
    (
        "  first_call: {type: date}",
        "  first_call: {type: date, min: «1.1.2026}",
        'wrong-type: "min" does not fit a field of type date; write 2026-01-01',
    ),
    (
        "  first_call: {type: date}",
        "  first_call: {type: date, min: «2026}",
        'wrong-type: "min" does not fit a field of type date; limits of numbers are numbers, limits of dates are dates',
    ),
    (
        "start: true",
        "start: «yes",
        'wrong-type: "stages.lead.start" must be true or false, not "yes"; write true',
    ),
    (
        "four_eyes: true",
        "four_eyes: «True",
        'wrong-type: "stages.contract.required_actions.approve.four_eyes" must be true or false, not "True"; write true',
    ),
    (
        "languages: [en]",
        "languages: «en",
        'wrong-type: "languages" must be a list, not "en"; write languages: [en]',
    ),
    (
        "languages: [en]",
        "languages: «english",
        'wrong-type: "languages" must be a list, not "english"; write languages: [en]',
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, closed: [«20261224]}",
        "wrong-type: 20261224 is not a date, which is written with the year first; write 2026-12-24",
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, closed: [«24.12.2026]}",
        'bad-calendar: "24.12.2026" is not a date, which is written with the year first; write 2026-12-24',
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, closed: «2026-12-24}",
        'wrong-type: "calendar.closed" must be a list, not "2026-12-24"; write closed: [2026-12-24]',
    ),
    (
        "calendar: {timezone: Europe/Helsinki, holidays: FI}",
        "calendar: {timezone: Europe/Helsinki, holidays: FI, hours: «9-17}",
        'wrong-type: "calendar.hours" must be keys with values, not "9-17"; write hours: {mon-fri: "09:00-17:00"}',
    ),
    (
        "version: 1\n",
        'version: «"1"\n',
        'wrong-type: "version" must be a whole number, not "1"; write 1',
    ),
    (
        "version: 1\n",
        "version: «1.0\n",
        'wrong-type: "version" must be a whole number, not 1.0; write 1',
    ),
    (
        "procdef: 1\n",
        'procdef: «"1"\n',
        'wrong-type: "procdef" must be a whole number, not "1"; write 1',
    ),
]
NAMES = [
    (
        "    owner: installer\n",
        "    owner: «Head of installation\n",
        'bad-id: "Head of installation" is not an id (did you mean "installer"?)',
    ),
    (
        "    next: contract\n",
        "    next: «Contract\n",
        'bad-id: "Contract" is not an id (did you mean "contract"?)',
    ),
    (
        "needs: [offer]",
        "needs: [«Make the offer]",
        'bad-id: "Make the offer" is not an id (did you mean "offer"?)',
    ),
    (
        "needs: [offer]",
        "needs: [«Offer]",
        'bad-id: "Offer" is not an id (did you mean "offer"?)',
    ),
    (
        "        by: manager\n",
        "        by: «Manager\n",
        'bad-id: "Manager" is not an id (did you mean "manager"?)',
    ),
    (
        "        by: manager\n",
        "        by: «Sales manager\n",
        'bad-id: "Sales manager" is not an id (did you mean "manager"?)',
    ),
    (
        "records: [price, discount]",
        "records: [«Price, discount]",
        'bad-id: "Price" is not an id (did you mean "price"?)',
    ),
    (
        "    owner: seller\n    probability: 10",
        "    owner: «seller, manager\n    probability: 10",
        'bad-id: "seller, manager" is not an id; write [seller, manager]',
    ),
    (
        "    next: contract\n",
        "    next: «contract, install\n",
        'bad-id: "contract, install" is not an id; write [contract, install]',
    ),
    (
        "    next:\n      install:\n",
        "    next:\n      «Installation:\n",
        'bad-id: "Installation" is not an id (did you mean "install"?)',
    ),
    (
        "deal: {value: price,",
        "deal: {value: «Price,",
        'bad-id: "Price" is not an id (did you mean "price"?)',
    ),
    (
        "    back: lead\n",
        "    back: «Lead\n",
        'bad-id: "Lead" is not an id (did you mean "lead"?)',
    ),
    (
        "when: discount > 15 %",
        "when: «Price > 15",
        'unknown-name: there is no field "Price" (did you mean "price"?)',
    ),
    (
        "when: discount > 15 %",
        "when: «Lead.call is done",
        'unknown-stage: there is no stage "Lead" (did you mean "lead"?)',
    ),
    (
        "      visit: {title",
        "      «höteli: {title",
        'bad-id: "höteli" is not an id, which has only lower-case letters, digits and _; write hoteli',
    ),
    (
        "      visit: {title",
        "      «Visit: {title",
        'bad-id: "Visit" is not an id, which has only lower-case letters, digits and _; write visit',
    ),
    (
        "      visit: {title",
        "      «site visit: {title",
        'bad-id: "site visit" is not an id, which has only lower-case letters, digits and _; write site_visit',
    ),
    (
        "      visit: {title",
        "      «site-visit: {title",
        'bad-id: "site-visit" is not an id, which has only lower-case letters, digits and _; write site_visit',
    ),
    (
        "      visit: {title",
        "      «2visit: {title",
        'bad-id: "2visit" is not an id, which has only lower-case letters, digits and _; write visit',
    ),
    (
        "  urgent: {type: boolean}",
        "  urgent: {type: boolean}\n  «site ok: {type: boolean}",
        'bad-id: "site ok" is not an id, which has only lower-case letters, digits and _; write site_ok',
    ),
    (
        "  urgent: {type: boolean}",
        "  «Urgent: {type: boolean}",
        'bad-id: "Urgent" is not an id, which has only lower-case letters, digits and _; write urgent',
    ),
    (
        "id: solar-sales",
        "id: «Solar Sales",
        'bad-id: "Solar Sales" is not the id of a process, which has only lower-case letters, digits and -; write solar-sales',
    ),
    (
        "id: solar-sales",
        "id: «solar_sales",
        'bad-id: "solar_sales" is not the id of a process, which has only lower-case letters, digits and -; write solar-sales',
    ),
]
ONCE = [
    (
        "    next: contract\n",
        "    next: «lead\n",
        'self-transition: stage "lead" names itself in `next`; remove it, or name another stage',
    ),
    (
        "  install:\n    title: Installation\n",
        "  «contract:\n    title: Installation\n",
        'duplicate-key: the key "contract" is here twice; remove or rename one',
    ),
    (
        "stages:\n",
        " «stages:\n",
        'syntax: this line is indented 1 space more than the lines it belongs with; move it to the left, under "lost"',
    ),
    (
        "    required_actions:\n      done_job: {title: Accept the job}\n",
        "      «required_actions:\n        done_job: {title: Accept the job}\n",
        'syntax: this line is indented 2 spaces more than the lines it belongs with; move it to the left, under "outcome"',
    ),
    (
        "    required_actions:\n      call:",
        "      «required_actions:\n      call:",
        'syntax: this line is indented 2 spaces more than the lines it belongs with; move it to the left, under "sla"',
    ),
    (
        "    next: contract\n\n",
        "      «next: contract\n\n",
        "syntax: this line is indented 2 spaces more than the lines it belongs with; "
        'move it to the left, under "playbook"',
    ),
    (
        "      sauna: {concern: We have a sauna already, answer",
        "      sauna: {concern: «We have sauna #1 already, answer",
        'cut-by-yaml: YAML takes what follows " #" for a comment and makes "We have sauna" of it; write \'We have sauna #1 already\'',
    ),
    (
        "        sauna: {concern: We have a sauna already, answer: It pays back}",
        "        sauna: {concern: We have sauna already, answer: «It pays #1 back}",
        'cut-by-yaml: YAML takes what follows " #" for a comment and makes "It pays" of it; write \'It pays #1 back\'',
    ),
    (
        "title: Solar sales\nlanguages: [en]",
        "title: «Solar sales\nlanguages: [en, fi]",
        'missing-translation: 24 of 24 texts are not in "fi", the first is "Solar sales"; translate them',
    ),
    (
        "    outcome: won\n",
        "    «outcom: won\n",
        'unknown-key: unknown key "outcom" in "stages.install" (did you mean "outcome"?)',
    ),
    (
        "    outcome: won\n",
        "    outcome: «win\n",
        'unknown-word: "stages.install.outcome" cannot be "win" (did you mean "won"?)',
    ),
    (
        "    required_actions:\n      done_job: {title: Accept the job}\n",
        "    required_actions:\n      «done_job:\n      title: Accept the job\n",
        'wrong-type: there is nothing below "done_job"; indent its lines (title, by, when and so on) by 2 more spaces',
    ),
    (
        "  first_call: {type: date}",
        "  first_call: {type: «dat}",
        'unknown-word: "fields.first_call.type" cannot be "dat" (did you mean "date"?)',
    ),
    (
        "  source:\n    type: choice\n    options: {fair: Trade fair, web: Web site}\n",
        "  source: {type: «choise, options: {fair: Trade fair, web: Web site}}\n",
        'unknown-word: "fields.source.type" cannot be "choise" (did you mean "choice"?)',
    ),
    (
        "    back: lead\n",
        "    back: «install\n",
        'back-not-earlier: `back` of "contract" names "install", which does not lead here; name an earlier stage',
    ),
    (
        "fields:\n",
        "«feilds:\n",
        'unknown-key: unknown key "feilds" in the process (did you mean "fields"?)',
    ),
    (
        "roles:\n",
        "«role:\n",
        'unknown-key: unknown key "role" in the process (did you mean "roles"?)',
    ),
    (
        "stages:\n",
        "«stage:\n",
        'unknown-key: unknown key "stage" in the process (did you mean "stages"?)',
    ),
]
EXPRESSIONS = [
    (
        "check: budget >= 8000",
        "check: budget >= «8 000",
        "expression-syntax: a number has no spaces in it: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= «8000 EUR",
        "expression-syntax: an amount is written without its currency, which the process names: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= «8000 €",
        "expression-syntax: an amount is written without its currency, which the process names: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= «€8000",
        "expression-syntax: an amount is written without its currency, which the process names: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: discount > «15 percent",
        "expression-syntax: percent is written as a sign: write 15 %",
    ),
    (
        "check: budget >= 8000",
        "check: 'budget >= «\"8000\"'",
        "type-mismatch: a number is written without quotes: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: discount > «0.15",
        "missing-unit: percent (discount) is compared with a plain number: write 15 % (or 0.15 %, if so little is meant)",
    ),
    (
        "check: budget >= 8000",
        "check: sum(«contacts) > 1",
        "type-mismatch: sum takes a column of a list",
    ),
    (
        "check: budget >= 8000",
        "check: source «is fair",
        'expression-syntax: "is" goes with set and done only: write == fair',
    ),
    (
        "check: budget >= 8000",
        "check: «if urgent then budget > 1",
        'expression-syntax: an expression is a condition already: leave out "if" and "then"',
    ),
    (
        "check: budget >= 8000",
        "check: urgent «&& budget > 1",
        "expression-syntax: write and",
    ),
    (
        "check: budget >= 8000",
        "check: urgent «|| budget > 1",
        "expression-syntax: write or",
    ),
    (
        "check: budget >= 8000",
        "check: '«!urgent'",
        'expression-syntax: write "not", or != between two values',
    ),
    (
        "check: budget >= 8000",
        "check: budget «<> 1",
        "expression-syntax: write !=",
    ),
    (
        "check: budget >= 8000",
        "check: budget «=> 1",
        "expression-syntax: write >=",
    ),
    (
        "check: budget >= 8000",
        "check: budget «= 1",
        'expression-syntax: one "=" compares nothing: use ==',
    ),
    (
        "check: budget >= 8000",
        "check: discount > 15%«%",
        "expression-syntax: one % is enough: remove this one",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= «8k",
        "expression-syntax: a number is written in full: write 8000",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= «8.000,00",
        "expression-syntax: a decimal is written with a point: write 8000.00",
    ),
    (
        "check: budget >= 8000",
        "check: budget «≥ 8000",
        "expression-syntax: write >=",
    ),
    (
        "check: budget >= 8000",
        "check: budget «is empty",
        'expression-syntax: "is" goes with set and done only: write is not set',
    ),
    (
        "check: budget >= 8000",
        "check: max(«budget) > 1",
        "type-mismatch: max takes a column of a list, found money (budget)",
    ),
    (
        "check: budget >= 8000",
        "check: source == «Fair",
        'unknown-option: there is no option "Fair" (did you mean "fair"?)',
    ),
    (
        "check: budget >= 8000",
        "check: source == «'x' y",
        'expression-syntax: text is written in double quotes: write "..."',
    ),
    (
        "check: budget >= 8000",
        "check: urgent == «yes",
        "unknown-name: yes and no are written true and false, in small letters: write true",
    ),
    (
        "check: budget >= 8000",
        "check: «contacts > 1",
        "type-mismatch: a list is counted before it is compared with a number: write count(contacts)",
    ),
    (
        "check: budget >= 8000",
        "check: 'source == «\"Trade fair\"'",
        'unknown-option: there is no option "Trade fair" (the options are fair, web)',
    ),
    (
        "check: budget >= 8000",
        "check: «urgent AND budget > 1",
        "expression-syntax: conditions are joined by small words, without functions: write urgent and budget > 1",
    ),
    (
        "check: budget >= 8000",
        "check: «Budget > 1",
        'unknown-name: there is no field "Budget" (did you mean "budget"?)',
    ),
    (
        "check: budget >= 8000",
        "check: budget «greater than 8000",
        "expression-syntax: comparisons are written as signs: write >",
    ),
    (
        "check: budget >= 8000",
        "check: budget «is not empty",
        'expression-syntax: "is" goes with set and done only: write is set',
    ),
    (
        "check: budget >= 8000",
        "check: «len(contacts) > 1",
        'expression-syntax: there is no "len" in expressions: only any, all, count, sum, min and max look into a list',
    ),
    (
        "check: budget >= 8000",
        "check: «contacts.count > 1",
        "type-mismatch: count asks how many rows a list has: write count(contacts)",
    ),
    (
        "check: budget >= 8000",
        "check: budget >= 8000 «>= 1",
        "expression-syntax: comparisons cannot be chained: use between, or join two comparisons with and",
    ),
    (
        "check: budget >= 8000",
        "check: source «is not fair",
        'expression-syntax: "is" goes with set and done only: write != fair',
    ),
    (
        "check: budget >= 8000",
        "check: urgent «is true",
        'expression-syntax: "is" goes with set and done only: write == true',
    ),
    (
        "check: budget >= 8000",
        "check: first_call > «1.2.2026",
        "expression-syntax: a date is written with the year first: write 2026-02-01",
    ),
    (
        "check: budget >= 8000",
        "check: first_call > today + 1 «quarter",
        'expression-syntax: "quarter" is not a unit here: write months',
    ),
    (
        "check: budget >= 8000",
        "check: discount > «15 pct",
        "expression-syntax: percent is written as a sign: write 15 %",
    ),
    (
        "check: budget >= 8000",
        "check: source in «fair",
        'expression-syntax: "in" takes a list in brackets: write [fair]',
    ),
    (
        "check: budget >= 8000",
        "check: budget «> = 8000",
        "expression-syntax: a comparison is one sign: write >=",
    ),
]
MISTAKES = [
    *UNREADABLE,
    *TEXTS,
    *BLANKS,
    *FORMS,
    *VALUES,
    *NAMES,
    *ONCE,
    *EXPRESSIONS,
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


def test_a_role_that_is_misspelt_where_it_is_declared_is_told_once() -> None:
    (found,) = check(SOUND.replace("  manager: {title: Sales manager}", "  manger: {title: Sales manager}"))
    assert (found.code, found.span.line, [item.message for item in found.related]) == (
        "unknown-role",
        29,
        ["here too"] * 5,
    )


@pytest.mark.parametrize(
    ("away", "said"),
    [("    next: contract\n", "lead"), ("    next:\n      install:\n        title: The customer signs\n", "contract")],
)
def test_a_missing_way_is_told_once_with_the_stage_where_it_is_missing(away: str, said: str) -> None:
    (found,) = check(SOUND.replace(away, ""))
    assert found.code == "no-won"
    assert f'it ends at "{said}"; add `next` there' in found.message
