// Records, photos and drafts of visits on this device, in IndexedDB: what was put is there after a closed tab or a
// dead battery. Records are only added; what the server said of them is written beside them.

import { done, ended } from "../ui/device.js";

const NAME = "opora-visits";
const STORES = { records: "uuid", photos: "name", drafts: "name", packs: "visit" };

export async function openDevice(factory = globalThis.indexedDB) {
  try {
    const asked = factory.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(store, { keyPath });
    };
    return new Device(await done(asked));
  } catch (refused) {
    return new Device(null);
  }
}

// Where the browser keeps nothing (a private window), this page holds it: keeps says so.
export class Device {
  constructor(database) {
    this.database = database;
    this.held = Object.fromEntries(Object.keys(STORES).map((store) => [store, new Map()]));
  }

  get keeps() {
    return this.database !== null;
  }

  async get(store, key) {
    if (!this.database) return this.held[store].get(key);
    return done(this.database.transaction(store).objectStore(store).get(key));
  }

  async all(store, visit) {
    const every = this.database
      ? await done(this.database.transaction(store).objectStore(store).getAll()) : [...this.held[store].values()];
    return every.filter((one) => one.visit === visit);
  }

  // Put and drop in one transaction, which is on the disk when this resolves. deeds: [store, "put" | "delete", what].
  async write(deeds) {
    if (!this.database) {
      for (const [store, deed, what] of deeds) {
        if (deed === "put") this.held[store].set(what[STORES[store]], what);
        else this.held[store].delete(what);
      }
      return;
    }
    const stores = [...new Set(deeds.map(([store]) => store))];
    const transaction = this.database.transaction(stores, "readwrite", { durability: "strict" });
    const whole = ended(transaction);
    for (const [store, deed, what] of deeds) transaction.objectStore(store)[deed](what);
    await whole;
  }

  // Change one thing, read and written in one transaction. change: gives nothing where nothing is to be put.
  async change(store, key, change) {
    if (!this.database) {
      const changed = change(this.held[store].get(key));
      if (changed) this.held[store].set(key, changed);
      return;
    }
    const transaction = this.database.transaction(store, "readwrite", { durability: "strict" });
    const whole = ended(transaction);
    const kept = transaction.objectStore(store);
    const asked = kept.get(key);
    asked.onsuccess = () => {
      const changed = change(asked.result);
      if (changed) kept.put(changed);
    };
    await whole;
  }

  // Take away all that is here of a visit.
  async forget(visit) {
    const deeds = [];
    for (const store of Object.keys(STORES)) {
      for (const one of await this.all(store, visit)) deeds.push([store, "delete", one[STORES[store]]]);
    }
    if (deeds.length) await this.write(deeds);
  }
}

// The name of this installation, by chance: it tells devices of a visit apart and says nothing of whose they are.
export async function deviceName(device, newName) {
  await device.change("packs", 0, (before) => before || { visit: 0, name: newName().replaceAll("-", "").slice(0, 16) });
  return (await device.get("packs", 0)).name;
}
