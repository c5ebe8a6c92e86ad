// Makes records: what each kind holds is read from its form, as the server reads it (visits/taking/reading.py).

import { digest } from "./digest.js";

export const CORRECTION = "correction";
const NEVER = "1970-01-01T00:00:00.000Z"; // of a device whose clock tells no day that can be written

export function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function now() {
  const moment = new Date();
  const year = moment.getUTCFullYear();
  return year >= 1970 && year <= 2199 ? moment.toISOString() : NEVER;
}

// values: what stands in the fields of a form. photo: the digest of its file.
export function payloadOf(kind, values, photo = "") {
  const said = (name) => (values[name] || "").trim();
  switch (kind) {
    case "met": return { who: said("who"), note: said("note") };
    case "answer": return { question: said("question"), says: said("says"), note: said("note") };
    case "observation": return { sheet: said("sheet"), about: said("about"), levels: levels(values), note: said("note") };
    case "agreement": return { what: said("what"), who: said("who"), due: said("due") };
    case "agreement_kept": return { agreement: said("agreement"), note: said("note") };
    case "photo": {
      const children = Boolean(values.children);
      return { photo, caption: said("caption"), children, consent: children ? said("consent") : "" };
    }
    default: return { text: said("text") };
  }
}

function levels(values) {
  const marked = Object.entries(values).filter(([name, value]) => name.startsWith("level_") && value);
  return Object.fromEntries(marked.map(([name, value]) => [name.slice(6), Number(value)]));
}

// A record as it stays on the device: told word for word, digested, not sent yet. person: in whose name.
export function madeRecord({ visit, kind, payload, device, person }) {
  const record = { uuid: newName(), visit, kind, payload, device, told_at: now() };
  return { uuid: record.uuid, visit, person, record, digest: digest(record), state: "waiting" };
}

export function correctionOf(replaces, kind, payload) {
  return { kind: CORRECTION, payload: { replaces, kind, payload } };
}

// What a record says: a correction, what it puts in the place.
export function contentOf(record) {
  return record.kind === CORRECTION ? [record.payload.kind, record.payload.payload] : [record.kind, record.payload];
}
