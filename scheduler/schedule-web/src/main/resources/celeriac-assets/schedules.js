/* The list of schedules: one call for each that is selected. */

const { all, call, refresh, say } = await import(document.querySelector('script[src*="/console.js"]').src);

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-each]');
  if (!button) return;
  const { dataset } = document.querySelector('.bulk');
  const boxes = all('.row-check:checked');
  const count = document.querySelector('.bulk-count');
  const refused = [];
  all('.bulk button').forEach((one) => { one.disabled = true; });
  for (const [at, box] of boxes.entries()) {
    count.textContent = dataset.doing.replace('{0}', at + 1).replace('{1}', boxes.length);
    const answer = await call('POST', `/api/schedules/${encodeURIComponent(box.value)}/${button.dataset.each}`);
    if (answer.ok) box.checked = false;
    else refused.push(`${box.value}: ${answer.body.detail ?? answer.status}`);
  }
  all('.bulk button').forEach((one) => { one.disabled = false; });
  boxes.at(0)?.dispatchEvent(new Event('change', { bubbles: true }));
  const done = dataset.done.replace('{0}', boxes.length - refused.length);
  if (refused.length) say([done, dataset.refused.replace('{0}', refused.length), ...refused.slice(0, 5)].join('\n'), true);
  else say(done);
  refresh(true);
});
