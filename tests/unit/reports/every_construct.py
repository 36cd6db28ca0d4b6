"""A process with every construct of the language."""

PROCESS = """\
procdef: 1
id: full
version: 1
title: {en: Full, fi: Kaikki}
description: Everything
languages: [en, fi]
currency: EUR
placeholders: [TBD, n/a]
calendar:
  timezone: Europe/Helsinki
  holidays: DE
  region: BY
  hours: {mon-thu: "09:00-17:00", fri: ["09:00-12:00", "13:00-15:00"]}
  closed: [2026-12-24, 2026-12-31]
roles:
  seller: {title: Seller, description: Sells}
  manager: {title: Manager}
fields:
  company: {type: text, personal: false, title: Company, help: As registered}
  score: {type: integer, min: 0, max: 100}
  price: {type: money}
  discount: {type: percent, min: 0, max: 40}
  until: {type: date, min: 2026-01-01}
  meeting: {type: datetime, max: "2030-01-01T12:00Z"}
  size: {type: choice, options: {small: {title: {en: Small, fi: Pieni}}, big: Big}}
  people:
    type: list
    items: {name: {type: text, required: true, title: Name, help: In full}, role: {type: choice, options: [user, decider]}}
deal: {title: company, value: price, close: until, assign_by: manager, correct_by: manager}
lost:
  reasons: {no_need: No need, price: {title: Too dear, records: [score]}}
  note: required
  reopen: {by: manager, within: 30 days}
goals:
  hit_rate: 30
  win_rate: 20
  won_value: {amount: 250000, per: quarter}
  won_deals: {count: 5, per: month}
  new_deals: {count: 20, per: month}
scores:
  fit:
    title: Fit
    points:
      big: {when: price >= 1000, points: 40, title: A big one}
      known: {when: company is set, points: 20}
measures: {mean_price: {field: price, aggregate: mean, over: offered, title: Mean price}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    probability: 5
    forecast: best_case
    sla: {within: 10 business days, remind: 1 day, escalate_to: manager}
    exit_criteria:
      known: {require: [company, score]}
    required_actions:
      research: {title: Research, records: [company, score]}
    optional_actions:
      call: {title: Call, ways: {phone: By phone, video: {title: By video}}, evidence: note, guide: Be kind}
    playbook:
      goal: A company that fits
      guide: "- [ ] Look at their page"
      questions: [Who else is affected?, By when?]
      objections: {busy: {concern: No time, answer: Two slots}}
      materials: {script: {title: Script, url: "https://intra.example/script"}}
    next: offer
  offer:
    title: Offer
    owner: [seller, manager]
    entry_criteria:
      fits: {check: score >= 60, message: {en: Does not fit, fi: Ei sovi}, fix: Research again, waivable_by: manager}
    required_actions:
      quote: {title: Quote, records: [price, discount]}
      approve:
        title: Approve
        by: manager
        when: discount > 10 %
        decision: true
        four_eyes: true
        needs: [quote]
        voided_by: [discount, price]
        at_least: 2
        valid_for: 30 days
      grant:
        {title: Grant, decision: true, when: price > 500, voided_by: [price, score],
         by: [
          {when: price <= 5000, roles: manager},
          {when: price <= 9000 and score > 50, roles: [manager, seller], at_least: 2},
          {roles: seller}]}
      send: {title: Send, evidence: document, milestone: offer, sla: {until: until, remind: 3 days, escalate_to: manager}}
    next:
      won: {title: They accept, reason: required}
      parked: {title: Park, when: price < 1000, by: manager, unfinished: allowed}
    back: {lead: {title: Again, by: manager}}
  parked:
    {title: Parked, sla: {until: meeting, escalate_to: seller, escalate_after: 5 days},
     owner: seller, required_actions: {wait: {title: Wait}}, next: offer}
  won:
    title: Won
    owner: seller
    outcome: won
    required_actions: {deliver: {title: Deliver, records: [meeting, until, size, people]}}
"""
