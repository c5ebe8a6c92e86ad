// Sheets on this device, in IndexedDB: what has been put is there after a reload, a closed tab, a dead battery.

import { done, ended } from "../ui/device.js";

const NAME = "opora-sheets";
const SHEETS = "sheets";

const plain = (code) => code.replace(/[\s-]/g, "").toUpperCase();

// What was refused is somebody's who was told that it waits, and of another code is another's: neither is written over.
function draftOf(token, code, sheets) {
  return sheets.find((sheet) => sheet.token === token && sheet.state === "draft" && !sheet.fault
    && (!code || !sheet.code || plain(sheet.code) === plain(code)));
}

export async function openStore(factory = globalThis.indexedDB) {
  try {
    const asked = factory.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHEETS, { keyPath: "receipt" });
    return new Sheets(new DeviceStore(await done(asked)));
  } catch (refused) {
    return new Sheets(null);
  }
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

  begin(token, code, make) {
    return this.writing((sheets) => sheets.getAll(), (found, sheets) => {
      const before = draftOf(token, code, found);
      const draft = before || make();
      if (!before) sheets.put(draft);
      return draft;
    });
  }

  // change: is given undefined where there is no such sheet; what it gives is put, nothing where it gives nothing.
  change(receipt, change) {
    return this.writing((sheets) => sheets.get(receipt), (found, sheets) => {
      const changed = change(found);
      if (changed) sheets.put(changed);
      return changed;
    });
  }

  // state: only a sheet in that state; another window may have put another there since.
  drop(receipt, state) {
    return this.writing((sheets) => sheets.get(receipt), (found, sheets) => {
      if (found && (!state || found.state === state)) sheets.delete(receipt);
    });
  }
}

// The store that never refuses. What the device does not take (a private window, no room, erased under an open
// page) this page holds: as good as the open page, and keeps() says so.
export class Sheets {
  constructor(device) {
    this.device = device;
    this.held = new Map();
    this.forgotten = new Set(); // the device would not let go of them: not shown, and asked again
  }

  keeps(receipt) {
    return this.device !== null && !this.held.has(receipt);
  }

  async tried(deed, otherwise) {
    try {
      return await deed(this.device);
    } catch (refused) {
      return otherwise;
    }
  }

  async get(receipt) {
    return this.held.get(receipt) || this.tried((device) => device.get(receipt));
  }

  async all() {
    for (const receipt of this.forgotten) await this.letGo(receipt);
    const found = await this.tried((device) => device.all(), []);
    const other = found.filter((sheet) => !this.held.has(sheet.receipt) && !this.forgotten.has(sheet.receipt));
    return [...this.held.values(), ...other];
  }

  async begin(token, code, make) {
    return draftOf(token, code, [...this.held.values()])
      || await this.tried((device) => device.begin(token, code, make))
      || this.hold(make());
  }

  // Each change of what this page holds is one more try to put it on the device.
  async change(receipt, change) {
    const held = this.held.get(receipt);
    try {
      const changed = await this.device.change(receipt, (found) => change(held || found));
      if (changed) this.held.delete(receipt);
      if (changed) this.forgotten.delete(receipt);
      return changed;
    } catch (refused) {
      const changed = change(this.held.get(receipt) || await this.get(receipt));
      // What goes from this page must not stay there as a draft: the next person would send theirs under its name.
      if (changed && changed.state !== "draft") await this.letGo(receipt);
      return changed && this.hold(changed);
    }
  }

  hold(sheet) {
    this.held.set(sheet.receipt, sheet);
    return sheet;
  }

  drop(receipt, state) {
    if (!state || this.held.get(receipt)?.state === state) this.held.delete(receipt);
    return this.letGo(receipt, state);
  }

  async letGo(receipt, state) {
    this.forgotten.add(receipt);
    await this.tried((device) => device.drop(receipt, state).then(() => this.forgotten.delete(receipt)));
  }
}
