// Drives a page of `--format html` in a real browser, and says what does not hold.
//
//   npm install playwright-core
//   reviewer demo --scripted --bundle demo.json
//   reviewer report demo.json --format html -o report.html
//   node benchmarks/look_at_report.mjs report.html [FOLDER_FOR_PICTURES] [PATH_TO_CHROMIUM]
//
// Checked: no request, no error and no violation of the page's own policy; the filters agree with
// the data; the keys walk through the findings; without script every finding is there; names in
// the accessibility tree; contrast of text; every width fits. It leaves pictures in light, dark
// and at the width of a telephone: those of the README.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, pictures = "", executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const url = pathToFileURL(file).href;

async function open(width, height, colorScheme, options = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => request.url() === url || wrong.push(request.url()));
  await page.goto(url);
  return { context, page, wrong };
}

async function filters() {
  const { context, page, wrong } = await open(1280, 900, "light");
  const all = await page.locator("article.finding").count();
  const seen = () => page.locator("article.finding:visible").count();
  assert.equal(await seen(), all, "at first every finding is there");
  for (const name of ["severity", "state"]) {
    let sum = 0;
    const boxes = await page.locator(`#sift input[name=${name}]`).all();
    for (const box of boxes) {
      for (const each of boxes) await each.setChecked(each === box);
      sum += await seen();
    }
    assert.equal(sum, all, `each ${name} alone: together all`);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.waitForFunction((n) => document.getElementById("sifted").textContent ===
      `Showing ${n} of ${n}`, all);
  }
  const path = await page.locator("#sift option").nth(1).textContent();
  await page.locator("#sift select").selectOption(path);
  for (const one of await page.locator("article.finding:visible").all()) {
    assert.equal(await one.getAttribute("data-path"), path);
  }
  assert.deepEqual(wrong, []);
  await context.close();
}

async function keys() {
  const { context, page, wrong } = await open(1280, 900, "dark");
  const focused = () => page.evaluate(() => document.activeElement.id);
  const ids = await page.locator("article.finding").evaluateAll((all) => all.map((one) => one.id));
  for (const id of ids) {
    await page.keyboard.press("j");
    assert.equal(await focused(), id, "j goes to the next");
  }
  if (ids.length > 1) {
    await page.keyboard.press("k");
    assert.equal(await focused(), ids.at(-2), "k goes back");
  }
  const details = page.locator(`article[id=${await focused()}] details`);
  const before = await details.getAttribute("open");
  await page.keyboard.press("o");
  assert.notEqual(await details.getAttribute("open"), before, "o opens or closes");
  assert.deepEqual(wrong, []);
  await context.close();
}

async function withoutScript() {
  const { context, page, wrong } = await open(1280, 900, "light", { javaScriptEnabled: false });
  const articles = await page.locator("article.finding").all();
  for (const one of articles) assert.ok(await one.isVisible(), "a finding is there without script");
  assert.ok(!(await page.locator("#sift").count()) || !(await page.locator("#sift").isVisible()),
    "a filter that cannot work is not shown");
  assert.deepEqual(wrong, []);
  await context.close();
}

async function accessible() {
  const { context, page, wrong } = await open(1280, 900, "light");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input, select, button, [role=region], article, summary, a")]
      .filter((one) => one.checkVisibility() && !(one.ariaLabel || one.textContent.trim() ||
        (one.labels && one.labels.length) || one.getAttribute("aria-labelledby")))
      .map((one) => one.outerHTML.slice(0, 99)));
  assert.deepEqual(nameless, [], "everything that can be reached has a name");
  const levels = await page.locator("h1, h2, h3").evaluateAll((all) =>
    all.filter((one) => one.checkVisibility()).map((one) => +one.tagName[1]));
  assert.equal(levels.filter((level) => level === 1).length, 1, "one title");
  levels.forEach((level, at) => assert.ok(!at || level <= levels[at - 1] + 1, "no level is skipped"));
  console.log((await page.locator("main").ariaSnapshot()).split("\n").slice(0, 14).join("\n"));
  assert.deepEqual(wrong, []);
  await context.close();
}

// WCAG 2.2, 1.4.3: 4.5 for text of this size.
async function contrast(colorScheme) {
  const { context, page } = await open(1280, 900, colorScheme);
  const poor = await page.evaluate(() => {
    const channels = (css) => css.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (one) => {
      for (; one; one = one.parentElement) {
        const found = channels(getComputedStyle(one).backgroundColor);
        if (found.length === 3 || found[3] > 0) return found;
      }
      return [255, 255, 255];
    };
    const seen = new Map();
    for (const one of document.querySelectorAll("body *")) {
      const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!text || !one.checkVisibility() || one.closest("#tree, svg")) continue;
      const [front, back] = [light(channels(getComputedStyle(one).color)), light(behind(one))];
      const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      if (ratio < 4.5) seen.set(`${one.tagName}.${one.className}`, ratio.toFixed(2));
    }
    return [...seen];
  });
  assert.deepEqual(poor, [], `contrast, ${colorScheme}`);
  await context.close();
}

async function look() {
  const views = [["light", 1000, 760], ["dark", 1000, 760], ["phone", 390, 844]];
  for (const [name, width, height] of views) {
    const { context, page, wrong } = await open(width, height, name === "dark" ? "dark" : "light");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name}: ${over} pixels too wide`);
    if (pictures) await page.screenshot({ path: `${pictures}/report-${name}.png` });
    assert.deepEqual(wrong, []);
    await context.close();
  }
}

await filters();
await keys();
await withoutScript();
await accessible();
for (const scheme of ["light", "dark"]) await contrast(scheme);
await look();
await browser.close();
console.log(`${file}: holds`);
