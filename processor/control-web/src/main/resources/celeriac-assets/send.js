/* The form that sends a task: a choice from the list opens its form at once, and what the answer warns of is shown before the task is. */

const choose = document.querySelector('.send-choose');
const names = () => [...document.querySelectorAll('#handlers option')].map((option) => option.value);
choose.task.addEventListener('input', (event) => {
  const isChosen = event.inputType === undefined || event.inputType === 'insertReplacementText'; // from the list, not by the keys
  if (isChosen && names().includes(choose.task.value)) choose.requestSubmit();
});
if (!choose.task.value) choose.task.focus();

const form = document.getElementById('send');
form?.addEventListener('answered', async (event) => {
  event.preventDefault();
  const { id, queue, partition, offset, warnings } = event.detail.body;
  if (!warnings?.length) {
    const { goOn } = await import(document.querySelector('script[src*="/console.js"]').src); // the same one, so by the same address
    await goOn('/tasks/{id}', { id, queue, partition, offset });
    return;
  }
  const sent = document.getElementById('sent');
  sent.querySelector('ul').replaceChildren(...warnings.map((warning) => {
    const item = document.createElement('li');
    item.textContent = warning;
    return item;
  }));
  const link = document.getElementById('sent-task');
  link.href = `${link.dataset.tasks}/${encodeURIComponent(id)}`;
  sent.hidden = false;
  sent.focus();
});
