// What is asked before something is signed: the PIN, and whether a gathering is really over.
(() => {
  const app = self.rongheOffline;
  const { h, button, field, said, words } = app.parts;
  const { keys } = app;

  // Resolves with what was answered, null where the dialog was closed.
  function asked(title, build) {
    return new Promise((resolve) => {
      const dialog = h("dialog", { class: "dialog", "aria-label": title });
      const close = (value) => {
        resolve(value);
        dialog.close();
      };
      dialog.append(
        h("div", { class: "dialog-head" }, h("h2", {}, title)),
        ...build(close),
      );
      dialog.addEventListener("close", () => {
        resolve(null);
        dialog.remove();
      });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  function pinField(label, name) {
    const input = h("input", { type: "password", name, inputmode: "numeric", autocomplete: "off", pattern: "[0-9]{6}", maxlength: "6", required: true });
    return field(label, input);
  }

  // True once the key lies open; asks only where it does not.
  async function unlocked(person, why = "pinWhy") {
    if (keys.isOpen(person.id)) return true;
    const answer = await asked(words.pinTitle, (close) => {
      const note = h("p", { class: "field-error", role: "alert" });
      const form = h("form", { class: "dialog-body form", on: { submit } }, h("p", { class: "muted" }, said(why, { name: person.name })), pinField(words.pin, "pin"), note, button(words.pinOpen, null, { kind: "primary", size: "big", wide: true, type: "submit" }), button(words.notNow, () => close(null), { wide: true, kind: "quiet" }));
      async function submit(event) {
        event.preventDefault();
        const done = await keys.unlock(person.id, form.elements.pin.value);
        form.elements.pin.value = "";
        if (done.ok || done.wiped) return close(done);
        note.textContent = done.left ? said("pinWrong", { n: done.left }) : "";
        if (done.wait) note.textContent += said("pinWait", { t: waiting(done.wait) });
        form.elements.pin.focus();
      }
      return [form];
    });
    if (answer && answer.wiped) app.parts.tell(words.pinWiped, true);
    return Boolean(answer && answer.ok);
  }

  function waiting(ms) {
    const seconds = Math.ceil(ms / 1000);
    return seconds < 60 ? said("seconds", { n: seconds }) : said("minutes", { n: Math.ceil(seconds / 60) });
  }

  function confirmed(title, text, verb) {
    return asked(title, (close) => [
      h(
        "div",
        { class: "dialog-body" },
        h("p", {}, text),
        h("div", { class: "dialog-foot" }, button(words.notNow, () => close(false)), button(verb, () => close(true), { kind: "primary" })),
      ),
    ]);
  }

  app.dialogs = { unlocked, confirmed, pinField };
})();
