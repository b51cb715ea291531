// Judges whether the search of the demo answers citizens, in headless Chromium.
//
//   node near.mjs SITE [--held] [--verbose]
//
// SITE is the site that `jiedu demo` builds. Queries are of every kind that readers type: questions, everyday words,
// short names, one wrong character, traditional and full-width forms, numbers in other spellings, index and
// registration numbers, issuers, words of attachments, of old editions, pinyin. Each names the policy that answers
// it; it must be among the first eight results. Half of them (`--held`) were not looked at while the ranking was made.
// Reported are the share of each kind, the reciprocal rank, and the bytes read. Ends with `N passed, N failed`; fails
// below 90 % (pinyin counted apart).
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const BUS = '2025/gongjiao-youhui', BIKE = '2026/gongxiang-danche', FINE = '2026/cailiang-jizhun', MOVE = '2026/chuangkou-qianzhi', DESK = '2025/fuwu-chuangkou', TAXI = '2025/chuzuche-fuwu', OPEN = '2025/jijiaoban-14', TEST = '2025/chuzuche-kaohe';
// Kind, query, policies that answer it. Those after `|` are held back.
const CASES = `
question 老人坐公交要钱吗 ${BUS}
question 残疾人坐公交车免费吗 ${BUS}
question 小孩多高坐公交不要钱 ${BUS}
question 公交卡丢了补一张多少钱 ${BUS}
question 打车东西丢了怎么找 ${TAXI}
question 出租车司机拒载怎么投诉 ${TAXI}
question 政务服务窗口搬到哪里去了 ${MOVE} ${DESK}
question 共享单车可以停在盲道上吗 ${BIKE}
question 跑黑车要罚多少钱 ${FINE}
question 司机考核不合格怎么办 ${TEST}
question 窗口周末上班吗 ${DESK} ${MOVE}
question 对共享单车怎么提意见 ${BIKE}
colloquial 打车绕路 ${TAXI}
colloquial 老年卡 ${BUS}
colloquial 当兵的坐公交 ${BUS}
colloquial 小黄车乱停 ${BIKE}
colloquial 的士不打表 ${TAXI}
colloquial 司机打分 ${TEST}
short 公交优惠办法 ${BUS}
short 共享单车管理办法 ${BIKE}
short 处罚基准 ${FINE}
short 政务公开要点 ${OPEN}
typo 公共汽电车优会乘车 ${BUS}
typo 巡游出租气车服务质量 ${TAXI}
typo 互联网租赁自行本停放 ${BIKE}
typo 行政处罚裁两基准 ${FINE}
traditional 殘疾人免費乘車 ${BUS}
traditional 出租汽車服務質量 ${TAXI}
fullwidth １２３４５市民服务热线 ${DESK} ${MOVE}
fullwidth ＳＬＣＲ－２０２６－０１４０００１ ${BUS}
number (2026)第1号 ${BUS}
number 示交规2026年2号 ${FINE}
number 济交办[2025]14 号 ${OPEN}
index 11990100MB0000019L/2026-00027 ${BIKE}
index SLCR-2025-0140007 ${TAXI}
issuer 公安局 ${TAXI}
issuer 济南市城乡交通运输局 ${OPEN}
old 交接班不拉客 ${TAXI}
pinyin gongjiao ${BUS}
pinyin chuzuche ${TAXI} ${TEST}
|
question 65岁以上老人坐公交车有什么优惠 ${BUS}
question 学生坐公交便宜多少 ${BUS}
question 退役军人乘车优惠吗 ${BUS}
question 出租车不给发票怎么办 ${TAXI}
question 约车多久要有人接单 ${TAXI}
question 窗口几点上班 ${DESK} ${MOVE}
question 交通局办事大厅在哪 ${MOVE} ${DESK}
question 自行车停在消防通道谁来管 ${BIKE}
question 没有客运许可证拉客怎么处罚 ${FINE}
question 对考核结果不服怎么办 ${TEST}
question 地铁口能停共享单车吗 ${BIKE}
question 政策解读要多久公布 ${OPEN}
colloquial 老人家免费坐车 ${BUS}
colloquial 残障人士坐车 ${BUS}
colloquial 打的丢手机 ${TAXI}
colloquial 单车乱停乱放 ${BIKE}
colloquial 罚款标准 ${FINE}
colloquial 娃坐公交 ${BUS}
short 优惠乘车办法 ${BUS}
short 裁量基准 ${FINE}
short 出租车服务办法 ${TAXI}
short 出租车考核办法 ${TEST}
typo 公交优慧 ${BUS}
typo 驾驶员服务质量考合 ${TEST}
typo 政务服务窗口迁只 ${MOVE}
typo 政务公开工做要点 ${OPEN}
traditional 老年人優惠乘車 ${BUS}
traditional 行政處罰裁量基準 ${FINE}
fullwidth 示交规〔２０２５〕７号 ${TAXI}
fullwidth ＷｉＦｉ公交 ${BUS}
number （2025）第7号 ${TAXI}
number 示交通2026-2 ${MOVE}
number 交规〔2025〕2号 ${TEST}
index 2025-00432 ${OPEN}
index SLCR 2026 0140002 ${FINE}
issuer 示例市公安局 ${TAXI}
issuer 市公交集团 ${BUS}
old 出租车驾驶员接单答复 ${TAXI}
pinyin youhuichengche ${BUS}
pinyin zhengwugongkai ${OPEN}
`.trim().split('\n').map(line => line.trim()).reduce((out, line) => {
  if (line === '|') return { ...out, held: true };
  const words = line.split(' '), wanted = words.filter(word => /^\d{4}\/[a-z]/.test(word));
  const [kind, ...query] = words.filter(word => !wanted.includes(word));
  out.list.push({ kind, query: query.join(' '), wanted, held: out.held });
  return out;
}, { list: [], held: false }).list;

