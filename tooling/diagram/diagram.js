(function (svg) {
  "use strict";
  if (!svg) return;
  var box = svg.getAttribute("viewBox").split(" ").map(Number);
  var all = box.slice();
  var tools = svg.querySelector(".tools");
  var cards = Array.from(svg.querySelectorAll("[data-card]"));
  var lines = Array.from(svg.querySelectorAll("[data-from]"));
  var words = Array.from(svg.querySelectorAll("[data-of]"));
  tools.style.display = "";

  function show() {
    svg.setAttribute("viewBox", box.join(" "));
    tools.setAttribute("transform", "translate(" + box[0] + " " + box[1] + ") scale(" + box[2] / all[2] + ")");
  }
  function zoom(factor, x, y) {
    var width = Math.min(all[2], Math.max(all[2] / 20, box[2] * factor));
    var scale = width / box[2];
    box = [x - (x - box[0]) * scale, y - (y - box[1]) * scale, width, box[3] * scale];
    keep();
  }
  function keep() {
    for (var i = 0; i < 2; i++) box[i] = Math.max(all[i], Math.min(box[i], all[i] + all[i + 2] - box[i + 2]));
    show();
  }
  function middle(factor) { zoom(factor, box[0] + box[2] / 2, box[1] + box[3] / 2); }
  function whole() { box = all.slice(); show(); }
  function move(x, y) { box[0] += x * box[2]; box[1] += y * box[3]; keep(); }
  function at(event) {
    var point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }
  function use(tool) { if (tool === "in") middle(0.75); else if (tool === "out") middle(1 / 0.75); else whole(); }

  svg.addEventListener("wheel", function (event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    var point = at(event);
    zoom(event.deltaY < 0 ? 0.85 : 1 / 0.85, point[0], point[1]);
  }, { passive: false });
  svg.addEventListener("keydown", function (event) {
    var tool = event.target.closest("[data-tool]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (tool && (event.key === "Enter" || event.key === " ")) use(tool.dataset.tool);
    else if (event.key === "+" || event.key === "=") middle(0.75);
    else if (event.key === "-") middle(1 / 0.75);
    else if (event.key === "0") whole();
    else if (event.key === "ArrowLeft") move(-0.1, 0);
    else if (event.key === "ArrowRight") move(0.1, 0);
    else if (event.key === "ArrowUp") move(0, -0.1);
    else if (event.key === "ArrowDown") move(0, 0.1);
    else if (event.key === "Escape") look(null);
    else return;
    event.preventDefault();
  });
  svg.addEventListener("click", function (event) {
    var tool = event.target.closest("[data-tool]");
    if (tool) use(tool.dataset.tool);
  });

  var held = null;
  svg.addEventListener("pointerdown", function (event) {
    if (event.pointerType === "mouse" && event.button === 0 && box[2] < all[2]) held = at(event);
  });
  svg.addEventListener("pointermove", function (event) {
    if (!held) return;
    var point = at(event);
    box[0] += held[0] - point[0];
    box[1] += held[1] - point[1];
    keep();
  });
  ["pointerup", "pointerleave"].forEach(function (name) {
    svg.addEventListener(name, function () { held = null; });
  });

  function look(card) {
    svg.classList.toggle("looking", !!card);
    var key = card && card.dataset.card;
    var near = new Set([key]);
    lines.forEach(function (line) {
      var on = !!card && (line.dataset.from === key || line.dataset.to === key);
      line.classList.toggle("near", on);
      if (on) { near.add(line.dataset.from); near.add(line.dataset.to); }
    });
    cards.forEach(function (other) { other.classList.toggle("near", !!card && near.has(other.dataset.card)); });
    words.forEach(function (word) { word.classList.toggle("near", !!card && word.dataset.of === key); });
  }
  cards.forEach(function (card) {
    card.addEventListener("mouseenter", function () { look(card); });
    card.addEventListener("mouseleave", function () { look(null); });
    card.addEventListener("focus", function () { look(card); });
    card.addEventListener("blur", function () { look(null); });
  });
})(document.currentScript && document.currentScript.closest("svg"));
