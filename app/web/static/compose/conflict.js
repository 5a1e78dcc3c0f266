// Two versions of one configuration: what both changed stands side by side, to be chosen from.

import { word } from "../words.js";
import { addElement, addEvidence, composer, isEmpty, nextNumber, nextPiece, numberOf, offerLeavingOut, pieces, renumber, rows } from "./rows.js";

const panel = document.getElementById("conflict");
const isOurs = (field) => field.name && !field.name.startsWith("_") && !/\.(n|role|position)\??$/.test(field.name) && field.type !== "submit";
const isTick = (field) => field.type === "checkbox";
const keyOf = (field) => (isTick(field) ? `${field.name}=${field.value}` : field.name);
const fieldsOf = (form) => new Map([...form.elements].filter((f) => isOurs(f) && f.type !== "hidden").map((f) => [keyOf(f), f]));
const valueOf = (field) => (isTick(field) ? field.checked : field.value);
const initial = (field) => {
  if (isTick(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((o) => o.defaultSelected) ?? field.options[0])?.value ?? "";
};
const set = (field, value) => {
  if (isTick(field)) field.checked = value;
  else field.value = value;
};

/** From now on a field counts as unchanged when it holds this. */
const rebase = (field, value) => {
  if (isTick(field)) field.defaultChecked = value;
  else if (field.tagName !== "SELECT") field.defaultValue = value;
  else for (const option of field.options) option.defaultSelected = option.value === value;
};

const shown = (field, value) => {
  if (isTick(field)) return value ? "✓" : "–";
  if (field.tagName === "SELECT") return [...field.options].find((o) => o.value === value)?.textContent ?? value;
  return value || word("nothing");
};

const where = (field) => {
  const row = field.closest("[data-element], [data-evidence]");
  const of = row ? `${row.dataset.element ? word("element_n", { n: numberOf(row) }) : (row.querySelector("legend")?.firstElementChild?.textContent ?? "")} · ` : "";
  return of + (field.labels?.[0]?.textContent.trim() ?? field.name);
};

const choice = (n, side, text, isOn) => {
  const cell = document.createElement("td");
  const input = Object.assign(document.createElement("input"), { type: "radio", name: `choice-${n}`, value: side, checked: isOn, id: `choice-${n}-${side}` });
  const label = Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: text });
  cell.append(input, " ", label);
  return cell;
};

/** Show where two versions differ; what is chosen is put into the form. */
const show = (differing, told) => {
  document.getElementById("conflict-told").textContent = told;
  const body = document.getElementById("conflict-rows");
  body.replaceChildren(
    ...differing.map(({ field, theirs, mine, isMine }, n) => {
      const line = document.createElement("tr");
      const head = Object.assign(document.createElement("th"), { scope: "row", textContent: where(field) });
      line.append(head, choice(n, "theirs", shown(field, theirs), !isMine), choice(n, "mine", shown(field, mine), isMine));
      return line;
    }),
  );
  panel.querySelector(".scroll").hidden = panel.querySelector(".actions").hidden = !differing.length;
  panel.hidden = false;
  panel.focus();
  panel.scrollIntoView({ block: "start" });
  document.getElementById("conflict-take").onclick = () => {
    for (const [n, { field, theirs, mine }] of differing.entries()) {
      const isTheirs = panel.querySelector(`[name="choice-${n}"]:checked`).value === "theirs";
      set(field, isTheirs ? theirs : mine);
    }
    panel.hidden = true;
    composer().dispatchEvent(new Event("input", { bubbles: true }));
    composer().querySelector("[type=submit]").focus();
  };
};