const args = process.argv.slice(2), site = path.resolve(args[0] ?? '');
if (!args[0] || !fs.existsSync(path.join(site, 'search/index.html'))) { console.error('usage: node near.mjs SITE [--held] [--verbose]'); process.exit(2); }
const held = args.includes('--held'), verbose = args.includes('--verbose');
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml' };
let bytes = 0;
const server = http.createServer((request, response) => {
  const url = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/+/, '');
  const file = [path.join(site, url), path.join(site, url, 'index.html')].find(one => fs.existsSync(one) && fs.statSync(one).isFile());
  if (!file) { response.writeHead(404); return void response.end(); }
  const body = fs.readFileSync(file);
  if (/^search\/index\//.test(url)) bytes += body.length;
  response.writeHead(200, { 'content-type': TYPES[file.split('.').pop()] ?? 'application/octet-stream', 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'" });
  response.end(body);
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({ executablePath: process.env.CHROME_PATH || '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
const page = await browser.newPage();
await page.setCacheEnabled(false);
const errors = [];
page.on('pageerror', error => errors.push(error.message));

const rows = [];
for (const one of CASES.filter(one => one.held === held)) {
  bytes = 0;
  await page.goto(`${origin}/search/?q=${encodeURIComponent(one.query)}`, { waitUntil: 'load' });
  await page.waitForFunction(() => document.querySelector('#results')?.hasAttribute('data-mode'), { timeout: 60_000, polling: 20 }).catch(() => errors.push(`${one.query}: no answer`));
  const found = await page.$$eval('#results > li', items => items.map(item => decodeURIComponent(new URL(item.querySelector('a[href]').href).pathname.slice(1))));
  const mode = await page.$eval('#results', list => list.dataset.mode);
  const places = one.wanted.map(id => found.indexOf(`policies/${id}/`)).filter(at => at >= 0);
  const rank = places.length ? Math.min(...places) + 1 : Infinity;
  rows.push({ ...one, rank, mode, bytes });
  if (verbose || rank > 8) console.log(`${rank > 8 ? 'MISS' : 'ok  '} ${one.kind.padEnd(11)} ${one.query} rank ${rank} ${mode}${rank > 8 ? ` → ${found.slice(0, 4).join(' ')}` : ''}`);
}
await browser.close();
server.close();
const share = list => (list.length ? list.filter(row => row.rank <= 8).length / list.length : 1);
for (const kind of new Set(rows.map(row => row.kind))) {
  const own = rows.filter(row => row.kind === kind);
  console.log(`${kind.padEnd(12)} ${own.filter(row => row.rank <= 8).length} of ${own.length}, reciprocal rank ${(own.reduce((sum, row) => sum + 1 / row.rank, 0) / own.length).toFixed(3)}`);
}
const judged = rows.filter(row => row.kind !== 'pinyin');
console.log(`first eight: ${(share(judged) * 100).toFixed(1)} % of ${judged.length}; at most ${Math.max(...rows.map(row => row.bytes))} bytes`);
const verdicts = [share(judged) >= 0.9, errors.length === 0, Math.max(...rows.map(row => row.bytes)) <= 150_000];
if (errors.length) console.log(errors.join('\n'));
console.log(`${verdicts.filter(Boolean).length} passed, ${verdicts.filter(ok => !ok).length} failed`);
process.exit(verdicts.every(Boolean) ? 0 : 1);
