"use strict";
// Tables that sort and filter. Without this script the page is complete, in the order it was written.
{
  const FEW_ROWS = 10;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const texts = document.body.dataset;
  const missing = new Set(["", "–", texts.missing]);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const keyOf = (cell, kind) => {
    if (kind === "number") return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
    const text = cell.textContent.trim();
    return missing.has(text) ? null : text;
  };

  // Rows without a value stay last either way; equal rows keep the order they were written in.
  const inOrder = (rows, column, kind, direction) => {
    const keyed = rows.map((row) => [keyOf(row.cells[column], kind), row]);
    const sign = direction === "ascending" ? 1 : -1;
    const compare = ([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      return sign * (kind === "number" ? one - other : collator.compare(one, other));
    };
    return keyed.sort(compare).map(([, row]) => row);
  };

  const makeSortable = (table, rows) => {
    const heads = [...table.tHead.rows[0].cells];
    const sortable = heads.filter((head) => head.dataset.sort);
    for (const head of sortable) {
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const direction = NEXT[head.getAttribute("aria-sort")];
        for (const each of sortable) each.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", direction);
        const sorted = direction === "none" ? rows : inOrder(rows, heads.indexOf(head), head.dataset.sort, direction);
        table.tBodies[0].append(...sorted);
      });
    }
    if (sortable.length) table.caption.append(element("span", { className: "unseen" }, ` ${texts.sorts}`));
  };

  const makeFilter = (table, rows, number) => {
    const said = rows.map((row) => plain([...row.cells].map((cell) => cell.textContent).join(" ")));
    const field = element("input", { type: "search", id: `filter-${number}`, autocomplete: "off" });
    const count = element("span", { className: "count" });
    count.setAttribute("role", "status");
    const caption = element("span", { className: "unseen" }, `: ${table.caption.textContent}`);
    const label = element("label", { htmlFor: field.id }, texts.filter, caption);
    const line = element("p", { className: "filter" }, label, field, count);
    const show = () => {
      const wanted = plain(field.value).split(/\s+/).filter(Boolean);
      rows.forEach((row, place) => {
        row.hidden = !wanted.every((word) => said[place].includes(word));
      });
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = texts.shown.replace("{shown}", shown).replace("{all}", rows.length);
      line.classList.toggle("filtering", shown < rows.length);
    };
    field.addEventListener("input", show);
    show();
    table.parentElement.before(line);
  };

  document.querySelectorAll("table").forEach((table, number) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length > FEW_ROWS) makeFilter(table, rows, number);
    makeSortable(table, rows);
  });
}
