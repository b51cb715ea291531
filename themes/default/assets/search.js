/* 全文检索：字对的表求交集，核对位置，再逐字核对原文。带着检索词打开文件时标出它。 */
(function (d, w) {
  'use strict';
  var A = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', LONGEST = 200, KEYS = 6, BATCH = 8, READ = 12,
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
    return i < 0 ? null : { text: text, from: f.at[i], to: f.at[i + word.length - 1] + 1 };
  }
  function el(name, text, parent, cls) {
    var e = d.createElement(name);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    if (parent) parent.appendChild(e);
    return e;
  }

  /* 打开文件时标出检索词 */
  function markFound(word) {
    var main = d.getElementById('main'), start = w.location.hash && d.getElementById(decodeURIComponent(w.location.hash.slice(1))),
      walk = d.createTreeWalker(main, 4, null), nodes = [], text = '', node, hit, first;
    while ((node = walk.nextNode())) {
      if (start && !start.contains(node) && !(start.compareDocumentPosition(node) & 4)) continue;
      if (node.parentNode.closest('.vh,[aria-hidden],script,.gloss')) continue;
      nodes.push([node, text.length]); text += node.data;
    }
    hit = find(text, fold(word.slice(0, LONGEST)).text);
    if (!hit || hit.from === hit.to) return;
    nodes.forEach(function (n) {
      var from = Math.max(0, hit.from - n[1]), to = Math.min(n[0].data.length, hit.to - n[1]), part, m;
      if (from >= to) return;
      part = n[0].splitText(from); part.splitText(to - from);
      m = el('mark'); part.parentNode.replaceChild(m, part); m.appendChild(part);
      first = first || m;
    });
    first.scrollIntoView({ block: 'center' });
  }
  var form = d.getElementById('search');
  if (!form) { var f = new URLSearchParams(w.location.search).get('find'); if (f) markFound(f); return; }

  var box = d.getElementById('results'), list = box.querySelector('ol'), say = box.querySelector('[role=status]'), more = box.querySelector('button'),
    words = box.dataset, base = form.dataset.index, root = form.dataset.root, tail = '?v=' + form.dataset.version, kept = {}, reads = 0, run = 0;

  function get(path) {
    if (kept[path]) return kept[path];
    if (path[0] === 'd') reads++;
    return (kept[path] = fetch(base + path + tail).then(function (r) { if (!r.ok) throw new Error(path); return r.json(); }));
  }
  function place(s, n) {
    var h = 0x811c9dc5;
    for (var i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193) >>> 0;
    return h % n;
  }
  /* 逐项读一个表：编号和位置（对六取余） */
  function each(text, start, places, put) {
    var next = 0, i = 0, gap, shift, v;
    if (text[0] === '!') { for (i = 1; i < text.length; i++) if ((v = A.indexOf(text[i]))) put(start + i - 1, v); return; }
    while (i < text.length) {
      gap = shift = 0;
      do { v = A.indexOf(text[i++]); gap += (v & 31) * Math.pow(2, shift); shift += 5; } while (v > 31);
      next += gap; put(next, places ? A.indexOf(text[i++]) : 63); next++;
    }
  }
  function turn(m, by) { by %= 6; return (m >> by | m << 6 - by) & 63; }

  /* 一个词在三处（标题、文号、正文）的候选 */
  function Term(word) { this.word = word; }
  Term.prototype.load = function (index) {
    var self = this, keys = {}, n = self.word.length, i, at;
    for (i = 0; i < KEYS; i++) { at = Math.round(i * Math.max(0, n - 2) / (KEYS - 1)); keys[at] = self.word.substr(at, 2); }
    return Promise.all(Object.keys(keys).map(function (at) {
      return get('s/' + place(keys[at], index.shards) + '.json').then(function (shard) { return { at: +at, two: keys[at].length > 1, lists: (shard[keys[at]] || '||').split('|') }; });
    })).then(function (found) {
      self.fields = [0, 1, 2].map(function (f) {
        var field = { acc: null, long: [], count: 0, short: 0 };
        found.forEach(function (k) {
          var text = k.lists[f], one;
          if (text[0] === '~') {
            one = text.slice(1).split(';');
            field.long.push({ at: k.at, two: k.two, file: +one[0], starts: one[1].split(',').map(Number) });
            return;
          }
          one = new Uint8Array(index.parts); field.count = 0;
          each(text, 0, k.two, function (id, m) { one[id] = (field.acc ? field.acc[id] : 63) & turn(m, k.at); if (one[id]) field.count++; });
          field.acc = one; field.short++;
        });
        return field;
      });
    });
  };
  /* 一段编号里的候选；短表不够分辨时才取长表 */
  Term.prototype.within = function (f, from, to) {
    var field = this.fields[f], acc = new Uint8Array(to - from), some = false, low = from, high = to - 1, i;
    for (i = from; i < to; i++) if ((acc[i - from] = field.acc ? field.acc[i] : 63)) { if (!some) low = i; some = true; high = i; }
    function ids() { var out = []; for (var j = 0; j < acc.length; j++) if (acc[j]) out.push(from + j); return out; }
    if (!some || !field.long.length || field.short > 2 || field.acc && field.count < 9) return Promise.resolve(ids());
    return Promise.all(field.long.map(function (long) {
      var one = new Uint8Array(to - from), wanted = [];
      long.starts.forEach(function (start, n) { if (start <= high && (n + 1 === long.starts.length || long.starts[n + 1] > low)) wanted.push(n); });
      return Promise.all(wanted.map(function (n) {
        return get('h/' + (long.file + n) + '.json').then(function (text) {
          each(text, long.starts[n], long.two, function (id, m) { if (id >= from && id < to) one[id - from] = turn(m, long.at); });
        });
      })).then(function () { for (var j = 0; j < one.length; j++) acc[j] &= one[j]; });
    })).then(ids);
  };

  function filters() {
    return ['kind', 'year', 'subject', 'force'].map(function (n) { return { name: n, value: form[n] ? form[n].value : '' }; }).filter(function (x) { return x.value; });
  }
  /* 几个词、或者有筛选时，要知道每份文件有几部分 */
  function context(index, terms) {
    var chosen = filters();
    if (terms.length < 2 && !chosen.length) return Promise.resolve({ index: index });
    return Promise.all([get('map.json')].concat(chosen.map(function (x) {
      var n = (index.facets[x.name] || []).indexOf(x.value);
      return n < 0 ? '' : get('f/' + x.name + '-' + n + '.json');
    }))).then(function (all) {
      var of = new Uint32Array(index.parts), allowed = new Uint8Array(index.documents).fill(1), doc = 0, part = 0, n = 0, shift = 0, i, v;
      for (i = 0; i < all[0].length; i++) {
        v = A.indexOf(all[0][i]); n += (v & 31) * Math.pow(2, shift); shift += 5;
        if (v < 32) { while (n--) of[part++] = doc; doc++; n = shift = 0; }
      }
      all.slice(1).forEach(function (text) {
        var one = new Uint8Array(index.documents);
        each(text, 0, false, function (id) { one[id] = 1; });
        for (i = 0; i < one.length; i++) allowed[i] &= one[i];
      });
      return { index: index, of: of, allowed: allowed };
    });
  }

  function show(doc, hits) {
    var li = el('li', '', list), a = el('a', '', el('h3', '', li)), by = el('p', '', li, 'by'), hit, force, p;
    function cut(parent, h, before, after) {
      parent.appendChild(d.createTextNode((h.from > before ? '……' : '') + h.text.slice(Math.max(0, h.from - before), h.from)));
      el('mark', h.text.slice(h.from, h.to), parent);
      parent.appendChild(d.createTextNode(h.text.slice(h.to, h.to + after) + (h.to + after < h.text.length ? '……' : '')));
    }
    function at(f) { return hits.filter(function (h) { return h.field === f; })[0]; }
    var title = at(0), number = at(1); hit = at(2);
    a.href = root + doc.url;
    if (title) cut(a, title, 999, 999); else a.textContent = doc.title;
    el('span', doc.kind === 'policy' ? words.policy : doc.form || words.interpretation, by, 'tag');
    force = form.force && form.force.querySelector('option[value="' + doc.force + '"]');
    if (force && doc.kind === 'policy') el('span', force.textContent, by, 'tag');
    if (number) cut(el('span', '', by), number, 99, 99); else el('span', doc.number, by);
    el('time', doc.date, by).dateTime = doc.date;
    if (!hit) return a;
    p = el('p', '', li); cut(p, hit, 30, 60);
    if (hit.anchor) {
      p.appendChild(d.createTextNode(' '));
      el('a', hit.name ? words.go + hit.name : words.here, p, 'pad').href = root + doc.url + '?find=' + encodeURIComponent(hit.text.slice(hit.from, hit.to)) + '#' + hit.anchor;
    }
    return a;
  }
  /* 到原文里核对一个词；parts 是可能有它的部分 */
  function check(term, parts, exact) {
    var next = parts.shift();
    if (!next) return null;
    return get('d/' + next[0] + '.json').then(function (doc) {
      var f = next[1], i, hit = null;
      if (f < 2) { hit = find(f ? doc.number : doc.title, term.word); if (hit && exact && fold(doc.number).text !== term.word) hit = null; }
      else for (i = 0; i < doc.text.length && !hit; i++) if ((hit = find(doc.text[i][2], term.word))) { hit.anchor = doc.text[i][0]; hit.name = doc.text[i][1]; }
      if (!hit) return check(term, parts, exact);
      hit.field = f;
      return { doc: doc, hit: hit };
    });
  }
  function search(terms, ctx, passes) {
    var seen = {}, pass = 0, from = 0, size = 1024, queue = [], total = ctx.index.parts;
    function refill() {
      if (!queue.length && from >= total) { pass++; from = 0; size = 1024; }
      if (queue.length || pass >= passes.length) return Promise.resolve();
      var start = from, to = Math.min(total, start + size);
      if (ctx.of) while (to < total && ctx.of[to] === ctx.of[to - 1]) to++;
      from = to; size *= 2;
      return Promise.all(terms.map(function (t) {
        return Promise.all(passes[pass].fields.map(function (f) { return t.within(f, start, to); })).then(function (found) {
          var docs = {};
          found.forEach(function (ids, n) { ids.forEach(function (id) { var k = ctx.of ? ctx.of[id] : id; (docs[k] = docs[k] || []).push([id, passes[pass].fields[n]]); }); });
          return docs;
        });
      })).then(function (found) {
        Object.keys(found[0]).forEach(function (k) {
          if (ctx.allowed && !ctx.allowed[k]) return;
          if (found.every(function (docs) { return docs[k]; })) queue.push(found.map(function (docs) { return docs[k]; }));
        });
        return queue.length ? null : refill();
      });
    }
    return {
      done: function () { return !queue.length && (pass >= passes.length || pass + 1 === passes.length && from >= total); },
      next: function (most) {
        return refill().then(function () {
          queue = queue.filter(function (unit) { return !seen[unit[0][0][0]]; });
          var exact = passes[pass] && passes[pass].exact;
          return Promise.all(queue.splice(0, Math.min(4, most)).map(function (unit) {
            return Promise.all(unit.map(function (parts, n) { return check(terms[n], parts.slice(), exact); })).then(function (hits) { return hits.every(Boolean) && hits; });
          }));
        }).then(function (all) {
          return all.filter(function (hits) {
            if (!hits || seen[hits[0].doc.first]) return false;
            for (var i = 0, doc = hits[0].doc; i < doc.parts; i++) seen[doc.first + i] = 1;
            return true;
          });
        });
      }
    };
  }
  function start(push) {
    var q = form.q.value.trim(), mine = ++run, shown = 0, terms = q.split(/\s+/), number = /[(\[{〔【（［﹝]/.test(q) && /^\D{1,20}\d{5,}号?$/.test(fold(q).text), passes;
    if (number || fold(q).text.length < 2) terms = [q];
    terms = terms.map(function (t) { return fold(t).text.slice(0, LONGEST); }).filter(function (t, i, all) { return t && all.indexOf(t) === i; }).map(function (t) { return new Term(t); });
    if (push) { var u = new URL(w.location.href); u.search = ''; [].forEach.call(form.elements, function (x) { if (x.name && x.value) u.searchParams.set(x.name, x.value); }); w.history.pushState(null, '', u); }
    list.textContent = ''; more.hidden = true; box.hidden = !q;
    if (!q) return;
    if (!terms.length) { say.textContent = words.empty; return; }
    passes = terms.length > 1 ? [{ fields: [0] }, { fields: [0, 1, 2] }] : [{ fields: [0] }, { fields: [1] }, { fields: [2] }];
    if (number && terms.length === 1) passes.unshift({ fields: [1], exact: true });
    function batch(found, limit, begun, focus) {
      if (mine !== run) return;
      if (found.done() || shown >= limit || shown > begun.shown && reads - begun.reads >= READ) {
        more.hidden = found.done(); box.setAttribute('aria-busy', 'false');
        say.textContent = shown ? words.found.replace('{n}', shown) + (more.hidden ? '' : words.partly) : words.none;
        more.onclick = function () { box.setAttribute('aria-busy', 'true'); batch(found, shown + 10, { shown: shown, reads: reads }, true); };
        return;
      }
      found.next(limit - shown).then(function (all) {
        if (mine !== run) return;
        all.forEach(function (hits) {
          var a = show(hits[0].doc, hits.map(function (h) { return h.hit; }));
          shown++;
          if (focus) { a.focus(); focus = false; }
        });
        batch(found, limit, begun, focus);
      }).catch(fail);
    }
    function fail() { if (mine === run) { say.textContent = words.failed; box.setAttribute('aria-busy', 'false'); } }
    say.textContent = words.wait; box.setAttribute('aria-busy', 'true');
    get('index.json').then(function (index) {
      return Promise.all([context(index, terms)].concat(terms.map(function (t) { return t.load(index); }))).then(function (all) {
        if (mine === run) batch(search(terms, all[0], passes), BATCH, { shown: 0, reads: reads }, false);
      });
    }).catch(fail);
  }
  function read(keep) {
    var p = new URLSearchParams(w.location.search);
    [].forEach.call(form.elements, function (x) { if (x.name) x.value = p.get(x.name) || (keep === 1 ? x.value : ''); });
    start(false);
  }
  form.addEventListener('submit', function (e) { e.preventDefault(); start(true); });
  form.addEventListener('change', function (e) { if (e.target.tagName === 'SELECT') start(true); });
  w.addEventListener('popstate', read);
  read(1);
})(document, window);
