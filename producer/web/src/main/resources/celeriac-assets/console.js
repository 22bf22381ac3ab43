/*
 * The script of all pages. Pages can be read without it. It calls REST for changes, keeps pages up to date, and knows the keys.
 * No dependency, no build. Order: calls, forms, live parts, search, selection, keys, small things.
 */

const meta = (name) => document.querySelector(`meta[name="celeriac-${name}"]`)?.content ?? '';
const base = meta('base');
const texts = document.getElementById('script-texts')?.dataset ?? {};
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* ------------------------------------------------------------------ calls */

/** Calls REST. Answers {ok, status, body, headers}; a problem is a body like any other. */
async function call(method, path, body, headers = {}) {
  const options = { method, headers: { Accept: 'application/json, application/problem+json', 'Accept-Language': document.documentElement.lang, ...headers }, credentials: 'same-origin' };
  if (method !== 'GET') {
    if (meta('token')) options.headers['X-CSRF-TOKEN'] = meta('token');
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body ?? {});
  }
  let answer;
  try {
    answer = await fetch(base + path, options);
  } catch {
    return { ok: false, status: 0, body: { detail: texts.offline }, headers: new Headers() };
  }
  if (answer.status === 401 && answer.headers.has('WWW-Authenticate')) { // others say what is wrong, such as a password
    return { ok: false, status: 401, body: { detail: texts.signedOut }, headers: answer.headers };
  }
  const text = await answer.text();
  let read = {};
  try {
    read = text ? JSON.parse(text) : {};
  } catch {
    read = { detail: text };
  }
  if (answer.status === 403 && read.errors?.some((error) => error.field === 'session')) { // it is too old for this
    location.assign(`${base}/sign-in?again=true&then=${encodeURIComponent(location.pathname.slice(base.length) + location.search)}`);
  }
  return { ok: answer.ok, status: answer.status, body: read, headers: answer.headers };
}

function say(text, failed = false) {
  const said = document.getElementById('said');
  said.textContent = text;
  said.classList.toggle('said-fail', failed);
  said.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { said.hidden = true; }, failed ? 8000 : 3000);
}

/** Puts values into {places} of a path or text; what is taken from fields is encoded. */
function fill(pattern, values) {
  return pattern.replace(/\{([\w.-]+)\}/g, (whole, name) => (values[name] == null ? whole : encodeURIComponent(values[name])));
}

/** Goes on after a change: to another page, or by a fresh look at this one. The page of a task that was just sent is there a moment later. */
async function goOn(then, values) {
  const { id, queue, partition, offset } = values ?? {};
  if (then?.startsWith('/tasks/{id}') && offset !== undefined) await call('GET', `/api/tasks/${encodeURIComponent(id)}?atLeast=${queue}-${partition}-${offset}`);
  if (!then || then === 'refresh') refresh(true);
  else if (then === 'reload') location.reload();
  else if (then !== 'stay') location.assign(base + fill(then, values));
}

/* ------------------------------------------------------------------ forms */

/** A number as it was typed: a whole one may be too long for the script's own. */
function exact(text) {
  const number = Number(text);
  return /^-?[1-9]\d*$/.test(text) && !Number.isSafeInteger(number) && JSON.rawJSON ? JSON.rawJSON(text) : number;
}

/** How far the wall clock of a zone is ahead of UTC, in milliseconds. */
function offsetOf(instant, zone) {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const wall = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) - Math.floor(instant / 1000) * 1000;
}

/** The instant at which the wall clock of a zone shows this date and time. */
function instantOf(local, zone) {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return local;
  try {
    const near = wall - offsetOf(wall, zone);
    return new Date(wall - offsetOf(near, zone)).toISOString();
  } catch {
    return new Date(wall).toISOString(); // REST says what is wrong with the zone
  }
}

const UNITS = { ms: 0.001, s: 1, min: 60, m: 60, h: 3600, d: 86400 };

