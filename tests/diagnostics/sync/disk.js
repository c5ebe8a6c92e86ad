// A disk with the part of IndexedDB that a device's store uses: transactions one after another, written whole or not
// at all. It may be full, refuse to open, be erased; and its tab may die between any two steps.

export class Disk {
  constructor(world, refuses) {
    this.world = world;
    this.refuses = refuses;
    this.isFull = false;
    this.sheets = new Map();
    this.age = 0; // grows when the disk is erased: older connections are dead
    this.waiting = [];
  }

  factory(tab) {
    return {
      open: () => {
        const request = {};
        this.world.later(this.world.chance.between(1, 20), tab, () => {
          if (this.refuses) request.onerror?.();
          else {
            request.result = new Connection(this, tab);
            request.onsuccess?.();
          }
        });
        return request;
      },
    };
  }

  erase() {
    this.sheets.clear();
    this.age += 1;
    for (const one of [...this.waiting]) one.abort();
  }

  leave(tab) {
    const [first] = this.waiting;
    this.waiting = this.waiting.filter((one) => one.tab !== tab);
    if (first && first.tab === tab) this.waiting[0]?.start();
  }

  enter(transaction) {
    this.waiting.push(transaction);
    if (this.waiting.length === 1) transaction.start();
  }

  end(transaction) {
    const isFirst = this.waiting[0] === transaction;
    this.waiting = this.waiting.filter((one) => one !== transaction);
    if (isFirst) this.waiting[0]?.start();
  }
}

class Connection {
  constructor(disk, tab) {
    this.disk = disk;
    this.tab = tab;
    this.age = disk.age;
  }

  transaction() {
    if (this.age !== this.disk.age) throw new Error("the database is closed");
    return new Transaction(this.disk, this.tab);
  }
}

class Transaction {
  constructor(disk, tab) {
    this.disk = disk;
    this.tab = tab;
    this.asked = [];
    this.written = new Map();
    if (tab.alive) disk.enter(this);
  }

  objectStore() {
    return this;
  }

  get(receipt) {
    return this.ask(() => this.read(receipt));
  }

  getAll() {
    return this.ask(() => [...new Set([...this.disk.sheets.keys(), ...this.written.keys()])].sort()
      .map((receipt) => this.read(receipt)).filter(Boolean));
  }

  put(sheet) {
    const copy = structuredClone(sheet);
    return this.ask(() => {
      if (this.disk.isFull) throw new Error("no room");
      this.written.set(copy.receipt, copy);
    });
  }

  delete(receipt) {
    return this.ask(() => { this.written.set(receipt, null); });
  }

  ask(deed) {
    const request = { deed };
    this.asked.push(request);
    return request;
  }

  read(receipt) {
    const found = this.written.has(receipt) ? this.written.get(receipt) : this.disk.sheets.get(receipt);
    return found ? structuredClone(found) : undefined;
  }

  start() {
    this.disk.world.later(this.disk.world.chance.between(1, 9), this.tab, () => this.step());
  }

  step() {
    if (this.isOver) return;
    const request = this.asked.shift();
    if (!request) {
      this.commit();
      return;
    }
    try {
      request.result = request.deed();
    } catch (fault) {
      request.error = fault;
      request.onerror?.();
      this.abort(fault);
      return;
    }
    request.onsuccess?.();
    this.start();
  }

  // Written is one step, that the tab hears of it another.
  commit() {
    if (this.written.size && this.disk.isFull && [...this.written.values()].some(Boolean)) {
      this.abort(new Error("no room"));
      return;
    }
    for (const [receipt, sheet] of this.written) {
      if (sheet) this.disk.sheets.set(receipt, sheet);
      else this.disk.sheets.delete(receipt);
    }
    this.isOver = true;
    this.disk.end(this);
    this.disk.world.later(1, this.tab, () => this.oncomplete?.());
  }

  abort(fault = new Error("erased")) {
    if (this.isOver) return;
    this.isOver = true;
    this.error = fault;
    this.disk.end(this);
    this.disk.world.later(1, this.tab, () => {
      for (const request of this.asked) request.onerror?.();
      this.onabort?.();
    });
  }
}
