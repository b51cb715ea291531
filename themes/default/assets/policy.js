/* 渐进增强：按日期查适用版本；征求意见剩余天数按读者的日期更新。关闭脚本时，表格和日期仍可读。 */
(function (d) {
  'use strict';
  function all(s, c) { return [].slice.call((c || d).querySelectorAll(s)); }
  function fill(t, v) { return t.replace(/\{(\w+)\}/g, function (m, k) { return k in v ? v[k] : m; }); }
  function said(day) { var p = day.split('-'); return +p[0] + '年' + +p[1] + '月' + +p[2] + '日'; }

  all('[data-onday]').forEach(function (form) {
    var input = form.querySelector('input'), answer = form.querySelector('[data-answer]');
    var terms = all('[data-from]', form.parentNode);
    form.hidden = false;
    form.addEventListener('submit', function (e) { e.preventDefault(); });
    input.addEventListener('input', function () {
      var day = input.value, hit = null;
      answer.textContent = '';
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return;
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
