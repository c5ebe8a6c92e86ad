// The way of a sheet to the server and back.

export const PATIENCE = 30000; // milliseconds until a line that neither answers nor breaks is as good as none
const ALIVE = 16000; // characters that may go on after the page is closed; browsers refuse more than 64 KB at once

// addressOf(token): where the sheets of a link are sent; world: what has fetch, setTimeout and clearTimeout.
// Gives post(sheet), which resolves to what the server told and rejects where nothing is known.
export function lineTo(addressOf, world = globalThis) {
  return async (sheet) => {
    const body = JSON.stringify({ receipt: sheet.receipt, code: sheet.code, answers: sheet.answers });
    const stop = new AbortController();
    const bell = world.setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await world.fetch(addressOf(sheet.token), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        credentials: "omit",
        keepalive: body.length < ALIVE,
        signal: stop.signal,
      });
      return await answer.json();
    } finally {
      world.clearTimeout(bell);
    }
  };
}
