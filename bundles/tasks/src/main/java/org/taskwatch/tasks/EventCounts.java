// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

/// How many events were reported so far, whatever the source. Lost ones are not counted.
///
/// @param forks new processes
/// @param clones new threads of processes that were there, as far as the source reports threads
/// @param execs programs executed
/// @param exits processes that have exited; threads are not counted
/// @param events all events, of every kind
public record EventCounts(long forks, long clones, long execs, long exits, long events) {}