/** A length of time such as 90 s, 1 h 30 min, PT6H or a number of seconds, as ISO-8601. What is neither is left for REST to refuse. */
function durationOf(text) {
  if (/^\d+(\.\d+)?$/.test(text)) return `PT${text}S`;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|[smhd])(?![a-z])/g)];
  if (!parts.length || text.replace(/(\d+(?:\.\d+)?)\s*(ms|min|[smhd])(?![a-z])|\s/g, '')) return text;
  const seconds = parts.reduce((sum, [, amount, unit]) => sum + Math.round(Number(amount) * UNITS[unit] * 1000), 0) / 1000;
  return `PT${seconds}S`;
}

/** A line name=value. */
function pairOf(line) {
  const at = line.indexOf('=');
  if (at < 1) throw texts.pair ?? line;
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** The value of a field as JSON; undefined when it is left out. Throws a text when it cannot be read. */
function valueOf(field) {
  const as = field.dataset.as ?? (field.type === 'checkbox' ? 'boolean' : field.type === 'number' ? 'number' : 'text');
  if (field.type === 'radio' && !field.checked) return undefined;
  if (as === 'boolean') return field.checked;
  const text = as === 'text' ? field.value : field.value.trim();
  if (text === '') return field.dataset.empty === undefined ? undefined : JSON.parse(field.dataset.empty);
  if (as === 'number') return exact(text);
  if (as === 'lines') return text.split('\n').map((line) => line.trim()).filter(Boolean);
  if (as === 'words') return text.split(/[\s,]+/).filter(Boolean);
  if (as === 'local') return field.value;
  if (as === 'instant') return instantOf(text, (field.dataset.zoneOf ? field.form.elements[field.dataset.zoneOf]?.value.trim() : field.dataset.inZone) || document.querySelector('[data-zone]')?.dataset.here || 'UTC');
  if (as === 'duration') return durationOf(text);
  if (as === 'pairs') return Object.fromEntries(text.split('\n').filter((line) => line.trim()).map(pairOf));
  if (as === 'json') {
    try {
      return JSON.parse(text);
    } catch (e) {
      throw { '[]': texts.list, '{}': texts.object }[field.dataset.empty] ?? e.message;
    }
  }
  return text;
}

/** The fields of a form as a JSON object; names with dots nest. Fields of parts that are hidden or disabled are left out. */
function bodyOf(form) {
  const body = {};
  const faults = [];
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.dataset.path !== undefined || field.closest('[hidden]') || field.closest('fieldset:disabled')) continue;
    try {
      const isMember = field.dataset.as === 'member'; // one of several boxes that make a list
      const value = isMember ? field.value : valueOf(field);
      if (value === undefined) continue;
      const steps = field.name.split('.');
      const last = steps.pop();
      const part = steps.reduce((within, step) => (within[step] ??= {}), body);
      if (!isMember) part[last] = value;
      else (part[last] ??= []).push(...(field.checked ? [value] : []));
    } catch (message) {
      faults.push({ field: field.name, message });
    }
  }
  return { body, faults };
}

function clearFaults(form) {
  all('[data-fault]', form).forEach((one) => one.remove()); // those of showFaults, and none that a page has of its own
  all('[aria-invalid]', form).forEach((one) => { one.removeAttribute('aria-invalid'); one.removeAttribute('aria-describedby'); });
  const problem = form.querySelector('.form-problem');
  if (problem) problem.hidden = true;
}

/** A rule of names in plain words: REST tells it as a pattern. */
function plain(message) {
  const [, letters, others, most] = message.match(/\[(A-Za-z|a-z)0-9([^\]]*)\]\{\d+,(\d+)\}/) ?? [];
  const words = letters === 'a-z' ? texts.small : texts.letters;
  return words && most ? words.replace('{0}', [...others].join(' ')).replace('{1}', most) : message;
}

