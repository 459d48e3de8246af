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

  function cellOf(event) { return event.target.closest && event.target.closest(".lp td.u a"); }
  function unitOf(link) { return (/[?&]unit=(\d+)/.exec(link.href) || ["", ""])[1]; }
  function isPlain(event) { return !event.altKey && !event.ctrlKey && !event.metaKey; }

  on("keydown", function (event) {
    var link = STEPS[event.key] && isPlain(event) && cellOf(event);
    var next = link && neighbour(link, STEPS[event.key]);
    if (event.key === "Escape") { choose([]); }
    if (!next) { return; }
    event.preventDefault();
    if (event.shiftKey) { corner = cornerFrom(link); reach(next); }
    next.focus();
  });

  /* the panel of the chosen unit comes alone; the address names the unit, so that going back finds it again */
  on("click", function (event) {
    var link = cellOf(event), grid = link && link.closest("[data-grid]");
    if (!grid || !window.htmx || event.shiftKey || !isPlain(event)) { return; }
    event.preventDefault();
    all("td.sel", grid).forEach(function (cell) {
      cell.classList.remove("sel");
      cell.firstElementChild.removeAttribute("aria-current");
    });
    link.parentNode.classList.add("sel");
    link.setAttribute("aria-current", "true");
    window.history.replaceState(null, "", link.href);
    var address = grid.getAttribute("data-grid").replace("/0/panel/", "/" + unitOf(link) + "/panel/");
    window.htmx.ajax("GET", address, { source: grid, target: "#unit-panel", swap: "innerHTML" });
  });

  /* ── the folded end of the bar closes when one looks elsewhere ── */
  function fold(event) {
    all(".bar .more[open], .menu[open]").forEach(function (menu) {
      if (event.type === "click" ? !menu.contains(event.target) : event.key === "Escape") { menu.open = false; }
    });
  }
  on("click", fold);
  on("keydown", fold);

  /* ── a block of cells: drag over them, or hold shift with an arrow or a click; Escape lets go ── */
  var bar = document.querySelector("[data-block]"), corner = null, held = null, before = null, isDrag = false;

  function choose(links) {
    var words = {}, order = [];
    if (!bar) { return; }
    all(".lp td.picked").forEach(function (cell) { cell.classList.remove("picked"); });
    links.forEach(function (link) {
      var word = link.querySelector("em").textContent;
      link.parentNode.classList.add("picked");
      if (!words[word]) { words[word] = 0; order.push(word); }
      words[word] += 1;
    });
    bar.hidden = !links.length;
    var parts = order.map(function (word) { return word + words[word]; });
    bar.querySelector("[data-block-said]").textContent = "已选" + links.length + "户：" + parts.join("，");
    all("[data-block-count]", bar).forEach(function (place) { place.textContent = links.length; });
    all("[data-block-units]", bar).forEach(function (place) {
      place.textContent = "";
      links.forEach(function (link) {
        var field = document.createElement("input");
        field.type = "hidden"; field.name = "unit"; field.value = unitOf(link);
        place.appendChild(field);
      });
    });
  }
  function cornerFrom(link) { return bar && corner && document.querySelector(".lp td.picked") ? corner : link; }
  function reach(link) {
    var one = corner.getBoundingClientRect(), two = link.getBoundingClientRect();
    var left = Math.min(one.left, two.left), right = Math.max(one.right, two.right);
    var top = Math.min(one.top, two.top), bottom = Math.max(one.bottom, two.bottom);
    choose(all(".lp td.u a").filter(function (other) {
      var box = other.getBoundingClientRect();
      return box.left < right - 2 && box.right > left + 2 && box.top < bottom - 2 && box.bottom > top + 2;
    }));
  }

  on("pointerdown", function (event) {
    before = cellOf({ target: document.activeElement });
    held = bar && event.button === 0 && event.pointerType !== "touch" && !event.shiftKey ? cellOf(event) : null;
    isDrag = false;
  });
  on("pointermove", function (event) {
    var link = held && cellOf(event);
    if (!link || link === held && !isDrag) { return; }
    isDrag = true;
    corner = held;
    reach(link);
  });
  on("pointerup", function () { held = null; });
  ["dragstart", "selectstart"].forEach(function (type) {
    on(type, function (event) { if (held) { event.preventDefault(); } });
  });
  on("click", function (event) {
    var link = cellOf(event);
    if (event.target.closest("[data-block-clear]")) { choose([]); }
    if (!link || !bar || !(isDrag || event.shiftKey)) { return; }
    event.preventDefault();
    event.stopPropagation();
    if (!isDrag) { corner = cornerFrom(before || link); reach(link); }
    isDrag = false;
  }, true);

  /* ── choosing rows: all of the page, a range with shift, the count on the button ── */
  var last = null;

  function count() {
    var every = document.querySelector("[data-every]:checked");
    var chosen = every ? every.getAttribute("data-every") : all("input[name=unit]:checked").length;
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
    if (field.matches("[data-every]")) { count(); }
    if (field.matches(".choice input")) {
      all(".choice", field.form).forEach(function (one) { one.classList.toggle("on", one.contains(field)); });
    }
    if (field.matches("form.auto select, form.auto input[type=checkbox], form.auto input[type=radio]")) {
      field.form.submit();
    }
  });

  /* ── the number typed must be the number on the page ── */
  function agrees(field, isDone) {
    var fits = Number(field.value) === Number(field.form.getAttribute("data-count"));
    var said = field.parentNode.querySelector("[role=status]");
    if (!said) {
      said = document.createElement("span");
      said.setAttribute("role", "status");
      field.parentNode.appendChild(said);
    }
    said.className = fits ? "note done" : "note late";
    said.textContent = fits ? "与上列数量一致" : !isDone ? "" : field.value ? "与上列数量不一致，请核对" : "请先填写上列数量";
    return fits;
  }
  ["input", "change"].forEach(function (type) {
    on(type, function (event) {
      if (event.target.matches("form[data-count] [name=count]")) { agrees(event.target, type === "change"); }
    });
  });

  /* ── a form is sent once; a download lets it go again ── */
  on("submit", function (event) {
    var form = event.target, typed = form.querySelector("[name=count]");
    if (form.method !== "post") { return; }
    if (form.hasAttribute("data-count") && typed && !agrees(typed, true)) {
      event.preventDefault();
      typed.focus();
      return;
    }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 4000);
  });

  /* ── the search box: / reaches it from anywhere, Esc closes it, arrows go through what was found ── */
  var sought = document.querySelector("[data-search]"), hits = sought && sought.querySelector(".pal");

  function lines() { return hits && !hits.hidden ? all("li a, .none a", hits) : []; }
  function close() { if (hits) { hits.hidden = true; } }
  on("keydown", function (event) {
    if (!sought) { return; }
    var box = sought.querySelector("#q"), isIn = sought.contains(event.target);
    if (event.code === "Slash" && isPlain(event) && !event.shiftKey && !isWriting(event.target)) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape" && isIn) {
      close();
      box.focus();
    } else if (isIn && (event.key === "ArrowDown" || event.key === "ArrowUp") && lines().length) {
      var at = lines().indexOf(event.target), next = lines()[at + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      (next || (event.key === "ArrowUp" ? box : event.target)).focus();
    }
  });
  on("click", function (event) { if (sought && !sought.contains(event.target)) { close(); } });
  on("htmx:afterSwap", function (event) { if (event.target === hits) { hits.hidden = !hits.textContent.trim(); } });
  /* ── one letter carries out what bears it: the match workbench ── */
  on("keydown", function (event) {
    if (!isPlain(event) || event.shiftKey || event.repeat || isTyping(event.target)) { return; }
    var bearer = /^[a-z]$/i.test(event.key) && document.querySelector("[data-key=" + event.key.toLowerCase() + "]");
    if (bearer) { event.preventDefault(); bearer.click(); }
  });
  function isTyping(field) { return isWriting(field) && field.type !== "radio"; }
  function isWriting(field) { return field.matches("input, textarea, select, [contenteditable]"); }

  /* ── a project is picked: those that the text may mean come up under it as one types ── */
  var picking = null;
  on("input", function (event) {
    var box = event.target, field = box.matches("[data-pick]") && box.getAttribute("data-pick");
    if (!field || !window.htmx) { return; }
    window.clearTimeout(picking);
    picking = window.setTimeout(function () {
      var words = { field: field, text: box.value };
      window.htmx.ajax("GET", document.body.getAttribute("data-picks"), { values: words, target: "#picks_" + field });
    }, 300);
  });
  on("change", function (event) {
    var picked = event.target, box = picked.closest(".picks") && picked.closest("form").querySelector("[data-pick]");
    if (box) { box.value = picked.value; }
  });

  /* ── htmx: what could not be shown in place is shown as a page; no connection is said in words ── */
  on("htmx:responseError", function (event) {
    var asked = event.detail.requestConfig;
    if (!asked || asked.verb !== "get") { return; }
    if (event.target.closest("[data-grid]")) { window.location.reload(); } else { window.location.assign(asked.path); }
  });
  on("htmx:sendError", function (event) {
    var place = event.detail.target;
    if (!place) { return; }
    var line = document.createElement("p");
    line.className = "say bad";
    line.textContent = "未能连接服务器，内容未更新。请检查网络后重试。";
    place.insertBefore(line, place.firstChild);
  });

  on("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  var errors = document.querySelector(".errors[tabindex]");
  if (errors) { errors.focus(); }
  count();
  /* ── a file larger than its page takes is told before it is sent ── */
  function isTooLarge(input) {
    var field = input.closest(".field"), file = input.files && input.files[0];
    all(".err.large", field).forEach(function (old) { old.remove(); });
    if (!file || file.size <= Number(input.getAttribute("data-most"))) { return false; }
    tellUnder(field, input.getAttribute("data-said"));
    return true;
  }

  function tellUnder(field, words) {
    var told = document.createElement("p");
    told.className = "err large";
    told.setAttribute("role", "alert");
    told.textContent = words;
    field.appendChild(told);
  }

  /* ── an old workbook (.xls) is told by its first bytes; it may be sent all the same, its refusal is on record ── */
  function tellOld(input) {
    var words = input.getAttribute("data-old"), file = input.files && input.files[0];
    if (!words || !file) { return; }
    file.slice(0, 4).arrayBuffer().then(function (bytes) {
      if (bytes.byteLength === 4 && new DataView(bytes).getUint32(0) === 0xD0CF11E0 && input.files[0] === file) {
        tellUnder(input.closest(".field"), words);
      }
    });
  }

  on("change", function (event) {
    if (event.target.matches("input[type=file][data-most]") && !isTooLarge(event.target)) { tellOld(event.target); }
  });
  on("submit", function (event) {
    if (all("input[type=file][data-most]", event.target).some(isTooLarge)) { event.preventDefault(); }
  }, true);
})();
