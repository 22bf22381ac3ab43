/* The dialog of a backfill: how many firings it would have, as one chooses the range. */

const { bodyOf, call } = await import(document.querySelector('script[src*="/console.js"]').src);

const form = document.querySelector('#backfill form');
const line = form.querySelector('.backfill-count');
let typing;
let asked = 0;

async function count() {
  const mine = ++asked;
  const { body } = bodyOf(form);
  if (!body.from || !body.to) {
    line.textContent = '';
    return;
  }
  const answer = await call('GET', `${form.dataset.call.split(' ')[1]}?${new URLSearchParams({ from: body.from, to: body.to })}`);
  if (mine !== asked) return;
  const total = answer.body.total;
  if (!answer.ok) line.textContent = answer.body.errors?.map((fault) => `${fault.field} ${fault.message}`).join('\n') ?? answer.body.detail ?? '';
  else if (!total) line.textContent = form.dataset.none;
  else line.textContent = form.dataset.count.replace('{0}', total.toLocaleString(document.documentElement.lang));
}

for (const name of ['input', 'change']) {
  form.addEventListener(name, () => {
    clearTimeout(typing);
    typing = setTimeout(count, 250);
  });
}
