// Drives a page of `--format html` in a real browser, and says what does not hold.
//
//   npm install playwright-core axe-core
//   reviewer demo --scripted --bundle demo.json
//   reviewer report demo.json --format html -o report.html
//   node benchmarks/look_at_report.mjs report.html [FOLDER_FOR_PICTURES] [PATH_TO_CHROMIUM]
//
// Checked: no request, no error and no violation of the page's own policy; the filters agree with
// the data; the keys walk through the findings; without script every finding is there; what axe
// knows of accessibility; every width fits. It leaves pictures in light, dark
// and at the width of a telephone: those of the README.
import assert from "node:assert/strict";
import { accessible, browser, file, open, pictures } from "./browser.mjs";

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

async function outline() {
  const { context, page, wrong } = await open(1280, 900, "light");
  const levels = await page.locator("h1, h2, h3").evaluateAll((all) =>
    all.filter((one) => one.checkVisibility()).map((one) => +one.tagName[1]));
  assert.equal(levels.filter((level) => level === 1).length, 1, "one title");
  levels.forEach((level, at) => assert.ok(!at || level <= levels[at - 1] + 1, "no level is skipped"));
  console.log((await page.locator("main").ariaSnapshot()).split("\n").slice(0, 14).join("\n"));
  assert.deepEqual(wrong, []);
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
await outline();
await accessible();
await look();
await browser.close();
console.log(`${file}: holds`);
