// How a sheet leaves a device: it is on the device before anything is sent, it is sent until the server says that
// it has it, the person is told so, and then it is forgotten here. Knows neither the page nor the network.
//
// store: begin(token, code, make), get(receipt), change(receipt, change), drop(receipt, state), all() — promises;
// keeps(receipt): whether what has resolved survives the page. post(sheet): resolves to what the server told, or rejects where
// nothing is known. A sheet: {token, receipt, code, answers, step, state: "draft" | "ready", press, fault}; its
// receipt is its name everywhere, press the name of the last press of «send», fault why the server refused that.
// What was taken and not told yet: {token, receipt, state: "taken"}.

export const KEPT = ["taken", "again"];
export const MENDED = ["faulty", "no_code", "used"]; // the person has to mend it
export const GONE = ["over", "unknown"]; // nobody takes it any more
const KNOWN = [...KEPT, ...MENDED, ...GONE];

// What the page may tell of a sheet before anything is sent.
function toldOf({ receipt, token, state, fault }) {
  const told = { ready: { told: "waiting" }, taken: { told: "again" }, draft: fault }[state];
  return told ? [{ ...told, receipt, token }] : [];
}

export class Outbox {
  constructor(store, post, newReceipt) {
    this.store = store;
    this.post = post;
    this.newReceipt = newReceipt;
    this.sending = new Map();
    this.seen = new Map(); // the press of each sheet that this window knows of
  }

  // The draft of a link on this device; one for all windows, made where there is none. code: of who opens it, if
  // known: the draft of somebody else's code is not shown to them. refused: the receipt of a sheet to be mended.
  async open(token, code = "", refused = "") {
    const before = refused && await this.store.get(refused);
    const sheet = before?.state === "draft" ? before : await this.store.begin(token, code, () => (
      { token, receipt: this.newReceipt(), code: "", answers: {}, step: 0, state: "draft" }));
    this.seen.set(sheet.receipt, sheet.press);
    return sheet;
  }

  keeps(receipt) {
    return this.store.keeps(receipt);
  }

  // What changed is put over what is there: another window may have answered meanwhile.
  // Empty: undefined, where it was sent from another window; nothing was saved then.
  change(receipt, changed) {
    return this.store.change(receipt, (sheet) => (sheet?.state === "draft" && sheet.press === this.seen.get(receipt)
      ? { ...sheet, ...changed, answers: { ...sheet.answers, ...changed.answers } }
      : undefined));
  }

  // Somebody with another code has sent this sheet from another window: it is theirs.
  isOthers(sheet, whole) {
    return Boolean(sheet?.press) && sheet.press !== this.seen.get(sheet.receipt) && sheet.code !== whole.code;
  }

  // From now on the sheet is on its way, whatever happens to this page. It is sent even if the device has it no
  // more: taken from another window or erased, only the server can tell. whole: all of it but its state.
  async submit(receipt, whole) {
    const press = this.newReceipt();
    const sheet = await this.store.change(receipt, (before) => (this.isOthers(before, whole) ? undefined
      : { ...before, ...whole, receipt, press, state: "ready", fault: undefined }));
    if (!sheet) return this.submit(this.newReceipt(), whole);
    this.seen.set(receipt, press);
    return this.send(receipt);
  }

  // One send of a sheet at a time; who asks meanwhile gets the same answer.
  send(receipt) {
    if (!this.sending.has(receipt)) {
      this.sending.set(receipt, this.attempt(receipt).finally(() => this.sending.delete(receipt)));
    }
    return this.sending.get(receipt);
  }

  async attempt(receipt) {
    const sheet = await this.store.get(receipt);
    if (sheet?.state === "taken") return { told: "again", receipt };
    if (sheet?.fault) return { ...sheet.fault, receipt };
    if (sheet?.state !== "ready") return { told: "nothing", receipt };
    const answer = await this.post(sheet).catch(() => null);
    const told = KNOWN.includes(answer?.told) ? answer.told : "waiting";
    if (KEPT.includes(told)) await this.taken(sheet);
    else if (MENDED.includes(told) && !(await this.giveBack(sheet, answer))) return this.attempt(receipt);
    return { ...answer, told, receipt, isKept: this.keeps(receipt) };
  }

  // Answers and code leave the device at once; that it was taken stays until the person was told. What somebody
  // with another code has put there since is not what was taken.
  taken({ receipt, token, press, code }) {
    return this.store.change(receipt, (now) => (now && (now.press === press || now.code === code)
      ? { token, receipt, state: "taken" } : undefined));
  }

  // The person was told that it was taken.
  forget(receipt) {
    return this.store.drop(receipt, "taken");
  }

  // A refused sheet is a draft again, with the reason. Empty: undefined, where it was sent anew from another
  // window meanwhile: the refusal is not of what is on its way now.
  giveBack(sheet, fault) {
    return this.store.change(sheet.receipt, (now) => (now?.press === sheet.press
      ? { ...now, state: "draft", fault } : undefined));
  }

  // What somebody waits to hear of on this device, of any link: on its way, taken, or refused and not mended.
  async found() {
    return (await this.store.all()).flatMap(toldOf);
  }

  async sendAll() {
    const found = await this.found();
    for (const one of found) if (one.told === "waiting") Object.assign(one, await this.send(one.receipt));
    return found;
  }
}
