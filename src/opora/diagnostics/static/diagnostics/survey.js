// The page of a questionnaire with a program: page by page, every answer saved on the device as it is given, sent
// when there is a line. Without it the page is one plain form.

import { asked } from "./conditions.js";
import { lineTo } from "./line.js";
import { KEPT, MENDED, Outbox } from "./outbox.js";
import { openStore } from "./store.js";
import { promised } from "../ui/device.js";

const main = document.getElementById("survey");
const token = main.dataset.token;
const words = JSON.parse(main.dataset.words);
const form = main.querySelector("form");
const steps = [...main.querySelectorAll(".s-step")];
const questions = [...form.querySelectorAll("fieldset.s-question")].map((element) => ({
  element,
  name: element.dataset.name,
  kind: element.dataset.kind,
  steps: "steps" in element.dataset,
  required: "required" in element.dataset,
  places: element.dataset.kind === "lines"
    ? [...new Set([...element.querySelectorAll("input")].map((input) => input.name))]
    : [element.dataset.name],
  condition: element.dataset.askedIf ? JSON.parse(element.dataset.askedIf) : null,
}));
const code = form.elements.code;
const REFUSED = "#refused-"; // before a receipt in the address: open that sheet; else a code stands there
let at = 0;
let outbox;
let receipt;
let isOurs = false; // the sheet was sent from this window, or opened here to be mended

function newReceipt() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Every link has its own address, and a page sends what waits of others too.
function addressOf(link) {
  return location.pathname.replace(token, link) + location.search;
}

// What a question's fields hold now. Empty: undefined.
function read(question, place) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(place)}"]`)];
  if (question.kind === "text") return inputs[0].value.trim() || undefined;
  if (question.kind === "number") {
    const [typed, unknown] = inputs;
    if (unknown?.checked) return unknown.value;
    const plain = typed.value.replace(/\s/g, "");
    return plain === "" ? undefined : /^\d{1,9}$/.test(plain) ? Number(plain) : plain;
  }
  const on = inputs.filter((input) => input.checked).map((input) => input.value);
  if (question.kind === "many") return on.length ? (on.includes("dont_know") ? "dont_know" : on) : undefined;
  if (!on.length) return undefined;
  return question.steps && on[0] !== "dont_know" ? Number(on[0]) : on[0];
}

function write(question, place, value) {
  for (const input of form.querySelectorAll(`[name="${CSS.escape(place)}"]`)) {
    if (input.type === "radio" || input.type === "checkbox") {
      input.checked = Array.isArray(value) ? value.includes(input.value) : String(value) === input.value;
    } else input.value = value === undefined || value === "dont_know" ? "" : value;
  }
}

function answers() {
  const found = {};
  for (const question of questions) {
    for (const place of question.places) {
      const value = read(question, place);
      if (value !== undefined) found[place] = value;
    }
  }
  return found;
}

function showAsked() {
  const { names, heard } = asked(questions, answers());
  for (const question of questions) {
    question.element.hidden = question.element.disabled = !names.has(question.name);
  }
  return heard;
}

// The steps that have anything to ask now.
function open() {
  return steps.filter((step, place) => place === 0
    || questions.some((question) => step.contains(question.element) && !question.element.hidden));
}

const progress = document.createElement("p");
progress.className = "s-progress";
const saved = document.createElement("p");
saved.className = "s-saved";
saved.setAttribute("role", "status");
const risk = document.createElement("p");
risk.className = "s-saved";
risk.textContent = words.evicted;
risk.hidden = true;
const send = form.querySelector(".s-send");
const next = document.createElement("button");
const back = document.createElement("button");
next.type = back.type = "button";
next.className = "s-next";
next.textContent = words.next;
back.textContent = words.back;

