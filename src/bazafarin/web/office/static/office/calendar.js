// A Solar Hijri calendar for fields of a day. The field stays a field: a day can be typed, in this
// calendar or as an ISO day, and without this script nothing is missing but the calendar.
"use strict";

(() => {
  const DAY_MS = 86400000;
  const LEAPS = [1, 5, 9, 13, 17, 22, 26, 30]; // of each 33 years: right from 1244 to 1502
  const FIRST = { year: 1400, day: Date.UTC(2021, 2, 21) / DAY_MS }; // 1 Farvardin 1400

  const jalali = {
    years: [1250, 1500],
    isLeap: (year) => LEAPS.includes(year % 33),
    lengthOf: (year, month) => (month <= 6 ? 31 : month <= 11 || jalali.isLeap(year) ? 30 : 29),
    toDay(year, month, day) {
      let number = FIRST.day;
      for (let y = FIRST.year; y < year; y += 1) number += jalali.isLeap(y) ? 366 : 365;
      for (let y = year; y < FIRST.year; y += 1) number -= jalali.isLeap(y) ? 366 : 365;
      for (let m = 1; m < month; m += 1) number += jalali.lengthOf(year, m);
      return number + day - 1;
    },
    fromDay(number) {
      let year = FIRST.year + Math.floor((number - FIRST.day) / 365.2422);
      while (jalali.toDay(year + 1, 1, 1) <= number) year += 1;
      while (jalali.toDay(year, 1, 1) > number) year -= 1;
      let month = 1;
      while (month < 12 && jalali.toDay(year, month + 1, 1) <= number) month += 1;
      return { year, month, day: number - jalali.toDay(year, month, 1) + 1 };
    },
    write: ({ year, month, day }) => [year, month, day].map(padded).join("/"),
  };

  const gregorian = {
    years: [1880, 2120],
    lengthOf: (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate(),
    toDay: (year, month, day) => Date.UTC(year, month - 1, day) / DAY_MS,
  };

  const padded = (number) => String(number).padStart(2, "0");

  function element(name, properties, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-") || key === "role") made.setAttribute(key, value);
      else made[key] = value;
    }
    made.append(...children);
    return made;
  }

  class Picker {
    constructor(input) {
      const told = JSON.parse(input.dataset.calendar);
      Object.assign(this, told, { input });
      const [year, month, day] = told.today.split("-").map(Number);
      this.now = gregorian.toDay(year, month, day);
      this.isRtl = getComputedStyle(input.closest("form") || document.body).direction === "rtl";
      this.button = element("button", {
        type: "button", className: "calendar-button", "aria-label": this.words.open,
        "aria-haspopup": "dialog", "aria-expanded": "false",
      });
      const around = element("span", { className: "day-field" });
      input.replaceWith(around);
      around.append(input, this.button);
      this.around = around;
      this.button.addEventListener("click", () => (this.box ? this.close() : this.open()));
    }

    figures(text) {
      return String(text).replace(/[0-9]/g, (digit) => this.digits[digit]);
    }

    typed() {
      const plain = this.input.value.replace(/[۰-۹]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹".indexOf(digit));
      const found = /^\s*(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})\s*$/.exec(plain);
      if (!found) return this.now;
      const [year, month, day] = found.slice(1).map(Number);
      const of = year < 1700 ? jalali : gregorian;
      const isOne = month >= 1 && month <= 12 && day >= 1 && day <= of.lengthOf(year, month);
      return isOne && year >= of.years[0] && year <= of.years[1] ? of.toDay(year, month, day) : this.now;
    }

    open() {
      this.chosen = this.typed();
      this.day = this.chosen;
      this.title = element("span", { className: "calendar-title", "aria-live": "polite" });
      const turn = (className, label, months) => {
        const made = element("button", { type: "button", className, "aria-label": label });
        made.addEventListener("click", () => this.turn(months, false));
        return made;
      };
      this.body = element("tbody", {});
      const heads = this.days.map((name) =>
        element("th", { scope: "col", abbr: name }, element("abbr", { title: name }, this.isRtl ? name[0] : name.slice(0, 2))),
      );
      const today = element("button", { type: "button", className: "link" }, this.words.today);
      today.addEventListener("click", () => this.choose(this.now));
      const close = element("button", { type: "button", className: "link" }, this.words.close);
      close.addEventListener("click", () => this.close());
      this.box = element(
        "div",
        { className: "calendar", role: "dialog", "aria-label": this.words.title },
        element("header", {},
          turn("before", this.words.month_before, -1), this.title,
          turn("after", this.words.month_after, 1)),
        element("table", { role: "grid" }, element("thead", {}, element("tr", {}, ...heads)), this.body),
        element("footer", {}, today, close),
      );
      this.box.addEventListener("keydown", (event) => this.key(event));
      this.box.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !this.around.contains(event.relatedTarget)) this.close(false);
      });
      this.outside = (event) => { if (!this.around.contains(event.target)) this.close(false); };
      document.addEventListener("pointerdown", this.outside);
      this.around.append(this.box);
      this.button.setAttribute("aria-expanded", "true");
      this.draw(true);
    }

    close(isBack = true) {
      if (!this.box) return;
      document.removeEventListener("pointerdown", this.outside);
      const box = this.box;
      this.box = null;
      box.remove();
      this.button.setAttribute("aria-expanded", "false");
      if (isBack) this.button.focus();
    }

    choose(number) {
      this.input.value = this.figures(jalali.write(jalali.fromDay(number)));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
    }

    turn(months, isFocused = true) {
      const at = jalali.fromDay(this.day);
      const count = at.year * 12 + at.month - 1 + months;
      const [year, month] = [Math.floor(count / 12), (count % 12) + 1];
      if (year < jalali.years[0] || year > jalali.years[1]) return;
      const day = Math.min(at.day, jalali.lengthOf(year, month));
      this.day = jalali.toDay(year, month, day);
      this.draw(isFocused);
    }

    key(event) {
      const aside = this.isRtl ? -1 : 1;
      const weekday = this.weekday(this.day);
      const steps = {
        ArrowRight: aside, ArrowLeft: -aside, ArrowDown: 7, ArrowUp: -7,
        Home: -weekday, End: 6 - weekday,
      };
      if (event.key === "Escape") this.close();
      else if (!event.target.closest("tbody")) return;
      else if (event.key === "PageUp") this.turn(-1);
      else if (event.key === "PageDown") this.turn(1);
      else if (event.key in steps) {
        this.day += steps[event.key];
        this.draw(true);
      } else return;
      event.preventDefault();
    }

    weekday(number) {
      return (((number + 5) % 7) + 7) % 7; // 1 January 1970 was a Thursday; 0 is Saturday
    }

    draw(isFocused) {
      const at = jalali.fromDay(this.day);
      const first = jalali.toDay(at.year, at.month, 1);
      const length = jalali.lengthOf(at.year, at.month);
      const month = this.months[at.month - 1];
      this.title.textContent = `${month} ${this.figures(at.year)}`;
      const rows = [];
      for (let begin = first - this.weekday(first); begin < first + length; begin += 7) {
        const cells = [...Array(7).keys()].map((add) => this.cell(begin + add, first, length, month));
        rows.push(element("tr", {}, ...cells));
      }
      this.body.replaceChildren(...rows);
      if (isFocused) this.body.querySelector('[tabindex="0"]').focus();
    }

    cell(number, first, length, month) {
      if (number < first || number >= first + length) return element("td", {});
      const day = this.figures(number - first + 1);
      const button = element("button", {
        type: "button", tabIndex: number === this.day ? 0 : -1,
        "aria-label": `${this.days[this.weekday(number)]} ${day} ${month}`,
        "aria-pressed": String(number === this.chosen),
      }, day);
      if (number === this.now) button.setAttribute("aria-current", "date");
      button.addEventListener("click", () => this.choose(number));
      return element("td", {}, button);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("input[data-calendar]")) new Picker(input);
  });
})();