/** Shows faults at their fields, and what belongs to no field above the buttons. What was typed stays. */
function showFaults(form, problem) {
  clearFaults(form);
  const left = [];
  for (const fault of problem.errors ?? []) {
    const named = [fault.field, fault.field.split('.').pop(), fault.field.split(/[.[]/)[0]];
    const found = named.map((name) => form.querySelector(`[name="${CSS.escape(name)}"]:not(:disabled)`)).find((one) => one && !one.closest('[hidden]'));
    const field = found?.type === 'hidden' ? found.closest('.field')?.querySelector('input:not([type="hidden"])') : found; // written by a script
    if (!field) {
      left.push(`${fault.field}: ${fault.message}`);
      continue;
    }
    const message = document.createElement('p');
    message.className = 'error';
    message.dataset.fault = '';
    message.id = `fault-${fault.field.replace(/\W/g, '-')}`;
    message.textContent = plain(fault.message);
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', message.id);
    (field.closest('.field') ?? field.parentElement).append(message);
    field.closest('details')?.setAttribute('open', '');
  }
  if (!(problem.errors ?? []).length) left.push(problem.detail ?? problem.title ?? texts.failed);
  const whole = form.querySelector('.form-problem');
  if (left.length && whole) {
    whole.textContent = left.join('\n');
    whole.hidden = false;
  } else if (left.length) {
    say(left.join('\n'), true);
  }
  form.querySelector('[aria-invalid]')?.focus();
}

/** Sends a form: data-call="PUT /api/things/{name}", data-then says where to go on, data-match the If-Match header, data-new that there must be none. */
async function send(form, button) {
  const [method, pattern] = (button?.dataset.call ?? form.dataset.call).split(' ');
  const places = Object.fromEntries(all('[data-path]', form).filter((field) => field.type !== 'radio' || field.checked).map((field) => [field.name, field.value.trim()]));
  const { body, faults } = bodyOf(form);
  if (faults.length) return showFaults(form, { errors: faults });
  const named = { ...body, ...places };
  const headers = form.dataset.match ? { 'If-Match': form.dataset.match } : {};
  if (form.dataset.new !== undefined) headers['If-None-Match'] = '*';
  all('button', form).forEach((one) => { one.disabled = true; });
  const answer = await call(method, fill(pattern, named), form.dataset.body ? JSON.parse(form.dataset.body) : body, headers);
  all('button', form).forEach((one) => { one.disabled = false; });
  if (answer.status === 412 && form.dataset.fresh) return showTheirs(form);
  if (!answer.ok) {
    const refused = new CustomEvent('refused', { bubbles: true, cancelable: true, detail: answer });
    return form.dispatchEvent(refused) ? showFaults(form, answer.body) : undefined;
  }
  clearFaults(form);
  const kept = new CustomEvent('answered', { bubbles: true, cancelable: true, detail: answer });
  if (!form.dispatchEvent(kept)) return undefined;
  for (const typed of all('[data-must-equal]', form)) {
    typed.value = '';
    form.querySelector('[type="submit"]').disabled = true;
  }
  form.closest('[popover]')?.hidePopover();
  say(form.dataset.said ?? texts.said);
  return goOn(form.dataset.then, { ...named, ...answer.body });
}

/**
 * A form about what others change too: data-fresh="/api/things/a" is read when its dialog opens, so that the form begins with what holds
 * now. When somebody was faster nevertheless, it says what that one has set, keeps what was typed, and replaces it when sent again.
 */
async function readFresh(form) {
  const answer = await call('GET', form.dataset.fresh);
  if (!answer.ok) return undefined;
  form.dataset.match = answer.headers.get('ETag') ?? '*';
  all('[data-if-set]', form).forEach((part) => { part.hidden = answer.body.id === undefined; });
  return answer.body;
}

document.addEventListener('beforetoggle', async (event) => {
  const form = event.newState === 'open' ? event.target.querySelector('form[data-fresh]') : null;
  if (!form) return;
  clearFaults(form);
  delete form.dataset.typed;
  const now = await readFresh(form);
  if (!now || form.dataset.typed) return;
  for (const field of form.elements) if (field.name && (now[field.name] !== undefined || !field.required)) field.value = now[field.name] ?? '';
}, true);
document.addEventListener('input', (event) => { if (event.target.form?.dataset.fresh) event.target.form.dataset.typed = 'true'; });

async function showTheirs(form) {
  const now = await readFresh(form);
  if (!now) return showFaults(form, { detail: texts.offline });
  const set = [...form.elements].filter((field) => field.name && now[field.name] !== undefined).map((field) => `${field.labels?.[0]?.querySelector('span')?.textContent ?? field.labels?.[0]?.textContent ?? field.name}: ${now[field.name]}`);
  return showFaults(form, { detail: now.by ? form.dataset.theirs.replace('{0}', now.by).replace('{1}', set.join(' · ')) : form.dataset.theirsNone });
}

document.addEventListener('submit', (event) => {
  if (event.target.dataset.call) {
    event.preventDefault();
    send(event.target, event.submitter);
  }
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-call]');
  if (!button || button.form?.dataset.call) return;
  if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
  const [method, path] = button.dataset.call.split(' ');
  button.disabled = true;
  const answer = await call(method, path, button.dataset.body ? JSON.parse(button.dataset.body) : {}, button.dataset.match ? { 'If-Match': button.dataset.match } : {});
  button.disabled = false;
  if (!answer.ok) return say(answer.body.detail ?? texts.failed, true);
  button.closest('[popover]')?.hidePopover();
  say(button.dataset.said ?? texts.said);
  goOn(button.dataset.then, answer.body);
});

