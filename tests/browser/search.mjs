// Judges the search of a built site in headless Chromium, and Pagefind's beside it.
//
//   node search.mjs SITE [--queries N] [--pagefind PROGRAM]
//
// Queries are drawn from the texts with a fixed seed: runs of 4 to 12 Han characters, clause phrases of 12 to 30
// characters with their punctuation, long quotations of 40 to 120, document numbers in four spellings, titles, two or
// three words of one document, the commonest pairs (办法, 管理 …), single characters, Latin letters and digits. What is
// relevant is known exactly: every document whose text, title or number holds the query once blanks and punctuation are
// gone. Reported are recall (queries with at most 60 relevant documents), how many of the first eight results are
// relevant, the rank of the one document that a number or title names, and the bytes of the index that a first query
// reads. Ends with `N passed, N failed`: recall 1, rank 1, at most 150,000 bytes for every first query.
//
// `--pagefind` is the path of the `pagefind_extended` program (that of `npm ci` when not given): it indexes the same pages and answers
// the same queries, plain and in quotation marks. Large sites to judge come from `cargo bench --bench search`.
//
// Measured in November 2026, 30 queries of each kind, 1,862 regulations of 33 MB, Pagefind 1.6.0 extended:
//
//                        jiedu            pagefind           pagefind, quoted
//   recall  run          1.000            0.957              0.478
//           phrase       1.000            0.919              0.100
//           number       1.000            0.500              0.000
//           title        1.000            1.000              0.767
//   first eight relevant 1.000            0.27 to 0.44       0.00 to 0.77
//   rank    number       1.000            0.500              0.000
//           title        1.000            0.903              0.733
//   first query reads    49 kB median,    500 kB median,     425 kB median,
//                        84 kB at 90 %    952 kB at 90 %     878 kB at 90 %
//   index                2.4 s            119.0 s wall, 35.7 CPU s, 3312 MiB
//
// At 10,000 policies of the same articles (140 MB), 30 queries of each of the nine kinds: recall 1.000 of every kind,
// rank 1.000; a first query reads 55 kB (median), 99 kB (nine in ten), 121 kB (most). The index takes 6.3 CPU s, 1.4
// times what parsing the texts takes (`cargo bench --bench search`).
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawn } from 'node:child_process';
import puppeteer from 'puppeteer-core';

const args = process.argv.slice(2);
const option = (name, otherwise) => { const at = args.indexOf(name); return at < 0 ? otherwise : args[at + 1]; };
const site = path.resolve(args[0] ?? '');
const count = Number(option('--queries', 100));
const local = new URL(`node_modules/@pagefind/${process.platform}-${process.arch}/bin/pagefind_extended`, import.meta.url).pathname;
const pagefind = option('--pagefind', fs.existsSync(local) ? local : null);
const BUDGET = 150_000;
const MOST = 60;
if (!args[0] || !fs.existsSync(path.join(site, 'search/index.html'))) {
  console.error('usage: node search.mjs SITE [--queries N] [--pagefind PROGRAM]');
  process.exit(2);
}

// The same drawing on every run.
let seed = 20260101;
const random = n => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return Math.floor((seed / 4294967296) * n); };
const pick = list => list[random(list.length)];
const fold = text => [...text.normalize('NFKC').toLowerCase()].filter(c => /[\p{L}\p{N}]/u.test(c)).join('');

// The documents, read from the parts of the index (the texts) once.
const folder = path.join(site, 'search/index/d');
const documents = new Map();
for (const name of fs.readdirSync(folder)) {
  const pack = JSON.parse(zlib.inflateSync(fs.readFileSync(path.join(folder, name))));
  for (const [at, text] of pack.p) {
    const part = pack.d[at];
    const known = documents.get(part.url) ?? { ...part, texts: [] };
    known.texts.push(...text.map(passage => passage[2]));
    documents.set(part.url, known);
  }
}
const all = [...documents.values()].sort((a, b) => (a.url < b.url ? -1 : 1));
// Answers bear the title and explanations the number of the policy they go with: those are not their own.
const own = one => [...(one.kind === 'question' || one.kind === 'edition' ? [] : [one.title, one.pinyin]), ...(one.kind === 'policy' || one.kind === 'withdrawn' ? [one.number, ...one.ids] : one.kind === 'edition' ? one.ids : [])];
for (const one of all) one.folded = [...one.texts, ...own(one)].map(fold).join('|');
const relevant = (query, kind) => { const wanted = (kind === 'words' ? query.split(' ') : [query]).map(fold); return new Set(all.filter(one => wanted.every(word => one.folded.includes(word))).map(one => one.url)); };

