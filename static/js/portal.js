// Adds to pages what they do without, too: GOV.UK Frontend's components, the progress of an upload, and what htmx
// brings into a page that is open.
import { initAll } from "./govuk-frontend.min.js";

initAll();

/** Send a form with a file by itself and say how far it is. Without this script the browser sends the form as ever. */
function showProgress(form) {
  const state = form.querySelector(".portal-upload__state");
  const bar = form.querySelector(".portal-upload__bar");
  const text = form.querySelector(".portal-upload__text");
  const input = form.querySelector("input[type=file]");
  if (!state || !bar || !text || !input) return;

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return; // The server says what is missing.
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (input.files[0].size > Number(form.dataset.portalLargest || Infinity)) {
      // Said before it is sent: a server that stops reading looks like a connection that broke.
      state.hidden = false;
      bar.hidden = true;
      text.textContent = form.dataset.portalTooLarge;
      return;
    }
    const request = new XMLHttpRequest();
    const say = (words) => {
      text.textContent = words;
    };

    let said = -1;
    request.upload.addEventListener("progress", (moved) => {
      if (!moved.lengthComputable) return;
      const percent = Math.floor((moved.loaded / moved.total) * 100);
      bar.value = percent;
      // A screen reader hears every quarter, not every kilobyte.
      if (percent === 100) say("File sent. Checking it…");
      else if (percent >= said + 25) {
        said = percent - (percent % 25);
        say(`${percent} % sent`);
      }
    });
    request.addEventListener("load", () => {
      // The server's answer is a page: another one to go to, or this one again with what was wrong or what was done.
      const arrived = request.responseURL || form.action;
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status >= 200 && request.status < 300 && arrived.split("#")[0] !== form.action.split("#")[0]) {
        window.location.assign(arrived);
        return;
      }
      const main = page.querySelector("main");
      if (!main || (request.status >= 400 && !main.querySelector("form[data-portal-upload]"))) {
        // A page that says no: told here, so that what was typed stays where it is.
        const why = main?.querySelector("h1");
        const words = main?.querySelector(".govuk-body");
        failed(
          why && words
            ? `${why.textContent.trim()}. ${words.textContent.trim()} Your answers are still here.`
            : "The file was not taken. Your answers are still here. Try again in a few minutes.",
        );
        return;
      }
      document.title = page.title;
      document.querySelector("main").replaceWith(document.adoptNode(main));
      initAll({ scope: document.querySelector("main") });
      document.querySelectorAll("main form[data-portal-upload]").forEach(showProgress);
      const first =
        document.querySelector("main .govuk-error-summary, main .govuk-notification-banner") ||
        document.querySelector("main h1");
      if (first) {
        first.setAttribute("tabindex", "-1");
        first.focus();
      }
    });
    const failed = (words) => {
      button.disabled = false;
      bar.hidden = true;
      say(words);
    };
    request.addEventListener("error", () =>
      failed("The connection broke and the file was not sent. Check your connection, then try again."),
    );
    request.addEventListener("abort", () => failed("Sending was stopped. Nothing was kept."));

    const body = new FormData(form);
    state.hidden = false;
    bar.hidden = false;
    bar.value = 0;
    button.disabled = true;
    say("Sending…");
    request.open("POST", form.action);
    request.send(body);
  });
}

document.querySelectorAll("form[data-portal-upload]").forEach(showProgress);

// A part of a page that htmx asked for and that led elsewhere (to signing in, mostly) is not put into the page. The page
// is asked for anew instead, which leads there as a whole; not while somebody fills in a form, whose sending keeps it.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo, requestConfig } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, window.location.href);
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname) return;
  event.detail.shouldSwap = false;
  if (!requestConfig.elt.closest("form")) window.location.reload();
});

// What is folded is on paper all the same.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.portal-answers").forEach((group) => (group.open = true));
});
