// Elements and figures: everything that is said comes from the words of the page, everything shown is text, never markup.
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});
  const SVG = "http://www.w3.org/2000/svg";
  const read = (id) => JSON.parse(document.getElementById(id).dataset.json);
  const words = read("offline-words");
  const config = read("offline-config");

  // h("button", {class: "btn", on: {click}}, "text", child, …); what is null or false is left out.
  function h(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
    }
    for (const child of children.flat(2)) {
      if (child !== null && child !== undefined && child !== false && child !== "") made.append(child);
    }
    return made;
  }

  function drawing(name, classes) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", classes);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${config.sprite}#${name}`);
    svg.append(use);
    return svg;
  }

  const icon = (name, size = 16) => drawing(`i-${name}`, `i i-${size}`);
  const shape = (state, size = 20) => drawing(`s-${state}`, `st st-${size} st-${state}`);
  const badge = (state, text) => h("span", { class: `badge badge-${state}` }, shape(state, 14), text);
  const said = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));

  function button(text, act, { kind = "normal", size = "", icon: name = null, wide = false, label = null, type = "button" } = {}) {
    const classes = ["btn", `btn-${kind}`, size && `btn-${size}`, wide && "btn-wide"].filter(Boolean).join(" ");
    return h("button", { class: classes, type, "aria-label": label, on: act ? { click: act } : {} }, name ? icon(name) : null, text);
  }

  function link(text, href, { kind = "normal", size = "", icon: name = null, wide = false } = {}) {
    const classes = ["btn", `btn-${kind}`, size && `btn-${size}`, wide && "btn-wide"].filter(Boolean).join(" ");
    return h("a", { class: classes, href }, name ? icon(name) : null, text);
  }

  // A field as the forms of the server have it; the label is tied to the input by its name.
  function field(label, input, help = "") {
    input.id = `field-${input.name}`;
    return h("div", { class: "field" }, h("div", { class: "field-head" }, h("label", { for: input.id }, label)), help ? h("p", { class: "field-help" }, help) : null, h("div", { class: "field-input" }, input));
  }

  const card = (...children) => h("section", { class: "card" }, ...children);
  const body = (...children) => h("div", { class: "card-body" }, ...children);
  const head = (title, note) => h("div", { class: "card-head" }, h("h2", {}, title), note ? h("div", { class: "card-more" }, note) : null);

  function clock(moment) {
    return new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: config.zone }).format(moment);
  }

  function day(moment) {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: config.zone }).format(moment);
  }

  // How long ago, in the largest unit that says enough.
  function age(ms) {
    const minutes = Math.floor(Math.max(0, ms) / 60000);
    if (minutes < 1) return words.justNow;
    if (minutes < 60) return said("minutesAgo", { n: minutes });
    if (minutes < 48 * 60) return said("hoursAgo", { n: Math.floor(minutes / 60) });
    return said("daysAgo", { n: Math.floor(minutes / 1440) });
  }

  function tell(text, refused = false) {
    const tray = document.getElementById("toasts");
    const toast = h("div", { class: "toast", role: refused ? "alert" : "status" }, h("span", { class: "grow" }, text));
    tray.replaceChildren(toast);
    setTimeout(() => toast.remove(), refused ? 12000 : 6000);
  }

  app.parts = { h, icon, shape, badge, button, link, field, card, body, head, said, words, config, clock, day, age, tell };
})();
