// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

/// How many events were told so far, whatever the source. What was lost is not in it.
///
/// @param forks new processes
/// @param clones new threads of processes that were there, as far as the source tells of threads
/// @param execs programs executed
/// @param exits processes that have exited; threads are not counted
/// @param events all events, of every kind
public record EventCounts(long forks, long clones, long execs, long exits, long events) {}
