/* The form of a schedule: what it comes to, as one types; and what the workers know. */

const { all, bodyOf, call } = await import(document.querySelector('script[src*="/console.js"]').src);

const form = document.getElementById('schedule');
const box = document.getElementById('preview');
const language = document.documentElement.lang;

/* ---------------------------------------------------------- interval, crontab */

const SECONDS = { s: 1, min: 60, h: 3600, d: 86400 };
const amount = document.getElementById('amount');
const unit = document.getElementById('unit');
const every = form.querySelector('[name="every"]');

function writeEvery() {
  every.value = amount.value === '' ? '' : `PT${Math.round(Number(amount.value) * SECONDS[unit.value] * 1000) / 1000}S`;
}
for (const field of [amount, unit]) field.addEventListener('input', writeEvery);

/** A crontab is sent as five fields or as an expression, whichever was typed last. The other one follows. */
const five = all('[data-five]', form);
const expression = document.getElementById('expression');
function keep(asExpression) {
  for (const field of five) {
    if (asExpression) field.removeAttribute('name');
    else field.name = `crontab.${field.dataset.five}`;
  }
  if (asExpression) expression.name = 'expression';
  else expression.removeAttribute('name');
}
for (const field of five) {
  field.addEventListener('input', () => {
    expression.value = five.map((one) => one.value.trim() || '*').join(' ');
    keep(false);
  });
}
expression.addEventListener('input', () => {
  const words = expression.value.trim().split(/\s+/);
  five.forEach((field, at) => { field.value = words.length === five.length ? words[at] : ''; });
  keep(true);
});

/* ------------------------------------------------------------------- preview */

const TIMING = ['kind', 'every', 'crontab', 'expression', 'solar', 'at', 'timezone', 'startAt', 'endAt'];

const format = (zone, options) => new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: 'h23', ...options });
const partsOf = (zone, time) => Object.fromEntries(format(zone, { weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(time).map(({ type, value }) => [type, value]));
const place = (zone) => zone.split('/').pop().replaceAll('_', ' ');
const cell = (tag, text, className, role) => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  made.setAttribute('role', role ?? 'cell');
  return made;
};

function show(words, fires, zone) {
  const here = box.dataset.zoneHere;
  const isOther = fires.some((fire) => {
    const [there, mine] = [partsOf(zone, new Date(fire)), partsOf(here, new Date(fire))];
    return there.hour !== mine.hour || there.minute !== mine.minute;
  });
  box.querySelector('blockquote').textContent = words.charAt(0).toUpperCase() + words.slice(1);
  const heads = all('thead th', box);
  heads[1].textContent = place(zone);
  heads[2].textContent = box.dataset.you.replace('{0}', place(here));
  heads[2].hidden = !isOther;
  box.querySelector('tbody').replaceChildren(...fires.map((fire) => {
    const there = partsOf(zone, new Date(fire));
    const mine = partsOf(here, new Date(fire));
    const row = document.createElement('tr');
    row.setAttribute('role', 'row');
    row.append(cell('td', `${there.weekday} ${there.year}-${there.month}-${there.day}`, 'nowrap'), cell('td', `${there.hour}:${there.minute}:${there.second}`, 'num'));
    if (isOther) row.append(cell('td', `${there.day === mine.day ? '' : `${mine.weekday} ${mine.day}, `}${mine.hour}:${mine.minute}:${mine.second}`, 'num'));
    return row;
  }));
  box.querySelector('table').hidden = fires.length === 0;
}

function showProblem(text) {
  const problem = box.querySelector('.error');
  problem.textContent = text;
  problem.hidden = text === '';
}

let asked = 0;
async function preview() {
  const mine = ++asked;
  const { body, faults } = bodyOf(form);
  const timing = Object.fromEntries(Object.entries(body).filter(([name]) => TIMING.includes(name)));
  if (faults.some((fault) => TIMING.includes(fault.field))) return;
  const isBegun = { interval: timing.every, solar: timing.solar?.latitude !== undefined && timing.solar?.longitude !== undefined, clocked: timing.at, crontab: true }[timing.kind];
  if (!isBegun) {
    show(box.dataset.wait, [], 'UTC');
    showProblem('');
    return;
  }
  const answer = await call('POST', '/api/schedules/preview?count=10', timing);
  if (mine !== asked) return;
  if (!answer.ok) {
    const fault = answer.body.errors?.[0];
    show('…', [], 'UTC'); // what it says is of another rule
    showProblem(fault ? `${fault.field} ${fault.message}` : answer.body.detail ?? '');
    return;
  }
  show(answer.body.description, answer.body.fires, timing.timezone ?? 'UTC');
  showProblem(answer.body.fires.length ? '' : box.dataset.nothing);
}

let typing;
for (const name of ['input', 'change']) {
  form.addEventListener(name, () => {
    clearTimeout(typing);
    typing = setTimeout(preview, 250);
  });
}
preview();

/* ----------------------------------------------------- zones, tasks and queues */

const offer = (id, values) => document.getElementById(id).replaceChildren(...values.map((value) => {
  const option = document.createElement('option');
  option.value = value;
  return option;
}));
offer('zones', ['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])]);

const hint = document.getElementById('task-hint');
const asking = hint.textContent;
const task = document.getElementById('task');
let handlers;
function tellTask() {
  const name = task.value.trim();
  const handler = handlers?.find((one) => one.task === name || one.aliases?.includes(name));
  if (!handlers || !name) hint.textContent = asking;
  else if (!handler) hint.textContent = hint.dataset.unknown;
  else hint.textContent = hint.dataset.known.replace('{0}', handler.workers.length).replace('{1}', handler.parameters ? `${handler.task}(${handler.parameters.map((one) => one.name).join(', ')})` : handler.task);
}
task.addEventListener('input', tellTask);

/** Parameters that the task needs, and that nothing is given for. */
const lacks = document.getElementById('args-hint');
function tellMissing() {
  const handler = handlers?.find((one) => one.task === task.value.trim());
  let missing = [];
  try {
    const given = JSON.parse(form.elements.args.value.trim() || '[]').length;
    const named = JSON.parse(form.elements.kwargs.value.trim() || '{}');
    missing = (handler?.parameters ?? []).filter((one, at) => one.required && at >= given && !(one.name in named)).map((one) => one.name);
  } catch {
    // not JSON yet
  }
  lacks.textContent = lacks.dataset.missing.replace('{0}', missing.join(', '));
  lacks.hidden = missing.length === 0;
}
form.addEventListener('input', tellMissing);

/** A reader who may not see them types the names. */
const [found, queues] = await Promise.all([call('GET', '/api/handlers'), call('GET', '/api/queues')]);
if (found.ok) {
  handlers = found.body;
  offer('tasks', handlers.map((one) => one.task));
  tellTask();
  tellMissing();
}
if (queues.ok) offer('queues', queues.body.map((one) => one.queue ?? one.name));
