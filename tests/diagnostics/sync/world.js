// A made-up world: one clock, devices with a disk, tabs that may die at any step, a line that does what lines do.

import { Chance } from "./chance.js";
import { Disk } from "./disk.js";
import { take } from "./server.js";

export const MINUTE = 60000;
export const DAY = 24 * 60 * MINUTE;
const REST = 24; // turns of promises between two events: more than any chain of ours has
const BEGINNING = 1.8e12; // what a right clock of a device shows when a world begins
const realNow = Date.now;

export class World {
  constructor(seed, faults) {
    this.chance = new Chance(seed);
    this.faults = faults;
    this.struck = {};
    this.now = 0;
    this.order = 0;
    this.events = [];
    this.links = {};
    this.posted = new Map(); // whose answers were sent last under a receipt
    this.serverSkew = 0;
  }

  // Whether a fault strikes now; those that are not in this world never do.
  strikes(fault, share) {
    if (!this.faults.has(fault) || !this.chance.is(share)) return false;
    this.struck[fault] = (this.struck[fault] || 0) + 1;
    return true;
  }

  // tab: whose deed it is, null for the world's own; what a dead tab would do is not done.
  later(delay, tab, deed) {
    const event = { at: this.now + delay, order: this.order += 1, tab, deed };
    const heap = this.events;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (isBefore(heap[above], event)) break;
      heap[place] = heap[above];
      place = above;
    }
    heap[place] = event;
    return event;
  }

  soonest() {
    const heap = this.events;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length) {
      let place = 0;
      for (;;) {
        let below = 2 * place + 1;
        if (below >= heap.length) break;
        if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below += 1;
        if (isBefore(last, heap[below])) break;
        heap[place] = heap[below];
        place = below;
      }
      heap[place] = last;
    }
    return first;
  }

  pause(delay) {
    return new Promise((resolve) => { this.later(delay, null, resolve); });
  }

  async run() {
    await rest();
    while (this.events.length) {
      const { at, tab, deed } = this.soonest();
      this.now = at;
      Date.now = () => BEGINNING + at + (tab ? tab.device.skew : 0);
      if (!tab || tab.isAlive()) deed();
      await rest();
    }
    Date.now = realNow;
  }

  today() {
    return Math.floor((this.now + this.serverSkew) / DAY);
  }

  // A sheet has reached the server. What the questions do not allow is refused before anything is looked up.
  arrive(token, sent) {
    if (sent.answers.wrong) return { told: "faulty", said: "faulty" };
    const told = take(this.links, { token, ...sent }, this.today());
    return { told, said: told };
  }
}

function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

async function rest() {
  for (let turn = 0; turn < REST; turn += 1) await null;
}

export class Device {
  constructor(world, name) {
    this.world = world;
    this.name = name;
    this.tabs = new Set();
    this.isOffline = false;
    this.skew = world.strikes("clock", 0.5) ? world.chance.between(-2 * DAY, 2 * DAY) : 0;
    this.disk = new Disk(world, world.strikes("private", 0.1));
    this.wasErased = false;
  }

  leaveLine(delay) {
    this.isOffline = true;
    this.world.later(delay, null, () => {
      this.isOffline = false;
      for (const tab of this.tabs) this.world.later(1, tab, () => tab.online?.());
    });
  }

  erase() {
    this.wasErased = true;
    this.disk.erase();
  }
}

export class Tab {
  constructor(device) {
    this.world = device.world;
    this.device = device;
    this.alive = true;
    this.steps = this.world.strikes("kill", 0.25) ? this.world.chance.between(1, 45) : Infinity;
    this.died = new Promise((resolve) => { this.tellDied = resolve; });
    this.indexedDB = device.disk.factory(this);
    device.tabs.add(this);
  }

  // Every event of a tab is a step, and the tab may be killed before any.
  isAlive() {
    if (this.alive && (this.steps -= 1) < 0) this.close();
    return this.alive;
  }

  close() {
    if (!this.alive) return;
    this.alive = false;
    this.device.tabs.delete(this);
    this.device.disk.leave(this);
    this.tellDied("closed");
  }

  setTimeout(deed, delay) {
    const event = this.world.later(delay, this, () => { if (!event.isOff) deed(); });
    return event;
  }

  clearTimeout(event) {
    event.isOff = true;
  }

  // What became of a request: it never left, was lost, went twice, was late, hung, or its answer was lost.
  fetch(token, { body, signal }) {
    const { world } = this;
    const sent = JSON.parse(body);
    world.posted.set(sent.receipt, sent.answers.who);
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      const fail = () => reject(new TypeError("no line"));
      signal.addEventListener("abort", fail);
      if (this.device.isOffline || world.strikes("drop", 0.15)) {
        world.later(world.chance.wait(5, 3000), this, fail);
        return;
      }
      const isHeard = !world.strikes("lose", 0.15);
      const hangs = world.strikes("hang", 0.05);
      const rubbish = world.strikes("rubbish", 0.05); // a gateway or a hotel answers in its own way
      const arrives = !rubbish || world.chance.is(0.5);
      const way = world.strikes("late", 0.2) ? world.chance.wait(1000, 10 * MINUTE) : world.chance.wait(10, 900);
      const arrive = (isAnswered) => {
        const told = arrives ? world.arrive(token, sent) : null;
        if (!isAnswered || hangs) return;
        const answer = rubbish ? world.chance.one([null, {}, { told: "welcome" }]) : told;
        const read = rubbish && world.chance.is(0.5) ? () => Promise.reject(new SyntaxError("<html>")) : async () => answer;
        const back = () => (isHeard ? resolve({ json: read }) : fail());
        world.later(world.chance.wait(10, 900), this, back);
      };
      world.later(way, null, () => arrive(true));
      if (world.strikes("twice", 0.15)) world.later(world.chance.wait(10, DAY), null, () => arrive(false));
    });
  }
}