/** Typed confirmation: the button works when the field says what it has to say. */
document.addEventListener('input', (event) => {
  const wanted = event.target.dataset?.mustEqual;
  if (wanted !== undefined) {
    const button = event.target.closest('form').querySelector('[type="submit"], button:not([type])');
    button.disabled = event.target.value !== wanted;
  }
});

/** Parts of a form for one choice: data-when="kind=cron sun". */
function showParts(form) {
  for (const part of all('[data-when]', form)) {
    const [name, words] = part.dataset.when.split('=');
    const chosen = form.querySelector(`[name="${name}"]:checked`) ?? form.querySelector(`select[name="${name}"]`);
    part.hidden = !words.split(' ').includes(chosen?.value ?? '');
  }
}
all('form').forEach((form) => {
  showParts(form);
  form.addEventListener('change', () => showParts(form));
});

/* ------------------------------------------------------------- live parts */

/** Makes one element like another, and leaves alone what is the same, what is open and what is being typed. */
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh.cloneNode(true));
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || old.matches('input, textarea, select') || old.dataset.still !== undefined) return;
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  const rows = new Map([...old.children].filter((one) => one.dataset.row !== undefined).map((one) => [one.dataset.row, one]));
  const wanted = [...fresh.childNodes];
  let at = old.firstChild;
  for (const next of wanted) {
    const row = next.nodeType === Node.ELEMENT_NODE && next.dataset.row !== undefined ? rows.get(next.dataset.row) : undefined;
    if (row) {
      rows.delete(next.dataset.row);
      if (row !== at) old.insertBefore(row, at);
      else at = at.nextSibling;
      morph(row, next);
    } else if (at && !(at.nodeType === Node.ELEMENT_NODE && at.dataset.row !== undefined) && !(next.nodeType === Node.ELEMENT_NODE && next.dataset.row !== undefined)) {
      const after = at.nextSibling;
      morph(at, next);
      at = after;
    } else {
      old.insertBefore(next.cloneNode(true), at);
    }
  }
  while (at) {
    const after = at.nextSibling;
    at.remove();
    at = after;
  }
}

const isBusy = () => all('.row-check:checked').length > 0 || document.querySelector(':popover-open') !== null;

/** Rows of a list hold still while somebody reads or selects: what is new waits above them. */
function renew(list, fresh, now) {
  const known = new Set(all('[data-row]', list).map((row) => row.dataset.row));
  const added = all('[data-row]', fresh).filter((row) => !known.has(row.dataset.row));
  const holds = !now && (isBusy() || list.getBoundingClientRect().top < 0 || list.contains(document.activeElement));
  const notice = document.querySelector('.fresh');
  if (!holds || known.size === 0) {
    morph(list, fresh);
    if (notice) notice.hidden = true;
    return;
  }
  for (const row of all('[data-row]', list)) {
    const same = fresh.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
    if (same) morph(row, same);
  }
  if (notice && added.length) {
    notice.querySelector('span').textContent = notice.dataset.text.replace('{0}', added.length);
    notice.hidden = false;
  }
}

