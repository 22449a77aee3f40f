// Drives a page of `reviewer map --html` in a real browser, and says what does not hold.
//
//   npm install playwright-core axe-core
//   reviewer map --html map.html
//   node benchmarks/look_at_map.mjs map.html [FOLDER_FOR_PICTURES] [PATH_TO_CHROMIUM]
//
// Checked: no request, no error and no violation of the page's own policy; zoom by mouse and by
// keyboard, sizes, filters and the table agree with the data; what axe knows of
// accessibility; every width fits. It prints how long the page took, and leaves pictures in light, dark and at the width of a telephone.
import assert from "node:assert/strict";
import { accessible, browser, open as opened, pictures } from "./browser.mjs";

async function open(width, height, colorScheme) {
  const one = await opened(width, height, colorScheme);
  await one.page.waitForSelector("#tree button, #list tr");
  return one;
}

const text = (page, selector) => page.locator(selector).first().textContent();
const numbers = (words) => (words.match(/[\d,]+/g) || []).map((each) => +each.replaceAll(",", ""));

async function times() {
  const all = [];
  for (let run = 0; run < 5; run++) {
    const { context, page } = await open(1280, 900, "light");
    all.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].domComplete));
    await context.close();
  }
  return all.map(Math.round).sort((one, other) => one - other);
}

async function zoom() {
  const { context, page, wrong } = await open(1280, 900, "light");
  const top = await text(page, "#trail");
  const folder = page.locator("#tree button[aria-label*=' files (']").first();
  if (await folder.count()) {
    const name = (await folder.getAttribute("aria-label")).split("/ ")[0];
    await folder.click({ position: { x: 8, y: 8 } });
    assert.notEqual(await text(page, "#trail"), top, "a click opens a folder");
    assert.ok((await text(page, "#now")).includes(name), "and says which");
    await page.keyboard.press("Escape");
    assert.equal(await text(page, "#trail"), top, "Escape goes up");
    assert.ok((await page.evaluate(() => document.activeElement.ariaLabel)).startsWith(name),
      "and the focus is where it came from");
    await page.keyboard.press("Home");
    await page.locator("#tree button[aria-label*=' files (']").first().focus();
    await page.keyboard.press("Enter");
    assert.notEqual(await text(page, "#trail"), top, "Enter opens a folder");
    await page.locator("#trail button").first().click();
    assert.equal(await text(page, "#trail"), top, "the trail leads back");
  }
  await page.locator("#tree button").first().focus();
  const before = await page.evaluate(() => document.activeElement.ariaLabel);
  await page.keyboard.press("ArrowRight");
  const buttons = await page.locator("#tree button").count();
  if (buttons > 1) {
    assert.notEqual(await page.evaluate(() => document.activeElement.ariaLabel), before, "arrows move");
  }
  assert.equal(await page.locator("#tree button[tabindex='0']").count(), 1, "one stop for Tab");
  await page.locator("summary", { hasText: "This folder" }).click();
  for (const measure of ["bytes", "files", "tokens"]) {
    await page.getByLabel(measure, { exact: true }).check();
    assert.ok(await page.locator("#rows tr").count() > 0, `a table by ${measure}`);
  }
  assert.deepEqual(wrong, []);
  await context.close();
}

async function filter() {
  const { context, page, wrong } = await open(1280, 900, "dark");
  const found = async () => numbers(await text(page, "#found"));
  const [, files] = await found();
  await page.getByLabel("Shown").selectOption("");
  assert.deepEqual((await found()).slice(0, 2), [files, files], "any level: every file once");
  let sum = 0;
  for (const level of ["0", "1", "2"]) {
    await page.getByLabel("Shown").selectOption(level);
    sum += (await found())[0];
  }
  assert.equal(sum, files, "the levels add up");
  await page.getByLabel("Shown").selectOption("");
  const path = await text(page, "#list bdi");
  await page.getByLabel("Path contains").fill(path.toUpperCase());
  const hits = await page.locator("#list bdi").allTextContents();
  assert.ok(hits.length && hits.every((hit) => hit.toLowerCase().includes(path.toLowerCase())));
  await page.getByLabel("Path contains").fill("no such path \\ ( [");
  assert.equal((await found())[0], 0, "what is searched for is a text, not a pattern");
  await page.getByLabel("Path contains").fill("");
  const reasons = await page.locator("#reason option").all();
  for (const reason of reasons.slice(1)) {
    await page.getByLabel("Because").selectOption(await reason.getAttribute("value"));
    assert.equal((await found())[0], numbers(await reason.textContent()).at(-1));
  }
  await page.getByLabel("Because").selectOption("");
  if (files > 200) {
    await page.getByRole("button", { name: "Show more" }).click();
    assert.equal(await page.locator("#list tr").count(), Math.min(files, 400), "more are shown");
  }
  assert.deepEqual(wrong, []);
  await context.close();
}

async function widths() {
  for (const [width, height, scheme] of
    [[1280, 900, "light"], [1280, 900, "dark"], [390, 844, "light"], [390, 844, "dark"]]) {
    const { context, page, wrong } = await open(width, height, scheme);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    if (pictures) {
      await page.screenshot({ path: `${pictures}/map-${width}-${scheme}.png`, fullPage: true });
    }
    assert.deepEqual(wrong, []);
    await context.close();
  }
}

await zoom();
await filter();
await widths();
await accessible();
console.log(`holds; loaded in ${(await times()).join(", ")} ms`);
await browser.close();
