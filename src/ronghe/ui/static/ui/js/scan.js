// Reads a QR code with the camera and submits it. BarcodeDetector where the browser has it, else a decoder in the page.

const EVERY_MS = 250;

async function detector(box) {
  if ("BarcodeDetector" in window) {
    try {
      const native = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (frame) => (await native.detect(frame))[0]?.rawValue || "";
    } catch {
      // Present but without QR: fall through to the decoder in the page.
    }
  }
  await loadScript(box.dataset.decoder);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  return async (frame) => {
    canvas.width = frame.videoWidth;
    canvas.height = frame.videoHeight;
    context.drawImage(frame, 0, 0);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(image.data, image.width, image.height)?.data || "";
  };
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function start(box) {
  const view = box.querySelector("[data-scanner-view]");
  const form = box.querySelector("[data-scanner-form]");
  const field = box.querySelector("[data-scanner-code]");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    box.querySelector("[data-scanner-hint]").textContent = box.dataset.wordNoCamera;
    field.focus();
    return;
  }
  view.srcObject = stream;
  view.dataset.running = "";
  await view.play();
  const read = await detector(box);
  const timer = setInterval(async () => {
    if (!view.videoWidth) return;
    const code = await read(view);
    if (!code) return;
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    field.value = code;
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }, EVERY_MS);
}

document.querySelectorAll("[data-scanner]").forEach(start);
