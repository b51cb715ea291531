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

// One or two pages of every kind, so that the time does not grow with the site. Pages whose address does not tell
// their kind (tombstones, old addresses, drafts, corrections …) are told by what stands on them.
const text = f => fs.readFileSync(path.join(site, f), 'utf8');
const POLICY = /^policies\/\d{4}\/[^/]+\/index\.html$/;
const kinds = [
  ['home', /^index\.html$/, 1], ['404', /^404\.html$/, 1], ['search', /^search\/index\.html$/, 1], ['changes', /^changes\/index\.html$/, 1],
  ['list', /^(policies|interpretations)\/index\.html$/, 2], ['site map', /^sitemap\/index\.html$/, 1], ['groups', /^(subjects|years|kinds|validity)\/index\.html$/, 4],
  ['subject', /^subjects\/[^/]+\/index\.html$/, 1], ['year', /^years\/[^/]+\/index\.html$/, 1], ['kind', /^kinds\/[^/]+\/index\.html$/, 1], ['validity', /^validity\/[^/]+\/index\.html$/, 1],
  ['topics', /^topics\/index\.html$/, 1], ['topic', /^topics\/[^/]+\/index\.html$/, 1], ['about', /^about\/index\.html$/, 1], ['accessibility', /^accessibility\/index\.html$/, 1],
  ['policy', POLICY, 8], ['interpretation', /^policies\/.*\/interpretation\/.*index\.html$/, 2],
  ['edition', /^policies\/.*\/v\d+\/index\.html$/, 2], ['record', /^policies\/.*\/record\/index\.html$/, 1], ['comparison', /^policies\/.*\/compare\/.*index\.html$/, 2],
  ['history', /^policies\/.*\/history\/.*index\.html$/, 1], ['questions', /^policies\/.*\/qa\/index\.html$/, 1], ['part', /^policies\/.*\/part-1\.html$/, 1], ['whole', /^policies\/.*\/whole\.html$/, 1],
  ['contents of parts', POLICY, 1, /<div class="parts">/], ['opinions', POLICY, 1, /id="opinions"/], ['consultation', POLICY, 1, /class="consult"/],
  ['withdrawn', POLICY, 1, /已撤回/], ['moved', POLICY, 1, /已迁移/], ['corrected', POLICY, 1, /<b>更正<\/b>/], ['repealed', POLICY, 1, /已废止<\/b>/],
  ['amended', POLICY, 1, /已修订<\/b>/], ['exempt', POLICY, 1, /不需要解读/], ['chosen day', /\/at\/index\.html$/, 1, /data-until="\d/],
];
const found = kinds.flatMap(([kind, pattern, most, holds]) => files.filter(f => pattern.test(f) && (!holds || holds.test(text(f)))).sort().slice(0, most).map(file => ({ kind, file })));
const pages = [...new Map(found.map(page => [page.file, page])).values()];

let passed = 0;
const failures = [];
const verdict = (ok, page, check, message) => { if (ok) passed += 1; else failures.push(`${page} ${check}: ${message}`); };
// Only a text beyond the limit of a page is split: a site may have none.
const rare = ['part', 'whole', 'contents of parts'];
for (const [kind] of kinds) verdict(rare.includes(kind) || found.some(page => page.kind === kind), kind, 'exists', 'the site has no page of this kind');

// The page budget on every page of the site: 120,000 bytes and 2,500 elements; the whole text for print is exempt.
for (const file of files.filter(f => f.endsWith('.html') && !f.endsWith('/whole.html'))) {
  const html = text(file);
  const elements = (html.match(/<[a-z]/gi) ?? []).length;
  verdict(Buffer.byteLength(html) <= 120_000 && elements <= 2_500, file, 'budget', `${Buffer.byteLength(html)} bytes, ${elements} elements`);
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
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.setRequestInterception(true);
  page.on('request', request => { if (request.url().startsWith(origin) || request.url().startsWith('data:')) request.continue(); else { strays.push(request.url()); request.abort(); } });
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
// The keyboard on a policy's page: the skip link first, every stop visible and ringed, the day answered on Enter.
{
  const file = found.find(page => page.kind === 'chosen day').file;
  const { page, errors } = await open(file);
  const stops = [];
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const label = e.closest('label');
      const ring = x => x && (parseFloat(getComputedStyle(x).outlineWidth) >= 2 && getComputedStyle(x).outlineStyle !== 'none' || getComputedStyle(x).boxShadow !== 'none');
      const box = e.getBoundingClientRect();
      return { id: e.id, text: e.textContent.trim().slice(0, 16), href: e.getAttribute('href'), ring: Boolean(ring(e) || ring(label)), seen: box.bottom > 0 && box.top < innerHeight };
    });
    if (!stop) break;
    stops.push(stop);
  }
  verdict(stops[0]?.href === '#main', file, 'keyboard', 'the first stop is not the skip link');
  verdict(stops.every(stop => stop.ring && stop.seen), file, 'keyboard', JSON.stringify(stops.find(stop => !stop.ring || !stop.seen)));
  verdict(stops.some(stop => stop.id === 'at-date'), file, 'keyboard', 'the day cannot be reached');
  const first = await page.$eval('tr[data-from]', row => row.dataset.from);
  for (const [day, wanted] of [[first, /第\d+版|没有适用/], ['1950-1-1', /没有适用/], ['2025-2-30', /日期不对/]]) {
    await page.goto(`${origin}/${file.replace('index.html', '')}?date=${day}`, { waitUntil: 'load' });
    const answer = await page.$eval('[data-at] p', e => e.textContent);
    verdict(wanted.test(answer), file, 'day', `${day}: ${answer}`);
  }
  // What a screen reader is told: no control without a name.
  const nameless = [];
  const walk = node => { if (['link', 'button', 'textbox', 'searchbox', 'radio', 'checkbox', 'combobox'].includes(node.role) && !node.name?.trim()) nameless.push(node.role); (node.children ?? []).forEach(walk); };
  walk(await page.accessibility.snapshot({ interestingOnly: false }));
  verdict(nameless.length === 0, file, 'names', nameless.join(', '));
  verdict(errors.length === 0, file, 'day console', errors.join(' | '));
  await page.close();
}
// The eye's rules. An article reads on beside its notes; the view of explained clauses keeps their text; the side by
// side view says what a side lacks; the contents of parts name chapters and articles alone; dates stay whole.
{
  const eye = async (file, options, prefs, look) => {
    const { page } = await open(file, options);
    await page.evaluate(kept => { for (const [key, value] of Object.entries(kept)) document.documentElement.setAttribute(`data-${key}`, value); }, prefs);
    const seen = await page.evaluate(look);
    await page.close();
    return seen;
  };
  const policies = found.filter(page => page.kind === 'policy').map(page => page.file);
  const nested = policies.filter(f => /<div class="txt">(?:(?!<div class="gloss)[^])*?<div class="clause" /.test(text(f)) && text(f).includes('class="clause has"'));
  for (const file of nested.slice(0, 2)) {
    const far = await eye(file, {}, {}, () => [...document.querySelectorAll('.has > .txt > .clause')].map(e => e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().bottom).filter(gap => gap > 48));
    verdict(far.length === 0, file, 'text beside notes', `${far.length} provisions stand apart from the one they are in`);
    const bare = await eye(file, {}, { view: 'gloss' }, () => [...document.querySelectorAll('.clause.has')].filter(e => e.querySelector('.txt').getBoundingClientRect().height < 10).length);
    verdict(bare === 0, file, 'view of explained clauses', `${bare} without their text`);
  }
  for (const { file } of found.filter(page => page.kind === 'comparison')) {
    const empty = await eye(file, {}, { diff: 'sbs' }, () => [...document.querySelectorAll('.pair > div')].filter(e => e.innerText.trim().split('\n').length < 2).length);
    verdict(empty === 0, file, 'side by side', `${empty} empty sides`);
  }
  for (const { file } of found.filter(page => page.kind === 'contents of parts')) {
    const deep = await eye(file, {}, {}, () => [...document.querySelectorAll('.parts a[id]')].map(a => a.textContent).filter(name => /[款项]$/.test(name)));
    verdict(deep.length < 3, file, 'contents of parts', `${deep.length} names below the articles, ${deep[0]}`);
  }
  for (const file of [policies[0], found.find(page => page.kind === 'record').file]) {
    const broken = await eye(file, { width: 360 }, { mode: 'elder' }, () => [...document.querySelectorAll('time')].filter(e => e.getClientRects().length > 1).map(e => e.textContent));
    verdict(broken.length === 0, file, 'elder dates', broken.join(', '));
  }
}
// A note whose clause changed since says so, and is told apart for those who cannot see colour.
{
  const file = 'policies/2025/gongjiao-youhui/index.html';
  if (files.includes(file)) {
    const { page, errors } = await open(file);
    const notes = await page.$$eval('#art2 .gloss', all => all.map(e => ({ stale: e.classList.contains('stale'), role: e.getAttribute('role'), name: e.getAttribute('aria-label'), text: e.textContent, seen: e.getBoundingClientRect().height > 0 })));
    const stale = notes.find(note => note.stale);
    verdict(Boolean(stale?.seen && stale.role === 'note' && stale.name && /待复核/.test(stale.text)), file, 'stale note', JSON.stringify(notes));
    verdict(notes.some(note => !note.stale), file, 'fresh note', 'every note is marked');
    verdict(errors.length === 0, file, 'stale console', errors.join(' | '));
    await page.close();
    const article = await open('policies/2026/cailiang-jizhun/interpretation/article/index.html');
    verdict(/待复核/.test(await article.page.$eval('#main', e => e.textContent)), file, 'stale quote', 'the interpretation does not say it');
    await article.page.close();
  }
}
// More words than are looked for: the reader is told.
{
  const { page } = await open('search/index.html');
  await page.focus('#q1');
  await page.keyboard.type('一个 二个 三个 四个 五个 六个 七个 八个 九个');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#results')?.getAttribute('aria-busy') === 'false', { timeout: 10_000 });
  const said = await page.$eval('#found [role=status]', e => e.textContent);
  verdict(/前8个/.test(said), 'search', 'many words', said);
  await page.close();
}
// Search from the keyboard: type, Enter, results with the match marked, on to the clause.
{
  // The words of provisions stand in the twin of an edition.
  const editionOf = set => JSON.parse(fs.readFileSync(path.join(site, `policies/${set.id}/v${set.editions.at(-1).number}/edition.json`), 'utf8'));
  const sets = files.filter(f => /^policies\/\d{4}\/[^/]+\/set\.json$/.test(f)).map(f => JSON.parse(fs.readFileSync(path.join(site, f), 'utf8')));
  const set = sets.find(s => s.provisions?.length && editionOf(s).provisions.some(p => p.text.length > 30));
  const run = editionOf(set).provisions.map(p => /[\u4e00-\u9fff]{8,}/.exec(p.text)?.[0]).find(Boolean).slice(0, 8);
  const { page, strays, errors } = await open('search/index.html');
  await page.focus('#q1');
  await page.keyboard.type(run);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#results')?.getAttribute('aria-busy') === 'false', { timeout: 10_000 });
  const results = await page.$$eval('#results li', items => items.map(item => ({ mark: item.querySelector('mark')?.textContent, href: item.querySelector('a.pad')?.href })));
  verdict(results.some(result => result.mark?.replace(/\s/g, '') === run), 'search', 'run', `${run} in ${JSON.stringify(results)}`);
  verdict((await page.$eval('#found [role=status]', e => e.textContent)).length > 0, 'search', 'status', 'says nothing');
  verdict(new URL(page.url()).searchParams.get('q') === run, 'search', 'address', page.url());
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(v => v.id));
  verdict(violations.length === 0, 'search', 'results axe', violations.join(', '));
  const clause = results.find(result => result.href);
  if (clause) {
    await page.goto(clause.href, { waitUntil: 'load' });
    await page.waitForSelector('main mark', { timeout: 10_000 }).then(() => verdict(true), () => verdict(false, 'search', 'mark', `${clause.href} marks nothing`));
  }
  if (set.metadata.document_number) {
    await page.goto(`${origin}/search/?q=${encodeURIComponent(set.metadata.document_number.replace('〔', '[').replace('〕', ']'))}`, { waitUntil: 'load' });
    await page.waitForFunction(() => document.querySelector('#results')?.getAttribute('aria-busy') === 'false', { timeout: 10_000 });
    const first = await page.$eval('#results h3 a', a => a.href).catch(() => '');
    verdict(set.url.endsWith(new URL(first, origin).pathname.slice(1)), 'search', 'number', first);
  }
  verdict(strays.length === 0 && errors.length === 0, 'search', 'requests', [...strays, ...errors].join(' | '));
  await page.close();
}
await browser.close();
server.close();
for (const failure of failures) console.log(`FAIL ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