const policies = all.filter(one => one.kind === 'policy');
const brackets = [['[', ']'], ['（', '）'], ['【', '】'], ['〔', '〕']];
function draw(kind) {
  // A small site may have no text of a kind.
  for (let tries = 0; tries < 500; tries += 1) {
    const one = pick(policies);
    if (kind === 'number' && !one.number) continue;
    if (kind === 'number') {
      const [open, close] = pick(brackets);
      const number = one.number.replace('〔', open).replace('〕', close);
      return { kind, query: random(2) ? number : number.replace(/\d/g, d => String.fromCharCode(d.charCodeAt(0) + 0xfee0)), wanted: one.url };
    }
    if (kind === 'title') {
      const same = all.filter(other => fold(other.title).includes(fold(one.title)));
      if (same.length > 1) continue;
      return { kind, query: one.title, wanted: one.url };
    }
    const text = pick(one.texts);
    if (!text) continue;
    if (kind === 'common') return { kind, query: pick(COMMON) };
    if (kind === 'character') return { kind, query: pick([...text.replace(/[^\u4e00-\u9fff]/g, '')]) ?? '的' };
    if (kind === 'latin') {
      const runs = one.texts.join('\n').match(/[A-Za-z0-9][A-Za-z0-9.]{0,11}/g);
      if (runs) return { kind, query: pick(runs) };
      continue;
    }
    if (kind === 'words') {
      const runs = one.texts.join('\n').match(/[\u4e00-\u9fff]{4,}/g);
      if (!runs) continue;
      const word = () => { const run = pick(runs), start = random(run.length - 1); return run.slice(start, start + 2 + random(3)); };
      const list = Array.from({ length: 2 + random(2) }, word);
      if (list.every(one => one.length > 1)) return { kind, query: list.join(' ') };
      continue;
    }
    if (kind === 'long') {
      const plain = text.replace(/\s+/g, ''), length = 40 + random(81), start = random(Math.max(1, plain.length - length));
      if (plain.length > 60) return { kind, query: plain.slice(start, start + length) };
      continue;
    }
    if (kind === 'run') {
      const runs = text.match(/[\u4e00-\u9fff]{4,}/g);
      if (!runs) continue;
      const run = pick(runs), length = Math.min(run.length, 4 + random(9)), start = random(run.length - length + 1);
      return { kind, query: run.slice(start, start + length) };
    }
    const plain = text.replace(/\s+/g, '');
    if (plain.length < 30) continue;
    const length = 12 + random(18), start = random(plain.length - length);
    const query = plain.slice(start, start + length);
    if (fold(query).length >= 10 && !/^[\p{P}\p{S}]/u.test(query)) return { kind, query };
  }
}
const KINDS = ['run', 'phrase', 'long', 'number', 'title', 'words', 'common', 'character', 'latin'];
const index = JSON.parse(fs.readFileSync(path.join(site, 'search/index/index.json'), 'utf8'));
const COMMON = ['办法', '管理', '济南', '规定', '市人', '人民', '政府', '应当', '管理办法', '人民政府', '通知', '交通', '有关部门', '法律责任', '实施细则', '交通运输', '办法管理', '政府应当', '规定管理', '的人'].concat((index.common.match(/../g) ?? []).slice(0, 80));
const queries = KINDS.flatMap(kind => Array.from({ length: count }, () => draw(kind))).filter(Boolean);
for (const query of queries) query.relevant = relevant(query.query, query.kind);

