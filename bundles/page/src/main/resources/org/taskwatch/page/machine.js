// SPDX-License-Identifier: Apache-2.0
// Rates and latency as plots; sources, losses and gates as tables.
import {clock, count, h, nanos, render} from './client.js';

const section = document.getElementById('machine');
const SECONDS = 300;
const times = [];
const plots = [
  {title: 'per second', lines: ['forks', 'execs', 'exits'], data: [[], [], []]},
  {title: 'latency in \u00b5s', lines: ['p50', 'p99'], data: [[], []]}];

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function make(plot, at) {
  const holder = section.querySelectorAll('.plot')[at];
  const axis = {stroke: style('--soft'), grid: {stroke: style('--line'), width: 1}, ticks: {show: false}, font: '11px system-ui'};
  const options = {
    width: holder.clientWidth, height: 180, cursor: {drag: {x: false, y: false}}, title: plot.title, axes: [axis, {...axis, size: 56}],
    series: [{}, ...plot.lines.map((label, i) => ({label, stroke: style('--line' + i), width: 1.5, points: {show: false}}))]};
  plot.made = new window.uPlot(options, [times, ...plot.data], holder);
  new ResizeObserver(() => plot.made.setSize({width: holder.clientWidth, height: 180})).observe(holder);
}

function push(state) {
  const rate = state.rates[0] || {forks: 0, execs: 0, exits: 0};
  const source = state.sources.find(each => each.state === 'ACTIVE') || {p50Nanos: 0, p99Nanos: 0};
  times.push(Date.now() / 1000);
  [rate.forks, rate.execs, rate.exits].forEach((value, i) => plots[0].data[i].push(value));
  [source.p50Nanos, source.p99Nanos].forEach((value, i) => plots[1].data[i].push(value / 1000));
  for (const list of [times, ...plots.flatMap(plot => plot.data)]) if (list.length > SECONDS) list.shift();
}

function table(caption, heads, rows) {
  return rows.length > 0 && h('table', {class: 'small'}, h('caption', null, caption),
    h('thead', null, h('tr', null, heads.map(each => h('th', null, each)))),
    h('tbody', null, rows.map(cells => h('tr', null, cells.map(each => h('td', {class: typeof each === 'number' ? 'n' : ''}, typeof each === 'number' ? count(each) : each))))));
}

export function drawMachine(state) {
  push(state);
  if (!section.firstChild) {
    render([h('h2', {id: 'machine-head'}, 'Rates'),
      h('div', {class: 'plots'}, h('div', {class: 'plot'}), h('div', {class: 'plot'})), h('div', {class: 'tables'})], section);
    plots.forEach(make);
  }
  plots.forEach(plot => plot.made.setData([times, ...plot.data]));
  render([
    table('Sources', ['Source', 'State', 'Events', 'p50', 'p99', 'Why or limits'], state.sources.map(each =>
      [each.name, each.state.toLowerCase(), each.events, nanos(each.p50Nanos), nanos(each.p99Nanos), each.reason])),
    table('Lost events', ['Place', 'At', 'Events', 'Since'], state.losses.map(each =>
      [each.place, each.at, each.count, each.since ? clock(each.since) : ''])),
    table('Gates', ['Gate', 'Asked', 'Allowed', 'Refused', 'Waiting'], state.gates.map(each =>
      [each.label, each.asked, each.allowed, each.refused, each.waiting]))], section.querySelector('.tables'));
}
