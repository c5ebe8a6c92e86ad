// Types a sheet of paper by keys alone: Enter goes on, arrows go up and down, what was typed is said in words.
// Without this program the page is a plain form. What is typed stays in this tab until the server has it.

import { asked } from "./conditions.js";

const DASHES = "-–—−";
const SENT = "opora-paper-sent"; // the draft that was sent last
const form = document.getElementById("sheet");
const blanks = form ? [...form.querySelectorAll(".p-blank")] : [];

function kept(deed) {
  try {
    return deed(sessionStorage);
  } catch {
    return null; // this browser keeps nothing: the page itself still does
  }
}

function keyOf(draft) {
  return `opora-paper ${draft}`;
}

// A draft that was sent and is not shown again has been taken: nothing of it stays on this device.
function forgetSent(here) {
  kept((store) => {
    const sent = store.getItem(SENT);
    if (sent && sent !== here) store.removeItem(sent);
    if (sent !== here) store.removeItem(SENT);
  });
}

function input(blank) {
  return blank.querySelector("input, textarea");
}

// What is typed as conditions know it; undefined where nothing is, null where it means nothing.
function answer(blank) {
  const typed = input(blank).value.trim();
  const { kind, least, most } = blank.dataset;
  if (!typed || typed === "*") return undefined;
  if (kind === "words") return typed;
  const keys = [...blank.querySelectorAll("[data-key]")].map((one) => one.dataset.key);
  if (DASHES.includes(typed)) return keys.includes("-") ? "dont_know" : null;
  const names = blank.dataset.names.split(" ").filter(Boolean);
  if (kind === "many") {
    const parted = typed.split(/[\s,.]+/).filter(Boolean);
    const digits = parted.length === 1 && names.length < 10 ? [...parted[0]] : parted;
    return digits.every((one) => /^\d+$/.test(one) && keys.includes(String(Number(one))))
      ? digits.map((one) => names[Number(one) - 1]) : null;
  }
  if (!/^\d{1,9}$/.test(typed)) return null;
  const number = Number(typed);
  if (kind === "number") return number >= Number(least) && number <= Number(most) ? number : null;
  if (!keys.includes(String(number))) return null;
  return names.length ? names[number - 1] : number;
}

function words(blank, found) {
  const typed = input(blank).value.trim();
  const spoken = blank.dataset.kind === "words" || (blank.dataset.kind === "number" && found !== "dont_know");
  if (!typed) return "";
  if (typed === "*") return form.dataset.spoiled;
  if (found === null) return form.dataset.bad;
  if (spoken) return "";
  const names = blank.dataset.names.split(" ").filter(Boolean);
  const keys = Array.isArray(found) ? found.map((one) => String(names.indexOf(one) + 1))
    : found === "dont_know" ? ["-"] : [String(names.length ? names.indexOf(found) + 1 : found)];
  const said = (key) => blank.querySelector(`[data-key="${key}"]`).lastChild.textContent.trim();
  return keys.map(said).join(", ");
}

// Says beside each place what its keys mean, and which questions are not asked given the answers before them.
function show() {
  const answers = {};
  const questions = new Map();
  for (const blank of blanks) {
    const { place, item, askedIf } = blank.dataset;
    const found = answer(blank);
    if (found !== undefined && found !== null) answers[place] = found;
    const one = questions.get(item) || { name: item, places: [], condition: askedIf ? JSON.parse(askedIf) : null };
    one.places.push(place);
    questions.set(item, one);
    blank.querySelector(".p-means").textContent = words(blank, found);
    const wrong = found === null;
    blank.classList.toggle("p-odd", wrong);
    if (wrong) input(blank).setAttribute("aria-invalid", "true");
    else input(blank).removeAttribute("aria-invalid");
  }
  const { names } = asked([...questions.values()], answers);
  for (const blank of blanks) {
    const skipped = Boolean(blank.dataset.askedIf) && !names.has(blank.dataset.item);
    blank.classList.toggle("p-skipped", skipped);
    if (skipped) blank.querySelector(".p-means").textContent = form.dataset.skipped;
  }
}

function keepDraft() {
  const typed = Object.fromEntries(blanks.map((blank) => [blank.dataset.place, input(blank).value]));
  kept((store) => store.setItem(keyOf(form.dataset.draft), JSON.stringify(typed)));
}

function bringBack() {
  const before = kept((store) => JSON.parse(store.getItem(keyOf(form.dataset.draft)) || "null"));
  if (!before || "given" in form.dataset) return;
  let brought = false;
  for (const blank of blanks) {
    const value = before[blank.dataset.place];
    if (typeof value === "string" && value !== input(blank).value) {
      input(blank).value = value;
      brought = true;
    }
  }
  if (brought) form.querySelector(".p-restored").textContent = form.dataset.restored;
}

// Goes to the next place that is asked; to the button after the last. What means nothing holds one once.
function go(from, step) {
  const here = blanks.indexOf(from);
  let next = here + step;
  while (blanks[next] && blanks[next].classList.contains("p-skipped") && !input(blanks[next]).value) next += step;
  const target = blanks[next] ? input(blanks[next]) : step > 0 ? form.querySelector(".p-actions button") : null;
  if (!target) return;
  target.focus();
  if (target.select) target.select();
  target.scrollIntoView({ block: "center" });
}

function onKey(event) {
  const blank = event.target.closest(".p-blank");
  if (!blank || event.isComposing) return;
  const isWords = event.target.tagName === "TEXTAREA";
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (isWords && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Enter" && blank.classList.contains("p-odd") && !blank.dataset.told) {
    blank.dataset.told = "yes";
    event.target.select();
    return;
  }
  go(blank, step);
}

forgetSent(form && keyOf(form.dataset.draft));
if (form) {
  document.documentElement.classList.add("js");
  bringBack();
  show();
  form.addEventListener("input", (event) => {
    delete event.target.closest(".p-blank")?.dataset.told;
    show();
    keepDraft();
  });
  form.addEventListener("keydown", onKey);
  form.addEventListener("submit", () => {
    keepDraft();
    kept((store) => store.setItem(SENT, keyOf(form.dataset.draft)));
  });
  const wrong = form.querySelector("[aria-invalid]") || (blanks[0] && input(blanks[0]));
  if (wrong && !document.querySelector(".o-errors")) wrong.focus();
}
