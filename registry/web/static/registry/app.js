/* The one script of the registry; every page works without it. */
(function () {
  "use strict";

  // 楼盘表: arrow keys move between cells
  document.addEventListener("keydown", function (event) {
    var link = event.target.closest ? event.target.closest(".lp td.u a") : null;
    var step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!link || !step) { return; }
    var cell = link.parentNode;
    var row = cell.parentNode;
    var index = Array.prototype.indexOf.call(row.children, cell);
    var next = null;
    if (step[0]) {
      var other = step[0] < 0 ? row.previousElementSibling : row.nextElementSibling;
      next = other && other.children[index];
    } else {
      next = step[1] < 0 ? cell.previousElementSibling : cell.nextElementSibling;
      while (next && !next.querySelector("a")) { next = step[1] < 0 ? next.previousElementSibling : next.nextElementSibling; }
    }
    var target = next && next.querySelector("a");
    if (target) { event.preventDefault(); target.focus(); }
  });

  // choosing rows: all, a range with shift, the count on the button
  var last = null;
  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-all]")) {
      document.querySelectorAll(box.getAttribute("data-all")).forEach(function (one) { one.checked = box.checked; });
    }
    if (box.matches("form.auto select, form.auto input[type=checkbox]")) { box.form.submit(); }
    count();
  });
  document.addEventListener("click", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches("input[name=unit]")) { return; }
    if (event.shiftKey && last) {
      var boxes = Array.prototype.slice.call(document.querySelectorAll("input[name=unit]"));
      var from = boxes.indexOf(last), to = boxes.indexOf(box);
      boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = box.checked; });
    }
    last = box;
    count();
  });
  function count() {
    var chosen = document.querySelectorAll("input[name=unit]:checked").length;
    document.querySelectorAll("[data-chosen]").forEach(function (place) { place.textContent = chosen; });
  }

  // print and errors
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
  var errors = document.querySelector(".errors");
  if (errors) { errors.focus(); }
})();
