// How a sheet leaves a device: it is on the device before anything is sent, it is sent until the server says that
// it has it, and then it is forgotten here. Knows neither the page nor the network: both are given.
//
// store: begin(token, make), get(receipt), change(receipt, change), drop(receipt), all() — promises; what has
// resolved survives the device. post(sheet): resolves to what the server told, or rejects where nothing is known.
// A sheet: {token, receipt, code, answers, step, state: "draft" | "ready"}; its receipt is its name everywhere.

export const KEPT = ["taken", "again"];
export const MENDED = ["faulty", "no_code", "used"]; // the person has to mend it
export const GONE = ["over", "unknown"]; // nobody takes it any more

export class Outbox {
  constructor(store, post, newReceipt) {
    this.store = store;
    this.post = post;
    this.newReceipt = newReceipt;
    this.sending = new Map();
  }

  // The draft of a link on this device; one for all windows, made where there is none.
  open(token) {
    return this.store.begin(token, () => (
      { token, receipt: this.newReceipt(), code: "", answers: {}, step: 0, state: "draft" }));
  }

  // What changed is put over what is there: another window may have answered meanwhile.
  change(receipt, changed) {
    return this.store.change(receipt, (sheet) => (sheet.state === "draft"
      ? { ...sheet, ...changed, answers: { ...sheet.answers, ...changed.answers } }
      : sheet));
  }

  // From now on the sheet is on its way, whatever happens to this page.
  async submit(receipt, whole) {
    const sheet = await this.store.change(receipt, (before) => ({ ...before, ...whole, state: "ready" }));
    return sheet ? this.send(receipt) : { told: "again", receipt };
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
    if (!sheet || sheet.state !== "ready") return { told: "nothing", receipt };
    let answer;
    try {
      answer = await this.post(sheet);
    } catch (fault) {
      return { told: "waiting", receipt };
    }
    if (KEPT.includes(answer.told)) await this.store.drop(receipt);
    else if (MENDED.includes(answer.told)) {
      await this.store.change(receipt, (before) => ({ ...before, state: "draft" }));
    } else if (!GONE.includes(answer.told)) return { ...answer, told: "waiting", receipt };
    return { ...answer, receipt };
  }

  // Whatever waits on this device, of any link.
  async sendAll() {
    const told = [];
    for (const sheet of await this.store.all()) {
      if (sheet.state === "ready") told.push(await this.send(sheet.receipt));
    }
    return told;
  }
}
