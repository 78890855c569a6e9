// Builds the front end into static/build: `npm run build`. Only files that pages ask for are put there.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const build = join(root, "static", "build");

// What Sass computed from the stand-in colour of portal.scss, and the custom property that takes its place.
// The names after the colon are set by /theme.css; the stand-in stays behind them, for a page without it.
const SHADES = {
  "#1d4f73": "council",
  "#12324a": "council-dark",
};
const COMPUTED = { 10: "council-dark", 20: "council-dark", 60: "council-darkest" };

function shade(hex, percent) {
  const part = (i) => parseInt(hex.slice(i, i + 2), 16) * (1 - percent / 100);
  return [part(1), part(3), part(5)];
}

function withCouncilColour(css) {
  // The royal crest belongs to gov.uk and is not brought along; no page of ours asks for it.
  let out = css.replaceAll(/url\("[^"]*govuk-crest\.svg"\)/g, "none");
  for (const [hex, name] of Object.entries(SHADES)) out = out.replaceAll(hex, `var(--${name},${hex})`);
  const nearly = (a, b) => a.every((x, i) => Math.abs(x - b[i]) < 1);
  const colour = /#[0-9a-f]{6}\b|rgb\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)\)/g;
  return out.replace(colour, (text, r, g, b) => {
    const parts = r === undefined ? [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)) : [r, g, b].map(Number);
    for (const [percent, name] of Object.entries(COMPUTED)) {
      if (nearly(parts, shade("#1d4f73", Number(percent)))) return `var(--${name},${text})`;
    }
    return text;
  });
}

const { css } = sass.compile(join(root, "static", "src", "portal.scss"), {
  style: "compressed",
  loadPaths: [modules],
  quietDeps: true,
  silenceDeprecations: ["import", "global-builtin"],
  logger: sass.Logger.silent,
});

// Files are written over, then what no longer belongs is removed: a server that runs meanwhile misses nothing.
mkdirSync(join(build, "fonts"), { recursive: true });
const built = new Set(["fonts"]);
function put(name, text) {
  writeFileSync(join(build, name), text);
  built.add(name);
}
put("portal.css", withCouncilColour(css));

for (const weight of [400, 700]) {
  const font = `atkinson-hyperlegible-latin-${weight}-normal.woff2`;
  cpSync(join(modules, "@fontsource", "atkinson-hyperlegible", "files", font), join(build, "fonts", font));
}

// The version stands in the name: a browser that cached an older one asks anew after an upgrade.
const frontend = join(modules, "govuk-frontend");
const { version } = JSON.parse(readFileSync(join(frontend, "package.json"), "utf8"));
const script = readFileSync(join(frontend, "dist", "govuk", "govuk-frontend.min.js"), "utf8");
put(`govuk-frontend-${version}.min.js`, script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
put("htmx.min.js", readFileSync(join(modules, "htmx.org", "dist", "htmx.min.js")));
for (const file of readdirSync(join(root, "static", "js"))) {
  const source = readFileSync(join(root, "static", "js", file), "utf8");
  put(file, source.replaceAll("govuk-frontend.min.js", `govuk-frontend-${version}.min.js`));
}
for (const file of readdirSync(join(root, "static", "src"))) {
  if (file.endsWith(".svg")) put(file, readFileSync(join(root, "static", "src", file)));
}
for (const file of readdirSync(build)) {
  if (!built.has(file)) rmSync(join(build, file), { recursive: true });
}

console.log(`Front end built: ${readdirSync(build).join(", ")}`);
