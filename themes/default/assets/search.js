/* 全文检索：先逐字查找（字对的表求交集，核对位置，再核对原文），不足时由 near.js 查相近的。 */
(function (d, w) {
 'use strict';
 var A = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', LONGEST = 200, KEYS = 6, WORDS = 8, BATCH = 8, BYTES = 90000, WINDOW = 4096,
  DROP = /[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe1f\ufe30-\ufe6f\ufeff\uff5f-\uff65\uffe0-\uffe6\ufff0-\uffff]/;

 /* 与建索引时相同：去空白和标点，全角变半角，小写；at 记原来的位置 */
 function fold(text) {
  var out = '', at = [];
  for (var i = 0; i < text.length; i++) {
   var n = text.charCodeAt(i);
   if (n > 0xff00 && n < 0xff5f) n -= 0xfee0;
   if (DROP.test(String.fromCharCode(n))) continue;
   if (n > 64 && n < 91) n += 32;
   if (n >= 0xd800 && n < 0xe000) n += 0x800;
   out += String.fromCharCode(n); at.push(i);
  }
  return { text: out, at: at };
 }
 function find(text, word) {
  var f = fold(text), i = f.text.indexOf(word);
  return i < 0 ? null : { text: text, marks: [[f.at[i], f.at[i + word.length - 1] + 1]] };
 }
 function el(name, text, parent, cls) {
  var e = d.createElement(name);
  if (text) e.textContent = text;
  if (cls) e.className = cls;
  if (parent) parent.appendChild(e);
  return e;
 }

 var form = d.getElementById('search');

 var list = d.getElementById('results'), box = d.getElementById('found'), say = box.querySelector('[role=status]'), more = box.querySelector('button'),
  aside = d.getElementById('suggest'), words = box.dataset, base = form.dataset.index, root = form.dataset.root, tail = '?v=' + form.dataset.version, kept = {}, T = { spent: 0 }, run = 0,
  today = new Date(Date.now() + 288e5).toISOString().slice(0, 10);

 /* 取一个索引文件，记下字节数；.bin 是压缩的 */
 function get(path) {
  return (kept[path] = kept[path] || fetch(base + path + tail).then(function (r) { if (!r.ok) throw new Error(path); return r.arrayBuffer(); })
   .then(function (b) {
    T.spent += b.byteLength;
    return /bin$/.test(path) ? new Response(new Blob([b]).stream().pipeThrough(new DecompressionStream('deflate'))).text() : new TextDecoder().decode(b);
   }).then(JSON.parse));
 }
 function place(s, n) {
  var h = 0x811c9dc5;
  for (var i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193) >>> 0;
  return h % n;
 }
 function shard(key, index) { return get('s/' + place(key, index.shards) + '.bin').then(s => (s[key] || '||').split('|')); }
 function piece(n) { return get('h/' + (n >> 2) + '.bin').then(all => all[n & 3]); }
 /* 一份文件的一部分 */
 function part(id) {
  return get('d/' + (id >> 2) + '.bin').then(function (pack) {
   var p = pack.p[id & 3], doc = Object.assign({ text: p[1], part: id }, pack.d[p[0]]);
   (doc.days || []).forEach(function (x, i) { if (!i || x[0] <= today) doc.force = x[1]; });
   return doc;
  });
 }
 /* 逐项读一个表：编号和位置（对六取余） */
 function each(text, start, places, put) {
  var next = 0, i = 0, gap, shift, v;
  if (text[0] === '!') {
   for (i = 1; i < text.length; i++) {
    v = A.indexOf(text[i]);
    if (places) { if (v) put(start + i - 1, v); } else for (gap = 0; gap < 6; gap++) if (v >> gap & 1) put(start + i * 6 - 6 + gap, 63);
   }
   return;
  }
  while (i < text.length) {
   gap = shift = 0;
   do { v = A.indexOf(text[i++]); gap += (v & 31) * Math.pow(2, shift); shift += 5; } while (v > 31);
   next += gap; put(next, places ? A.indexOf(text[i++]) : 63); next++;
  }
 }
 function turn(m, by) { by %= 6; return (m >> by | m << 6 - by) & 63; }
 function long(text) { var one = text.slice(1).split(';'); return { file: +one[0], count: +one[1], starts: one[2].split(',').map(Number) }; }

 /* 一个词在三处（标题、文号、正文）的候选；用最少见的几个字对，常见的字对只在不够时才用 */
 function Term(word) { this.word = word; }
 Term.prototype.load = function (index, most) {
  var self = this, n = self.word.length, all = [], rare, keys = {}, i, at, two;
  for (i = 0; i < Math.max(1, n - 1); i++) {
   two = self.word.substr(i, 2); at = two.length > 1 ? index.common.indexOf(two) : -1;
   while (at % 2 > 0) at = index.common.indexOf(two, at + 1);
   all.push({ at: i, rank: at < 0 ? 1e9 : at });
  }
  rare = all.filter(k => k.rank > 1e8);
  if (rare.length < 2) rare = all.sort((a, b) => b.rank - a.rank);
  else for (i = 1; i < most && rare.length > most; i++) rare[i] = rare[Math.round(i * (rare.length - 1) / (most - 1))];
  rare.slice(0, most).forEach(function (k) { keys[self.word.substr(k.at, 2)] = k.at; });
  return Promise.all(Object.keys(keys).map(function (key) {
   return shard(key, index).then(lists => ({ at: keys[key], two: key.length > 1, lists: lists }));
  })).then(function (found) {
   self.fields = [0, 1, 2].map(function (f) {
    var field = { acc: null, long: [], short: 0 };
    found.forEach(function (k) {
     var text = k.lists[f], one;
     if (text[0] === '~') { field.long.push(Object.assign({ at: k.at, two: k.two }, long(text))); return; }
     one = new Uint8Array(index.parts);
     each(text, 0, k.two, function (id, m) { one[id] = (field.acc ? field.acc[id] : 63) & turn(m, k.at); });
     field.acc = one; field.short++;
    });
    field.long.sort((a, b) => a.count - b.count);
    return field;
   });
  });
 };
 /* 一段编号里的候选；从最少见的长表取起，候选够少就不再取 */
 Term.prototype.within = function (f, from, to) {
  var field = this.fields[f], acc = new Uint8Array(to - from), i;
  for (i = from; i < to; i++) acc[i - from] = field.acc ? field.acc[i] : 63;
  function any(low, high) { for (var j = Math.max(from, low); j < Math.min(to, high); j++) if (acc[j - from]) return true; return false; }
  function narrow(next) {
   var ids = [], lists = field.long.slice(next, next + 2);
   for (i = from; i < to; i++) if (acc[i - from]) ids.push(i);
   if (!lists.length || field.short > 2 || ids.length < (field.acc || next ? BATCH : 1)) return ids;
   return Promise.all(lists.map(function (long) {
    var one = new Uint8Array(to - from);
    return Promise.all(long.starts.map(function (start, n) {
     return any(start, n + 1 < long.starts.length ? long.starts[n + 1] : to) && piece(long.file + n).then(function (text) {
      each(text, start, long.two, function (id, m) { if (id >= from && id < to) one[id - from] = turn(m, long.at); });
     });
    })).then(function () { for (var j = 0; j < one.length; j++) acc[j] &= one[j]; });
   })).then(() => narrow(next + 2));
  }
  return Promise.resolve(narrow(0));
 };

 function value(n) { return form.elements[n] ? form.elements[n].value.trim() : ''; }
 function filters() { return ['kind', 'year', 'subject', 'force', 'issuer'].map(n => ({ name: n, value: value(n) })).filter(x => x.value); }
 function filtered() { return filters().length || value('from') || value('to'); }
 /* 打开以后才知道的：日期，按读者当天的有效性 */
 function fits(doc) {
  return (!value('from') || doc.date >= value('from')) && (!value('to') || doc.date <= value('to')) && (!value('force') || doc.force === value('force'));
 }
 /* 几个词、有筛选、或者查相近的时，要知道每份文件有几部分、属于哪份政策文件 */
 function context(index, all) {
  var chosen = filters(), from = value('from').slice(0, 4), to = value('to').slice(0, 4);
  if (!all && !filtered()) return Promise.resolve({ index: index });
  function facet(name, v) { var n = (index.facets[name] || []).indexOf(v); return n < 0 ? '' : get('f/' + name + '-' + n + '.json'); }
  return Promise.all([get('map.bin'),
   from || to ? Promise.all((index.facets.year || []).filter(y => (!from || y >= from) && (!to || y <= to)).map(y => facet('year', y))) : null
  ].concat(chosen.map(x => facet(x.name, x.value)))).then(function (all) {
   var of = new Uint32Array(index.parts), first = [], policy = [], allowed = new Uint8Array(index.documents).fill(1), doc = 0, n = 0, id = 0, shift = 0, i, j, v;
   for (i = 0; i < all[0][0].length; i++) {
    v = A.indexOf(all[0][0][i]); n += (v & 31) * Math.pow(2, shift); shift += 5;
    if (v < 32) { first.push(id); while (n--) of[id++] = doc; doc++; n = shift = 0; }
   }
   doc = 0;
   for (i = 0; i < all[0][1].length; i++) {
    v = A.indexOf(all[0][1][i]); n += (v & 31) * Math.pow(2, shift); shift += 5;
    if (v < 32) { policy.push(n & 1 ? doc - (n + 1 >> 1) : doc + (n >> 1)); doc++; n = shift = 0; }
   }
   function limit(lists) {
    var one = new Uint8Array(index.documents);
    lists.forEach(text => each(text, 0, false, id => { one[id] = 1; }));
    for (j = 0; j < one.length; j++) allowed[j] &= one[j];
   }
   if (all[1]) limit(all[1]);
   all.slice(2).forEach(text => limit([text]));
   return { index: index, of: of, first: first, policy: policy, allowed: allowed };
  });
 }

 /* 写出一项；hits 是标题（0）、文号（1）、正文（2）里的命中 */
 function show(doc, hits, near) {
  var li = el('li', '', list), a = el('a', '', el('h3', '', li)), by = el('p', '', li, 'by'), hit, force, p;
  function cut(parent, h, before, after) {
   var at = Math.max(0, h.marks[0][0] - before), end = Math.min(h.text.length, h.marks[0][1] + after);
   parent.appendChild(d.createTextNode(at ? '……' : ''));
   h.marks.forEach(function (m) {
    if (m[0] < at || m[1] > end) return;
    parent.appendChild(d.createTextNode(h.text.slice(at, m[0])));
    el('mark', h.text.slice(m[0], m[1]), parent); at = m[1];
   });
   parent.appendChild(d.createTextNode(h.text.slice(at, end) + (end < h.text.length ? '……' : '')));
  }
  function at(f) { return hits.filter(h => h.field === f)[0]; }
  var title = at(0), number = at(1); hit = at(2);
  a.href = root + doc.url;
  if (title && title.text === doc.title) cut(a, title, 999, 999); else a.textContent = doc.title;
  if (near) el('span', words.near, by, 'tag link');
  el('span', doc.form || words[doc.kind], by, 'tag');
  force = form.force && form.force.querySelector('option[value="' + doc.force + '"]');
  if (force && doc.kind === 'policy') el('span', force.textContent, by, 'tag');
  if (number && number.text === doc.number) cut(el('span', '', by), number, 99, 99); else el('span', doc.number, by);
  if (number && number.text !== doc.number) cut(el('span', '', by), number, 99, 99);
  el('time', doc.date, by).dateTime = doc.date;
  if (!hit) return a;
  p = el('p', '', li); cut(p, hit, 30, 60);
  p.appendChild(d.createTextNode(' '));
  el('a', hit.name ? words.go + hit.name : words.here, p, 'pad').href = root + doc.url + (hit.anchor === 'attachments' ? '' : '?find=' + encodeURIComponent(hit.text.slice(hit.marks[0][0], hit.marks[0][1]))) + (hit.anchor && '#' + hit.anchor);
  return a;
 }
 /* 到原文里核对一个词；parts 是可能有它的部分 */
 function check(term, parts, exact) {
  var next = parts.shift();
  if (!next) return null;
  return part(next[0]).then(function (doc) {
   var f = next[1], i, hit = null, names = f ? [doc.number].concat(doc.ids) : [doc.title, doc.pinyin];
   if (f < 2) { for (i = 0; i < names.length && !hit; i++) if (names[i] && (!exact || fold(names[i]).text === term.word)) hit = find(names[i], term.word); }
   else for (i = 0; i < doc.text.length && !hit; i++) if ((hit = find(doc.text[i][2], term.word))) { hit.anchor = doc.text[i][0]; hit.name = doc.text[i][1]; }
   if (!hit) return check(term, parts, exact);
   hit.field = f;
   return { doc: doc, hit: hit };
  });
 }
 function search(terms, ctx, passes) {
  var seen = {}, pass = 0, from = 0, size = 1024, queue = [], total = ctx.index.parts;
  /* 一次只看一段，由外面决定是否继续 */
  function refill() {
   if (!queue.length && from >= total) { pass++; from = 0; size = 1024; }
   if (queue.length || pass >= passes.length) return Promise.resolve();
   var start = from, to = Math.min(total, start + size);
   if (ctx.of) while (to < total && ctx.of[to] === ctx.of[to - 1]) to++;
   from = to; size = Math.min(WINDOW, size * 2);
   return Promise.all(terms.map(function (t) {
    return Promise.all(passes[pass].fields.map(f => t.within(f, start, to))).then(function (found) {
     var docs = {};
     found.forEach(function (ids, n) { ids.forEach(function (id) { var k = ctx.of ? ctx.of[id] : id; (docs[k] = docs[k] || []).push([id, passes[pass].fields[n]]); }); });
     return docs;
    });
   })).then(function (found) {
    Object.keys(found[0]).forEach(function (k) {
     if (ctx.allowed && !ctx.allowed[k]) return;
     if (found.every(docs => docs[k])) queue.push(found.map(docs => docs[k]));
    });
   });
  }
  return {
   seen: seen,
   done: () => !queue.length && (pass >= passes.length || pass + 1 === passes.length && from >= total),
   next: function (most) {
    return refill().then(function () {
     queue = queue.filter(unit => !seen[unit[0][0][0]]);
     var exact = passes[pass] && passes[pass].exact;
     return Promise.all(queue.splice(0, Math.min(terms.length > 1 ? 2 : 4, most)).map(function (unit) {
      return Promise.all(unit.map((parts, n) => check(terms[n], parts.slice(), exact))).then(hits => hits.every(Boolean) && hits);
     }));
    }).then(function (all) {
     return all.filter(function (hits) {
      if (!hits || seen[hits[0].doc.first] || !fits(hits[0].doc)) return false;
      for (var i = 0, doc = hits[0].doc; i < doc.parts; i++) seen[doc.first + i] = 1;
      return true;
     });
    });
   }
  };
 }
 /* 只筛选，不检索 */
 function browse(ctx) {
  var queue = ctx.first.filter((id, doc) => ctx.allowed[doc]);
  return {
   done: () => !queue.length,
   next: most => Promise.all(queue.splice(0, Math.min(4, most)).map(part)).then(docs => docs.filter(fits).map(doc => [{ doc: doc, hit: { field: -1 } }]))
  };
 }
 /* 文号的几种写法：(2026)第1号、2026年第1号，与〔2026〕1号相同；繁体变简体 */
 function number(q) {
  return q.replace(/[(\[{〔【（［﹝]?\s*([0-9０-９]{4})\s*[)\]}〕】）］﹞]?\s*(?:年\s*)?(?:第\s*)?[0０]*([0-9０-９]{1,5})\s*[号號]/g, '$1$2号');
 }
 function plain(q) {
  var han = q.match(/[\u3400-\u9fff]/g) || [], gb = new TextDecoder('gb2312'), known = {}, i, j;
  if (!han.length) return Promise.resolve(q);
  for (i = 0xb0; i < 0xf8; i++) for (j = 0xa1; j < 0xff; j++) known[gb.decode(Uint8Array.of(i, j))] = 1;
  return han.every(c => known[c]) ? Promise.resolve(q) : get('t.bin').then(t => q.replace(/[\u3400-\u9fff]/g, function (c) { var n = t[0].indexOf(c); return n < 0 ? c : t[1][n]; }));
 }
 Object.assign(T, { get: get, shard: shard, piece: piece, part: part, each: each, turn: turn, long: long, fold: fold, el: el, words: words, root: root, aside: aside, fits: fits });

 function address() {
  var u = new URL(w.location.href); u.search = '';
  [].forEach.call(form.elements, function (x) { if (x.name && x.value) u.searchParams.set(x.name, x.value); });
  return u;
 }
 function start(push) {
  var typed = value('q'), mine = ++run, begun = T.spent;
  if (push) w.history.pushState(null, '', address());
  list.textContent = aside.textContent = ''; list.removeAttribute('data-mode'); more.hidden = true; box.hidden = !typed && !value('num') && !filtered();
  if (box.hidden) return;
  say.textContent = words.wait; list.setAttribute('aria-busy', 'true');
  plain(number(value('num') || typed)).then(function (q) { return q.trim() || !typed ? ask(q) : null; }).catch(fail);

  function fail() { if (mine === run) { say.textContent = words.failed; list.setAttribute('aria-busy', 'false'); } }
  function finish(mode, text) { list.dataset.mode = mode; list.setAttribute('aria-busy', 'false'); say.textContent = text; }
  function ask(q) {
   var isNumber = value('num') || /[(\[{〔【（［﹝]/.test(typed) && /^\D{0,20}\d{5,}号?$/.test(fold(q).text), terms = isNumber || fold(q).text.length < 2 ? [q] : q.split(/\s+/), many, passes;
   terms = terms.map(t => fold(t).text.slice(0, LONGEST)).filter((t, i, all) => t && all.indexOf(t) === i);
   many = terms.length > WORDS ? words.many : '';
   terms = terms.slice(0, WORDS).map(t => new Term(t));
   if (typed && !terms.length) { finish('none', words.empty); return; }
   passes = value('sort') ? [{ fields: [0, 1, 2] }] : terms.length > 1 ? [{ fields: [0] }, { fields: [0, 1, 2] }] : [{ fields: [0] }, { fields: [1] }, { fields: [2] }];
   if (value('num')) passes = [{ fields: [1] }];
   if (isNumber && terms.length === 1) passes.unshift({ fields: [1], exact: true });
   return get('index.json').then(function (index) {
    return Promise.all([context(index, terms.length !== 1)].concat(terms.map(t => t.load(index, Math.max(2, KEYS - terms.length + 1))))).then(function (all) {
     var ctx = all[0], found = terms.length ? search(terms, ctx, passes) : browse(ctx), shown = 0;
     function batch(limit, begun, focus) {
      if (mine !== run) return;
      if (found.done() || shown >= limit || T.spent - begun > BYTES) {
       more.hidden = found.done();
       more.onclick = function () { list.setAttribute('aria-busy', 'true'); batch(shown + 10, T.spent, true); };
       if (found.done() && shown < BATCH && terms.length && !value('num')) return near(shown);
       finish(shown ? 'exact' : 'none', (shown ? words.found.replace('{n}', shown) + (more.hidden ? '' : words.partly) : more.hidden ? words.none : words.later) + many);
       return;
      }
      return found.next(limit - shown).then(function (all) {
       if (mine !== run) return;
       all.forEach(function (hits) {
        var a = show(hits[0].doc, hits.map(h => h.hit));
        shown++;
        if (focus) { a.focus(); focus = false; }
       });
       return batch(limit, begun, focus);
      });
     }
     /* 逐字查到的不足一屏：再查相近的 */
     function near(exact) {
      return script(form.dataset.near).then(() => context(index, true)).then(function (ctx) {
       return w.jieduNear(T, index, ctx, q, exact, found.seen).then(function (answer) {
        if (mine !== run) return;
        var rest = answer.hits, count = 0;
        if (value('sort')) rest.sort((a, b) => (a.doc.date < b.doc.date ? 1 : -1));
        rest.slice(0, BATCH - exact).forEach(function (x) { show(x.doc, x.hits, true); count++; });
        finish(exact ? 'exact' : count ? 'near' : 'none', exact ? words.found.replace('{n}', exact) + (count ? words.also.replace('{n}', count) : '') + many : (count ? words.close.replace('{n}', count) : words.none) + many);
        if (!exact) answer.suggest(count);
       });
      });
     }
     return batch(BATCH, begun, false);
    });
   }).catch(fail);
  }
 }
 function script(src) {
  return w.jieduNear ? Promise.resolve() : new Promise(function (done, failed) { var s = el('script'); s.src = src; s.onload = done; s.onerror = failed; d.head.appendChild(s); });
 }
 function read(keep) {
  var p = new URLSearchParams(w.location.search);
  [].forEach.call(form.elements, function (x) { if (x.name) x.value = p.get(x.name) || (keep === 1 ? x.value : ''); });
  if (value('num') || value('from') || value('to')) form.querySelector('details').open = true;
  start(false);
 }
 form.addEventListener('submit', function (e) { e.preventDefault(); start(true); });
 form.addEventListener('change', function (e) { if (e.target.tagName === 'SELECT') start(true); });
 w.addEventListener('popstate', read);
 read(1);
})(document, window);