/** Bring rows together: theirs that we lack come in, ours that they lack become new ones. */
const mergeRows = (theirs) => {
  const mine = composer();
  const last = Math.max(0, ...rows(theirs).map(numberOf));
  const lastPiece = Math.max(0, ...pieces(theirs).map(numberOf));
  const stored = new Set(rows(theirs).filter((r) => r.dataset.new === undefined).map(numberOf));
  const storedPieces = new Set(pieces(theirs).filter((r) => r.dataset.new === undefined).map(numberOf));
  for (const row of rows(mine)) {
    if (stored.has(numberOf(row)) && row.dataset.new === undefined) continue;
    if (row.dataset.new === undefined && isUntouched(row)) row.remove(); // removed meanwhile, and we did nothing to it
    else {
      const old = numberOf(row);
      const n = Math.max(last, nextNumber() - 1) + 1;
      renumber(row, n);
      for (const box of mine.querySelectorAll(`[data-ticks] [value="${old}"]`)) box.value = n;
      row.dataset.new = "";
    }
  }
  for (const piece of pieces(mine)) {
    if (storedPieces.has(numberOf(piece)) && piece.dataset.new === undefined) continue;
    if (piece.dataset.new === undefined) piece.remove();
    else renumber(piece, Math.max(lastPiece, nextPiece() - 1) + 1);
  }
  for (const row of rows(theirs)) {
    if (row.dataset.new !== undefined || rows(mine).some((own) => numberOf(own) === numberOf(row))) continue;
    const part = mine.querySelector(`[data-part="${row.dataset.role}"] [data-places]`) ?? mine.querySelector("[data-places]");
    const adopted = document.importNode(row, true);
    adopted.querySelector("legend").append(` (${word("theirs_added")})`);
    part.prepend(adopted);
    offerLeavingOut(adopted);
  }
  for (const piece of pieces(theirs)) {
    if (piece.dataset.new !== undefined || pieces(mine).some((own) => numberOf(own) === numberOf(piece))) continue;
    const adopted = document.importNode(piece, true);
    mine.querySelector("[data-pieces]").prepend(adopted);
    offerLeavingOut(adopted);
  }
};

const isUntouched = (row) => [...row.querySelectorAll("input, select, textarea")].every((f) => f.type === "hidden" || valueOf(f) === initial(f));

/** After a refusal: read it as it is now, take over what only they changed, ask about the rest. */
export const settle = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const theirs = fresh.getElementById("compose");
  const mine = composer();
  mergeRows(theirs);
  const [now, own] = [fieldsOf(theirs), fieldsOf(mine)];
  const differing = [];
  for (const [key, field] of own) {
    const other = now.get(key);
    if (!other) continue;
    const [base, ours, theirsNow] = [initial(field), valueOf(field), initial(other)];
    if (theirsNow !== base) {
      if (ours === base) set(field, theirsNow);
      else if (ours !== theirsNow) differing.push({ field, theirs: theirsNow, mine: ours, isMine: true });
    }
    rebase(field, theirsNow);
  }
  mine.elements._version.value = theirs.elements._version.value;
  mine.dataset.draft = theirs.dataset.draft;
  mine.dispatchEvent(new Event("input", { bubbles: true }));
  show(differing, word("conflict") + (differing.length ? "" : ` ${word("conflict_none")}`));
};

/** Changes to an earlier version that were never sent: offered beside the version there is. */
export const offerOlder = (kept) => {
  const own = fieldsOf(composer());
  const differing = [];
  for (const { name, value } of kept) {
    const field = own.get(name) ?? null;
    if (field && valueOf(field) !== value) differing.push({ field, theirs: valueOf(field), mine: value, isMine: false });
  }
  if (differing.length) show(differing, word("restored_older"));
};

/** Rows that a draft has and the page has not. */
export const addDraftRows = (kept) => {
  for (const { name, value } of kept) {
    const element = /^elements\.(\d+)\.wording$/.exec(name);
    const piece = /^evidence\.(\d+)\.quote_id$/.exec(name);
    if (element && value && !rows().some((row) => numberOf(row) === Number(element[1]))) addElement(roleIn(kept, element[1]), Number(element[1]));
    if (piece && value && !pieces().some((row) => numberOf(row) === Number(piece[1]))) addEvidence(Number(piece[1]));
  }
};

/** The role of a row of a draft can be told from the fields it has. */
const roleIn = (kept, n) => {
  const names = new Set(kept.map(({ name }) => name));
  const roles = [...composer().querySelectorAll("[data-part]")].map((part) => part.dataset.part);
  if (names.has(`elements.${n}.tier`)) return "outcome";
  if (names.has(`elements.${n}.activation`)) return roles.find((role) => ["mechanism", "response", "resource"].includes(role)) ?? roles[0];
  return roles[0];
};
