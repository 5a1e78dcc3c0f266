// Asking the API of this review; an answer that is a problem becomes an error with its sentence.

const reading = document.getElementById("reading");
export const base = reading?.dataset.api ?? "";
export const documentId = Number(reading?.dataset.document);
export const sourceId = Number(reading?.dataset.source);
export const mayCode = reading?.dataset.coding !== undefined;

export const ask = async (path, body) => {
  const headers = { Accept: "application/json" };
  if (body) {
    headers["Content-Type"] = "application/json";
    headers["Idempotency-Key"] = crypto.randomUUID?.() ?? String(Math.random());
  }
  let answer;
  try {
    answer = await fetch(`${base}${path}`, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Error("The server cannot be reached. What you wrote is kept here; try again.");
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401) throw new Error("You are signed out. Sign in in another tab, then try again; nothing is lost.");
  if (!answer.ok) throw new Error(told.detail ?? `The server answered ${answer.status}.`);
  return told;
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
