// A calendar wider than the window opens with today in sight, a third from the left.
function show(calendar) {
  const share = parseFloat(calendar.dataset.today);
  const track = calendar.querySelector(".cal-track");
  if (Number.isNaN(share) || !track || calendar.scrollWidth <= calendar.clientWidth) return;
  calendar.scrollLeft = (share / 100) * track.clientWidth - (calendar.clientWidth - (calendar.scrollWidth - track.clientWidth)) / 3;
}

document.querySelectorAll("[data-calendar]").forEach(show);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.querySelectorAll) event.detail.elt.querySelectorAll("[data-calendar]").forEach(show);
});
