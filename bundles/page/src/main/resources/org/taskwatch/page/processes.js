// SPDX-License-Identifier: Apache-2.0
// The processes as a tree, and the details of one.
import {clock, get, h, render, repeat} from './client.js';
import {eventsOf} from './events.js';

const section = document.getElementById('processes');
const MOST_INDENT = 12;
let search = '';
let tree = {rows: [], found: 0, more: 0};
let chosen = 0;
let process = null;
let problem = '';

function row(each) {
  return h('tr', {key: each.pid + '-' + each.start, class: [each.isFound ? '' : 'way', each.pid === chosen ? 'chosen' : ''].join(' ')},
    h('td', {class: 'n'}, each.pid),
    h('td', null,
      h('span', {class: 'in' + Math.min(each.depth, MOST_INDENT)}),
      h('button', {class: 'link', 'aria-expanded': each.pid === chosen, onClick: () => choose(each.pid)}, each.comm),
      each.labels.map(label => h('span', {class: 'label'}, label))),
    h('td', {class: 'n wide'}, each.uid),
    h('td', {class: 'n wide'}, clock(each.start)),
    h('td', {class: 'long wide', title: each.command}, each.command));
}

function details() {
  if (!process) return problem && h('p', {class: 'problem', role: 'alert'}, problem);
  const known = {...process.details, started: new Date(process.start).toLocaleString('en-GB'), ...process.labels};
  if (process.gate) known.gate = process.gate;
  return h('aside', {class: 'card', 'aria-label': 'Details of process ' + process.pid},
    h('h3', null, process.comm, ' ', h('small', null, process.pid),
      h('button', {class: 'right', onClick: () => choose(0)}, 'Close')),
    h('ol', {class: 'arguments', start: 0, 'aria-label': 'Arguments'}, process.arguments.map(each => h('li', null, each))),
    h('dl', null, Object.entries(known).sort().map(([name, value]) => [h('dt', null, name), h('dd', null, value)])),
    h('p', {class: 'ancestry'}, 'Descends from ', process.ancestry.map((each, at) =>
      [at > 0 && ' \u2039 ', h('span', {class: each.isGone ? 'gone' : ''}, each.comm + ' ' + each.pid)])),
    h('ol', {class: 'life', 'aria-label': 'What has happened to it'}, eventsOf(process.pid).map(each =>
      h('li', {key: each.seq}, each.time.slice(11, 19) + ' ' + each.event + ' ' + (each.cmdline || [each.comm]).join(' ')))));
}

function draw() {
  render([
    h('div', {class: 'head'},
      h('h2', {id: 'processes-head'}, 'Processes'),
      h('label', null, 'Search ', h('input', {type: 'search', id: 'search', value: search, placeholder: 'name, command line, label or pid',
        onInput: event => { search = event.target.value; refresh(); }})),
      h('p', {class: 'note'}, tree.found + (search ? ' found' : ' alive') + (tree.more ? ', ' + tree.more + ' not shown' : ''))),
    h('div', {class: 'split'},
      h('div', {class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Tree of processes'}, h('table', {class: 'tree'},
        h('thead', null, h('tr', null, h('th', {class: 'n'}, 'PID'), h('th', null, 'Name'), h('th', {class: 'n wide'}, 'UID'),
          h('th', {class: 'n wide'}, 'Started'), h('th', {class: 'wide'}, 'Command'))),
        h('tbody', null, tree.rows.map(row)))),
      details())], section);
}

async function choose(pid) {
  chosen = pid === chosen ? 0 : pid;
  process = null;
  problem = '';
  try {
    if (chosen) process = await get('page/process?pid=' + chosen);
  } catch (error) {
    problem = error.message;
  }
  draw();
}

const refresh = repeat(2000, async () => {
  const asked = search;
  try {
    const answer = await get('page/processes?q=' + encodeURIComponent(asked));
    if (asked === search) tree = answer;
  } catch (error) {
    // the status line tells
  }
  draw();
});
