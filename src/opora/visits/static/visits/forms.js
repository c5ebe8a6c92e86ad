// The forms of a pack: what is typed is a draft on the device at once, «добавить» makes a record of it.

import { contentOf, correctionOf, madeRecord, payloadOf } from "./record.js";
import { sha256 } from "./digest.js";
import { shrunk } from "./shrinking.js";

const OURS = new Set(["csrfmiddlewaretoken", "kind", "uuid", "told_at", "file"]);

export function keyOf(kind, payload) {
  if (kind === "answer") return `answer:${payload.question}`;
  return kind === "observation" ? `observation:${payload.sheet}` : kind;
}

function valuesOf(kind, payload) {
  const values = { ...payload };
  if (kind === "observation") {
    for (const [row, level] of Object.entries(payload.levels)) values[`level_${row}`] = String(level);
  }
  return values;
}

export class RecordForm {
  // pack: {device, visit, person, deviceName, words, added()}
  constructor(element, pack) {
    this.element = element;
    this.pack = pack;
    this.kind = element.elements.kind.value;
    this.key = element.dataset.key;
    this.name = `${pack.visit}:${this.key}`;
    this.replaces = "";
    this.photo = null;
    this.status = element.querySelector(".v-status");
    this.error = element.querySelector(".s-error");
    this.note = element.querySelector(".v-mending");
    this.preview = element.querySelector(".v-preview");
    this.saving = Promise.resolve();
    element.addEventListener("input", (event) => this.typed(event.target));
    element.addEventListener("submit", (event) => this.submit(event));
    element.querySelector(".v-cancel").addEventListener("click", () => this.cancel());
  }

  values() {
    const found = {};
    for (const [name, value] of new FormData(this.element)) if (!OURS.has(name)) found[name] = value;
    return found;
  }

  write(values) {
    for (const input of this.element.elements) {
      if (OURS.has(input.name) || input.type === "hidden" || !input.name) continue;
      if (input.type === "radio") input.checked = values[input.name] === input.value;
      else if (input.type === "checkbox") input.checked = Boolean(values[input.name]);
      else input.value = values[input.name] || "";
    }
    this.showConsent();
  }

  showConsent() {
    const consent = this.element.querySelector(".v-consent");
    if (consent) consent.hidden = !this.element.elements.children.checked;
  }

  // What was typed before, here or before the tab was closed.
  async restore() {
    const draft = await this.pack.device.get("drafts", this.name);
    this.showConsent();
    if (!draft) return;
    this.photo = draft.photo || null;
    this.open(draft.values, draft.replaces || "");
    this.status.textContent = this.pack.words.typed;
  }

  open(values, replaces) {
    this.replaces = replaces;
    this.write(values);
    this.note.hidden = !replaces;
    this.showPhoto();
  }

  showPhoto() {
    if (!this.preview) return;
    this.preview.hidden = !this.photo;
    if (this.photo) this.preview.src = this.photo.small;
  }

  async typed(input) {
    if (this.pack.isRemoved) return;
    this.say("");
    if (input.type === "file") await this.taken(input.files[0]);
    this.showConsent();
    const draft = { name: this.name, visit: this.pack.visit, values: this.values(), replaces: this.replaces, photo: this.photo };
    this.saving = this.saving.then(() => this.pack.device.write([["drafts", "put", draft]])).then(
      () => { this.status.textContent = this.pack.device.keeps ? this.pack.words.typed : this.pack.words.unkept; },
      () => { this.status.textContent = this.pack.words.unkept; },
    );
    await this.saving;
  }

  async taken(file) {
    if (!file) return;
    try {
      const { content, small } = await shrunk(file);
      this.photo = { content, small, digest: sha256(new Uint8Array(content)) };
      this.showPhoto();
    } catch (broken) {
      this.photo = null;
      this.showPhoto();
      this.say(this.pack.words.no_picture);
    }
  }

  say(said) {
    this.error.textContent = said;
    this.error.hidden = !said;
  }

  // Empty: "", where nothing lacks. The server looks once more.
  lacks(values) {
    if (this.kind === "photo") {
      if (!this.photo) return this.pack.words.choose_photo;
      if (values.children && !values.consent) return this.pack.words.consent;
    }
    if (this.kind === "observation" && !Object.keys(values).some((name) => name.startsWith("level_"))) {
      return this.pack.words.level;
    }
    return "";
  }

  async submit(event) {
    event.preventDefault();
    await this.saving;
    const values = this.values();
    const lacks = this.lacks(values);
    if (lacks) {
      this.say(lacks);
      this.element.querySelector("input:not([type=hidden]), textarea, select").focus();
      return;
    }
    const { device, visit, person, deviceName } = this.pack;
    const payload = payloadOf(this.kind, values, this.photo?.digest);
    const before = this.replaces ? await device.get("records", this.replaces) : null;
    const isMended = before?.state === "refused"; // the server has none of it: said anew, not corrected
    const said = this.replaces && !isMended ? correctionOf(this.replaces, this.kind, payload) : { kind: this.kind, payload };
    const made = madeRecord({ visit, person, device: deviceName, ...said });
    const deeds = [["records", "put", this.photo ? { ...made, small: this.photo.small } : made], ["drafts", "delete", this.name]];
    if (isMended) deeds.push(["records", "put", { ...before, state: "mended" }]);
    const isNew = this.photo?.content && !(await device.all("photos", visit)).some((one) => one.digest === this.photo.digest);
    if (isNew) {
      const { content, digest } = this.photo;
      deeds.push(["photos", "put", { name: `${visit}:${digest}`, visit, digest, content, record: made.uuid, state: "waiting" }]);
    }
    try {
      await device.write(deeds);
    } catch (full) {
      this.say(this.pack.words.unkept);
      return;
    }
    this.clear();
    this.status.textContent = this.pack.words.saved;
    this.pack.added();
  }

  clear() {
    this.photo = null;
    this.element.reset();
    this.open({}, "");
    const file = this.element.elements.file;
    if (file) file.value = "";
  }

  async cancel() {
    this.clear();
    this.status.textContent = "";
    await this.pack.device.write([["drafts", "delete", this.name]]);
  }

  // Open a record to say it otherwise.
  async mend(row, photo) {
    const [kind, payload] = contentOf(row.record);
    this.photo = kind === "photo" ? { digest: payload.photo, small: row.small || "", content: photo?.content } : null;
    this.open(valuesOf(kind, payload), row.uuid);
    const fold = this.element.closest("details");
    if (fold) fold.open = true;
    this.element.scrollIntoView({ block: "center" });
    this.element.querySelector("input:not([type=hidden]), textarea, select").focus({ preventScroll: true });
    await this.typed(this.element);
  }
}
