
"use strict";
(function () {
  // Search: what has data-search is shown when it holds all the words, or the heading of a
  // data-search-group around it does.
  var form = document.querySelector("[data-search-form]");
  if (form) {
    var input = form.querySelector("input"), told = form.querySelector("[role=status]");
    var units = Array.from(document.querySelectorAll("[data-search]"));
    var groups = Array.from(document.querySelectorAll("[data-search-group]"));
    var folded = function (text) {
      return text.toLowerCase().normalize("NFC").replace(/(\d)\u202f(?=\d)/g, "$1").replace(/\s+/g, " ");
    };
    var texts = new Map(units.map(function (unit) { return [unit, folded(unit.textContent)]; }));
    var names = new Map(groups.map(function (group) {
      var heading = group.querySelector("h2,h3,h4");
      return [group, heading ? folded(heading.textContent) : ""];
    }));
    var painted = function (words) {
      if (!window.CSS || !CSS.highlights) { return; }
      CSS.highlights.delete("found");
      if (!words.length) { return; }
      var ranges = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        var node = walker.currentNode, text = node.data.toLowerCase();
        if (text.length !== node.data.length) { continue; }
        words.forEach(function (word) {
          for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            var range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        });
      }
      var highlight = new Highlight();
      ranges.slice(0, 2000).forEach(function (range) { highlight.add(range); });
      CSS.highlights.set("found", highlight);
    };
    var searched = function () {
      var words = folded(input.value).trim().split(" ").filter(Boolean), count = 0;
      var holds = function (text) { return words.every(function (word) { return text.includes(word); }); };
      units.forEach(function (unit) {
        var shown = holds(texts.get(unit)), group = unit.closest("[data-search-group]");
        for (; !shown && group; group = group.parentElement.closest("[data-search-group]")) {
          shown = holds(names.get(group));
        }
        unit.hidden = !shown;
        count += shown ? 1 : 0;
      });
      groups.forEach(function (group) {
        group.hidden = words.length > 0 && !group.querySelector("[data-search]:not([hidden])");
      });
      told.textContent = !words.length ? "" : count ? count + " " + told.dataset.found : told.dataset.nothing;
      document.body.toggleAttribute("data-searching", words.length > 0);
      painted(words);
    };
    form.hidden = false;
    input.addEventListener("input", searched);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { input.value = ""; searched(); }
    });
    // Whoever follows a link to what the search has hidden wants to see it.
    window.addEventListener("hashchange", function () {
      var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.closest("[hidden]")) { input.value = ""; searched(); target.scrollIntoView(); }
    });
    if (input.value) { searched(); }
  }

  // Sorting: the headings of a table with data-sort become buttons. A cell's data-value counts more than its text.
  var collator = new Intl.Collator(document.documentElement.lang || undefined, {numeric: true});
  document.querySelectorAll("table[data-sort]").forEach(function (table) {
    var heads = Array.from(table.querySelectorAll("thead th"));
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var value = function (row) {
          var cell = row.cells[column];
          return cell ? (cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim()) : "";
        };
        var body = table.tBodies[0];
        Array.from(body.rows).map(function (row, place) { return {row: row, value: value(row), place: place}; })
          .sort(function (one, other) {
            // What is empty stands last, whichever way it is sorted.
            if (!one.value !== !other.value) { return one.value ? -1 : 1; }
            var a = Number(one.value), b = Number(other.value);
            var order = isNaN(a) || isNaN(b) ? collator.compare(one.value, other.value) : a - b;
            return (down ? -order : order) || one.place - other.place;
          })
          .forEach(function (each) { body.appendChild(each.row); });
      });
    });
  });
})();
