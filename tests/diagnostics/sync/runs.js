// Thousands of made-up worlds, each from its seed: what was lost, what was counted twice, which faults struck.

import { MENDED } from "/static/outbox.js";
import { broken } from "./broken.js";
import { Person, REAL, Visit } from "./people.js";
import { DAY, Device, MINUTE, World } from "./world.js";

export const FAULTS = [
  "drop", "lose", "twice", "late", "hang", "rubbish", "offline", "kill", "tabs", "together", "devices", "full", "erase",
  "private", "clock", "typo", "wrong",
];
const CODES = "codes-link";
const OPEN = "open-link";

function linksOf(world) {
  const { chance } = world;
  const last = chance.between(1, 9);
  const link = (way) => ({ way, state: "open", opens: world.strikes("clock", 0.1) ? 1 : 0, last, codes: {}, receipts: {}, sheets: [] });
  return { [CODES]: link("codes"), [OPEN]: link("open") };
}

// What happens to a device while people sit at it.
function trouble(world, device) {
  const { chance } = world;
  const when = () => chance.wait(MINUTE, 3 * DAY);
  if (world.strikes("offline", 0.4)) device.leaveLine(when());
  else if (world.strikes("offline", 0.3)) world.later(when(), null, () => device.leaveLine(when()));
  if (world.strikes("full", 0.2)) {
    world.later(chance.wait(1, 5 * MINUTE), null, () => { device.disk.isFull = true; });
    world.later(chance.wait(5 * MINUTE, DAY), null, () => { device.disk.isFull = false; });
  }
  if (world.strikes("erase", 0.1)) world.later(when(), null, () => device.erase());
}

async function live(world, parts) {
  const { chance } = world;
  const people = new Map();
  const devices = Array.from({ length: world.faults.has("devices") ? 2 : 1 }, (_, place) => new Device(world, place));
  world.links = linksOf(world);
  if (world.strikes("clock", 0.3)) world.serverSkew = chance.between(-2 * DAY, 2 * DAY);
  world.later(chance.wait(MINUTE, 2 * DAY), null, () => { world.serverSkew = 0; });
  devices.forEach((device) => trouble(world, device));
  await Promise.all(devices.map(async (device) => {
    const together = [];
    for (let number = chance.between(1, 3); number > 0; number -= 1) {
      const isByCode = chance.is(0.6);
      const code = isByCode ? `code ${people.size}` : "";
      if (isByCode) world.links[CODES].codes[code] = "";
      const person = new Person(world, people.size, isByCode ? CODES : OPEN, code);
      people.set(person.name, person);
      const going = person.answer(device, parts, people, chance.is(0.5));
      // Two people at one device at once, each with a code; at an open link a device is one person.
      if (isByCode && world.strikes("together", 0.3)) together.push(going);
      else await going;
      if (isByCode && world.strikes("devices", 0.15)) {
        person.said = ""; // once more, to be sure
        await person.answer(chance.one(devices), parts, people, chance.is(0.5));
      }
      await world.pause(chance.wait(1000, DAY));
    }
    await Promise.all(together);
  }));
  await ending(world, devices, parts, people);
  return [...people.values()];
}

// In the end there is a line, and each device is opened again; who sits there mends what was refused.
async function ending(world, devices, parts, people) {
  await world.pause(3 * DAY);
  world.faults = new Set();
  world.serverSkew = 0;
  world.isCalm = true;
  for (const device of devices) {
    device.isOffline = device.disk.isFull = false;
    for (const token of [CODES, OPEN]) await reopened(device, token, parts, people);
    for (const sheet of await reopened(device, CODES, parts, people)) {
      if (MENDED.includes(sheet.told)) await mended(device, sheet, parts, people);
    }
  }
}

// A page that is open for some minutes; answers what it found in the end.
async function reopened(device, token, parts, people) {
  const visit = new Visit(device, token, parts, people);
  await visit.opened("");
  await device.world.pause(MINUTE);
  const found = await visit.outbox.found();
  visit.tab.close();
  return found;
}

async function mended(device, { token, receipt }, parts, people) {
  const visit = new Visit(device, token, parts, people);
  await visit.opened("", receipt);
  const owner = people.get(visit.sheet.answers.who);
  if (visit.isOurs && MENDED.includes(owner.said)) await owner.send(visit);
  await device.world.pause(MINUTE);
  visit.tab.close();
}

// What a world came to. Lost: told «taken», or told «it waits» on a device that kept it, and it never came where it
// belongs. Doubled: one person, two sheets; except at an open link where they were told that nothing is kept.
function judge(world, people) {
  const found = { lost: [], doubled: [], presses: 0, sheets: 0, told: {} };
  const sheets = Object.values(world.links).flatMap((link) => link.sheets);
  found.sheets = sheets.length;
  for (const person of people) {
    found.presses += person.tally.presses;
    found.told[person.said] = (found.told[person.said] || 0) + 1;
    const mine = sheets.filter((sheet) => sheet.who === person.name).length;
    const arrived = world.links[person.token].sheets.some((sheet) => sheet.who === person.name);
    const wasErased = person.where.wasErased || person.tally.risked;
    if (!arrived && (person.tally.taken || (person.said === "waiting" && !wasErased))) found.lost.push(person.name);
    if (mine > 1 && !(person.code === "" && wasErased)) found.doubled.push(person.name);
  }
  return found;
}

export async function one(seed, { faults = FAULTS, without = "" } = {}) {
  const world = new World(seed, new Set(faults));
  const parts = without ? broken[without](REAL, world) : REAL;
  const living = live(world, parts);
  await world.run();
  let isOver = false;
  living.then(() => { isOver = true; });
  await null;
  await null;
  if (!isOver) throw new Error(`world ${seed} did not end`);
  return { ...judge(world, await living), struck: world.struck };
}

function add(sums, more) {
  for (const [name, value] of Object.entries(more)) sums[name] = (sums[name] || 0) + value;
}

export async function runs(first, count, options) {
  const whole = { runs: count, lost: 0, doubled: 0, presses: 0, sheets: 0, told: {}, struck: {}, seeds: [] };
  for (let seed = first; seed < first + count; seed += 1) {
    const found = await one(seed, options);
    whole.lost += found.lost.length;
    whole.doubled += found.doubled.length;
    whole.presses += found.presses;
    whole.sheets += found.sheets;
    add(whole.told, found.told);
    add(whole.struck, found.struck);
    if ((found.lost.length || found.doubled.length) && whole.seeds.length < 10) whole.seeds.push(seed);
  }
  return whole;
}
