// Drives a real Chromium: reads one command a line, writes one answer a line.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  ],
});
let context, page, requests, problems;

const commands = {
  async open({ url, width, scheme, scripts }) {
    await context?.close();
    requests = [];
    problems = [];
    context = await browser.newContext({
      viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: scripts, reducedMotion: "reduce",
    });
    page = await context.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => { problems.push(dialog.message()); return dialog.dismiss(); });
    await page.goto(url);
  },
  async visit({ urls, widths, expression }) {
    const values = [];
    for (const url of urls) {
      await page.goto(url);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        values.push([url, width, await page.evaluate(expression)]);
      }
    }
    return values;
  },
  async press({ keys }) { for (const key of keys) await page.keyboard.press(key); },
  async type({ text }) { await page.keyboard.type(text); },
  async evaluate({ expression }) { return page.evaluate(expression); },
  async text() { return page.locator("body").innerText(); },
  async requests() { return requests; },
  async problems() { return problems; },
  async accessibility_problems({ tags }) {
    // The policy of the page forbids foreign scripts; the debugger is not bound by it.
    await page.evaluate(axe);
    const found = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), tags);
    return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
  },
  async screenshot({ path }) { await page.screenshot({ path, fullPage: true }); },
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { command, ...parameters } = JSON.parse(line);
  const answer = await commands[command](parameters).then((value) => ({ value }), (error) => ({ error: String(error) }));
  console.log(JSON.stringify(answer));
}
await browser.close();
