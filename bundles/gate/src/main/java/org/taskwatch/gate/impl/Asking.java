// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.tasks.Forks;

import java.util.concurrent.Executor;

/// What all gated trees share.
///
/// @param forks makes the unborn tasks
/// @param notifier asks the watchers
/// @param interest says whether there are any
/// @param whenLate the answer of the instance for a watcher that is late
/// @param counts of all trees
/// @param threads has the threads that receive and ask
/// @param isDeciding is run when a call was received: leaders are to be looked after from now on
record Asking(
        Forks forks,
        TaskNotifier notifier,
        Interest interest,
        Verdict whenLate,
        Counts counts,
        Executor threads,
        Runnable isDeciding) {}
