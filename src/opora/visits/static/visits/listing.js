// What was written on this device, each record with what the server said of it.

import { contentOf } from "./record.js";

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function moment(at) {
  const told = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(document.documentElement.lang, told).format(new Date(at));
}

function day(due) {
  const told = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(document.documentElement.lang, told).format(new Date(due));
}

// The words of a record in one line.
function inShort([kind, payload], titles) {
  switch (kind) {
    case "met": return [titles.who[payload.who] || "", payload.note].filter(Boolean).join(": ");
    case "answer": return [titles.questions[payload.question], titles.seen[payload.says], payload.note].filter(Boolean).join(" · ");
    case "observation": return [titles.sheets[payload.sheet], payload.about].filter(Boolean).join(": ");
    case "agreement": return `${payload.what} (${payload.who}, ${day(payload.due)})`;
    case "agreement_kept": return payload.note;
    case "photo": return payload.caption;
    default: return payload.text || "";
  }
}

function stateOf(row, photo, words) {
  if (row.state === "refused") return words.state_refused.replace("{why}", row.why);
  if (row.state === "mended") return words.corrected;
  if (row.state !== "received") return words.state_waiting;
  const said = words.state_received.replace("{when}", moment(row.at));
  if (!photo || photo.state === "received") return said;
  return `${said}; ${photo.state === "refused" ? words.photo_refused.replace("{why}", photo.why) : words.photo_waits}`;
}

// rows, photos: of the device. deeds: {mend(row), withdraw(row)}; titles: {who, seen, sheets, questions} in words.
export function listed(rows, photos, { person, words, titles, deeds }) {
  const replaced = new Set(rows.map((row) => row.record.payload.replaces).filter(Boolean));
  const photoOf = (row) => photos.find((one) => one.digest === contentOf(row.record)[1].photo);
  return [...rows].sort((one, other) => (one.record.told_at < other.record.told_at ? 1 : -1)).map((row) => {
    const content = contentOf(row.record);
    const item = element("li", "", `v-row v-${row.state}`);
    item.dataset.uuid = row.uuid;
    const title = words.kinds[content[0]] || words.withdrawn;
    const head = element("p", "", "v-row-head");
    head.append(element("strong", row.record.kind === "correction" && content[0] ? `${title} (${words.corrected})` : title));
    item.append(head);
    if (row.small) item.append(picture(row));
    const said = inShort(content, titles);
    if (said) item.append(element("p", said));
    item.append(element("p", `${moment(row.record.told_at)} · ${stateOf(row, photoOf(row), words)}`, "v-row-state"));
    if (row.person === person && !replaced.has(row.uuid) && content[0] && row.state !== "mended") {
      const actions = element("p", "", "v-row-actions");
      const mend = element("button", words.mend, "v-small");
      mend.type = "button";
      mend.addEventListener("click", () => deeds.mend(row, photoOf(row)));
      actions.append(mend);
      if (row.state !== "refused") {
        const withdraw = element("button", words.withdraw, "v-small");
        withdraw.type = "button";
        withdraw.addEventListener("click", () => deeds.withdraw(row));
        actions.append(withdraw);
      }
      item.append(actions);
    }
    return item;
  });
}

function picture(row) {
  const image = document.createElement("img");
  image.src = row.small;
  image.alt = contentOf(row.record)[1].caption || "";
  image.className = "v-preview";
  return image;
}
