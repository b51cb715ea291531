/* 相近检索：逐字查不到时，按字对和近义词给文件打分（BM25），标题、相连的字对从重。 */
(function (w, d) {
 'use strict';
 var KEYS = 40, BYTES = 100000, DOCS = 16;
 /* 问句的开头、结尾和虚词：不参加检索，只把前后隔开 */
 var ASK = /(?:请问一?下?|我想问|我想|想问一下|想知道|咨询一?下?|帮我查|查一?下|为什么|为啥|怎么办|怎么样|怎样|怎么|如何|咋办|咋样|咋|是不是|是否|有没有|能不能|可不可以|可以|能否|会不会|要不要|需不需要|需要|应该|应当怎么|什么时候|什么样|是什么|什么|哪里|哪儿|哪些|哪个|哪种|哪|多少|几个|几种|谁来|谁|吗|呢|吧|啊|呀|嘛|么|了|的|地|得|我们|我|你们|你|他们|他|咱|俺|自己|一下|这个|那个|这|那|和|与|及|或者|或|在|从|到|把|被|对|给|让|想|要是|如果|关于|有关|的话|有啥|啥)/g;

 w.jieduNear = function (T, index, ctx, q, exact, seen) {
  var byKey = {}, loads = {};
  function words(text) { return text.split(/[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u3020\uff00-\uff0f\uff1a-\uff20]+/).filter(Boolean); }
  function segments(text) { return words(text.replace(ASK, ' ')).map(t => T.fold(t).text).filter(Boolean); }
  function key(k) { return (loads[k] = loads[k] || T.shard(k, index)); }
  /* 一个字对：在标题、名目、正文各部分里的位置 */
  function lists(k) {
   if (byKey[k]) return byKey[k];
   return (byKey[k] = key(k).then(function (fields) {
    var two = k.length > 1, out = { title: new Uint8Array(index.parts), text: new Uint8Array(index.parts), pieces: [] };
    fields.forEach(function (text, f) {
     var into = f < 1 ? out.title : out.text, one;
     if (text[0] !== '~') { T.each(text, 0, two, function (id, m) { into[id] |= f === 1 ? 63 : m; }); return; }
     one = T.long(text);
     /* 太常见的字对帮不上忙，也不去取 */
     if (one.count < index.parts / 3) one.starts.forEach((start, n) => out.pieces.push(() => T.piece(one.file + n).then(t => T.each(t, start, two, (id, m) => { into[id] |= m; }))));
    });
    return Promise.all(out.pieces.slice(0, 12).map(load => T.spent < BYTES && load())).then(() => out);
   }));
  }
  /* 一个词：它的字对都在，位置相连；部分之内为 1，标题里另记 */
  function phrase(word) {
   var at = [], i;
   for (i = 0; i < word.length - 1; i += 2) at.push(i);
   if (word.length > 2 && word.length % 2) at.push(word.length - 2);
   if (word.length < 2) at = [0];
   if (at.length > 4) at = [0, at[at.length >> 1], at[at.length - 1]];
   return Promise.all(at.map(i => lists(word.substr(i, 2)))).then(function (all) {
    var title = new Uint8Array(index.parts), text = new Uint8Array(index.parts), j, n, a, b;
    for (j = 0; j < index.parts; j++) {
     a = b = 63;
     for (n = 0; n < all.length && (a || b); n++) { a &= T.turn(all[n].title[j], at[n]); b &= T.turn(all[n].text[j], at[n]); }
     title[j] = a && 1; text[j] = b && 1;
    }
    return { title: title, text: text };
   });
  }
  function tally(hit) {
   var docs = {}, j, n = 0, k;
   for (j = 0; j < index.parts; j++) if (hit.title[j] || hit.text[j]) {
    k = ctx.of[j];
    if (!docs[k]) { docs[k] = [0, 0, j]; n++; }
    if (hit.title[j]) docs[k][0] = 1;
    if (hit.text[j]) { docs[k][1]++; }
   }
   return { docs: docs, df: n, text: hit.text };
  }
  function idf(df) { return Math.log(1 + (index.documents - df + 0.5) / (df + 0.5)); }

  return T.get('w.bin').then(function (known) {
   var segs = segments(q), whole = T.fold(q).text, groups = [], asked = [], done = {}, pairs = [];
   segs.forEach(function (s, g) {
    if (s.length < 2) { pairs.push({ word: s, weight: 0.4, at: g * 1000 }); return; }
    for (var i = 0; i < s.length - 1; i++) pairs.push({ word: s.substr(i, 2), weight: 1, at: g * 1000 + i, first: s[i], last: s[i + 1] });
   });
   /* 近义词：问到的词换成别的说法，整词计分；长的说法先认，已认过的字不再认 */
   var found = [];
   known.same.forEach(function (line) { line.forEach(function (word, n) { var at = whole.indexOf(T.fold(word).text); if (at >= 0 && (!n || word.length > 1)) found.push([word, line, at]); }); });
   found.sort((a, b) => b[0].length - a[0].length);
   found.forEach(function (x) {
    var word = T.fold(x[0]).text, i, covered = true;
    for (i = 0; i < word.length; i++) if (!done[x[2] + i] || done[x[2] + i] === word) covered = false;
    if (covered) return;
    for (i = 0; i < word.length; i++) done[x[2] + i] = word;
    x[1].forEach(function (other) { other = T.fold(other).text; if (other !== word && other.length > 1 && whole.indexOf(other) < 0) groups.push({ of: word, word: other }); });
   });
   asked = pairs.slice(0, KEYS).map(p => phrase(p.word).then(tally).then(t => Object.assign(p, t)));
   return Promise.all(asked).then(function () {
    /* 库里没有的字对（错别字）：改用单字 */
    var singles = {};
    pairs.forEach(function (p) { if (p.df === 0 && p.first) { singles[p.first] = singles[p.last] = 1; } });
    return Promise.all(Object.keys(singles).slice(0, 10).map(c => phrase(c).then(tally).then(t => pairs.push(Object.assign({ word: c, weight: 0.3, single: true }, t)))));
   }).then(function () {
    return Promise.all(groups.slice(0, 60).map(g => T.spent < BYTES ? phrase(g.word).then(tally).then(t => Object.assign(g, t)) : null));
   }).then(function () {
    var scores = {}, best = {}, average = index.parts / index.documents, top = [], total = 0;
    function add(docs, weight, into) {
     Object.keys(docs).forEach(function (k) {
      var x = docs[k], n = x[1], length = partsOf(+k);
      var s = weight * ((x[0] ? 1.6 : 0) + (n ? 2.2 * n / (n + 1.2 * (0.6 + 0.4 * length / average)) : 0));
      if (into) into[k] = Math.max(into[k] || 0, s); else scores[k] = (scores[k] || 0) + s;
     });
    }
    function partsOf(doc) { return (doc + 1 < ctx.first.length ? ctx.first[doc + 1] : index.parts) - ctx.first[doc]; }
    pairs.forEach(function (p) { if (p.df) add(p.docs, p.weight * idf(p.df)); total += p.weight * idf(p.df || 0); });
    /* 相连的两个字对：三个字连着 */
    pairs.forEach(function (p, i) {
     var next = pairs[i + 1];
     if (!next || next.at !== p.at + 1 || !p.df || !next.df) return;
     var both = {}, n = 0;
     Object.keys(p.docs).forEach(function (k) { if (next.docs[k]) { both[k] = [p.docs[k][0] && next.docs[k][0], Math.min(p.docs[k][1], next.docs[k][1])]; n++; } });
     add(both, 0.35 * idf(n));
    });
    var alike = {};
    groups.forEach(function (g) { if (g.df) { alike[g.of] = alike[g.of] || {}; add(g.docs, 0.9 * idf(g.df) * Math.min(1.6, 0.7 + g.word.length / 6), alike[g.of]); } });
    Object.keys(alike).forEach(function (of) { Object.keys(alike[of]).forEach(function (k) { scores[k] = (scores[k] || 0) + alike[of][k]; }); });
    /* 解读、问答对题，所解读的文件也对题 */
    Object.keys(scores).forEach(function (k) {
     var owner = ctx.policy[k];
     if (owner !== +k && owner >= 0) scores[owner] = Math.max(scores[owner] || 0, scores[k] * 1.001);
    });
    Object.keys(scores).forEach(function (k) { if (ctx.allowed[k] && !(seen && seen[ctx.first[k]])) top.push([+k, scores[k]]); });
    top.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    var floor = top.length ? top[0][1] * 0.22 : 0, least = exact ? total * 0.5 : total * 0.12;
    top = top.filter(x => x[1] >= floor && x[1] >= least).slice(0, DOCS);
    return Promise.all(top.map(function (x, i) {
     if (i > 7 && T.spent > BYTES * 1.4) return null;
     return T.part(bestPart(x[0])).then(doc => ({ doc: doc, score: x[1], hits: marks(doc) }));
    })).then(function (hits) {
     return { hits: hits.filter(x => x && T.fits(x.doc)), suggest: suggest };
    });

    function bestPart(doc) {
     var from = ctx.first[doc], to = from + partsOf(doc), top = from, most = -1, j, s;
     for (j = from; j < to; j++) {
      s = 0;
      pairs.concat(groups).forEach(function (p) { if (p.df && p.text[j]) s += idf(p.df) * (p.weight || 1); });
      if (s > most) { most = s; top = j; }
     }
     return top;
    }
    /* 选最对题的一段，标出其中的词 */
    function marks(doc) {
     var wanted = pairs.concat(groups).filter(p => p.df && !p.single).map(p => ({ word: p.word, value: idf(p.df) * (p.weight || 1) })), top = null, most = 0, title = spots(doc.title, wanted), out = [];
     doc.text.forEach(function (one) {
      var s = spots(one[2], wanted);
      if (s.value > most) { most = s.value; top = { field: 2, text: one[2], anchor: one[0], name: one[1], marks: s.marks }; }
     });
     if (title.marks.length) out.push({ field: 0, text: doc.title, marks: title.marks });
     if (top) out.push(top);
     return out;
    }
   });

   function spots(text, wanted) {
    var f = T.fold(text), value = 0, on = [], out = [], i;
    wanted.forEach(function (x) {
     var at = f.text.indexOf(x.word);
     if (at >= 0) value += x.value;
     while (at >= 0) { for (i = 0; i < x.word.length; i++) on[f.at[at + i]] = 1; at = f.text.indexOf(x.word, at + 1); }
    });
    for (i = 0; i < text.length; i++) if (on[i] && !on[i - 1]) { var to = i; while (on[to]) to++; out.push([i, to]); }
    return { value: value, marks: out };
   }
   /* 没有逐字查到：哪些词查得到，还可以去哪里 */
   function suggest(count) {
    var box = T.aside, kept = T.words, good = segs.filter((s, i, all) => s.length > 1 && s !== whole && all.indexOf(s) === i), p;
    Promise.all(good.slice(0, 6).map(s => phrase(s).then(tally).then(t => t.df && s))).then(function (list) {
     list = list.filter(Boolean);
     if (list.length) {
      p = T.el('p', kept.try, box, 'chips');
      list.forEach(function (s) { T.el('a', s, p).href = '?q=' + encodeURIComponent(s); });
     }
     if (!count) [].forEach.call(d.querySelectorAll('#search-help > *'), x => box.appendChild(x.cloneNode(true)));
    });
   }
  });
 };
})(window, document);
