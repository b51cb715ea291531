/* 渐进增强：目录、征求意见剩余天数、打印时的日期。 */
(function (d, w) {
 'use strict';
 function all(s, c) { return [].slice.call((c || d).querySelectorAll(s)); }
 function fill(t, v) { return t.replace(/\{(\w+)\}/g, function (m, k) { return k in v ? v[k] : m; }); }
 var today = new Date(Date.now() + 288e5).toISOString().slice(0, 10);
 all('[data-left]').forEach(function (p) {
  var left = Math.round((Date.parse(p.dataset.left) - Date.parse(today)) / 864e5);
  if (left < 0 || today < p.dataset.opens) p.remove();
  else p.textContent = left ? fill(p.dataset.words, { n: left }) : p.dataset.last;
 });

 /* 目录：宽屏展开，并标出当前条文 */
 all('[data-wide]').forEach(function (x) { x.open = w.matchMedia('(min-width:1024px)').matches; });
 var toc = d.querySelector('.toc nav');
 if (toc && 'IntersectionObserver' in w) {
  var io = new IntersectionObserver(function (es) {
   es.forEach(function (e) {
    var a = e.isIntersecting && toc.querySelector('a[href="#' + e.target.id + '"]');
    if (!a) return;
    all('a[aria-current]', toc).forEach(function (x) { x.removeAttribute('aria-current'); });
    a.setAttribute('aria-current', 'location');
   });
  }, { rootMargin: '-8% 0px -78% 0px' });
  all('a[href^="#"]', toc).forEach(function (a) { var t = d.getElementById(a.hash.slice(1)); if (t) io.observe(t); });
 }

 /* 打印：每张页边写明状态、版本、网址和打印日期 */
 w.addEventListener('beforeprint', function () {
  var line = d.querySelector('.pline'), b = d.querySelector('.status b'), s = d.styleSheets[0], text;
  if (!line) return;
  all('[data-printed]').forEach(function (x) { x.textContent = fill(x.dataset.printed, { date: new Date(Date.now() + 288e5).toISOString().slice(0, 10) }); });
  text = ((b ? b.textContent + ' · ' : '') + line.textContent).replace(/["\\\n]/g, ' ');
  s.insertRule('@media print{@page gw{@top-center{content:"' + text + '";font:8pt sans-serif;color:#555}}}', s.cssRules.length);
 });
})(document, window);
