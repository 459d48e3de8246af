/* The one script of the registry. Every page works without it: what follows only saves steps. */
(function () {
  "use strict";

  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function on(type, act, capture) { document.addEventListener(type, act, capture || false); }

  /* ── 楼盘表: arrow keys move between cells as they lie on the screen; the chosen cell keeps the ring ── */
  var STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function neighbour(link, step) {
    var here = link.getBoundingClientRect(), best = null, least = Infinity;
    var x = here.left + Math.min(here.width, 60) / 2, y = here.top + here.height / 2;
    all("td.u a", link.closest("table")).forEach(function (other) {
      if (other === link) { return; }
      var there = other.getBoundingClientRect();
      var dx = step[0] ? (step[0] > 0 ? there.left - here.right : here.left - there.right) : away(x, there.left, there.right);
      var dy = step[1] ? (step[1] > 0 ? there.top - here.bottom : here.top - there.bottom) : away(y, there.top, there.bottom);
      var ahead = step[0] ? dx : dy, aside = step[0] ? dy : dx;
      if (ahead < -2 || aside > 2) { return; }
      if (ahead < least) { least = ahead; best = other; }
    });
    return best;
  }
  function away(point, from, to) { return point < from ? from - point : point > to ? point - to : 0; }

  on("keydown", function (event) {
    var step = STEPS[event.key];
    var link = step && !event.altKey && !event.ctrlKey && !event.metaKey && event.target.closest(".lp td.u a");
    var next = link && neighbour(link, step);
    if (next) { event.preventDefault(); next.focus(); }
  });

  on("click", function (event) {
    var link = event.target.closest("[data-grid] .lp td.u a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    all(".lp td.sel").forEach(function (cell) {
      cell.classList.remove("sel");
      cell.firstElementChild.removeAttribute("aria-current");
    });
    link.parentNode.classList.add("sel");
    link.setAttribute("aria-current", "true");
  });

  /* ── choosing rows: all of the page, a range with shift, the count on the button ── */
  var last = null;

  function count() {
    var chosen = all("input[name=unit]:checked").length;
    all("[data-chosen]").forEach(function (place) { place.textContent = chosen; });
  }
  on("click", function (event) {
    var box = event.target;
    if (!box.matches("input[type=checkbox][name=unit]")) { return; }
    if (event.shiftKey && last) {
      var boxes = all("input[type=checkbox][name=unit]");
      var ends = [boxes.indexOf(last), boxes.indexOf(box)].sort(function (a, b) { return a - b; });
      boxes.slice(ends[0], ends[1] + 1).forEach(function (one) { one.checked = box.checked; });
    }
    last = box;
    count();
  });

  on("change", function (event) {
    var field = event.target;
    if (field.matches("[data-all]")) {
      all(field.getAttribute("data-all")).forEach(function (one) { one.checked = field.checked; });
      count();
    }
    if (field.matches(".choice input")) {
      all(".choice", field.form).forEach(function (one) { one.classList.toggle("on", one.contains(field)); });
    }
    if (field.matches("form.auto select, form.auto input[type=checkbox], form.auto input[type=radio]")) {
      field.form.submit();
    }
  });

  /* ── a form is sent once; a download lets it go again ── */
  on("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 4000);
  });

  /* ── htmx: what could not be shown in place is shown as a page; no connection is said in words ── */
  on("htmx:responseError", function (event) {
    var asked = event.detail.requestConfig;
    if (asked && asked.verb === "get") { window.location.assign(asked.path); }
  });
  on("htmx:sendError", function (event) {
    var place = event.detail.target;
    if (!place) { return; }
    var line = document.createElement("p");
    line.className = "say bad";
    line.textContent = "没有连上服务器，内容没有更新。请检查网络后再点一次。";
    place.insertBefore(line, place.firstChild);
  });

  on("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  var errors = document.querySelector(".errors[tabindex]");
  if (errors) { errors.focus(); }
  count();
})();