function show(place, focus = true) {
  showAsked();
  const shown = open();
  at = Math.max(0, Math.min(place, shown.length - 1));
  steps.forEach((step) => { step.hidden = step !== shown[at]; });
  const ofIntro = form.querySelector('[data-step-of="intro"]');
  if (ofIntro) ofIntro.hidden = at !== 0;
  progress.textContent = at ? words.step.replace("{n}", at).replace("{all}", shown.length - 1) : "";
  progress.hidden = !at;
  next.hidden = at === shown.length - 1;
  send.hidden = !next.hidden;
  back.hidden = at === 0;
  next.textContent = at ? words.next : words.begin;
  if (focus) {
    window.scrollTo(0, 0);
    (shown[at].querySelector("h2") || main.querySelector("h1")).focus({ preventScroll: true });
  }
}

function error(place, said) {
  const element = document.getElementById(`error-${place}`);
  if (!element) return;
  element.textContent = said;
  element.hidden = !said;
}

// Tell what lacks on this step; whether anything does.
function lacks() {
  const shown = open()[at];
  const empty = questions.filter((question) => question.required && shown.contains(question.element)
    && !question.element.hidden && question.places.every((place) => read(question, place) === undefined));
  for (const question of questions) if (shown.contains(question.element)) error(question.places[0], "");
  for (const question of empty) error(question.places[0], words.required);
  if (at === 0 && code && !code.value.trim()) {
    error("code", words.code);
    code.focus();
    return true;
  }
  empty[0]?.element.querySelector("input, textarea").focus();
  return empty.length > 0;
}

async function keep(changed) {
  const sheet = await outbox.change(receipt, { ...changed, step: at });
  saved.textContent = sheet && outbox.keeps(receipt) ? words.saved : words.unkept;
}

function mend(told) {
  for (const [place, said] of Object.entries(told.faults || {})) error(place, said);
  if (told.told === "no_code" || told.told === "used") {
    error("code", told.said);
    show(0);
    code?.focus();
    return;
  }
  const first = document.getElementById(`error-${Object.keys(told.faults || {})[0]}`)?.closest(".s-step");
  if (first) show(open().indexOf(first));
}

function paragraph(text, address) {
  const element = document.createElement("p");
  const inner = address ? document.createElement("a") : element;
  if (address) {
    inner.href = address;
    element.append(inner);
  }
  inner.textContent = text;
  return element;
}

function another() {
  return paragraph(words.another, addressOf(token));
}

function thank(told) {
  const short = `${told.receipt.slice(0, 4)}-${told.receipt.slice(4, 8)}`.toUpperCase();
  const title = document.createElement("h1");
  title.tabIndex = -1;
  title.textContent = words.thanks;
  const note = paragraph(words.receipt.replace("{short}", short));
  note.className = "s-note";
  main.replaceChildren(title, note, another(), others);
  title.focus();
}

// The sheet is not at the server yet: others may answer on this device meanwhile, if it keeps anything.
function wait(said, isKept) {
  const notes = isKept ? [said || words.waiting] : [said, words.waiting_unkept];
  if (isKept && !risk.hidden) notes.push(words.evicted);
  waiting.replaceChildren(...notes.filter(Boolean).map((note) => paragraph(note)), ...(isKept ? [another()] : []));
  waiting.hidden = false;
}

// What became of sheets that waited on this device: somebody thinks that they are on their way.
function report(told) {
  const found = told.filter((one) => !(isOurs && one.receipt === receipt));
  const count = (kinds) => found.filter((one) => kinds.includes(one.told)).length;
  sent += count(KEPT);
  const notes = [];
  if (sent) notes.push(paragraph(words.sent.replace("{n}", sent)));
  if (count(["waiting"])) notes.push(paragraph(words.pending.replace("{n}", count(["waiting"]))));
  if (count(["over"])) notes.push(paragraph(words.over_here.replace("{n}", count(["over"]))));
  for (const one of found.filter((one) => MENDED.includes(one.told))) {
    notes.push(paragraph(`${words.refused} ${one.said || ""}`), paragraph(words.mend, addressOf(one.token) + REFUSED + one.receipt));
  }
  others.replaceChildren(...notes);
  others.hidden = !notes.length;
  for (const one of found) if (KEPT.includes(one.told)) outbox.forget(one.receipt);
}

