// Jobs that run: asked how far they are until they end; then the page fetches itself anew.

import { word } from "./words.js";

const EVERY = 700;
let waiting = 0;

const show = (place, job) => {
  const bar = place.querySelector("progress");
  const words = place.querySelector("[data-job-words]");
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
  } else {
    bar.removeAttribute("value");
  }
  const said = job.total ? word("job_at", { stage: job.stage, done: job.done, total: job.total }) : (job.stage ?? word("job_waiting"));
  if (words.textContent !== said) words.textContent = said;
};

const ask = async () => {
  const place = document.querySelector("[data-job]");
  if (!place) return;
  try {
    const answer = await fetch(`/api/v1/jobs/${place.dataset.job}`, { headers: { accept: "application/json" } });
    if (answer.ok) {
      const job = await answer.json();
      if (!["waiting", "running"].includes(job.status)) {
        htmx.ajax("GET", location.pathname + location.search, { source: place, target: "#main", select: "#main", swap: "outerHTML show:none" });
        return;
      }
      show(place, job);
    }
  } catch {
    // the server cannot be reached just now: it is asked again
  }
  waiting = setTimeout(ask, EVERY);
};

const begin = () => {
  clearTimeout(waiting);
  if (document.querySelector("[data-job]")) waiting = setTimeout(ask, 150);
};

document.addEventListener("fresh", begin);
begin();
