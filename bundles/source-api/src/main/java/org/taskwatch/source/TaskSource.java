// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.osgi.annotation.versioning.ConsumerType;
import org.taskwatch.api.Capture;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// A source of task events. An OSGi service; of those that can be opened, the one with the highest
/// `service.ranking` is active.
///
/// **Threads.** [#open], [#demand], [#receive], [#hasExecutedAgain], [#failedFork] and [#close] are called by one
/// thread, the pump; [#open] first, [#close] last, and possibly all again after that. The other methods are
/// called by any thread, also meanwhile.
@ConsumerType
public interface TaskSource {
    /// {@return the name of the source, one word, as `connector`}
    String name();

    /// {@return what the source can't see, in one sentence, empty if it sees everything}
    String limits();

    /// {@return the details that come with the records, so that nobody need hurry to read them from `/proc`} What a record
    /// lacks all the same is read there. A record may bring more.
    default Set<Capture> delivers() {
        return Set.of();
    }

    /// {@return whether the tasks are those of this machine, which `/proc` shows; if not, all that is
    /// known of them comes from the records}
    default boolean isLocal() {
        return true;
    }

    /// Begins to observe: everything that [Demand#ALL] names is kept from now on until [#receive] takes
    /// it.
    ///
    /// @throws SourceException if the source can't work here; the message says why
    void open() throws SourceException;

    /// Says what is wanted from now on. Called between [#open] and [#close], whenever that changes.
    ///
    /// @param demand what is wanted
    /// @throws SourceException if the source no longer works
    void demand(Demand demand) throws SourceException;

    /// Waits for events, at most for about the given time, and records those that are there, in the
    /// order in which they have happened.
    ///
    /// @param sink takes them
    /// @param timeoutMillis how long to wait for the first event, at least 0
    /// @throws SourceException if the source no longer works; it is closed then, and opened
    ///     again later
    void receive(TaskSink sink, int timeoutMillis) throws SourceException;

    /// {@return how much later than it has happened an event can be found, in milliseconds} What has happened so
    /// long ago, or longer, when a [#receive] begins is recorded when that ends. 0 for a source that is told each event
    /// by the kernel.
    default int delayMillis() {
        return 0;
    }

    /// {@return whether a process has executed yet another program by now, as far as the source knows}
    /// Asked while an EXECUTED is taken, after `/proc` was read for it: what was read is of the later
    /// program then.
    ///
    /// @param pid the process
    default boolean hasExecutedAgain(int pid) {
        return false;
    }

    /// {@return when a thread has last forked a process, by [System#nanoTime]; [Long#MIN_VALUE] if that is not known,
    /// as it is long ago; empty if the source can't tell before its records are read} Called by any thread.
    ///
    /// @param tid the thread
    /// @param sinceNanos since when it must be known; empty too if this is not so, as it was not wanted
    ///     ([Demand#forkTimes]) for all the time
    default OptionalLong latestFork(int tid, long sinceNanos) {
        return OptionalLong.empty();
    }

    /// {@return the errno of the last fork of a thread that the kernel has let fail, 0 if the source does not
    /// know of one} Called by the pump.
    ///
    /// @param tid the thread
    /// @param sinceNanos it must have failed then or later, by [System#nanoTime]
    default int failedFork(int tid, long sinceNanos) {
        return 0;
    }

    /// Makes the present [#receive], or else the next one, return without waiting any longer. Does
    /// nothing if the source is not open.
    void wake();

    /// Ends observing and gives back what was acquired. Does nothing if the source is not open.
    void close();

    /// {@return the counters that the kernel keeps for this source, by name, for a person to read;
    /// empty if it keeps none or the source is not open}
    Map<String, Long> counters();

    /// {@return where in the kernel each fact comes from, for a person to read: the fact, and the hook or what
    /// else tells it; empty if there is no choice, or the source is not open}
    default Map<String, String> hooks() {
        return Map.of();
    }
}