const output = fs.mkdtempSync(path.join(os.tmpdir(), 'search-'));
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };
let bytes = 0, requests = 0;
const server = http.createServer((request, response) => {
  const url = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/+/, '');
  const file = [path.join(site, url), path.join(site, url, 'index.html'), path.join(output, url)].find(candidate => fs.existsSync(candidate) && fs.statSync(candidate).isFile());
  if (!file) { response.writeHead(404, { 'content-type': 'text/html' }); return void response.end(); }
  const body = fs.readFileSync(file);
  if (/^(search\/index\/|pagefind\/)/.test(url)) { bytes += body.length; requests += 1; }
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  response.end(body);
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
const page = await browser.newPage();
await page.setCacheEnabled(false);

async function ours(query) {
  bytes = requests = 0;
  await page.goto(`${origin}/search/?q=${encodeURIComponent(query)}`, { waitUntil: 'load' });
  const idle = () => page.waitForFunction(() => document.querySelector('#results')?.getAttribute('aria-busy') === 'false', { timeout: 60_000, polling: 20 });
  const read = () => page.$$eval('#results > li:not(:has(.tag.link)) h3 a', links => links.map(link => decodeURIComponent(new URL(link.href).pathname.slice(1))));
  await idle();
  const first = { bytes, requests };
  let found = await read();
  while (found.length <= MOST && !(await page.$eval('#found button', button => button.hidden))) {
    await page.click('#found button');
    await idle();
    found = await read();
  }
  return { found, ...first };
}

/// Runs Pagefind over the pages, with its time and memory.
async function indexThem() {
  const started = Date.now();
  const child = spawn(pagefind, ['--site', site, '--output-path', path.join(output, 'pagefind'), '--root-selector', 'main', '--glob', 'policies/[0-9]*/*/{index.html,interpretation/*/index.html}'], { stdio: 'inherit' });
  let cpu = 0, memory = 0;
  const timer = setInterval(() => {
    try {
      const stat = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      cpu = (Number(stat[11]) + Number(stat[12])) / 100;
      memory = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
    } catch { /* it has ended */ }
  }, 50);
  await new Promise(done => child.on('exit', done));
  clearInterval(timer);
  console.log(`pagefind: index in ${((Date.now() - started) / 1000).toFixed(1)} s, ${cpu.toFixed(1)} CPU s, ${memory.toFixed(0)} MiB`);
  const urls = {};
  const fragments = path.join(output, 'pagefind/fragment');
  for (const name of fs.readdirSync(fragments)) {
    const text = zlib.gunzipSync(fs.readFileSync(path.join(fragments, name))).toString('utf8');
    urls[name.replace('.pf_fragment', '')] = JSON.parse(text.slice(text.indexOf('{'))).url.replace(/^\//, '').replace(/index\.html$/, '');
  }
  return urls;
}
async function theirs(urls, query) {
  bytes = requests = 0;
  await page.goto(`${origin}/404.html`, { waitUntil: 'load' });
  const ids = await page.evaluate(async text => {
    const engine = await import('/pagefind/pagefind.js');
    const answer = await engine.search(text);
    await Promise.all(answer.results.slice(0, 8).map(result => result.data()));
    return answer.results.map(result => result.id);
  }, query);
  return { found: ids.map(id => urls[id]).filter(Boolean), bytes, requests };
}

const engines = { jiedu: ours };
if (pagefind) {
  const urls = await indexThem();
  engines.pagefind = query => theirs(urls, query);
  engines['pagefind "…"'] = query => theirs(urls, `"${query}"`);
}
let passed = 0, failed = 0;
const verdict = (ok, what) => { if (ok) passed += 1; else { failed += 1; console.log(`FAIL ${what}`); } };
const mean = list => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : 1);
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
for (const [name, engine] of Object.entries(engines)) {
  const rows = [];
  for (const query of queries) rows.push({ ...query, ...(await engine(query.query)) });
  for (const kind of KINDS) {
    const own = rows.filter(row => row.kind === kind);
    const judged = own.filter(row => row.relevant.size <= MOST);
    const recall = row => (row.relevant.size ? [...row.relevant].filter(url => row.found.includes(url)).length / row.relevant.size : Number(!row.found.length));
    const precision = row => { const head = row.found.slice(0, 8); return head.length ? head.filter(url => row.relevant.has(url)).length / head.length : 0; };
    const ranked = own.filter(row => row.wanted).map(row => 1 / (row.found.indexOf(row.wanted) + 1 || Infinity));
    console.log(`${name.padEnd(13)} ${kind.padEnd(9)} recall ${mean(judged.map(recall)).toFixed(3)} (of ${judged.length})  first eight relevant ${mean(own.map(precision)).toFixed(3)}${ranked.length ? `  reciprocal rank ${mean(ranked).toFixed(3)}` : ''}`);
    if (name === 'jiedu') {
      for (const row of judged) verdict(recall(row) === 1, `${kind} ${row.query}: found ${row.found.length} of ${row.relevant.size}`);
      for (const row of own.filter(r => r.wanted)) verdict(row.found[0] === row.wanted, `${kind} ${row.query}: first is ${row.found[0]}`);
    }
  }
  const sizes = rows.map(row => row.bytes);
  console.log(`${name.padEnd(13)} first query reads ${quantile(sizes, 0.5)} bytes (median), ${quantile(sizes, 0.9)} (nine in ten), ${Math.max(...sizes)} (most); ${quantile(rows.map(r => r.requests), 0.9)} requests`);
  if (name === 'jiedu') for (const row of rows) verdict(row.bytes <= BUDGET, `${row.kind} ${row.query} reads ${row.bytes} bytes`);
}
await browser.close();
server.close();
fs.rmSync(output, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
