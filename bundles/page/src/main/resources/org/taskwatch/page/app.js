// SPDX-License-Identifier: Apache-2.0
// The status line and the modules; the other parts of the page are in their own files.
import {count, get, h, mayControl, post, render, repeat} from './client.js';
import {drawMachine} from './machine.js';
import './processes.js';

const section = document.getElementById('modules');
const status = document.getElementById('status');
let said = '';
let state = null;

async function act(what, module) {
  await tell(() => post('page/module?do=' + what + '&module=' + encodeURIComponent(module)));
}

async function deploy(files) {
  for (const file of files) await tell(() => post('page/deploy?name=' + encodeURIComponent(file.name), file));
}

async function tell(action) {
  try {
    said = await action();
  } catch (error) {
    said = error.message;
  }
  refresh();
}

function buttons(module) {
  const button = (what, text) => h('button', {onClick: () => act(what, module.name), 'aria-label': text + ' ' + module.name}, text);
  const isOut = module.state === 'GONE' || module.watchers.some(each => each.suspended);
  return mayControl && h('td', {class: 'acts'}, isOut ? button('resume', 'Resume') : button('suspend', 'Suspend'), button('unload', 'Unload'));
}

function watcher(each) {
  return h('li', null, each.name.replace(/.*\./, ''), ' ', h('small', null,
    each.events.join(' ').toLowerCase() + (each.filter ? ' ' + each.filter : '') + (each.calls < 0 ? '' : ', ' + count(each.calls) + ' calls')),
    each.suspended && h('p', {class: 'problem'}, 'suspended: ' + each.suspended),
    each.lastFault && h('p', {class: 'problem'}, each.lastFault));
}

function row(module) {
  return h('tr', {key: module.name + module.version},
    h('td', null, h('strong', null, module.name.replace(/^org\.taskwatch\./, '')), ' ', h('small', null, module.version),
      h('ul', null, module.watchers.map(watcher)), module.blocking.map(each => h('p', {class: 'problem'}, each))),
    h('td', {class: 'state ' + module.state.toLowerCase()}, module.state.toLowerCase()),
    h('td', {class: 'n'}, module.references), h('td', {class: 'n'}, module.inFlight), h('td', {class: 'n'}, count(module.calls)),
    h('td', {class: 'n'}, count(module.faults)), h('td', {class: 'n wide'}, module.waiting + '/' + count(module.capacity)), buttons(module));
}

function draw() {
  render([
    h('div', {class: 'head'}, h('h2', {id: 'modules-head'}, 'Modules'),
      mayControl
        ? h('label', {class: 'drop'}, 'Deploy a .jar or .java, or drop it here ',
          h('input', {type: 'file', id: 'deploy', accept: '.jar,.java', multiple: true, onChange: event => deploy(event.target.files)}))
        : h('p', {class: 'note'}, 'taskwatch web --control prints the address with which you can change something')),
    h('p', {id: 'said', role: 'status'}, said),
    h('div', {class: 'scroll free'}, h('table', null,
      h('thead', null, h('tr', null, h('th', null, 'Module, watchers'), ['State', 'References', 'In flight', 'Calls', 'Faults'].map((each, i) => h('th', {class: i ? 'n' : ''}, each)),
        h('th', {class: 'n wide'}, 'Lane'), mayControl && h('th', null, 'Change'))),
      h('tbody', null, state.modules.map(row)))),
    state.linked.length > 0 && h('p', {class: 'note'}, 'Linked in: ' + state.linked.map(each => each.name.replace(/.*\./, '')).join(', '))], section);
}

const refresh = repeat(1000, async () => {
  try {
    state = await get('page/state');
    const source = state.sources.find(each => each.state === 'ACTIVE');
    const lost = state.losses.reduce((sum, each) => sum + each.count, 0);
    status.textContent = (source ? 'source ' + source.name : 'no source') + ', ' + count(state.tasks) + ' tasks, ' + count(lost) + ' events lost';
    status.className = '';
    drawMachine(state);
    draw();
  } catch (error) {
    status.textContent = 'no answer: ' + error.message;
    status.className = 'problem';
  }
});

section.addEventListener('dragover', event => event.preventDefault());
section.addEventListener('drop', event => {
  event.preventDefault();
  if (mayControl) deploy(event.dataTransfer.files);
});
