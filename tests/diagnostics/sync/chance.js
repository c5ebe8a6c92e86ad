// Chance that comes out the same for the same seed.

export class Chance {
  constructor(seed) {
    this.state = Math.imul(seed + 1, 0x9e3779b9) >>> 0;
    for (let turn = 0; turn < 4; turn += 1) this.next();
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  is(share) {
    return this.next() < share;
  }

  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  // Mostly short, sometimes very long.
  wait(least, most) {
    return Math.floor(least * (most / least) ** (this.next() ** 3));
  }

  one(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  name() {
    return Array.from({ length: 4 }, () => Math.floor(this.next() * 4294967296).toString(16).padStart(8, "0")).join("");
  }
}
