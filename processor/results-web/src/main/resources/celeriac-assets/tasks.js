/* The list of tasks: how many each view finds, and the name of a new view. */

const { all, call } = await import(document.querySelector('script[src*="/console.js"]').src);

/* ---------------------------------------------------------- counts of views */

const EVERY = 15_000;
const KEPT = 'celeriac-view-counts';

function show(place, { count, exact }) {
  place.textContent = count == null ? '' : count.toLocaleString(document.documentElement.lang) + (exact ? '' : '+');
  for (const look of ['fail', 'retry']) place.classList.toggle(`count-${look}`, count > 0 && place.dataset.look === look);
}

const pathOf = (place) => `/api/views/${encodeURIComponent(place.dataset.count)}/count${place.dataset.shared ? `?shared=${place.dataset.shared}` : ''}`;
const inSight = new Set();
let counting = false;

/** Those in sight, one after the other: the tasks come first. */
async function count() {
  if (counting || document.hidden) return;
  counting = true;
  const counts = {};
  for (const place of all('[data-count]').filter((one) => inSight.has(one))) {
    const answer = await call('GET', pathOf(place));
    counts[pathOf(place)] = answer.ok ? answer.body : { count: null, exact: false };
    show(place, counts[pathOf(place)]);
  }
  sessionStorage.setItem(KEPT, JSON.stringify(counts));
  counting = false;
}

const before = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inSight.add(target);
    else inSight.delete(target);
  }
  if (entries.some((entry) => entry.isIntersecting)) count();
});
for (const place of all('[data-count]')) {
  if (before[pathOf(place)]) show(place, before[pathOf(place)]); // until they are counted again
  sight.observe(place);
}
setInterval(count, EVERY);

/* --------------------------------------------------------------- a new view */

/** The address of a view is made of its name: letters and digits of ASCII, or else something that no other view has. */
document.querySelector('#view-title')?.addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  const word = words.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  const isReadable = /[a-z0-9]/.test(word) && !/[^\x00-\x7f]/.test(words);
  target.form.elements.name.value = isReadable ? word : `view-${Date.now().toString(36)}`;
});