function tell(told) {
  receipt = form.elements.receipt.value = told.receipt;
  if (KEPT.includes(told.told)) {
    thank(told);
    outbox.forget(told.receipt);
  } else if (told.told === "waiting") {
    form.hidden = true;
    steps.forEach((step) => { step.hidden = true; });
    wait(told.said, told.isKept);
  } else if (told.told === "over" || told.told === "unknown") {
    wait(told.said || words.over, true);
  } else if (told.told !== "nothing") {
    form.hidden = false;
    waiting.hidden = true;
    mend(told);
  }
}

const waiting = document.createElement("div");
waiting.className = "s-note";
waiting.id = "waiting";
waiting.setAttribute("role", "status");
waiting.hidden = true;
const others = document.createElement("div");
others.className = "s-note";
others.setAttribute("role", "status");
others.hidden = true;
let sent = 0;

async function attempt() {
  if (!waiting.hidden) tell(await outbox.send(receipt));
  report(await outbox.sendAll());
}

async function submit(event) {
  event.preventDefault();
  if (lacks()) return;
  send.disabled = true;
  isOurs = true;
  const whole = { token, answers: showAsked(), code: code ? code.value : "", step: at };
  try {
    tell(await outbox.submit(receipt, whole));
  } catch (fault) {
    form.submit(); // the program broke: the plain way, which loses nothing either
  } finally {
    send.disabled = false;
  }
}

function listen() {
  form.addEventListener("input", (event) => {
    const input = event.target;
    if (input === code) {
      error("code", "");
      keep({ code: code.value });
      return;
    }
    const element = input.closest("fieldset.s-question");
    if (input.type === "checkbox" && element) unknownAlone(input, element);
    const question = questions.find((one) => one.element === element);
    error(input.name, "");
    const changed = {};
    for (const place of question.places) changed[place] = read(question, place);
    keep({ answers: changed });
    showAsked();
    show(at, false);
  });
  form.addEventListener("submit", submit);
  next.addEventListener("click", () => { if (!lacks()) { show(at + 1); keep({}); } });
  back.addEventListener("click", () => { show(at - 1); keep({}); });
  window.addEventListener("online", attempt);
  window.addEventListener("hashchange", () => location.reload()); // another code, or a sheet to be mended
  document.addEventListener("visibilitychange", () => { if (!document.hidden) attempt(); });
  setInterval(attempt, 20000);
}

// «Не знаю» beside others: one or the other.
function unknownAlone(input, element) {
  if (!input.checked) return;
  for (const other of element.querySelectorAll("input")) {
    if (other === input || other.name !== input.name) continue;
    if (other.type === "text") other.value = "";
    else if ((input.value === "dont_know") !== (other.value === "dont_know")) other.checked = false;
  }
}

async function begin() {
  document.documentElement.classList.add("js");
  form.prepend(progress);
  form.querySelector(".s-actions").append(back, next, send);
  form.append(saved, risk);
  main.append(waiting, others);
  outbox = new Outbox(await openStore(), lineTo(addressOf), newReceipt);
  const refused = location.hash.startsWith(REFUSED) ? location.hash.slice(REFUSED.length) : "";
  const given = refused ? "" : decodeURIComponent(location.hash.slice(1));
  const sheet = await outbox.open(token, given, refused);
  receipt = sheet.receipt;
  isOurs = Boolean(sheet.fault);
  if (Object.keys(sheet.answers).length) {
    for (const question of questions) {
      for (const place of question.places) write(question, place, sheet.answers[place]);
    }
  }
  if (code) code.value = given || sheet.code || code.value;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  form.elements.receipt.value = receipt;
  listen();
  show(sheet.step, false);
  if (given) await keep({ code: given });
  if (sheet.fault) mend(sheet.fault);
  if (!outbox.keeps(receipt)) saved.textContent = words.unkept;
  else promised().then((isPromised) => { risk.hidden = isPromised; });
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(main.dataset.worker, { type: "classic" }).catch(() => {});
  report(await outbox.found());
  report(await outbox.sendAll());
}

begin();
