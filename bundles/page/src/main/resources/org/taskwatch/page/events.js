// SPDX-License-Identifier: Apache-2.0
// The live stream. What comes is only taken note of; a frame draws the newest of it. So neither the rows nor what waits
// grow, however much comes.
const MOST_ROWS = 200;
const KINDS = ['CLONE', 'EXEC', 'UID', 'GID', 'EXIT'];
const section = document.getElementById('events');
const waiting = [];
const shown = [];
let passed = 0;
let isPaused = false;
let isDue = false;
let source;

/** What is still known of a process, the newest first. */
export const eventsOf = pid => shown.filter(each => each.pid === pid).slice(0, 20);

function element(name, text, ...classes) {
  const made = document.createElement(name);
  made.textContent = text;
  made.classList.add(...classes);
  return made;
}

function detail(event) {
  if (event.event === 'LOST') return (event.count === null ? 'some events' : event.count + ' events') + ': ' + event.cause;
  if (event.event === 'EXIT' && event.value > 0) {
    return event.value & 127 ? 'signal ' + (event.value & 127) : 'exit code ' + (event.value >> 8 & 255);
  }
  return '';
}

function row(event) {
  const line = document.createElement('tr');
  line.classList.add(event.event.toLowerCase());
  line.append(
    element('td', event.time ? event.time.slice(11, 23) : '', 'n'), element('td', event.event, 'kind'), element('td', event.pid || '', 'n'),
    element('td', event.comm || ''), element('td', detail(event)), element('td', (event.cmdline || []).join(' '), 'long', 'wide'));
  return line;
}

function draw() {
  isDue = false;
  if (isPaused) return;
  const fresh = waiting.splice(0).map(JSON.parse);
  const body = section.querySelector('tbody');
  const lines = document.createDocumentFragment();
  for (const event of fresh.reverse()) lines.append(row(event));
  body.prepend(lines);
  while (body.rows.length > MOST_ROWS) body.lastElementChild.remove();
  shown.unshift(...fresh);
  shown.length = Math.min(shown.length, MOST_ROWS);
  section.querySelector('.note').textContent = passed ? passed + ' came too fast to be shown' : '';
}

function take(message) {
  waiting.push(message.data);
  if (waiting.length > MOST_ROWS) {
    waiting.shift();
    passed++;
  }
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(draw);
  }
}

function open() {
  if (source) source.close();
  const form = new FormData(section.querySelector('form'));
  const wanted = new URLSearchParams({event: form.getAll('event').join(',') || 'EXEC'});
  if (form.get('comm')) wanted.set('comm', form.get('comm'));
  if (form.get('label')) wanted.set('label', form.get('label'));
  source = new EventSource('events?processes&' + wanted);
  source.onmessage = take;
}

function build() {
  const form = document.createElement('form');
  form.className = 'head';
  form.append(Object.assign(element('h2', 'Events'), {id: 'events-head'}));
  for (const kind of KINDS) {
    const label = element('label', kind);
    label.prepend(Object.assign(document.createElement('input'),
      {type: 'checkbox', name: 'event', value: kind, checked: kind !== 'UID' && kind !== 'GID'}));
    form.append(label);
  }
  for (const name of ['comm', 'label']) {
    const label = element('label', name === 'comm' ? 'Name ' : 'Label ');
    label.append(Object.assign(document.createElement('input'), {name, size: 10}));
    form.append(label);
  }
  const pause = Object.assign(element('button', 'Pause'), {type: 'button'});
  pause.onclick = () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    draw();
  };
  const note = element('p', '', 'note');
  note.setAttribute('role', 'status');
  form.append(pause, note);
  form.onchange = open;
  form.onsubmit = event => event.preventDefault();
  const table = document.createElement('table');
  const head = document.createElement('tr');
  for (const name of ['Time', 'Event', 'PID', 'Name', 'Detail']) head.append(element('th', name));
  head.append(element('th', 'Command', 'wide'));
  table.createTHead().append(head);
  table.createTBody();
  const scroll = element('div', '', 'scroll');
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', 'Newest events first');
  scroll.append(table);
  section.append(form, scroll);
}

build();
open();
