// The if-then-because sentence of some elements, as the server words it (app/theory/wording.py).

import { word } from "./words.js";

const INTRODUCED = ["intervention", "strategy", "resource"];
const WHOM = ["actor", "agency"];
const GENERATIVE = ["response", "mechanism"];
const MISSING = "…";

// Connectives the sentence supplies itself, and words that begin small within it.
const CIRCUMSTANCES = String.raw`if(?! only\b)|when(?:ever)?|where(?:ver)?|given(?: that)?`;
const RESULT = String.raw`then|so that|so(?! (?:as|far|few|little|long|many|much|too)\b)|thus(?! far\b)|therefore|hence|because(?: of)?`;
const REASON = String.raw`|since(?! \d)`;
const ORDINARY =
  "a all an any both carers clinicians doctors each every families few he her his it its leaders managers many more most no nobody nurses organisations our partners patients people professionals services she some staff teams that the their there these they this those trust we what who you your";
const said = (words) => new RegExp(String.raw`^\s*(?:(?:${words})[\s,]+)+`, "i");
const LEADING = new Map([
  ...["context", ...INTRODUCED].map((role) => [role, said(CIRCUMSTANCES)]),
  ...WHOM.map((role) => [role, said("for")]),
  ["outcome", said(RESULT)],
  ...GENERATIVE.map((role) => [role, said(RESULT + REASON)]),
]);
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const BEGINNING = new RegExp(String.raw`^(?:${ORDINARY.split(" ").map(capital).join("|")})(?=\s)`);

/** The words of an element as they go on a sentence. */
const shown = ({ role, wording }) => {
  const words = wording.trim();
  const rest = words.replace(LEADING.get(role), "") || words;
  return rest.replace(BEGINNING, (word) => word.toLowerCase()) || MISSING;
};

const series = (wordings, joint) =>
  wordings.length > 1 ? `${wordings.slice(0, -1).join(", ")} ${joint} ${wordings.at(-1)}` : wordings[0];

/** All that is jointly required, each group of alternatives standing as one. */
const joined = (elements, roles) => {
  const groups = new Map();
  for (const role of roles)
    for (const [place, element] of elements.filter((e) => e.role === role).entries()) {
      const key = element.anyOf ? `${role} any ${element.anyOf}` : `${role} ${place}`;
      groups.set(key, [...(groups.get(key) ?? []), shown(element)]);
    }
  const all = [...groups.values()];
  if (all.length < 2) return all.length ? series(all[0], word("or")) : "";
  if (all.every((group) => group.length === 1)) return series(all.flat(), word("and"));
  return all
    .map((group) => (group.length > 1 ? word("either", { words: series(group, word("or")) }) : group[0]))
    .join(`, ${word("and")} `);
};

/** elements: role, wording and anyOf of each, in their order. */
export const ifThenBecause = (elements) => {
  if (!elements.length) return "";
  const isResponse = elements.some((e) => e.role === "response");
  const given = joined(elements, INTRODUCED) || (isResponse ? MISSING : "");
  const whom = joined(elements, WHOM);
  const outcome = joined(elements, ["outcome"]) || MISSING;
  const sentence = [
    word("if", { context: joined(elements, ["context"]) || MISSING }),
    given && word("given", { given }),
    whom && word("then_for", { whom }),
    whom ? outcome : word("then", { outcome }),
    word("because", { why: joined(elements, GENERATIVE) || MISSING }),
  ]
    .filter(Boolean)
    .join(", ");
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
};
