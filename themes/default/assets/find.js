/* 从检索结果来：标出检索词。折叠方法与建索引时相同。 */
(function (d, w) {
 'use strict';
 var DROP = /[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe1f\ufe30-\ufe6f\ufeff\uff5f-\uff65\uffe0-\uffe6\ufff0-\uffff]/;
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
 /* 打开文件时标出检索词 */
 function markFound(word) {
  var main = d.getElementById('main'), start = w.location.hash && d.getElementById(decodeURIComponent(w.location.hash.slice(1))),
   walk = d.createTreeWalker(main, 4, null), nodes = [], text = '', node, hit, first;
  while ((node = walk.nextNode())) {
   if (start && !start.contains(node) && !(start.compareDocumentPosition(node) & 4)) continue;
   if (node.parentNode.closest('.vh,[aria-hidden],script,.gloss')) continue;
   nodes.push([node, text.length]); text += node.data;
  }
  hit = find(text, fold(word.slice(0, 200)).text);
  if (!hit || !(hit.marks[0][1] > hit.marks[0][0])) return;
  nodes.forEach(function (n) {
   var from = Math.max(0, hit.marks[0][0] - n[1]), to = Math.min(n[0].data.length, hit.marks[0][1] - n[1]), part, m;
   if (from >= to) return;
   part = n[0].splitText(from); part.splitText(to - from);
   m = d.createElement('mark'); part.parentNode.replaceChild(m, part); m.appendChild(part);
   first = first || m;
  });
  first.scrollIntoView({ block: 'center' });
 }
 markFound(new URLSearchParams(w.location.search).get('find'));
})(document, window);
