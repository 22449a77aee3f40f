// What the three looks at a page have in common: the browser, a page that is watched, and axe.
//
//   npm install playwright-core axe-core
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The packages are looked for where the script is run, so that none need be in this folder.
const installed = createRequire(join(process.cwd(), "here.js"));
const { chromium } = installed("playwright-core");
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

export const [file, pictures = "", executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
export const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const url = pathToFileURL(file).href;

// `wrong` fills with what the page must not do: complain, fail, or ask for anything but itself.
export async function open(width, height, colorScheme, options = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => request.url() === url || wrong.push(request.url()));
  await page.goto(url);
  return { context, page, wrong };
}

// WCAG 2.2 and good practice, as far as axe can tell, with everything unfolded.
export async function accessible() {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const { context, page } = await open(width, 900, colorScheme, { bypassCSP: true });
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate(() => window.axe.run());
      const told = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 99)}`);
      assert.deepEqual(told, [], `accessible, ${colorScheme}, ${width} wide`);
      assert.ok(passes.length > 10, "axe looked at the page");
      await context.close();
    }
  }
}