let refreshing = false;
async function refresh(now = false) {
  if (refreshing) return;
  refreshing = true;
  try {
    const clock = now ? {} : { 'X-Celeriac-Live': 'true' }; // does not count as use of the session
    const answer = await fetch(location.href, { headers: { Accept: 'text/html', ...clock }, credentials: 'same-origin' });
    const live = document.querySelector('.live');
    live?.classList.toggle('live-off', !answer.ok);
    if (!answer.ok) return;
    if (answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of all('[data-part]')) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh) continue;
      if (part.dataset.list !== undefined) renew(part, fresh, now);
      else morph(part, fresh);
    }
    const [shown, found] = [document, page].map((one) => one.querySelector('main[data-live]'));
    if (shown && found) shown.dataset.live = found.dataset.live;
    if (shown && !found && !isBusy()) {
      location.reload(); // it is final: what only a final page has comes with it, and nothing follows any more
      return;
    }
    document.dispatchEvent(new CustomEvent('renewed'));
  } catch {
    document.querySelector('.live')?.classList.add('live-off');
  } finally {
    refreshing = false;
  }
}

/**
 * data-live="5" looks again every five seconds. data-events="/api/tasks/events?..." looks when something has changed, at most every
 * two seconds, over one stream, which a hidden page lets go.
 */
const live = document.querySelector('[data-live]');
if (live) {
  let timer;
  let stream;
  let due;
  const soon = () => { due ??= setTimeout(() => { due = undefined; refresh(); }, 2000); };
  let every;
  const pace = () => {
    every = live.dataset.live;
    clearInterval(timer);
    timer = setInterval(() => refresh(), Number(every) * 1000);
  };
  const start = () => {
    if (timer || stream) return;
    pace();
    if (live.dataset.events) {
      stream = new EventSource(base + live.dataset.events);
      for (const name of ['state', 'message']) stream.addEventListener(name, soon);
      stream.onopen = soon; // what changed after the page was made and before the stream was open
      stream.onerror = () => { /* the browser tries again; the timer goes on meanwhile */ };
    }
  };
  const stop = () => {
    clearInterval(timer);
    stream?.close();
    timer = stream = undefined;
  };
  document.addEventListener('renewed', () => { if (timer && live.dataset.live !== every) pace(); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop();
    else { start(); refresh(); }
  });
  window.addEventListener('pagehide', stop);
  window.addEventListener('pageshow', () => { if (!document.hidden) start(); });
  if (!document.hidden) start();
}
document.querySelector('.fresh')?.addEventListener('click', () => {
  window.scrollTo(0, 0);
  refresh(true);
});

/* ----------------------------------------------------------------- search */

const search = document.querySelector('input[data-complete]');
if (search) {
  const list = document.getElementById('complete');
  let chosen = -1;
  let found = { position: 0, candidates: [] };
  let asked = 0;
  const options = () => all('[role="option"]', list);
  const hide = () => {
    list.hidden = true;
    search.setAttribute('aria-expanded', 'false');
    search.removeAttribute('aria-activedescendant');
  };
  const choose = (index) => {
    const items = options();
    if (!items.length) return;
    chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute('aria-selected', String(at === chosen)));
    search.setAttribute('aria-activedescendant', items[chosen].id);
    items[chosen].scrollIntoView({ block: 'nearest' });
  };
  const take = (index) => {
    const candidate = found.candidates[index];
    if (!candidate) return;
    search.value = search.value.slice(0, found.position) + candidate.text + (candidate.text.endsWith(':') || candidate.text.endsWith('.') ? '' : ' ');
    search.focus();
    ask();
  };
  const ask = async () => {
    const mine = ++asked;
    const answer = await call('GET', `${search.dataset.complete}?q=${encodeURIComponent(search.value)}`);
    if (mine !== asked || document.activeElement !== search) return;
    found = answer.ok ? answer.body : { position: 0, candidates: [] };
    chosen = -1;
    list.querySelector('ul').replaceChildren(...found.candidates.map((candidate, at) => {
      const item = document.createElement('li');
      item.id = `complete-${at}`;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      const code = document.createElement('code');
      code.textContent = candidate.text;
      const help = document.createElement('span');
      help.textContent = candidate.help;
      item.append(code, help);
      item.addEventListener('mousedown', (event) => { event.preventDefault(); take(at); });
      return item;
    }));
    list.hidden = found.candidates.length === 0;
    search.setAttribute('aria-expanded', String(!list.hidden));
  };
  let typing;
  search.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(ask, 120); });
  search.addEventListener('focus', ask);
  search.addEventListener('blur', hide);
  search.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      take(Math.max(chosen, 0));
    } else if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape') {
      event.preventDefault(); // it would clear the field
      event.stopPropagation();
      hide();
    }
  });
}

