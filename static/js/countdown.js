// Counts down to the deadline by the server's clock: what the device's clock says is never asked, only how much time has
// gone by. Asked again now and then, because a device that slept does not count, and a deadline can be moved.

const OFTEN = 60_000; // milliseconds between two looks at the server's clock in the last hour
const SELDOM = 600_000;
const SAID = [3600, 600, 60]; // seconds left at which it is said aloud

const place = document.querySelector("[data-countdown]");
if (place) count();

function count() {
  const left = place.querySelector("[data-countdown-left]");
  const when = place.querySelector("[data-countdown-when]");
  const said = document.querySelector("[data-countdown-said]");
  let closes = Date.parse(place.dataset.countdown);
  let now = Date.parse(place.dataset.now);
  let since = performance.now();
  let asked = since;
  let before = null;

  const many = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const two = (a, first, b, second) => [a && many(a, first), b && many(b, second)].filter(Boolean).join(" ");

  function words(seconds) {
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    if (days >= 3) return many(days, "day");
    if (days) return two(days, "day", hours, "hour");
    if (hours) return two(hours, "hour", minutes, "minute");
    if (minutes >= 10) return many(minutes, "minute");
    return two(minutes, "minute", seconds % 60, "second") || many(0, "second");
  }

  async function ask() {
    asked = performance.now();
    const began = asked;
    try {
      // Without the session: looking at a clock is no sign that somebody is there.
      const answer = await fetch(place.dataset.clock, { cache: "no-store", credentials: "omit" });
      if (!answer.ok) return;
      const read = await answer.json();
      // The answer may have been on its way all that time: nobody is told that they have more than they have.
      now = Date.parse(read.now) + (performance.now() - began);
      since = performance.now();
      if (read.closes_at && Date.parse(read.closes_at) !== closes) {
        closes = Date.parse(read.closes_at);
        when.textContent = read.closes_in_words;
        said.textContent = `The deadline was moved to ${read.closes_in_words}.`;
      }
    } catch {
      // The page goes on counting by itself.
    }
  }

  function tick() {
    const seconds = Math.floor((closes - now - (performance.now() - since)) / 1000);
    if (seconds < 0) {
      left.textContent = "which has passed";
      if (before !== null && before >= 0) said.textContent = "The deadline has passed.";
    } else {
      left.textContent = `${words(seconds)} from now`;
      const mark = SAID.find((one) => before !== null && before > one && seconds <= one);
      if (mark) said.textContent = `${words(mark)} left until applications close.`;
    }
    before = seconds;
    if (performance.now() - asked > (seconds < 3600 ? OFTEN : SELDOM)) ask();
  }

  ask().then(tick);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask().then(tick));
}
