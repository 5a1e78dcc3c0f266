// Many files at once: each goes to the API by itself, and a line says what became of it.

import { word } from "./words.js";

const AT_ONCE = 2;
const KINDS = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  md: "text/markdown",
};

const kindOf = (file) => KINDS[file.name.split(".").pop().toLowerCase()] ?? (file.type || "application/octet-stream");

/** Send one file; what became of it is written into its line. Returns attached, waits or refused. */
const send = async (form, file, line) => {
  const said = line.querySelector("span");
  said.textContent = word("upload_sending");
  try {
    const asked = new URLSearchParams({ file_name: file.name });
    const more = form.querySelector("[name='_query.pseudonymise']")?.value;
    if (more) asked.set("pseudonymise", more);
    const answer = await fetch(`${form.action}?${asked}`, {
      method: "POST",
      headers: { "content-type": kindOf(file), accept: "application/json" },
      body: file,
    });
    const told = await answer.json();
    if (!answer.ok) {
      said.textContent = answer.status === 401 ? word("signed_out") : told.detail;
      line.className = "refused";
      return "refused";
    }
    const { document: stored, is_attached: isAttached } = told;
    said.textContent = word(isAttached ? "upload_attached" : "upload_waits", { id: stored.id, source: stored.source_id });
    line.className = isAttached ? "attached" : "waits";
    return line.className;
  } catch {
    said.textContent = word("offline");
    line.className = "refused";
    return "refused";
  }
};

const sendAll = async (form, files) => {
  const list = form.querySelector("[data-upload-list]");
  const sum = form.querySelector("[data-upload-sum]");
  const button = form.querySelector("[type=submit]");
  const count = { attached: 0, waits: 0, refused: 0 };
  const lines = files.map((file) => {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("b"), { textContent: file.name }), " ", document.createElement("span"));
    list.append(line);
    return line;
  });
  button.disabled = true;
  let next = 0;
  const work = async () => {
    while (next < files.length) {
      const n = next++;
      count[await send(form, files[n], lines[n])] += 1;
      const done = count.attached + count.waits + count.refused;
      sum.textContent = word("upload_done", { done, total: files.length, waits: count.waits, refused: count.refused });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  button.disabled = false;
  form.querySelector("[type=file]").value = "";
  htmx.ajax("GET", location.pathname, { target: "#documents-list", select: "#documents-list", swap: "outerHTML show:none" });
};

const prepare = () => {
  for (const form of document.querySelectorAll("form[data-uploads]:not([data-ready])")) {
    form.dataset.ready = "";
    const field = form.querySelector("[type=file]");
    field.multiple = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendAll(form, [...field.files]);
    });
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (files.length) sendAll(form, files);
    });
  }
};

document.addEventListener("fresh", prepare);
prepare();
