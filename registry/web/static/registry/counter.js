/* The window of the on-site office. A scanner types like a hand, only faster: a burst of keys is taken for a code
   wherever the focus is, never typed into a field, and its Enter sends no form. Then the keys of the family card. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-scan]");
  if (!form) { return; }
  var field = form.querySelector("[data-scan-field]"), place = form.querySelector("[data-scanned]");
  var GAP = 60, LEAST = 8, KEPT = 8; /* ms between keys of a burst; keys that no hand makes so fast; answers in sight */
  var KEPT_AS = "scans:" + form.getAttribute("data-scan"); /* what waits outlasts the page, not the browser */
  var burst = "", last = 0, timer = null, first = null, waiting = kept(), isAsking = false, isTyped = false;

  function kept() {
    try { return JSON.parse(window.sessionStorage.getItem(KEPT_AS)) || []; } catch (error) { return []; }
  }
  function keep() {
    try { window.sessionStorage.setItem(KEPT_AS, JSON.stringify(waiting)); } catch (error) { return; }
  }
  function key() { /* by it a code that is sent twice is taken once */
    return Array.prototype.map.call(window.crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function isWriting(element) {
    return element.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=submit])");
  }
  function isText(element) { return element.matches("textarea, input") && typeof element.selectionStart === "number"; }

  /* ── the burst ── */
  function begin(event) {
    var element = document.activeElement || document.body;
    first = isText(element)
      ? { element: element, value: element.value, from: element.selectionStart, to: element.selectionEnd }
      : { element: element, value: null };
    burst = event.key;
  }
  function restore() {
    if (first.value === null) { return; }
    first.element.value = first.value;
    first.element.setSelectionRange(first.from, first.to);
  }
  function typed() { /* it was a hand after all: what was held back is written where it belonged */
    var text = burst, was = first;
    burst = ""; first = null;
    window.clearTimeout(timer);
    if (text.length === 1) { press(text, was.element); return; }
    if (text.length < 2 || was.value === null) { return; }
    was.element.setRangeText(text, was.from, was.to, "end");
    was.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function finish() {
    var code = burst, was = first;
    burst = ""; first = null;
    window.clearTimeout(timer);
    if (was.element === field) { field.value = ""; }
    if (!isWriting(was.element)) { field.focus(); }
    waiting.push({ code: code, once: key() });
    keep();
    ask();
  }
  function settle() { if (burst.length >= LEAST) { finish(); } else if (burst) { typed(); } }

  document.addEventListener("keydown", function (event) {
    var isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !event.isComposing;
    var isFast = burst && event.timeStamp - last < GAP;
    if (event.key === "Shift") { return; }
    if (isPlain && event.key.length === 1 && event.key !== " ") {
      if (isFast) {
        event.preventDefault();
        if (burst.length === 1) { restore(); }
        burst += event.key;
      } else {
        settle();
        begin(event);
      }
      last = event.timeStamp;
      window.clearTimeout(timer);
      timer = window.setTimeout(settle, GAP * 2);
      return;
    }
    if (event.key === "Enter" && isFast && burst.length >= LEAST) {
      event.preventDefault();
      event.stopPropagation();
      finish();
      return;
    }
    settle();
    keys(event);
  }, true);

  /* ── the answers, one after the other; without a connection codes wait and are sent later ── */
  function ask() {
    if (isAsking || !waiting.length) { return; }
    isAsking = true;
    var body = new FormData();
    body.append("code", waiting[0].code);
    body.append("once", waiting[0].once);
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    window.fetch(form.getAttribute("data-scan"), { method: "POST", body: body, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.text();
      })
      .then(function (html) {
        waiting.shift();
        keep();
        isAsking = false;
        show(html);
        ask();
      })
      .catch(function () {
        isAsking = false;
        say("未能连接服务器，" + waiting.length + "个码已记下，连接后自动补记。");
        window.setTimeout(ask, 2000);
      });
  }
  function show(html) {
    var parsed = new DOMParser().parseFromString(html, "text/html").querySelector(".say"), url;
    if (!parsed) { return; }
    all("[data-scanned] .offline").forEach(function (line) { line.remove(); });
    place.insertBefore(parsed, place.firstChild);
    while (place.children.length > KEPT) { place.lastChild.remove(); }
    url = parsed.getAttribute("data-url");
    if (!url) { return; }
    if (isTyped || all("[data-scanned] .say").length > 1) {
      var link = document.createElement("a");
      link.href = url;
      link.textContent = "打开这一家";
      parsed.appendChild(link);
      return;
    }
    window.setTimeout(function () {
      if (!isTyped && !burst && !waiting.length && place.firstChild === parsed) { window.location.assign(url); }
    }, 300);
  }
  function say(text) {
    var line = place.querySelector(".offline") || document.createElement("p");
    line.className = "say bad offline";
    line.textContent = text;
    place.insertBefore(line, place.firstChild);
  }
  document.addEventListener("input", function (event) { if (event.target !== field) { isTyped = true; } });

  /* ── the keys of the window: digits tick a paper, space ticks all, Esc clears, F4 leads to the field ── */
  function press(key, element) {
    var boxes = all("input[data-tick='" + key + "']");
    if (isWriting(element) || !boxes.length) { return; }
    var isOn = boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = !isOn; });
    isTyped = true;
  }
  function keys(event) {
    var element = document.activeElement || document.body, lines = all("a[data-pick-line]");
    var marked = document.querySelector("[data-key='" + event.key + "']");
    if (/^F[0-9]+$/.test(event.key) && marked) {
      event.preventDefault();
      marked.click();
    } else if (event.key === "F4") {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape") {
      var back = document.querySelector("a[data-back]");
      if (back) { window.location.assign(back.href); } else { field.value = ""; field.focus(); }
    } else if (event.key === " " && !isWriting(element) && !element.matches("input") && all("input[data-tick]").length) {
      event.preventDefault();
      all("input[data-tick]").forEach(function (box) { box.checked = true; });
      isTyped = true;
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && lines.length && !element.matches("select")) {
      var at = lines.indexOf(element), next = lines[at + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      (next || (event.key === "ArrowUp" ? field : element)).focus();
    }
  }
  if (waiting.length) { ask(); }
  document.addEventListener("keyup", function (event) {
    if (event.key === " " && document.activeElement && document.activeElement.matches("[data-primary]")) {
      event.preventDefault();
    }
  });
})();
