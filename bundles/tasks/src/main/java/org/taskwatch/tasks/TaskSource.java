// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.Map;

/// A source of task events. An OSGi service; of those that can be opened, the one with the highest
/// `service.ranking` is active.
///
/// **Threads.** [#open], [#receive] and [#close] are called by one thread, the pump, in this order,
/// and possibly again after [#close]; so is [#threads], while the source is open. The other methods
/// are called by any thread, also meanwhile.
@ConsumerType
public interface TaskSource {
    /// {@return the name of the source, one word, as `connector`}
    String name();

    /// {@return what the source can't see, in one sentence, empty if it sees everything}
    String limits();

    /// Begins to observe: every event from now on is kept until [#receive] takes it.
    ///
    /// @throws SourceException if the source can't work here; the message says why
    void open() throws SourceException;

    /// Says whether the events of threads are wanted: of tasks whose tid is not their pid. They are
    /// until this is first called; it may be called at any time between [#open] and [#close].
    ///
    /// While they are wanted, everything that happens from the return of this on is recorded.
    ///
    /// While they are not, the source need not find them, and the earlier it leaves them out the
    /// better. What it records of them changes nothing, except an exit with a status other than 0:
    /// that is the status of the process. But then the source must find out when a process ends:
    /// [TaskRecorder#exited] of its first thread is recorded after the last thread has exited, not
    /// when only the first has, nor when an exec of another thread has ended it.
    ///
    /// @param areWanted whether they are wanted
    /// @throws SourceException if the source no longer works
    void threads(boolean areWanted) throws SourceException;

    /// Waits for events, at most for about the given time, and records those that are there, in the
    /// order in which they have happened.
    ///
    /// @param recorder takes them
    /// @param timeoutMillis how long to wait for the first event, at least 0
    /// @throws SourceException if the source no longer works; it is closed then, and opened
    ///     again later
    void receive(TaskRecorder recorder, int timeoutMillis) throws SourceException;

    /// Makes the present [#receive], or else the next one, return without waiting any longer. Does
    /// nothing if the source is not open.
    void wake();

    /// Ends observing and gives back what was acquired. Does nothing if the source is not open.
    void close();

    /// {@return the counters that the kernel keeps for this source, by name, for a person to read;
    /// empty if it keeps none or the source is not open}
    Map<String, Long> counters();
}
