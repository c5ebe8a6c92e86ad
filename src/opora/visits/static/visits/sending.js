// Sends what waits on a device until the server says that it has it. Everything may be sent twice: the server knows a
// record by its name and digest, and a photo by its digest. Knows the device's store and the line, not the page.

export const PATIENCE = 30000; // milliseconds until a line that neither answers nor breaks is as good as none
const AT_ONCE = 50; // records in one sending

export class Line {
  // addresses: {state, records, photo(digest)}
  constructor(addresses, world = globalThis) {
    this.addresses = addresses;
    this.world = world;
  }

  // Empty: null, where there is no line. told: "ok", "sign_in", "closed" or "refused"; json: what the server said.
  async ask(address, options = {}) {
    const stop = new AbortController();
    const bell = this.world.setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await this.world.fetch(address, { ...options, redirect: "manual", signal: stop.signal });
      if (answer.type === "opaqueredirect" || answer.status === 403) return { told: "sign_in" };
      if (answer.status === 404) return { told: "closed" };
      if (answer.status >= 500) return null;
      return { told: answer.ok ? "ok" : "refused", json: await answer.json() };
    } catch (broken) {
      return null;
    } finally {
      this.world.clearTimeout(bell);
    }
  }

  state() {
    return this.ask(this.addresses.state, { headers: { Accept: "application/json" }, cache: "no-store" });
  }

  post(address, csrf, body, type) {
    return this.ask(address, { method: "POST", headers: { "Content-Type": type, "X-CSRFToken": csrf }, body });
  }
}

// One try to send all of a visit. Gives {told, ...}: "sent", "no_line", "sign_in", "closed", "other_person".
export async function sendAll(device, line, visit) {
  const state = await line.state();
  if (state?.told !== "ok") return { told: state ? state.told : "no_line" };
  const { csrf, person, records: has, photos } = state.json;
  const every = await device.all("records", visit);
  const mine = every.filter((one) => one.person === person);
  for (const one of every) if (has[one.uuid]?.digest === one.digest) await received(device, one.uuid, has[one.uuid].at);
  const waiting = mine.filter((one) => one.state === "waiting" && has[one.uuid]?.digest !== one.digest);
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    const told = await sendRecords(device, line, csrf, waiting.slice(from, from + AT_ONCE));
    if (told !== "ok") return { told };
  }
  const told = await sendPhotos(device, line, { csrf, person, visit, has: new Set(photos) });
  if (told !== "ok") return { told };
  return { told: every.length > mine.length && every.some(isOthers(person)) ? "other_person" : "sent" };
}

const isOthers = (person) => (one) => one.person !== person && one.state === "waiting";

async function sendRecords(device, line, csrf, part) {
  const body = JSON.stringify({ records: part.map((one) => one.record) });
  const answer = await line.post(line.addresses.records, csrf, body, "application/json");
  if (answer?.told !== "ok") return answer ? (answer.told === "refused" ? "no_line" : answer.told) : "no_line";
  const sent = new Map(part.map((one) => [one.uuid, one]));
  for (const one of answer.json.answers) {
    if (one.told === "refused") await refused(device, one.uuid, one.why);
    // Only what stands there word for word is received: the digests are compared here.
    else if (one.digest === sent.get(one.uuid)?.digest) await received(device, one.uuid, one.received_at);
  }
  return "ok";
}

async function sendPhotos(device, line, { csrf, person, visit, has }) {
  const records = new Map((await device.all("records", visit)).map((one) => [one.uuid, one]));
  for (const photo of await device.all("photos", visit)) {
    const record = records.get(photo.record);
    if (has.has(photo.digest)) await device.change("photos", photo.name, (one) => one && { ...one, state: "received" });
    if (has.has(photo.digest) || photo.state !== "waiting" || record?.state !== "received") continue;
    if (record.person !== person) continue;
    const answer = await line.post(line.addresses.photo(photo.digest), csrf, photo.content, "image/jpeg");
    if (!answer || answer.told === "sign_in" || answer.told === "closed") return answer ? answer.told : "no_line";
    const [state, why] = answer.told === "ok" ? ["received", ""] : ["refused", answer.json.why || ""];
    await device.change("photos", photo.name, (one) => one && { ...one, state, why });
  }
  return "ok";
}

function received(device, uuid, at) {
  return device.change("records", uuid, (one) => one && { ...one, state: "received", at, why: "" });
}

function refused(device, uuid, why) {
  return device.change("records", uuid, (one) => (one?.state === "waiting" ? { ...one, state: "refused", why } : undefined));
}
