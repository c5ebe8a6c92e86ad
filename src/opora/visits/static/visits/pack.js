// The pack of a visit: a page of forms with a program. What is typed is on the device at once, records wait there
// until the server says that it has them, and the page itself opens without a line.

import { promised } from "../ui/device.js";
import { deviceName, openDevice } from "./device.js";
import { RecordForm, keyOf } from "./forms.js";
import { listed, moment } from "./listing.js";
import { contentOf, correctionOf, madeRecord, newName } from "./record.js";
import { Line, sendAll } from "./sending.js";

const main = document.getElementById("pack");
const words = JSON.parse(main.dataset.words);
const visit = Number(main.dataset.visit);
const person = Number(main.dataset.person);
const line = new Line({
  state: main.dataset.state,
  records: main.dataset.records,
  photo: (digest) => main.dataset.photo.replace("0".repeat(64), digest),
});
const at = (name) => document.getElementById(name);
const titles = { who: words.who, seen: words.seen, sheets: {}, questions: {} };
const AGAIN = 20000; // milliseconds between tries to send
const pack = { device: null, visit, person, deviceName: "", words, isRemoved: false, added };
let forms = [];
let sending = null;
let last = "";

function counts(rows, photos) {
  const waiting = rows.filter((row) => row.state === "waiting").length
    + photos.filter((photo) => photo.state === "waiting").length;
  const refused = rows.filter((row) => row.state === "refused").length
    + photos.filter((photo) => photo.state === "refused").length;
  return { waiting, refused, rows: rows.length };
}

function said({ waiting, refused, rows }) {
  const told = [];
  if (!rows) told.push(words.nothing);
  if (waiting) told.push(words.waiting.replace("{n}", waiting));
  if (refused) told.push(words.refused.replace("{n}", refused));
  if (rows && !waiting && !refused) told.push(words.all_received.replace("{n}", rows));
  const more = { no_line: words.no_line, sign_in: words.sign_in, closed: words.closed, other_person: words.other_person };
  if (more[last] && !(last === "no_line" && !waiting)) told.push(more[last]);
  return told;
}

async function show() {
  if (pack.isRemoved) return;
  const [rows, photos] = [await pack.device.all("records", visit), await pack.device.all("photos", visit)];
  const found = counts(rows, photos);
  const lines = said(found).map((text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph;
  });
  if (last === "sign_in") {
    const link = document.createElement("a");
    link.href = main.dataset.signIn;
    link.textContent = words.sign_in_link;
    lines.at(-1).append(" ", link);
  }
  const status = at("line");
  if (status.textContent !== lines.map((one) => one.textContent).join("")) status.replaceChildren(...lines);
  at("written").replaceChildren(...listed(rows, photos, { person, words, titles, deeds: { mend, withdraw } }));
  at("written-part").hidden = !rows.length;
  at("send").hidden = !found.waiting;
  countForms(rows);
}

// How many records each form has given here.
function countForms(rows) {
  const replaced = new Set(rows.map((row) => row.record.payload.replaces).filter(Boolean));
  const keys = rows.filter((row) => !replaced.has(row.uuid) && row.state !== "mended" && contentOf(row.record)[0])
    .map((row) => keyOf(...contentOf(row.record)));
  for (const form of forms) {
    const count = keys.filter((key) => key === form.key).length;
    form.element.querySelector(".v-count").textContent = count ? `✓ ${count}` : "";
  }
}

function mend(row, photo) {
  const form = forms.find((one) => one.key === keyOf(...contentOf(row.record)));
  return form?.mend(row, photo);
}

async function withdraw(row) {
  if (!window.confirm(words.surely_withdraw)) return;
  const said = correctionOf(row.uuid, "", {});
  const deeds = [["records", "put", madeRecord({ visit, person, device: pack.deviceName, ...said })]];
  const photo = contentOf(row.record)[1].photo;
  if (photo) deeds.push(["photos", "delete", `${visit}:${photo}`]);
  await pack.device.write(deeds);
  added();
}

