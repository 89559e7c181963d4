"""Two roads, Python and the browser: what one seals the other opens, and both count the same."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from equipoise.conduct.accountability import MOVES, Entry, accountability
from equipoise.envelopes import (
    Place,
    Row,
    hash_of,
    new_key,
    open_entry,
    read_record,
    seal,
    seal_entry,
    site_of,
)  # fmt: skip
from equipoise.protocol.dose import one_dose
from equipoise.protocol.load import load
from equipoise.protocol.schema import Dose
from equipoise.randomisation import operating_system
from equipoise.web.views.pharmacy import _arm, _product
from tests.web.web_pharmacy import KEYS, key_file
from tests.web.web_world import TRIAL

MODULES = "/static/web/pharmacy/"
READERS = {name: KEYS[name] for name in ("pharmacist", "unmasked_monitor", "escrow")}
PASSPHRASE = "ﬁve ＡＢＣ é 电池"


@pytest.fixture
def browser(sign_in):
    """Run a function of a module on the pharmacist's page: browser("stock.js", "(m, x) => m.f(x)", x)."""
    page = sign_in("pharmacist")
    page.goto("/pharmacy/pharmacy/")

    def run(module, function, argument=None):
        script = f"async (x) => ({function})(await import('{MODULES}{module}'), x)"
        return page.evaluate(script, argument)

    return run


OPENED = """async (m, x) => {
  const { openKeyFile } = await import("/static/web/pharmacy/keyfile.js");
  const key = openKeyFile(x.file, x.passphrase);
  return x.sent.map((each) => { try { return x.open === "record" ? m.openRecord(each.sealed, each.place, key)
    : m.openEnvelope(each, key); } catch (refusal) { return refusal.code ?? String(refusal); } });
}"""


def opened(browser, module, sent, kind, key="pharmacist"):
    file = key_file(KEYS[key], PASSPHRASE).decode()
    return browser(module, OPENED, {"file": file, "passphrase": PASSPHRASE, "open": kind, "sent": sent})


def envelope(sealed, slot, lock):
    text = lambda value: b64encode(value).decode()  # noqa: E731
    return {
        "context": {"study": sealed.study, "version": sealed.version, "demo": True, "commitment": sealed.commitment},
        "slot": {
            "label": slot.label, "ciphertext": text(slot.ciphertext),
            "wraps": {name: text(each) for name, each in slot.wraps.items()},
            "proof": [[side, text(each)] for side, each in slot.proof],
        },
        "keys": {name: key.hex() for name, key in sealed.keys.items()}, "share": text(lock.share),
        "sites": dict(sealed.sites), "site": site_of(lock.stratum),
    }  # fmt: skip


