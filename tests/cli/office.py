"""A process that has a bit of everything."""

PROCESS = """\
procdef: 1
id: office
version: 1
title: {en: Office sales, fi: Toimistomyynti}
languages: [en, fi]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, manager: {title: Manager}, delivery: {title: Delivery}}
fields:
  company:  {type: text, personal: false, title: {en: Company, fi: Yritys}}
  email:    {type: email}
  score:    {type: integer, min: 0, max: 100}
  price:    {type: money}
  discount: {type: percent, max: 40}
  size:     {type: choice, options: {small: {title: {en: Small, fi: Pieni}}, big: {title: {en: Big, fi: Suuri}}}}
  deciders: {type: list, items: {name: {type: text}, signs: {type: boolean}}}
  meeting:  {type: datetime}
deal: {value: price, assign_by: manager, correct_by: manager}
lost:
  reasons: {no_need: {en: No need, fi: Ei tarvetta}, price: Too dear}
  note: required
  reopen: {by: manager, within: 30 days}
stages:
  lead:
    title: {en: Lead, fi: Liidi}
    start: true
    owner: seller
    sla: {within: 5 days}
    required_actions:
      research: {title: {en: Research, fi: Selvitä}, records: [company, email, score, size]}
    optional_actions:
      call: {title: Call, ways: {phone: By phone, video: By video}, evidence: note}
    playbook:
      goal: {en: A company that fits, fi: Sopiva yritys}
      guide: "- [ ] Look at their page\\n- [ ] Find who decides"
      questions: [Who else is affected?]
      objections: {busy: {concern: We have no time, answer: Offer two slots next week}}
      materials: {script: {title: Script, url: "https://intra.example/script"}}
    next: [offer, parked]
  offer:
    title: {en: Offer, fi: Tarjous}
    owner: seller
    entry_criteria:
      fits:
        check: score >= 60
        message: {en: The company does not fit, fi: Yritys ei sovi}
        fix: {en: Research again, fi: Selvitä uudelleen}
        waivable_by: manager
      reachable: {require: [email]}
    exit_criteria:
      decided: {check: any(deciders where signs), message: Nobody who signs is known, waivable_by: manager}
    required_actions:
      quote: {title: Quote, records: [price, discount, deciders]}
      approve:
        title: Approve
        by: manager
        when: discount > 10 %
        decision: true
        four_eyes: true
        needs: [quote]
        voided_by: [discount, price]
      send: {title: Send, needs: [approve], evidence: document, milestone: offer}
      remind: {title: Remind, at_least: 2, needs: [send]}
    next: {delivery: {title: They accept}, parked: {title: Park, when: price < 1000, unfinished: allowed}}
    back: [lead]
  parked: {title: Parked, owner: seller, required_actions: {wait: {title: Wait, evidence: link}}, next: offer}
  delivery:
    title: Delivery
    owner: [seller, delivery]
    outcome: won
    required_actions: {deliver: {title: Deliver, by: delivery, records: [meeting]}}
"""
