// Sheets on this device, in IndexedDB: what has been put is there after a reload, a closed tab, a dead battery.

const NAME = "opora-sheets";
const SHEETS = "sheets";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function draftOf(token, sheets) {
  return sheets.find((sheet) => sheet.token === token && sheet.state === "draft");
}

export async function openStore() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(SHEETS, { keyPath: "receipt" });
  return new DeviceStore(await done(asked));
}

export class DeviceStore {
  constructor(database) {
    this.database = database;
  }

  reading() {
    return this.database.transaction(SHEETS).objectStore(SHEETS);
  }

  // Read and write in one transaction, which is on the disk when this resolves.
  async writing(ask, then) {
    const transaction = this.database.transaction(SHEETS, "readwrite", { durability: "strict" });
    const sheets = transaction.objectStore(SHEETS);
    const whole = ended(transaction);
    let told;
    const asked = ask(sheets);
    asked.onsuccess = () => { told = then(asked.result, sheets); };
    await whole;
    return told;
  }

  get(receipt) {
    return done(this.reading().get(receipt));
  }

  all() {
    return done(this.reading().getAll());
  }

  begin(token, make) {
    return this.writing((sheets) => sheets.getAll(), (found, sheets) => {
      const draft = draftOf(token, found) || make();
      sheets.put(draft);
      return draft;
    });
  }

  // Empty: undefined, where there is no such sheet (it was taken): none is made.
  change(receipt, change) {
    return this.writing((sheets) => sheets.get(receipt), (found, sheets) => {
      const changed = found && change(found);
      if (changed) sheets.put(changed);
      return changed;
    });
  }

  drop(receipt) {
    return this.writing((sheets) => sheets.delete(receipt), () => undefined);
  }
}

// The store of a device that keeps nothing (a private window): as good as the open page.
export class PageStore {
  constructor() {
    this.sheets = new Map();
  }

  async get(receipt) {
    return this.sheets.get(receipt);
  }

  async all() {
    return [...this.sheets.values()];
  }

  async begin(token, make) {
    const draft = draftOf(token, [...this.sheets.values()]) || make();
    this.sheets.set(draft.receipt, draft);
    return draft;
  }

  async change(receipt, change) {
    const found = this.sheets.get(receipt);
    const changed = found && change(found);
    if (changed) this.sheets.set(receipt, changed);
    return changed;
  }

  async drop(receipt) {
    this.sheets.delete(receipt);
  }
}
