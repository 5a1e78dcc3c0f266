// The PDF library and its worker, set off before the rest of the page is there.

const folder = new URL("../vendor/pdfjs/", import.meta.url);
const part = (name) => new URL(name, folder).href;

const port = new Worker(part("pdf.worker.min.mjs"), { type: "module" });
const broken = new Promise((_, fail) => {
  port.addEventListener("error", (event) => fail(new Error(event.message || "pdf.worker.min.mjs")));
});
broken.catch(() => null);
const library = import("../vendor/pdfjs/pdf.min.mjs");
library.catch(() => null);

const opened = async (url) => {
  const pdf = await library;
  pdf.GlobalWorkerOptions.workerPort = port;
  return pdf.getDocument({
    url,
    isEvalSupported: false,
    enableXfa: false,
    // asked for only by a PDF that leaves fonts the machine lacks, codes of characters or colours to
    // us, or whose pictures are packed as scanners pack them
    standardFontDataUrl: part("standard_fonts/"),
    cMapUrl: part("cmaps/"),
    iccUrl: part("iccs/"),
    wasmUrl: part("wasm/"),
  }).promise;
};

/** Open the PDF at an address. */
export const open = (url) => Promise.race([opened(url), broken]);
