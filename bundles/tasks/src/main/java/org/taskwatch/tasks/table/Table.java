// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.spi.Interest;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.procfs.ProcFs;

/// The table and all that writes it, put together. For the pump thread only.
///
/// @param tasks the tasks
/// @param updater applies the records of sources
/// @param repair compares it with `/proc`
/// @param threads has threads in it or not
public record Table(LiveTasks tasks, TableUpdater updater, Repair repair, ThreadEvents threads) {
    /// {@return an empty table}
    ///
    /// @param tasks will hold the tasks
    /// @param proc shows them
    /// @param reader reads their details
    /// @param budget bounds these
    /// @param reporter is told what happens
    /// @param clocks date it
    /// @param recordings record it
    /// @param interest says whether threads are wanted
    /// @param forks knows what was asked for before its birth
    public static Table of(
            LiveTasks tasks,
            ProcFs proc,
            DetailReader reader,
            DetailBudget budget,
            Reporter reporter,
            Clocks clocks,
            Recordings recordings,
            Interest interest,
            GateForks forks) {
        ForkMatcher matcher = forks.matcher();
        Endings endings = new Endings(tasks, reporter);
        Births births =
                new Births(
                        tasks, proc, reader.programs(), budget, endings, reporter, clocks, matcher);
        ThreadEvents threads = new ThreadEvents(interest, tasks, proc, births, endings);
        IdChanges ids = new IdChanges(reporter);
        return new Table(
                tasks,
                new TableUpdater(
                        tasks, proc, reader, births, endings, reporter, threads, clocks, ids,
                        matcher),
                new Repair(
                        tasks, proc, births, endings, reporter, threads, clocks, ids, recordings),
                threads);
    }
}
