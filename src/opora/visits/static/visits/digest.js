// The canonical text of a record and its SHA-256: the same as the server's (visits/protocol/canonical.py). Our own
// SHA-256, as browsers give theirs only to https pages, and a school's server may be reached without.

const ODD = /[^ -~]|["\\]/g;
const SHORT = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b" };

function quoted(text) {
  return `"${text.replace(ODD, (unit) => SHORT[unit] || `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

export function canonical(value) {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`no canonical text: ${typeof value}`);
  return `{${Object.keys(value).sort().map((key) => `${quoted(key)}:${canonical(value[key])}`).join(",")}}`;
}

const ROOTS = [];
const BEGIN = [];
for (let number = 2; ROOTS.length < 64; number += 1) {
  let isPrime = true;
  for (let by = 2; by * by <= number; by += 1) if (number % by === 0) isPrime = false;
  if (!isPrime) continue;
  if (BEGIN.length < 8) BEGIN.push(bits(Math.sqrt(number)));
  ROOTS.push(bits(Math.cbrt(number)));
}

// The first 32 bits of what is behind the point.
function bits(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function round(state, bytes, from, words) {
  for (let place = 0; place < 16; place += 1) words[place] = bytes.getInt32(from + 4 * place);
  for (let place = 16; place < 64; place += 1) {
    const [far, near] = [words[place - 15], words[place - 2]];
    words[place] = (words[place - 16] + words[place - 7]
      + (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3))
      + (turned(near, 17) ^ turned(near, 19) ^ (near >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 64; place += 1) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g))
      + ROOTS[place] + words[place]) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] = (state[place] + word) | 0; });
}

// bytes: a Uint8Array.
export function sha256(bytes) {
  const whole = new Uint8Array(((bytes.length + 72) >>> 6) << 6);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, (bytes.length << 3) >>> 0);
  const state = BEGIN.slice();
  const words = new Int32Array(64);
  for (let from = 0; from < whole.length; from += 64) round(state, view, from, words);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

export function digest(value) {
  const text = canonical(value);
  return sha256(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}
