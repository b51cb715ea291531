// Opens the pages of a built site in headless Chromium and checks what no unit test can see.
//
//   node check.mjs SITE [--shots DIR]
//
// For one page of every kind: axe-core finds nothing (WCAG 2.2 A/AA and best practice) in light, in dark and at
// 360 px; no request leaves the site; no policy violation under the strict Content-Security-Policy; the text
// without JavaScript is the text with it; nothing scrolls sideways. Ends with `N passed, N failed`.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer-core';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.xml': 'application/xml', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8' };

const site = path.resolve(process.argv[2] ?? '');
const shots = process.argv[3] === '--shots' ? process.argv[4] : null;
if (!process.argv[2] || !fs.existsSync(path.join(site, 'index.html'))) {
  console.error('usage: node check.mjs SITE [--shots DIR]');
  process.exit(2);
}

const files = fs.readdirSync(site, { recursive: true, withFileTypes: true })
  .filter(e => e.isFile()).map(e => path.relative(site, path.join(e.parentPath ?? e.path, e.name)).split(path.sep).join('/'));
const known = new Set(files);
const server = http.createServer((request, response) => {
  const url = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/+/, '');
  const name = [url, path.posix.join(url, 'index.html')].find(candidate => known.has(candidate));
  response.writeHead(name ? 200 : 404, { 'content-type': TYPES[path.extname(name ?? '.html')] ?? 'application/octet-stream', 'content-security-policy': CSP });
  response.end(fs.readFileSync(path.join(site, name ?? '404.html')));
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;

// One or two pages of every kind, so that the time does not grow with the site.
const kinds = [
  ['home', /^index\.html$/, 1], ['404', /^404\.html$/, 1], ['search', /^search\/index\.html$/, 1],
  ['list', /^(policies|interpretations)\/index\.html$/, 2], ['subject', /^subjects\/.*index\.html$/, 1], ['year', /^years\/.*index\.html$/, 1],
  ['policy', /^policies\/\d{4}\/[^/]+\/index\.html$/, 8], ['interpretation', /^policies\/.*\/interpretation\/.*index\.html$/, 2],
  ['edition', /^policies\/.*\/v\d+\/index\.html$/, 2], ['record', /^policies\/.*\/record\/index\.html$/, 1], ['comparison', /^policies\/.*\/compare\/.*index\.html$/, 2],
];
const pages = kinds.flatMap(([kind, pattern, most]) => files.filter(f => pattern.test(f)).sort().slice(0, most).map(file => ({ kind, file })));

let passed = 0;
const failures = [];
const verdict = (ok, page, check, message) => { if (ok) passed += 1; else failures.push(`${page} ${check}: ${message}`); };
for (const kind of ['home', 'policy', 'interpretation', 'edition', 'record', 'list']) {
  verdict(pages.some(page => page.kind === kind), kind, 'exists', 'the site has no page of this kind');
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROME_PATH || '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'],
});

async function open(file, { width = 1440, scheme = 'light', script = true } = {}) {
  const page = await browser.newPage();
  const strays = [];
  const errors = [];
  await page.setViewport({ width, height: 900 });
  await page.setJavaScriptEnabled(script);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setRequestInterception(true);
  page.on('request', request => { if (request.url().startsWith(origin)) request.continue(); else { strays.push(request.url()); request.abort(); } });
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => { if (message.type() === 'error' && !(file === '404.html')) errors.push(message.text()); });
  await page.goto(`${origin}/${file}`, { waitUntil: 'load', timeout: 30_000 });
  return { page, strays, errors };
}

const words = page => page.evaluate(() => (document.querySelector('main') ?? document.body).textContent.replace(/\s+/g, ''));
for (const { kind, file } of pages) {
  for (const [label, state] of [['light', {}], ['dark', { scheme: 'dark' }], ['360px', { width: 360 }]]) {
    const { page, strays, errors } = await open(file, state);
    verdict(strays.length === 0, file, `${label} requests`, strays.join(', '));
    verdict(errors.length === 0, file, `${label} console`, errors.join(' | '));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    verdict(sideways <= 1, file, `${label} reflow`, `scrolls sideways by ${sideways} px`);
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }))
      .violations.map(v => `${v.id} x${v.nodes.length} ${v.nodes[0].html.slice(0, 120)}`));
    verdict(violations.length === 0, file, `${label} axe`, violations.join(' | '));
    if (shots) {
      fs.mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: path.join(shots, `${kind}-${file.replace(/[^a-z0-9]+/gi, '_')}-${label}.png`), fullPage: true });
    }
    await page.close();
  }
  const withScript = await open(file);
  const withoutScript = await open(file, { script: false });
  const [a, b] = [await words(withScript.page), await words(withoutScript.page)];
  // Script may add controls; what is read without it must be complete.
  verdict(b.length > 0 && b.length >= a.length * 0.95, file, 'no script', `${b.length} of ${a.length} characters`);
  await withScript.page.close();
  await withoutScript.page.close();
}
await browser.close();
server.close();
for (const failure of failures) console.log(`FAIL ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