function added() {
  show();
  attempt();
}

// One try at a time; what is added meanwhile goes with the next.
async function attempt() {
  if (pack.isRemoved) return;
  if (sending) {
    await sending;
    return;
  }
  sending = sendAll(pack.device, line, visit).catch(() => ({ told: "no_line" }));
  last = (await sending).told;
  sending = null;
  await show();
}

function inBase64(content) {
  const bytes = new Uint8Array(content);
  let text = "";
  for (let from = 0; from < bytes.length; from += 32768) text += String.fromCharCode(...bytes.subarray(from, from + 32768));
  return btoa(text);
}

async function saveToFile() {
  const [rows, photos] = [await pack.device.all("records", visit), await pack.device.all("photos", visit)];
  const told = {
    format: "opora-visit",
    visit,
    school: main.dataset.school,
    records: rows.filter((row) => row.state !== "mended").map((row) => row.record),
    photos: Object.fromEntries(photos.map((photo) => [photo.digest, inBase64(photo.content)])),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told)], { type: "application/json" }));
  link.download = `${words.file}-${visit}-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function remove(anyway = false) {
  const found = counts(await pack.device.all("records", visit), await pack.device.all("photos", visit));
  const drafts = await pack.device.all("drafts", visit);
  const left = found.waiting + found.refused + drafts.length;
  if (left && !anyway) {
    at("remove-why").textContent = words.not_removed.replace("{n}", left);
    at("remove-sure").hidden = false;
    at("remove-anyway").focus();
    return;
  }
  pack.isRemoved = true;
  await pack.device.forget(visit);
  if ("caches" in window) {
    for (const name of await caches.keys()) await (await caches.open(name)).delete(location.pathname);
  }
  const note = document.createElement("p");
  note.className = "s-note";
  note.tabIndex = -1;
  note.textContent = words.removed;
  main.replaceChildren(note);
  note.focus();
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function isKept() {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await caches.match(location.pathname)) return true;
    await wait(500);
  }
  return false;
}

function size(bytes) {
  const language = document.documentElement.lang;
  const [unit, value] = bytes < 1e6 ? ["kilobyte", Math.max(1, bytes / 1e3)] : ["megabyte", bytes / 1e6];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

// Say whether the pack opens without a line, and whether the browser may take it away.
async function tellKept() {
  const told = at("kept");
  if (!("serviceWorker" in navigator) || !("caches" in window)) {
    told.textContent = words.not_on_device;
    return;
  }
  told.textContent = words.keeping;
  navigator.serviceWorker.register(main.dataset.worker, { type: "classic" }).catch(() => {});
  if (!(await isKept())) {
    told.textContent = words.not_on_device;
    return;
  }
  const used = (await navigator.storage?.estimate?.())?.usage || 0;
  told.textContent = words.on_device.replace("{day}", moment(main.dataset.made)).replace("{size}", size(used));
  at("evicted").hidden = await promised();
}

function listen() {
  at("send").addEventListener("click", attempt);
  at("save").addEventListener("click", saveToFile);
  at("remove").addEventListener("click", () => remove());
  at("remove-anyway").addEventListener("click", () => remove(true));
  window.addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) attempt(); });
  setInterval(attempt, AGAIN);
}

async function begin() {
  pack.device = await openDevice();
  pack.deviceName = await deviceName(pack.device, newName);
  for (const sheet of main.querySelectorAll("[data-sheet]")) titles.sheets[sheet.dataset.sheet] = sheet.dataset.title;
  for (const form of main.querySelectorAll('form[data-key^="answer:"]')) {
    titles.questions[form.elements.question.value] = form.querySelector("legend, .v-question").firstChild.textContent;
  }
  forms = [...main.querySelectorAll("form.v-form")].map((element) => new RecordForm(element, pack));
  for (const form of forms) await form.restore();
  if (!pack.device.keeps) at("unkept").hidden = false;
  listen();
  document.documentElement.classList.add("js");
  await show();
  await attempt();
}

tellKept();
begin();
