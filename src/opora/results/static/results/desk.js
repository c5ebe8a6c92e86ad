// The import desk in the browser: takes dropped files and folders, announces them, sends each in pieces from where
// it broke off. What a file has become the server says (the part with id "desk"); here only sending is known.
"use strict";

const LEAST = 64 * 1024, MOST = 4 * 1024 * 1024; // bytes of a piece
const QUICK = 2000, SLOW = 8000; // milliseconds that a piece should take: the line decides how large it is
const AT_ONCE = 500, SIDE_BY_SIDE = 2, LONGEST_PAUSE = 30000;
const HIDDEN = /^(\.|~\$|Thumbs\.db$|desktop\.ini$)/i;

const zone = document.querySelector("[data-desk]");
const said = zone.querySelector("[data-said]");
const form = document.querySelector("form[enctype]");
const token = form.elements.csrfmiddlewaretoken.value;
const line = [];
let sending = 0, size = 512 * 1024;

const pause = (time) => new Promise((after) => setTimeout(after, time));
const changed = () => document.body.dispatchEvent(new Event("desk-changed"));

function say(word, more = "") {
  const sentence = word ? `${zone.dataset[word] ?? word}${more}` : "";
  if (said.textContent !== sentence) said.textContent = sentence;
}

class SignedOut extends Error {}
class Refused extends Error {}

async function ask(address, options) {
  const answer = await fetch(address, { ...options, headers: { "X-CSRFToken": token, ...options.headers }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new SignedOut();
  return answer;
}

async function announce(files) {
  const told = new FormData(form);
  for (const name of ["files", "mapping", "csrfmiddlewaretoken"]) told.delete(name);
  told.set("files", JSON.stringify(files.map((file) => ({ name: file.name, size: file.size, modified: file.lastModified }))));
  const answer = await ask(zone.dataset.desk, { method: "POST", body: told });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(found.sentence ?? zone.dataset.saidRefused);
  return found.files;
}

async function offsetOf(address) {
  const answer = await ask(address, { method: "HEAD" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`asked for an offset: ${answer.status}`);
  return Number(answer.headers.get("Upload-Offset"));
}

// Answers where the next piece begins; null when the file is wanted no more.
async function sendPiece(file, address, offset) {
  const began = performance.now();
  const answer = await ask(address, {
    method: "PATCH",
    body: file.slice(offset, offset + size),
    headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
  });
  if (answer.status === 404) return null;
  if (answer.status === 507) throw new Refused((await answer.json()).sentence);
  if (answer.status !== 204 && answer.status !== 409) throw new Error(`sent a piece: ${answer.status}`);
  const took = performance.now() - began;
  if (took < QUICK) size = Math.min(size * 2, MOST);
  if (took > SLOW) size = Math.max(size / 2, LEAST);
  return Number(answer.headers.get("Upload-Offset"));
}

async function send({ file, address, offset }) {
  let wait = 1000;
  while (offset !== null && offset < file.size) {
    try {
      offset = await sendPiece(file, address, offset);
      wait = 1000;
      progress();
    } catch (fault) {
      if (fault instanceof SignedOut || fault instanceof Refused || fault.name === "NotReadableError") throw fault;
      say("saidBroken");
      size = LEAST;
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_PAUSE);
      offset = await offsetOf(address).catch((again) => {
        if (again instanceof SignedOut) throw again;
        return offset;
      });
    }
  }
}

function progress() {
  const left = line.length + sending;
  say(left ? "saidWaiting" : "saidSent", left ? ` ${left}` : "");
}

async function run() {
  if (sending >= SIDE_BY_SIDE || !line.length) return;
  sending += 1;
  try {
    while (line.length) {
      const one = line.shift();
      progress();
      await send(one);
      changed();
    }
  } catch (fault) {
    line.length = 0;
    stopped(fault);
    return;
  } finally {
    sending -= 1;
  }
  if (!sending) progress();
}

function stopped(fault) {
  if (fault instanceof SignedOut) say("saidSignedOut");
  else say(fault instanceof Refused ? fault.message : "saidRefused");
}

async function take(files) {
  const wanted = files.filter((file) => !HIDDEN.test(file.name));
  if (!wanted.length) return say("saidNothing");
  try {
    for (let first = 0; first < wanted.length; first += AT_ONCE) await announced(wanted.slice(first, first + AT_ONCE));
  } catch (fault) {
    stopped(fault);
  }
}

async function announced(files) {
  const places = await announce(files);
  places.forEach((place, number) => {
    if (place.awaited) line.push({ file: files[number], ...place });
  });
  changed();
  progress();
  for (let place = 0; place < SIDE_BY_SIDE; place += 1) run();
}

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((found, failed) => entry.file(found, failed))];
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((read, failed) => reader.readEntries(read, failed));
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

function carriesFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

const drop = zone.querySelector(".o-zone");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add("o-zone-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("o-zone-over");
});
document.addEventListener("drop", async (event) => {
  if (!carriesFiles(event)) return;
  drop.classList.remove("o-zone-over");
  if (event.target.closest?.("form[enctype]")) return; // the plain form takes what is dropped on it
  event.preventDefault();
  take(await dropped(event.dataTransfer));
});
for (const button of zone.querySelectorAll("[data-choose]")) {
  const input = zone.querySelector(`[data-chosen="${button.dataset.choose}"]`);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    input.value = "";
    take(chosen);
  });
}
window.addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

// What a person has opened stays open, and where they stand they stay, when the desk is drawn again.
let open = [], stood = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "desk") return;
  open = [...document.querySelectorAll("#desk details[open]")].map((one) => one.id);
  const held = document.activeElement?.closest("#desk [data-desk-row]");
  stood = held && { row: held.dataset.deskRow, name: document.activeElement.tagName };
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (stood) document.querySelector(`[data-desk-row="${stood.row}"] ${stood.name}`)?.focus({ preventScroll: true });
  open = [];
  stood = null;
});

zone.hidden = false;
