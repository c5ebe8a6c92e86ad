"""People who answer in a real browser while everything breaks: what they were told, and what arrived."""

import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from playwright.sync_api import Error

from tests.conftest import PHONE

FAULTS = (
    "drop", "lose", "twice", "late", "rubbish", "offline", "kill", "tabs", "devices", "full", "erase",
    "private", "clock",
)  # fmt: skip
OUTCOME = "h1:has-text('ответы приняты'), #waiting:not([hidden]), #error-code:not([hidden])"
TOLD = {
    "ответы приняты": "taken",
    "Ответы сохранены": "waiting",
    "не хранит ответы": "not kept",
    "другую анкету": "used",
}
FULL = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  const request = put.apply(this, given);
  if (localStorage.full) this.transaction.abort();
  return request;
};"""
PRIVATE = "IDBFactory.prototype.open = () => { throw new DOMException('', 'InvalidStateError'); };"
CLOCK = "const now = Date.now; Date.now = () => now() + {days} * 86400000;"
ERASE = "async () => { for (const one of await indexedDB.databases()) indexedDB.deleteDatabase(one.name); }"
WAITING = """() => new Promise((resolve) => {
  const asked = indexedDB.open("opora-sheets", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("sheets", { keyPath: "receipt" });
  asked.onerror = () => resolve(0);
  asked.onsuccess = () => {
    const all = asked.result.transaction("sheets").objectStore("sheets").getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result.filter((sheet) => sheet.state === "ready").length);
    };
  };
})"""
PATIENCE = 10_000  # milliseconds for what a page must say


@dataclass
class Ledger:
    """What came of many runs."""

    runs: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    presses: int = 0
    told: dict[str, int] = field(default_factory=dict)
    struck: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass
class Line:
    """The line of one device: what happens to the next requests that carry a sheet."""

    chance: random.Random
    ledger: Ledger
    fates: list[str] = field(default_factory=list)

    def carry(self, route: Any) -> None:
        """Let a request go, or do to it what lines do."""
        if route.request.method != "POST" or not self.fates:
            route.continue_()
            return
        fate = self.fates.pop()
        self.ledger.struck[fate] = self.ledger.struck.get(fate, 0) + 1
        with suppress(Error):  # the page was closed meanwhile
            if fate == "drop":
                route.abort()
                return
            if fate == "rubbish" and self.chance.random() < 0.5:
                route.fulfill(status=502, body="<html>", content_type="text/html")
                return
            answer = route.fetch()
            if fate == "twice":
                answer = route.fetch()
            if fate == "lose":
                route.abort()
            elif fate == "rubbish":
                route.fulfill(json={})
            elif fate == "late":  # the page has heard nothing, and what it sends next comes first
                route.abort()
                route.fetch()
            else:
                route.fulfill(response=answer)


class Run:
    """One person, one questionnaire, one or two devices."""

    def __init__(self, browser: Any, address: str, code: str, seed: int, ledger: Ledger) -> None:
        """Choose what breaks in this run."""
        self.chance = random.Random(seed)
        self.browser, self.address, self.code, self.ledger = browser, address, code, ledger
        self.name = f"человек {seed}"
        first = FAULTS[seed % len(FAULTS)]  # each fault in turn, and some others beside it
        self.faults = {first, *self.chance.sample(FAULTS, self.chance.randint(0, 2))}
        if not code:
            self.faults -= {"devices"}  # at an open link each device may answer
        self.said, self.is_excused = "", False

    def strikes(self, fault: str) -> bool:
        """Say whether a fault strikes in this run, and count it."""
        if fault not in self.faults:
            return False
        self.ledger.struck[fault] = self.ledger.struck.get(fault, 0) + 1
        return True

    def live(self) -> None:
        """Answer, whatever happens; in the end there is a line, and the device is opened once more."""
        for _device in range(2 if self.strikes("devices") else 1):
            before = self.said
            self.on_a_device()
            if "taken" in (before, self.said):
                self.said = "taken"
        self.ledger.runs += 1
        self.ledger.told[self.said] = self.ledger.told.get(self.said, 0) + 1
        count = arrived(self.name)
        if not count and (self.said == "taken" or (self.said == "waiting" and not self.is_excused)):
            self.ledger.lost.append(f"{self.name}: {sorted(self.faults)}")
        if count > 1 and not (self.is_excused and not self.code):
            self.ledger.doubled.append(f"{self.name}: {sorted(self.faults)}")

    def on_a_device(self) -> None:
        """Answer on a device of its own."""
        context = self.browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="ru-RU")
        context.set_default_timeout(PATIENCE)
        context.add_init_script(FULL)
        if self.strikes("private"):
            context.add_init_script(PRIVATE)
        if self.strikes("clock"):
            context.add_init_script(CLOCK.replace("{days}", str(self.chance.choice((-2, 2)))))
        line = Line(self.chance, self.ledger)
        line.fates = [
            one for one in FAULTS[:5] if one in self.faults for _again in range(self.chance.randint(1, 2))
        ]
        self.chance.shuffle(line.fates)
        context.route("**/a/**", line.carry)
        context.on("weberror", lambda error: self.ledger.faults.append(f"{self.name}: {error.error}"))
        self.answer(context)
        line.fates.clear()
        self.calm(context)
        context.close()

    def answer(self, context: Any) -> None:
        """Open, fill in, press; open again where the tab was killed before the page had said anything."""
        for _visit in range(4):
            page = context.new_page()
            page.goto(f"{self.address}#{self.code}")
            page.locator("html.js").wait_for()
            if _visit and self.sees_its_own(page):
                page.close()
                return
            self.fill(page)
            second = self.second(context) if self.strikes("tabs") else None
            told = self.press(context, page)
            if second:
                if told not in ("used", "killed"):
                    self.hear(self.press_plainly(second))
                second.close()
            if told == "killed":
                continue
            self.hear(told)
            page.close()
            return

    def fill(self, page: Any) -> None:
        """Answer so that the sheet names its person."""
        page.get_by_role("button", name="Начать").click()
        page.get_by_role("group", name="Понятно?").get_by_text("нет", exact=True).click()
        page.get_by_role("group", name="Что мешает?").get_by_text("шумно").click()
        page.get_by_label("Откуда шум?").fill(self.name)
        page.get_by_role("button", name="Дальше").click()

    def second(self, context: Any) -> Any:
        """Open the same draft in a second tab."""
        page = context.new_page()
        page.goto(f"{self.address}#{self.code}")
        page.locator("html.js").wait_for()
        return page

    def press_plainly(self, page: Any) -> str:
        """Press «send» in the second tab, from the step where the draft stands."""
        with suppress(Error):
            for name in ("Начать", "Дальше"):
                button = page.get_by_role("button", name=name)
                if button.is_visible():
                    button.click()
            page.get_by_role("button", name="Отправить ответы").click(timeout=1500)
            self.ledger.presses += 1
            return self.heard(page)
        return self.said

    def press(self, context: Any, page: Any) -> str:
        """Press «send» while something happens. Answers what the page says, or ``killed``."""
        if self.strikes("offline"):
            context.set_offline(True)
        if self.strikes("full"):
            page.evaluate("localStorage.full = 1")
        button = page.get_by_role("button", name="Отправить ответы")
        self.ledger.presses += 1
        if "kill" in self.faults and self.chance.random() < 0.8:
            self.strikes("kill")
            button.click(no_wait_after=True)
            page.wait_for_timeout(self.chance.choice((0, 5, 20, 60, 150)))
            said = next((told for words, told in TOLD.items() if words in text_of(page)), "")
            page.close()
            if said:
                self.hear(said)
            context.set_offline(False)
            return "killed"
        button.click()
        return self.heard(page)

    def heard(self, page: Any) -> str:
        """Wait until the page says what became of the sheet."""
        page.locator(OUTCOME).first.wait_for()
        said = text_of(page)
        return next((told for words, told in TOLD.items() if words in said), said[-200:])

    def hear(self, told: str) -> None:
        """Remember the last word; whoever was told that nothing is kept knows it."""
        if self.said != "taken":
            self.said = told
        self.is_excused |= told == "not kept" or "private" in self.faults or "full" in self.faults

    def sees_its_own(self, page: Any) -> bool:
        """Look whether the page speaks of the sheet that was pressed before the tab was killed."""
        if self.said == "taken":
            return True
        with suppress(Error):
            page.locator("#others:not([hidden])").wait_for(timeout=700)
        note = text_of(page)
        if re.search(r"отправлены: \d", note):
            self.hear("taken")
        elif "ждут связи" in note:
            self.hear("waiting")
        return self.said in ("taken", "waiting")

    def calm(self, context: Any) -> None:
        """Give the device its line and room back, erase it perhaps, and open the questionnaire once more."""
        context.set_offline(False)
        page = context.new_page()
        if self.strikes("erase"):
            page.goto(f"{self.address}")
            page.evaluate(ERASE)
            self.is_excused = True
        page.goto(self.address)
        if "full" in self.faults:
            page.evaluate("delete localStorage.full")
            page.reload()
        page.locator("html.js").wait_for()
        for _try in range(0 if "private" in self.faults else 100):
            if not page.evaluate(WAITING):
                break
            page.wait_for_timeout(50)


def text_of(page: Any) -> str:
    """Read what stands on a page; nothing where it was closed."""
    with suppress(Error):
        return str(page.locator("main").inner_text(timeout=1000))
    return ""


def arrived(name: str) -> int:
    """Count the sheets of a person in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (SELECT answers FROM diagnostics_waitingsheet
               UNION ALL SELECT answers FROM diagnostics_sheet) sheets
               WHERE answers ->> 'noise_from' = %s""",
            [name],
        )
        return int(cursor.fetchone()[0])


def many_runs(browser: Any, address_of: Any, codes: list[str], count: int) -> Ledger:
    """Let so many people answer, one after another; two of three by a code, the others at an open link."""
    ledger = Ledger()
    for seed in range(count):
        code = codes[seed] if seed % 3 else ""
        Run(browser, address_of(bool(code)), code, seed, ledger).live()
    return ledger
