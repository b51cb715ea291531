/* 渐进增强：按日期查适用版本；征求意见剩余天数按读者的日期更新。关闭脚本时，表格和日期仍可读。 */
(function (d) {
  'use strict';
  function all(s, c) { return [].slice.call((c || d).querySelectorAll(s)); }
  function fill(t, v) { return t.replace(/\{(\w+)\}/g, function (m, k) { return k in v ? v[k] : m; }); }
  function said(day) { var p = day.split('-'); return +p[0] + '年' + +p[1] + '月' + +p[2] + '日'; }

  all('[data-onday]').forEach(function (form) {
    var parts = all('input', form), answer = form.querySelector('[data-answer]');
    var terms = all('[data-from]', form.parentNode);
    var today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10).split('-');
    form.hidden = false;
    parts.forEach(function (p, i) { p.value = +today[i]; });
    form.addEventListener('submit', function (e) {
      e.preventDefault();
      var n = parts.map(function (p) { return +p.value.normalize('NFKC').trim(); }), hit = null;
      var date = new Date(Date.UTC(n[0], n[1] - 1, n[2])), day = isNaN(date) ? '' : date.toISOString().slice(0, 10);
      var bad = !(n[0] >= 1900 && n[0] <= 9999) || date.getUTCMonth() !== n[1] - 1 || date.getUTCDate() !== n[2];
      answer.textContent = '';
      parts.forEach(function (p) { if (bad) p.setAttribute('aria-invalid', 'true'); else p.removeAttribute('aria-invalid'); });
      if (bad) { answer.textContent = answer.dataset.bad; parts[0].focus(); return; }
      terms.forEach(function (a) {
        if (a.dataset.from <= day && (!a.dataset.until || day <= a.dataset.until)) hit = a;
      });
      if (!hit) { answer.textContent = fill(answer.dataset.none, { day: said(day) }); return; }
      var link = d.createElement('a');
      link.href = hit.getAttribute('href');
      link.textContent = fill(answer.dataset.is, { day: said(day), n: hit.textContent.replace(/\D/g, '') });
      answer.appendChild(link);
    });
  });

  all('[data-left]').forEach(function (p) {
    /* 北京时间的今天 */
    var now = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10), until = p.dataset.left;
    var left = Math.round((Date.parse(until) - Date.parse(now)) / 864e5);
    if (left < 0) {
      p.textContent = '征求意见已于' + said(until) + '截止';
      var tag = p.parentNode.querySelector('.tag');
      if (tag) { tag.textContent = '已截止'; tag.className = 'tag warn'; }
    }
    else p.textContent = left ? '还有' + left + '天截止' : '今天截止';
  });
})(document);
