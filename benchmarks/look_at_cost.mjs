// Looks at a page of `reviewer cost --replay N --html` in a real browser, and says what does not hold.
//
//   npm install playwright-core axe-core
//   reviewer cost --replay 200 --html cost.html
//   node benchmarks/look_at_cost.mjs cost.html [FOLDER_FOR_PICTURES] [PATH_TO_CHROMIUM]
//
// Checked: no request, no error and no violation of the page's own policy; every width fits; the
// chart has a name, a text and a line for each row of the table; no label lies outside the chart
// or over another; its lines stand out; what axe knows of accessibility. It leaves pictures in
// light, dark and at the width of a telephone.
import assert from "node:assert/strict";
import { accessible, browser, open, pictures } from "./browser.mjs";

async function look(width, height, colorScheme) {
  const { context, page, wrong } = await open(width, height, colorScheme);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  const chart = page.getByRole("img", { name: "Cumulative cost of each cache policy" });
  assert.equal(await chart.count(), 1, "the chart has a name");
  const rows = await page.locator("tbody tr").count();
  assert.equal(await page.locator(".chart .line").count(), rows, "a line for each row");
  assert.equal(await page.locator(".legend li").count(), rows, "a key for each row");
  const clashes = await page.evaluate(() => {
    const chart = document.querySelector(".chart").getBoundingClientRect();
    const boxes = [...document.querySelectorAll(".chart text")]
      .map((each) => each.getBoundingClientRect()).filter((box) => box.width);
    const outside = boxes.filter((box) => box.left < chart.left - 1 || box.right > chart.right + 1
      || box.top < chart.top - 1 || box.bottom > chart.bottom + 1);
    const over = boxes.filter((one, at) => boxes.slice(at + 1).some((other) =>
      one.left < other.right && other.left < one.right
      && one.top < other.bottom && other.top < one.bottom));
    return [outside.length, over.length];
  });
  assert.deepEqual(clashes, [0, 0], "labels outside the chart, labels over others");
  const pale = await page.evaluate(() => {
    const light = (color) => {
      const parts = color.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const behind = light(getComputedStyle(document.body).backgroundColor);
    const contrast = (color) => {
      const [low, high] = [behind, light(color)].sort((one, other) => one - other);
      return (high + 0.05) / (low + 0.05);
    };
    const style = (each) => getComputedStyle(each);
    const lines = [...document.querySelectorAll(".chart .line")].map((each) => style(each).stroke);
    return lines.filter((color) => contrast(color) < 3).length;
  });
  assert.equal(pale, 0, "lines below 3:1 (WCAG 2.2, 1.4.11)");
  if (pictures) {
    await page.screenshot({ path: `${pictures}/cost-${width}-${colorScheme}.png`, fullPage: true });
  }
  assert.deepEqual(wrong, []);
  await context.close();
}

for (const [width, height] of [[1280, 900], [390, 844]]) {
  for (const scheme of ["light", "dark"]) {
    await look(width, height, scheme);
  }
}
await accessible();
console.log("holds");
await browser.close();
