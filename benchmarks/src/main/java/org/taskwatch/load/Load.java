// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.IOException;

/// Something that makes processes, and knows how many.
interface Load {
    /// What has been done.
    ///
    /// @param pid the process that was started to do it, whose own life does not count
    /// @param nanos how long it took
    /// @param tasks how many processes or threads it has made
    /// @param events how many forks, execs and exits that was, 0 if it can't know
    record Done(long pid, long nanos, long tasks, long events) {}

    /// {@return what the table calls it}
    String name();

    /// Does it, once, and waits for its end. The process that was started for it lives until the
    /// observer has worked off what it has done: what an observer reads of it is there to be read.
    ///
    /// @param observer who watches meanwhile
    /// @throws IOException if a program fails
    Done run(Observer observer) throws IOException, InterruptedException;
}
