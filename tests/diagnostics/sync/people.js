// People who answer on devices of a made-up world: they fill in, press «send», hear what they are told, come again.
// A visit does with the modules what the page does (survey.js), without the page.

import { lineTo } from "/static/line.js";
import { KEPT, MENDED, Outbox } from "/static/outbox.js";
import { openStore } from "/static/store.js";
import { MINUTE, Tab } from "./world.js";

const OFTEN = 20000; // milliseconds between attempts, as in the page
export const REAL = { Outbox, openStore, lineTo };

export class Visit {
  constructor(device, token, parts, people) {
    this.tab = new Tab(device);
    this.token = token;
    this.parts = parts;
    this.people = people; // by name, to know whom a page speaks of
    this.begun = this.begin();
  }

  // Answers what the page shows when it opens, «closed» where it was closed before.
  opened(given, refused = "") {
    this.given = given;
    this.refused = refused;
    return Promise.race([this.begun, this.tab.died]);
  }

  async begin() {
    await null; // who opens says first with which code
    const { world } = this.tab;
    const name = () => world.chance.name();
    const store = await this.parts.openStore(this.tab.indexedDB);
    this.outbox = new this.parts.Outbox(store, this.parts.lineTo((token) => token, this.tab, this.token), name);
    this.sheet = await this.outbox.open(this.token, this.given, this.refused);
    this.receipt = this.sheet.receipt;
    this.isOurs = Boolean(this.sheet.fault);
    this.tab.online = () => this.attempt();
    const again = () => { this.attempt(); this.tab.setTimeout(again, OFTEN); };
    this.tab.setTimeout(again, OFTEN);
    const found = await this.outbox.found();
    this.report(found);
    this.outbox.sendAll().then((told) => this.report(told));
    return found;
  }

  async attempt() {
    if (this.isWaiting) this.tell(await this.outbox.send(this.receipt));
    this.report(await this.outbox.sendAll());
  }

  tell(told) {
    this.receipt = told.receipt;
    this.isWaiting = ["waiting", "over", "unknown"].includes(told.told) || (this.isWaiting && told.told === "nothing");
    if (told.told !== "nothing") (this.person || this.ownerOf(told.receipt))?.hear(told, this);
    if (KEPT.includes(told.told)) this.outbox.forget(told.receipt);
  }

  report(found) {
    for (const one of found.filter((told) => !(this.isOurs && told.receipt === this.receipt))) {
      this.ownerOf(one.receipt)?.hear({ isKept: true, ...one }, this);
      if (KEPT.includes(one.told)) this.outbox.forget(one.receipt);
    }
  }

  // Whose sheet lies on the device under a receipt, or went from it last: answers say so.
  ownerOf(receipt) {
    const { device, world } = this.tab;
    return this.people.get(device.disk.sheets.get(receipt)?.answers?.who || world.posted.get(receipt));
  }

  type(changed) {
    return Promise.race([this.outbox.change(this.receipt, changed), this.tab.died]);
  }

  // Answers what was told; «closed» where the tab was closed before that.
  async press(person, whole) {
    this.person = person;
    this.isOurs = true;
    const pressing = this.outbox.submit(this.receipt, { token: this.token, step: 1, ...whole });
    pressing.then((told) => this.tell(told));
    return Promise.race([pressing, this.tab.died]);
  }
}

export class Person {
  constructor(world, number, token, code) {
    Object.assign(this, { world, token, code, name: `person ${number}`, said: "" });
    this.typed = code && world.strikes("typo", 0.15) ? `${code}?` : code; // mistyped until it is refused
    this.isWrong = world.strikes("wrong", 0.05); // answers that only the server refuses
    this.tally = { presses: 0, risked: false, taken: false };
  }

  // What the page says to this person, or of their sheet to whoever sits there.
  hear(told, visit) {
    if (this.said === "taken" && told.told !== "over") return;
    if (KEPT.includes(told.told)) this.said = "taken";
    else if (told.told === "waiting") this.said = told.isKept ? "waiting" : "not kept";
    else this.said = told.told;
    if (this.said === "taken") this.tally.taken = true;
    if (this.said === "not kept") this.tally.risked = true;
    if (MENDED.includes(told.told)) this.mend(told.told);
    this.where = visit?.tab.device;
  }

  mend(told) {
    if (told === "no_code") this.typed = this.code;
    if (told === "faulty") this.isWrong = false;
  }

  whole() {
    const answers = { who: this.name };
    if (this.isWrong) answers.wrong = true;
    return { code: this.typed, answers };
  }

  // Answer on a device, opening the page again after a tab that was killed, until told something.
  async answer(device, parts, people, byHash) {
    const { world } = this;
    this.where = device;
    for (let visits = 0; visits < 5; visits += 1) {
      const visit = new Visit(device, this.token, parts, people);
      const found = await visit.opened(byHash && !this.refused ? this.typed : "", this.refused);
      if (found !== "closed" && (await this.sit(visit, found, device, parts, people))) return;
      await world.pause(world.chance.wait(1000, 20 * MINUTE));
    }
  }

  // Whether the person is done: they have heard something, or see that what they pressed is on its way or gone.
  async sit(visit, found, device, parts, people) {
    if (!visit.outbox.keeps(visit.receipt)) this.tally.risked = true; // the page says so
    this.refused = found.find((one) => visit.ownerOf(one.receipt) === this && MENDED.includes(one.told))?.receipt;
    if (this.refused && !visit.isOurs) { // the page says so, and gives a way there
      visit.tab.close();
      return false;
    }
    const mine = found.some((one) => visit.ownerOf(one.receipt) === this && !MENDED.includes(one.told));
    const second = !mine && this.world.strikes("tabs", 0.15) ? new Visit(device, this.token, parts, people) : null;
    if (second) await second.opened(visit.given, visit.refused);
    const isDone = mine || this.said === "taken" || (await this.fill(visit, second));
    await this.leave(visit);
    second?.tab.close();
    return isDone;
  }

  async fill(visit, second) {
    const { chance } = this.world;
    for (let typed = chance.between(0, 2); typed > 0; typed -= 1) {
      await this.world.pause(chance.wait(500, MINUTE));
      const typing = await visit.type({ code: this.typed, answers: { who: this.name, [`q${typed}`]: 1 } });
      if (typing === "closed") return false;
      if (!typing || !visit.outbox.keeps(visit.receipt)) this.tally.risked = true;
    }
    let told = await this.send(visit);
    if (second?.receipt && chance.is(0.6)) {
      await this.world.pause(chance.wait(100, MINUTE));
      if (second.tab.alive) told = await this.send(second);
    }
    return told !== "closed" && this.said !== "";
  }

  // Press, and mend and press again while the page asks for it.
  async send(visit) {
    for (let presses = 0; presses < 4; presses += 1) {
      this.tally.presses += 1;
      const told = await visit.press(this, this.whole());
      if (told === "closed") return told;
      if (told.told === "used" || !(MENDED.includes(told.told) || told.told === "nothing")) return told;
      this.mend(told.told);
      await this.world.pause(this.world.chance.wait(1000, MINUTE));
      if (!visit.tab.alive) return "closed";
    }
    return "tired";
  }

  async leave(visit) {
    await this.world.pause(this.world.chance.wait(1000, 4 * MINUTE));
    visit.tab.close();
  }
}