def flipped(text):
    value = bytearray(b64decode(text))
    value[len(value) // 2] ^= 1
    return b64encode(value).decode()


def test_the_browser_opens_what_python_sealed_and_nothing_that_was_changed(browser):
    plan = {"site=01": ("belimumab", "placebo", "placebo"), "site=02": ("placebo", "belimumab", "belimumab")}
    sealed, locks = seal("试验", plan, [key.public for key in READERS.values()], operating_system, demo=True)
    sent = [envelope(sealed, slot, lock) for slot, lock in zip(sealed.slots, locks, strict=True)]
    assert opened(browser, "envelope.js", sent, "envelope") == [plan[x.stratum][x.position - 1] for x in locks]
    first, second = json.dumps(sent[0]), json.loads(json.dumps(sent[1]))

    def change(**parts):
        copy = json.loads(first)
        for name, value in parts.items():
            (copy if name in copy else copy["context"] if name in copy["context"] else copy["slot"])[name] = value
        return copy

    slot = sent[0]["slot"]
    altered = [
        change(share=flipped(sent[0]["share"])), change(ciphertext=flipped(slot["ciphertext"])),
        change(label="AAAAAAAA"), change(study="trial"), change(version="2"), change(demo=False),
        change(commitment="0" * 64), change(proof=[]), change(ciphertext=second["slot"]["ciphertext"]),
        change(wraps={**slot["wraps"], "pharmacist": flipped(slot["wraps"]["pharmacist"])}),
        change(wraps=second["slot"]["wraps"]), change(slot={**second["slot"], "label": slot["label"]}),
    ]  # fmt: skip
    assert opened(browser, "envelope.js", altered, "envelope") == ["altered"] * len(altered)
    other = change(keys={**sent[0]["keys"], "pharmacist": KEYS["escrow"].public.public.hex()})
    assert opened(browser, "envelope.js", [other], "envelope") == ["not_a_recipient"]


def test_a_key_bound_to_a_site_opens_it_and_another_sites_envelope_is_no_alarm(browser):
    plan = {"site=01": ("belimumab", "placebo"), "site=02": ("placebo", "belimumab")}
    bound = [replace(key.public, site="01" if name == "pharmacist" else "") for name, key in READERS.items()]
    sealed, locks = seal("试验", plan, bound, operating_system, demo=True)
    sent = [envelope(sealed, slot, lock) for slot, lock in zip(sealed.slots, locks, strict=True)]
    here = {"site=01"}
    expected = [plan[x.stratum][x.position - 1] if x.stratum in here else "other_site" for x in locks]
    assert opened(browser, "envelope.js", sent, "envelope") == expected
    assert "other_site" not in opened(browser, "envelope.js", sent, "envelope", "unmasked_monitor")
    altered = [{**each, "share": flipped(each["share"])} for each in sent]
    expected = ["altered" if x.stratum in here else "other_site" for x in locks]
    assert opened(browser, "envelope.js", altered, "envelope") == expected


def test_records_go_both_ways(browser):
    place = Place("试验", "01", "a" * 32, "ABC-DEF")
    content = {"kind": "preparation", "day": "2026-03-01", "remark": "复溶 “ok”\n\u2028", "lines": [{"units": 2}]}
    sealed = seal_entry(content, place, [key.public for key in READERS.values()], operating_system)
    where = {"study": place.study, "site": place.site, "record": place.record, "bag": place.bag}
    moved = {"sealed": sealed.json(), "place": {**where, "bag": ""}}
    sent = [{"sealed": sealed.json(), "place": where}, moved]
    for reader in READERS:
        assert opened(browser, "register.js", sent, "record", reader) == [content, "altered"]
    assert opened(browser, "register.js", sent[:1], "record", "dsmb_statistician") == ["not_a_recipient"]
    readers = {name: key.public.public.hex() for name, key in READERS.items()}
    back = browser("register.js", "(m, x) => m.sealRecord(...x)", [content, where, readers])
    taken = read_record(back, READERS)
    for key in READERS.values():
        assert open_entry(taken, place, key) == content
    long = browser("register.js", "(m, x) => { try { m.sealRecord(...x) } catch (e) { return e.code } }",
                   [{"remark": "x" * 4090}, where, readers])  # fmt: skip
    assert long == "too_long"


def test_both_find_the_same_row_that_was_changed(browser):
    rows, previous = [], ""
    for number in (1, 2, 3):
        place = Place("试验", "01", f"{number:032x}", "")
        sealed = seal_entry({"kind": "count"}, place, [KEYS["pharmacist"].public], operating_system)
        rows.append(Row(place, number, f"t{number}", "王", "r", sealed, previous,
                        hash_of(place, number, f"t{number}", "王", "r", sealed, previous)))  # fmt: skip
        previous = rows[-1].hash
    cases = [rows, [rows[0], replace(rows[1], by="x"), rows[2]], rows[1:], [rows[0], rows[2]], []]
    registers = [{"study": "试验", "site": "01", "rows": [row.json() for row in case]} for case in cases]
    found = browser("register.js", "(m, x) => x.map((each) => m.brokenRow(each)?.sequence ?? 0)", registers)
    assert found == [0, 2, 2, 3, 0]


def test_a_key_file_is_opened_or_refused_alike(browser):
    script = "(m, x) => { try { return m.openKeyFile(...x).recipient } catch (e) { return e.code } }"
    named = new_key("pharmacist", operating_system, demo=True, holder="Li Na")
    file = key_file(named, PASSPHRASE).decode()
    assert browser("keyfile.js", script, [file, "five ABC e\u0301 电池"]) == "pharmacist/Li Na"
    changed = json.loads(file)
    for fields, code in (({"role": "escrow"}, "wrong_passphrase"), ({"memory": 2**50}, "no_key_file"),
                         ({"format": "x"}, "no_key_file"), ({"salt": "00"}, "no_key_file")):  # fmt: skip
        assert browser("keyfile.js", script, [json.dumps({**changed, **fields}), PASSPHRASE]) == code
    assert browser("keyfile.js", script, [file, "another"]) == "wrong_passphrase"
    assert browser("keyfile.js", script, ["nothing", ""]) == "no_key_file"


def test_both_compute_the_same_dose(browser):
    protocol = load(TRIAL.read_bytes())[0]
    drug, placebo = protocol.arms
    by_weight = drug.model_copy(update={"dose": Dose(amount=Decimal("2"), unit="mg/kg")})
    drawn = Random(7)
    weights = [None, "60", "60.0", "60.1", "0.05", *(f"{drawn.uniform(30, 150):.1f}" for _ in range(200))]
    cases = [(arm, weight) for arm in (drug, placebo, by_weight) for weight in weights]
    sent = [[_arm(arm, "en"), _product(protocol.product_by_id[arm.product], "en"), weight] for arm, weight in cases]
    found = browser("dose.js", "(m, x) => x.map((each) => m.oneDose(...each))", sent)
    for (arm, weight), dose in zip(cases, found, strict=True):
        expected = one_dose(protocol, arm, Decimal(weight) if weight else None)
        assert (dose is None) == (expected is None)
        if expected is not None:
            amount, draw = (None if each is None else Decimal(each) for each in (dose["amount"], dose["draw"]))
            assert (dose["product"], dose["units"], amount, dose["unit"], draw) == (
                expected.product, expected.units, expected.amount, expected.unit, expected.draw,
            )  # fmt: skip


def some_record(drawn):
    line = {"product": drawn.choice("pq"), "lot": drawn.choice("AB"), "units": drawn.randint(0, 9)}
    line |= drawn.choice([{}, {"wasted": 1}, {"expiry": "2027-01-31"}, {"units": -1}, {"lot": 5}, {"wasted": None}])
    record = {"kind": drawn.choice([*MOVES, "gift"]), "day": f"2026-03-0{drawn.randint(1, 9)}", "lines": [line]}
    return record | drawn.choice([{}, {"from": "quarantine"}, {"of": f"r{drawn.randint(1, 12)}"}, {"lines": None}])


def test_both_balance_the_same_books(browser):
    drawn = Random(11)
    books = [[some_record(drawn) for _ in range(drawn.randint(0, 12))] for _ in range(300)]
    books += [[{}], [{"kind": 1}], [{"kind": "receipt", "day": "2026", "lines": "x"}]]
    entries = [[{"record": f"r{n}", "content": content} for n, content in enumerate(book, 1)] for book in books]
    script = "(m, x) => x.map((each) => { const found = m.accountability(each, '2026-03-07');" \
             " return [found.lots.map((lot) => ({ ...lot, agrees: m.agrees(lot) })), found.unread]; })"  # fmt: skip
    for book, (lots, unread) in zip(books, browser("stock.js", script, entries), strict=True):
        expected = accountability([Entry(f"r{n}", content) for n, content in enumerate(book, 1)], "2026-03-07")
        assert tuple(unread) == expected.unread
        assert lots == [
            {
                "product": lot.product, "lot": lot.lot, "expiry": lot.expiry, "accounts": lot.accounts,
                "counted": lot.counted, "expected": lot.expected, "belowZero": lot.below_zero, "agrees": lot.agrees,
            }
            for lot in expected.lots
        ]  # fmt: skip
