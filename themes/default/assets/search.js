/* 全文检索：取字对所在文档的交集，再到文档里逐字核对。只在检索页按需加载。 */
(function (d, w) {
  'use strict';
  var form = d.getElementById('search'), box = d.getElementById('results'), list = box.querySelector('ol'), say = box.querySelector('[role=status]'),
    more = box.querySelector('button'), words = box.dataset, base = form.dataset.index, root = form.dataset.root, tail = '?v=' + form.dataset.version,
    kept = {}, run = 0, A = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  function get(path) {
    return kept[path] || (kept[path] = fetch(base + path + tail).then(function (r) { if (!r.ok) throw new Error(path); return r.json(); }));
  }
  /* 与建索引时相同：去空白，全角变半角，各种括号变圆括号，小写 */
  function fold(text) {
    var out = '', at = [];
    for (var i = 0; i < text.length; i++) {
      var c = text[i], n = text.charCodeAt(i);
      if (/\s/.test(c)) continue;
      if (n > 0xff00 && n < 0xff5f) c = String.fromCharCode(n - 0xfee0);
      c = /[\[{【〔﹝]/.test(c) ? '(' : /[\]}】〕﹞]/.test(c) ? ')' : /[A-Z]/.test(c) ? c.toLowerCase() : c;
      out += c; at.push(i);
    }
    at.push(text.length);
    return { text: out, at: at };
  }
  function key(s) { return /^[0-9a-z\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+$/.test(s); }
  /* 覆盖整个词的字对，最多六个 */
  function keys(word) {
    var all = [], i, picked = {};
    for (i = 0; i < word.length - 1; i++) if (key(word.substr(i, 2))) all.push(word.substr(i, 2));
    if (!all.length) for (i = 0; i < word.length; i++) if (key(word[i])) all.push(word[i]);
    for (i = 0; i < 6 && all.length; i++) picked[all[Math.round(i * (all.length - 1) / 5)]] = 1;
    return Object.keys(picked);
  }
  function place(s, n) {
    var h = 0x811c9dc5;
    for (var i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193) >>> 0;
    return h % n;
  }
  function ids(list, docs) {
    var rest = list[0] === '!', out = new Uint8Array(docs), next = 0, gap = 0, shift = 0;
    for (var i = rest ? 1 : 0; i < list.length; i++) {
      var v = A.indexOf(list[i]);
      gap += (v & 31) << shift; shift += 5;
      if (v < 32) { out[next + gap] = 1; next += gap + 1; gap = shift = 0; }
    }
    if (rest) for (i = 0; i < docs; i++) out[i] ^= 1;
    return out;
  }
  function candidates(terms) {
    return get('index.json').then(function (index) {
      var wanted = [];
      terms.forEach(function (t) { keys(t).forEach(function (k) { if (wanted.indexOf(k) < 0) wanted.push(k); }); });
      if (!wanted.length) return [];
      return Promise.all(wanted.map(function (k) {
        return get('s/' + place(k, index.shards) + '.json').then(function (shard) {
          var v = (shard[k] || '|').split('|');
          return [ids(v[0], index.docs), ids(v[1], index.docs)];
        });
      })).then(function (lists) {
        var first = [], then = [];
        for (var i = 0; i < index.docs; i++) {
          if (lists.every(function (l) { return l[0][i]; })) first.push(i);
          else if (lists.every(function (l) { return l[0][i] || l[1][i]; })) then.push(i);
        }
        return first.concat(then);
      });
    });
  }
  /* 逐字核对：每个词都要在标题、文号或某一段里出现 */
  function check(id, terms, part, seen) {
    return get('d/' + id + (part ? '-' + part : '') + '.json').then(function (doc) {
      terms.forEach(function (t, n) {
        if (!part && !seen[n] && (fold(doc.title).text.indexOf(t) > -1 || fold(doc.number).text.indexOf(t) > -1)) seen[n] = { title: 1 };
        if (!seen[n] || seen[n].title) for (var i = 0; i < doc.text.length; i++) {
          var f = fold(doc.text[i][2]), at = f.text.indexOf(t);
          if (at > -1) { seen[n] = { p: doc.text[i], from: f.at[at], to: f.at[at + t.length - 1] + 1 }; break; }
        }
      });
      var all = terms.every(function (t, n) { return seen[n]; });
      if (all && seen.some(function (s) { return s.p; }) || part + 1 >= doc.parts) return all ? doc : null;
      return check(id, terms, part + 1, seen);
    });
  }
  function el(name, text, parent, cls) {
    var e = d.createElement(name);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    if (parent) parent.appendChild(e);
    return e;
  }
  function show(doc, seen) {
    var li = el('li', '', list), hit = seen.filter(function (s) { return s.p; })[0], a = el('a', doc.title, el('h3', '', li)), by = el('p', '', li, 'by'), p, s;
    a.href = root + doc.url;
    el('span', doc.kind === 'policy' ? words.policy : doc.form || words.interpretation, by, 'tag');
    el('span', doc.number, by); el('time', doc.date, by).dateTime = doc.date;
    if (!hit) return;
    p = el('p', '', li); s = hit.p[2];
    p.appendChild(d.createTextNode((hit.from > 30 ? '……' : '') + s.slice(Math.max(0, hit.from - 30), hit.from)));
    el('mark', s.slice(hit.from, hit.to), p);
    p.appendChild(d.createTextNode(s.slice(hit.to, hit.to + 60) + (hit.to + 60 < s.length ? '…… ' : ' ')));
    if (hit.p[0]) { a = el('a', hit.p[1] ? words.go + hit.p[1] : words.here, p, 'pad'); a.href = root + doc.url + '#' + hit.p[0]; }
  }
  function start(push) {
    var q = form.q.value.trim(), mine = ++run, terms = q.split(/\s+/).map(function (t) { return fold(t).text; }).filter(Boolean), next = 0, shown = 0, all = [];
    /* 文号里的空白不算分隔 */
    if (terms.length > 1 && /\d号?$/.test(fold(q).text) && /\(\d{4}\)/.test(fold(q).text)) terms = [fold(q).text];
    if (push) { var u = new URL(w.location.href); u.search = ''; [].forEach.call(form.elements, function (x) { if (x.name && x.value) u.searchParams.set(x.name, x.value); }); w.history.pushState(null, '', u); }
    list.textContent = ''; more.hidden = true; box.hidden = !terms.length;
    if (!terms.length) return;
    say.textContent = words.wait;
    function ok(doc) {
      return (!form.kind.value || doc.kind === form.kind.value) && (!form.year.value || doc.date.slice(0, 4) === form.year.value) && (!form.subject.value || doc.subject === form.subject.value);
    }
    function batch(limit) {
      if (mine !== run) return;
      if (next >= all.length || shown >= limit) {
        more.hidden = next >= all.length;
        say.textContent = shown ? words.found.replace('{n}', shown) + (more.hidden ? '' : words.partly) : words.none;
        return;
      }
      var part = all.slice(next, next + 4); next += 4;
      Promise.all(part.map(function (id) { var seen = []; return check(id, terms, 0, seen).then(function (doc) { return doc && ok(doc) && { doc: doc, seen: seen }; }); })).then(function (hits) {
        if (mine !== run) return;
        hits.forEach(function (h) { if (h) { shown++; show(h.doc, h.seen); } });
        batch(limit);
      }).catch(fail);
    }
    function fail() { if (mine === run) say.textContent = words.failed; }
    candidates(terms).then(function (found) { if (mine !== run) return; all = found; batch(4); }).catch(fail);
    more.onclick = function () { batch(shown + 10); };
  }
  function read() {
    var p = new URLSearchParams(w.location.search);
    [].forEach.call(form.elements, function (x) { if (x.name) x.value = p.get(x.name) || ''; });
    start(false);
  }
  form.addEventListener('submit', function (e) { e.preventDefault(); start(true); });
  form.addEventListener('change', function (e) { if (e.target.tagName === 'SELECT') start(true); });
  w.addEventListener('popstate', read);
  read();
})(document, window);
