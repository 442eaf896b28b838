// The camera without a form of the server's: reads one QR code and gives its text, or takes what is typed.
(() => {
  const app = self.rongheOffline;
  const { h, button, field, words, config } = app.parts;
  const EVERY_MS = 250;

  async function reader() {
    if ("BarcodeDetector" in self) {
      try {
        const native = new self.BarcodeDetector({ formats: ["qr_code"] });
        return async (frame) => {
          const [first] = await native.detect(frame);
          return first ? first.rawValue : "";
        };
      } catch {
        // Present but without QR: the decoder of the page reads it.
      }
    }
    await loaded(config.decoder);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    return async (frame) => {
      canvas.width = frame.videoWidth;
      canvas.height = frame.videoHeight;
      context.drawImage(frame, 0, 0);
      const image = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = self.jsQR(image.data, image.width, image.height);
      return found ? found.data : "";
    };
  }

  function loaded(address) {
    return new Promise((resolve, reject) => {
      const script = h("script", { src: address });
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  // A code's address ends in the code; so does a card's.
  const codeOf = (text) => text.trim().replace(/\/+$/, "").split("/").pop();

  // The form of the screen; `onCode` gets the code. `stop` ends the camera.
  function scanner(hint, onCode) {
    const view = h("video", { class: "scanner-view", muted: true, playsinline: true });
    const note = h("p", { class: "muted" }, hint);
    const input = h("input", { type: "text", name: "code", autocomplete: "off", autocapitalize: "off", spellcheck: "false", required: true });
    let stream = null;
    let timer = null;
    const stop = () => {
      clearInterval(timer);
      if (stream) stream.getTracks().forEach((track) => track.stop());
    };
    const take = (text) => {
      stop();
      onCode(codeOf(text));
    };
    const submit = (event) => {
      event.preventDefault();
      if (input.value.trim()) take(input.value);
    };
    start().catch(() => (note.textContent = words.noCamera));
    async function start() {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream;
      view.dataset.running = "";
      await view.play();
      const read = await reader();
      timer = setInterval(async () => {
        const text = view.videoWidth ? await read(view) : "";
        if (text) take(text);
      }, EVERY_MS);
    }
    const form = h("form", { class: "form", on: { submit } }, field(words.typeCode, input), button(words.confirm, null, { kind: "primary", wide: true, type: "submit" }));
    return { element: h("div", { class: "scanner" }, view, note, form), stop };
  }

  app.scanning = { scanner };
})();
