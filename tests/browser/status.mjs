// Judges what a built site says of a text's force on the day of its reader, in headless Chromium.
//
//   node status.mjs SITE
//
// Every page that carries a status is opened with the clock of the browser set to the day before, the first and the
// last day of every span, in Shanghai, in Honolulu and at the far side of the date line, and without script. What is
// expected is read from the page's own table of spans, so a page is held to what it was built with. Lists are opened
// the same way. Ends with `N passed, N failed`.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const site = path.resolve(process.argv[2] ?? '');
if (!process.argv[2] || !fs.existsSync(path.join(site, 'index.html'))) { console.error('usage: node status.mjs SITE'); process.exit(2); }
const files = fs.readdirSync(site, { recursive: true, withFileTypes: true })
  .filter(e => e.isFile()).map(e => path.relative(site, path.join(e.parentPath ?? e.path, e.name)).split(path.sep).join('/'));
const known = new Set(files);
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml' };
const server = http.createServer((request, response) => {
  const url = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/+/, '');
  const name = [url, path.posix.join(url, 'index.html')].find(one => known.has(one));
  response.writeHead(name ? 200 : 404, { 'content-type': TYPES[(name ?? '').split('.').pop()] ?? 'application/octet-stream', 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'" });
  response.end(name ? fs.readFileSync(path.join(site, name)) : '');
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });

let passed = 0, failed = 0;
const verdict = (ok, what) => { if (ok) passed += 1; else { failed += 1; console.log(`FAIL ${what}`); } };
const text = file => fs.readFileSync(path.join(site, file), 'utf8');
const plain = t => t.replace(/\s+/g, '');
const add = (day, n) => new Date(Date.parse(day) + n * 864e5).toISOString().slice(0, 10);

async function open(file, { day = null, zone = 'Asia/Shanghai', script = true, hour = 12 } = {}) {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(error.message));
  await page.setJavaScriptEnabled(script);
  await page.emulateTimezone(zone);
  if (day) await page.evaluateOnNewDocument(`{ const at = Date.parse('${day}T${String(hour).padStart(2, '0')}:30:00+08:00'), Real = Date; Date = class extends Real { constructor(...a) { if (a.length) super(...a); else super(at); } static now() { return at; } }; }`);
  await page.goto(`${origin}/${file}`, { waitUntil: 'load' });
  return { page, errors };
}
const status = page => page.evaluate(() => { const all = document.querySelectorAll('[data-status-from],[data-status-until]'), one = all[0]; return { n: all.length, from: one?.dataset.statusFrom, until: one?.dataset.statusUntil ?? '', text: one?.textContent ?? '', row: document.querySelector('[data-status-word]')?.textContent }; });

const carrying = files.filter(f => f.endsWith('.html') && /data-status-from="/.test(text(f))).sort();
verdict(carrying.length > 0, 'no page carries a status');
for (const file of carrying) {
  const still = await open(file, { script: false });
  const built = await status(still.page);
  const spans = await still.page.evaluate(() => { const box = document.createElement('template'); box.innerHTML = document.querySelector('.status').dataset.spans ?? ''; return [...box.content.querySelectorAll('div[data-from]')].map(x => ({ from: x.dataset.from, until: x.dataset.until, word: x.dataset.word, text: x.textContent })); });
  await still.page.close();
  verdict(built.n === 1, `${file}: ${built.n} elements carry the status`);
  const named = /按 (\d{4}-\d\d-\d\d) 的情形/.exec(built.text);
  verdict(Boolean(named), `${file}: without script no day is named`);
  verdict(!named || (!built.from || built.from <= named[1]) && (!built.until || named[1] <= built.until), `${file}: ${named?.[1]} is not within ${built.from}…${built.until}`);
  for (const [i, span] of spans.entries()) {
    for (const [day, zone, hour] of [[span.from, 'Pacific/Honolulu', 0], [span.from, 'Pacific/Kiritimati', 23], [span.until || add(span.from, 400), 'Asia/Shanghai', 23], [i ? add(span.from, -1) : span.from, 'Pacific/Honolulu', 23]]) {
      const wanted = spans.findLast(one => one.from <= day) ?? spans[0];
      const { page, errors } = await open(file, { day, zone, hour });
      const seen = await status(page);
      verdict(seen.n === 1 && plain(seen.text) === plain(wanted.text) && seen.from === wanted.from && seen.until === wanted.until, `${file} on ${day} ${hour}h ${zone}: ${plain(seen.text)} for ${plain(wanted.text)}`);
      if (seen.row !== undefined) verdict(seen.row === wanted.word, `${file} on ${day}: the row says ${seen.row}, not ${wanted.word}`);
      verdict(errors.length === 0, `${file}: ${errors.join(' | ')}`);
      await page.close();
    }
  }
}
for (const file of files.filter(f => f.endsWith('.html') && /data-days="/.test(text(f))).sort().slice(0, 12)) {
  const days = [...text(file).matchAll(/data-days="([^"]*)"/g)].map(m => m[1].split(';').map(p => p.split('|')));
  verdict(/按 \d{4}-\d\d-\d\d 的情形/.test(text(file)), `${file}: no day is named`);
  for (const day of new Set(days.flat().flatMap(([from]) => [add(from, -1), from]))) {
    const { page } = await open(file, { day });
    const seen = await page.$$eval('[data-days]', all => all.map(x => x.textContent));
    days.forEach((states, i) => { const wanted = (states.findLast(([from]) => from <= day) ?? states[0])[2]; verdict(seen[i] === wanted, `${file} on ${day}: ${seen[i]}, not ${wanted}`); });
    await page.close();
  }
}
// The table of days answers for the day that the address asks about.
for (const file of files.filter(f => /\/at\/index\.html$/.test(f)).sort()) {
  const rows = [...text(file).matchAll(/<tr data-from="([^"]*)" data-until="([^"]*)">(.*?)<\/tr>/gs)].map(m => ({ from: m[1], until: m[2], n: /<a class="pad"[^>]*>第(\d+)版/.exec(m[3])?.[1] }));
  verdict(rows.length > 0, `${file}: no rows`);
  for (const { from, until, n } of rows) for (const day of [from, until || add(from, 700)]) {
    const { page } = await open(`${file.replace('index.html', '')}?date=${day}`);
    const said = await page.$eval('[data-at] p', p => p.textContent);
    verdict(n ? said.includes(`第${n}版`) : /没有适用的版本/.test(said), `${file} on ${day}: ${said}`);
    await page.close();
  }
  const { page } = await open(`${file.replace('index.html', '')}?date=2025-02-30`);
  verdict(/日期不对/.test(await page.$eval('[data-at] p', p => p.textContent)), `${file}: takes 30 February for a day`);
  await page.close();
}
await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
