// The rule of the server, as small as it is. A test holds it against the real one (sql/answering.sql).
//
// links: {token: {way, state, opens, last, codes: {code: receipt or ""}, receipts: {receipt: true}, sheets: []}};
// opens and last (with the days of grace) are numbers of days.

export function take(links, { token, code, receipt, answers }, today) {
  const link = links[token];
  if (!link) return "unknown";
  const byCode = link.way === "codes";
  if (byCode) {
    if (!Object.hasOwn(link.codes, code)) return "no_code";
    if (link.codes[code] === receipt) return "again";
    if (link.codes[code] !== "") return "used";
  } else if (link.receipts[receipt]) return "again";
  if (link.state === "draft" || today < link.opens) return "early";
  if (today > link.last) return "over";
  if (byCode) link.codes[code] = receipt;
  else link.receipts[receipt] = true;
  link.sheets.push(answers);
  return "taken";
}
