/* Nothing typed is lost: drafts kept as one types, the end of the session told, signing in on the spot.
   Every page works without it: the server keeps a form that comes without a session. */
(function () {
  "use strict";

  var KEEP = "/drafts/keep/", AFTER = 1500, NEAR = 120;
  var box = document.querySelector("[data-idle-box]"), idle = Number(document.body.getAttribute("data-idle")) || 0;
  var until = Date.now() + idle * 1000;

  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function token() { var field = document.querySelector("[name=csrfmiddlewaretoken]"); return field ? field.value : ""; }
  function stays() {
    until = Date.now() + idle * 1000;
    try { window.localStorage.setItem("registry.until", String(until)); } catch (error) { /* no storage: this page only */ }
  }
  function send(address, data) {
    return window.fetch(address, {
      method: "POST", body: data, credentials: "same-origin",
      headers: { "X-CSRFToken": token(), "X-In-Place": "1" }
    });
  }

  /* ── a long form is kept as it is typed ── */
  function fieldsOf(form) {
    var data = new URLSearchParams();
    all("input, select, textarea", form).forEach(function (field) {
      var isOff = /^(checkbox|radio)$/.test(field.type) && !field.checked;
      if (!field.name || isOff || field.disabled || /^(file|password|submit|button)$/.test(field.type)) { return; }
      if (field.multiple && field.options) {
        all("option:checked", field).forEach(function (option) { data.append(field.name, option.value); });
      } else if (field.name !== "csrfmiddlewaretoken") {
        data.append(field.name, field.value);
      }
    });
    return data;
  }
  function said(form, words) {
    var place = form.querySelector("[data-kept]");
    if (!place) {
      place = document.createElement("span");
      place.className = "note";
      place.setAttribute("data-kept", "");
      (form.querySelector(".submit") || form).appendChild(place);
    }
    place.textContent = words;
  }
  function keep(form) {
    if (form.hasAttribute("data-sent")) { return; }
    send(KEEP + "?place=" + encodeURIComponent(window.location.pathname + window.location.search), fieldsOf(form))
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.json() : null; })
      .then(function (kept) {
        if (kept) { stays(); said(form, "草稿" + kept.at + "已自动保存"); } else { said(form, "草稿未能自动保存"); }
      })
      .catch(function () { said(form, "未能连接服务器，草稿未自动保存"); });
  }
  all("form[data-draft]").forEach(function (form) {
    var timer = 0;
    ["input", "change"].forEach(function (type) {
      form.addEventListener(type, function () {
        window.clearTimeout(timer);
        timer = window.setTimeout(function () { keep(form); }, AFTER);
      });
    });
    form.addEventListener("submit", function () { window.clearTimeout(timer); });
  });

  /* ── a form that came over a sign-in goes on ── */
  all("form[data-send]").forEach(function (form) {
    var button = form.querySelector("button[name=save]") || form.querySelector("button[type=submit]");
    if (button) { button.click(); }
  });

  /* ── the end of the session: told two minutes before, then signing in on the spot ── */
  function show(part) {
    all("[data-idle-near], [data-idle-over]", box).forEach(function (one) { one.hidden = one !== part; });
    box.hidden = !part;
  }
  function tick() {
    var known = 0;
    try { known = Number(window.localStorage.getItem("registry.until")) || 0; } catch (error) { known = 0; }
    if (known > until && known <= Date.now() + idle * 1000) { until = known; }
    var left = Math.round((until - Date.now()) / 1000), over = box.querySelector("[data-idle-over]");
    if (left <= 0) {
      if (over.hidden) { show(over); over.querySelector("[name=username]").focus(); }
    } else if (left <= NEAR) {
      box.querySelector("[data-idle-left]").textContent = left > 60 ? "2分钟" : left + "秒";
      if (box.hidden) { show(box.querySelector("[data-idle-near]")); }
    } else if (!box.hidden) {
      show(null);
    }
  }
  if (!box || !idle || !window.fetch) { return; }
  stays();
  window.setInterval(tick, 1000);
  box.querySelector("[data-stay]").addEventListener("click", function (event) {
    send(event.target.getAttribute("data-stay"), new URLSearchParams()).then(function (answer) {
      if (answer.ok && !answer.redirected) { stays(); show(null); } else { until = 0; tick(); }
    });
  });
  box.querySelector("[data-idle-over]").addEventListener("submit", function (event) {
    var form = event.target, data = fieldsOf(form);
    event.preventDefault();
    event.stopPropagation();
    data.append("password", form.querySelector("[name=password]").value);
    data.append("seat", document.body.getAttribute("data-seat") || "");
    send(form.getAttribute("action"), data)
      .then(function (answer) { return answer.json(); })
      .then(function (answer) {
        if (answer.is_other) { window.location.reload(); return; }
        if (!answer.csrf) { form.querySelector("[data-idle-said]").textContent = answer.said || "未能登录，请重试。"; return; }
        all("[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = answer.csrf; });
        form.querySelector("[name=password]").value = "";
        stays();
        show(null);
      })
      .catch(function () { form.submit(); });
  });
})();
