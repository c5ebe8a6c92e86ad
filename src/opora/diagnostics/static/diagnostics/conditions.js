// Which questions are asked, given the answers: the same rules as the server's (questionnaires/logic.py).

function value(field, answers) {
  if (field in answers) return answers[field];
  const dot = field.lastIndexOf(".");
  const chosen = dot > 0 ? answers[field.slice(0, dot)] : undefined;
  return Array.isArray(chosen) ? Number(chosen.includes(field.slice(dot + 1))) : undefined;
}

export function holds(condition, answers) {
  if (condition.all) return condition.all.every((one) => holds(one, answers));
  if (condition.any) return condition.any.some((one) => holds(one, answers));
  const found = value(condition.field, answers);
  if (found === undefined) return false;
  if (condition.is) return condition.is.includes(found);
  if (typeof found !== "number") return false;
  return (condition.at_least === undefined || found >= condition.at_least)
    && (condition.at_most === undefined || found <= condition.at_most);
}

// questions: in their order, {name, places, condition}; answers nothing that was not asked.
export function asked(questions, answers) {
  const heard = {};
  const found = new Set();
  for (const one of questions) {
    if (one.condition && !holds(one.condition, heard)) continue;
    found.add(one.name);
    for (const place of one.places) if (place in answers) heard[place] = answers[place];
  }
  return { names: found, heard };
}
