// Asking the API of this review; an answer that is a problem becomes an error with its sentence.

import { word } from "../words.js";

const reading = document.querySelector("[data-api]");
export const base = reading?.dataset.api ?? "";
export const documentId = Number(reading?.dataset.document);
export const sourceId = Number(reading?.dataset.source);
export const mayCode = reading?.dataset.coding !== undefined;

/** The request that changed something last, to take it back by: its id, and what it changed. */
export const last = { request: null, thing: null };

const told = async (answer) => {
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 401) throw new Error(word("signed_out"));
  if (!answer.ok) throw new Error(body.detail ?? word("answered", { status: answer.status }));
  return body;
};

const sent = async (url, request) => {
  let answer;
  try {
    answer = await fetch(url, request);
  } catch {
    throw new Error(word("offline"));
  }
  const body = await told(answer);
  if (request.method !== "GET") last.request = answer.headers.get("x-request-id");
  return body;
};

export const ask = (path, body) => {
  const headers = { Accept: "application/json" };
  if (!body) return sent(`${base}${path}`, { method: "GET", headers });
  headers["Content-Type"] = "application/json";
  headers["Idempotency-Key"] = crypto.randomUUID?.() ?? String(Math.random());
  return sent(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
};

/** Send a plain form as it would send itself, but stay on this page. */
export const submit = (form) => {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("_next");
  fields.delete("_done");
  return sent(form.action, { method: "POST", headers: { Accept: "application/json", "HX-Request": "true" }, body: fields });
};

/** Take the last change back, if there is one; resolves to whether there was. */
export const takeBack = async () => {
  if (!last.request || !last.thing) return false;
  const [kind, number] = [last.thing[0], last.thing.slice(1)];
  let after = 0;
  let found = null;
  do {
    const page = await ask(`/history?kind=${kind}&number=${number}&limit=200&after=${after}`);
    found = page.items.find((item) => item.request_id === last.request) ?? found;
    after = page.next;
  } while (after && !found);
  if (!found) return false;
  await ask(`/history/${found.id}/undo`, {});
  last.request = last.thing = null;
  return true;
};

/** The words of a passage as the canonical text has them. */
export const wordsOf = async ({ start, end }) =>
  (await ask(`/documents/${documentId}/text?start=${start}&end=${end}`)).text;

/** A quote of a passage, as the API takes it. */
export const quoteOf = async (passage, more = {}) => ({
  source_id: sourceId,
  document_id: documentId,
  exact: await wordsOf(passage),
  start_at: passage.start,
  end_at: passage.end,
  ...more,
});