/* -------------------------------------------------------------- selection */

const bulk = document.querySelector('.bulk');
function countSelected() {
  if (!bulk) return;
  const selected = all('.row-check:checked');
  bulk.hidden = selected.length === 0;
  bulk.querySelector('.bulk-count').textContent = bulk.dataset.text.replace('{0}', selected.length);
  const whole = document.querySelector('.check-all');
  const boxes = all('.row-check');
  if (whole) {
    whole.checked = boxes.length > 0 && selected.length === boxes.length;
    whole.indeterminate = selected.length > 0 && selected.length < boxes.length;
  }
}
document.addEventListener('change', (event) => {
  if (event.target.matches('.check-all')) all('.row-check').forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches('.check-all, .row-check')) countSelected();
});
document.addEventListener('renewed', countSelected);
bulk?.querySelector('.bulk-clear')?.addEventListener('click', () => {
  all('.row-check:checked').forEach((box) => { box.checked = false; });
  countSelected();
});

/** The dialog of a bulk action: preview first, then the action as an object with a page of its own. */
const act = document.getElementById('act');
if (act) {
  const form = act.querySelector('form');
  const preview = act.querySelector('.act-preview');
  const go = form.querySelector('[type="submit"]');
  let asked = 0;
  const request = () => ({ do: form.dataset.do, q: form.dataset.q, ...(form.rate.value ? { rate: Number(form.rate.value) } : {}) });
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-act]');
    if (!button) return;
    const ids = all('.row-check:checked').map((box) => `id:"${box.value.replace(/["\\]/g, '\\$&')}"`);
    form.dataset.do = button.dataset.act;
    form.dataset.q = button.dataset.scope === 'all' ? button.dataset.q : ids.join(' OR ');
    act.querySelector('h2').textContent = button.dataset.title;
    go.textContent = button.textContent.replace('…', '');
    clearFaults(form);
    preview.replaceChildren();
    go.disabled = true;
    act.showPopover();
    const mine = ++asked;
    const answer = await call('POST', '/api/actions', { ...request(), dryRun: true });
    if (mine !== asked) return; // the dialog is for another action by now
    if (!answer.ok) return showFaults(form, answer.body);
    const { count, exact, workflows, frozenQ } = answer.body;
    form.dataset.q = frozenQ; // on these items, and on none that come later
    const line = document.createElement('p');
    line.textContent = act.dataset.counted.replace('{0}', count.toLocaleString(document.documentElement.lang) + (exact ? '' : '+'));
    const filter = document.createElement('pre');
    filter.className = 'code code-wrap';
    filter.textContent = frozenQ;
    const sample = document.createElement('ul');
    sample.className = 'act-sample';
    for (const one of (answer.body.sample ?? []).slice(0, 5)) {
      const item = document.createElement('li');
      item.textContent = typeof one === 'string' ? one : `${one.task ?? ''} ${one.id ?? ''}`;
      sample.append(item);
    }
    preview.append(line, filter, sample);
    if (workflows) {
      const left = document.createElement('p');
      left.textContent = act.dataset.workflows.replace('{0}', workflows.toLocaleString(document.documentElement.lang));
      line.after(left);
    }
    go.disabled = count <= (workflows ?? 0) && exact;
    const typed = act.querySelector('.act-typed');
    typed.hidden = !(count > Number(act.dataset.typedOver));
    if (!typed.hidden) {
      const field = typed.querySelector('input');
      field.value = '';
      field.dataset.mustEqual = String(count);
      typed.querySelector('label').textContent = act.dataset.typed.replace('{0}', count);
      go.disabled = true;
    }
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    go.disabled = true;
    const answer = await call('POST', '/api/actions', request());
    if (!answer.ok) return showFaults(form, answer.body);
    location.assign(`${base}/actions/${encodeURIComponent(answer.body.id)}`);
  });
}

/* ------------------------------------------------------------------- keys */

let going = false;
let row = -1;
const isTyping = (target) => target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (isTyping(event.target)) event.target.blur();
    else bulk?.querySelector('.bulk-clear')?.click();
    return;
  }
  if (isTyping(event.target) || localStorage.getItem('celeriac-keys') === 'off') return;
  const rows = all('[data-row]');
  const step = (by) => {
    row = Math.min(Math.max(row + by, 0), rows.length - 1);
    rows[row]?.querySelector('a')?.focus();
    rows[row]?.scrollIntoView({ block: 'nearest' });
  };
  if (going) {
    going = false;
    document.querySelector(`.side a[data-key="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === '/') {
    event.preventDefault();
    const field = document.querySelector('#search');
    if (field) field.focus();
    else location.assign(`${base}/tasks#search`);
  } else if (event.key === '?') {
    document.getElementById('keys')?.togglePopover();
  } else if (event.key === 'g') {
    going = true;
    setTimeout(() => { going = false; }, 1500);
  } else if (event.key === 'j') {
    step(1);
  } else if (event.key === 'k') {
    step(-1);
  } else if (event.key === 'x') {
    rows[row]?.querySelector('.row-check')?.click();
  }
});
if (location.hash === '#search') document.getElementById('search')?.focus();

/* ----------------------------------------------------------- small things */

document.addEventListener('click', async (event) => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      say(texts.copied);
    } catch {
      say(copy.dataset.copy); // no clipboard without HTTPS: it can be copied from here
    }
  }
});

/** A button that puts a text into a field, for editing. */
document.addEventListener('click', (event) => {
  const filler = event.target.closest('[data-fill]');
  if (filler) document.getElementById(filler.dataset.fill).value = filler.dataset.text;
});

/** The reader's zone, kept in a cookie so that the server writes times in it. */
const zoneCookie = (zone) => { document.cookie = `celeriac-zone=${encodeURIComponent(zone)}; path=${base || '/'}; max-age=31536000; samesite=lax`; };
const here = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
if (!document.cookie.includes('celeriac-zone=')) {
  zoneCookie(here);
  const isKept = document.cookie.includes('celeriac-zone='); // a browser may refuse cookies
  if (isKept && document.querySelector('[data-zone]')?.dataset.here !== here) location.reload();
}
document.querySelector('[data-zone]')?.addEventListener('click', (event) => {
  zoneCookie(event.currentTarget.dataset.here === here ? 'UTC' : here);
  location.reload();
});

/** The theme, kept in this browser. theme.js shows it. */
const themes = document.querySelector('.themes');
if (themes) {
  const mark = () => { themes.querySelector(`[value="${document.documentElement.dataset.theme ?? 'system'}"]`).checked = true; };
  mark();
  window.addEventListener('storage', mark);
  window.addEventListener('pageshow', mark); // the browser may have put back what was checked before
  themes.addEventListener('change', (event) => {
    const theme = event.target.value;
    document.dispatchEvent(new CustomEvent('theme', { detail: theme }));
    try {
      if (theme === 'system') localStorage.removeItem('celeriac-theme');
      else localStorage.setItem('celeriac-theme', theme);
    } catch { /* it is not kept, and holds for this page */ }
  });
}

/** For the scripts of single pages. */
export { all, base, bodyOf, call, clearFaults, durationOf, fill, goOn, refresh, say, showFaults, texts, zoneCookie };
