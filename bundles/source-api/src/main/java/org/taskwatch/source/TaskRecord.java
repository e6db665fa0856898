// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;

import java.util.Map;
import java.util.NoSuchElementException;

/// What has happened to one task, with all that its source knows of it at that moment.
///
/// Changeable, and meant to be used again for each record of a source, so that no record costs memory:
/// [#begin] forgets everything. Whoever is given one reads it before he returns. For one thread at a
/// time.
///
/// A tid is a thread id, a pid a process id (thread group id).
public final class TaskRecord {
    private static final Fact[] FACTS = Fact.values();

    private Kind kind = Kind.FREED;
    private long nanos;
    private int tid;
    private int pid;
    private boolean isRepaired;
    private long present;
    private final long[] numbers = new long[FACTS.length];
    private @Nullable Detail<String> comm;
    private @Nullable Detail<String> executable;
    private @Nullable Detail<Arguments> arguments;
    private @Nullable Detail<String> workingDirectory;
    private @Nullable Detail<String> cgroup;
    private @Nullable Detail<Map<String, Long>> namespaces;
    private boolean hasDetails;

    /// What can happen.
    public enum Kind {
        /// A task was there when the source began to observe. Only sources of other machines tell it;
        /// what this machine has is read from `/proc`.
        FOUND,

        /// A task was created.
        CLONED,

        /// A task has executed a program. Its tid is its pid: the thread that executes takes over
        /// the process.
        EXECUTED,

        /// A user id has changed; the facts are those from now on.
        UID_CHANGED,

        /// A group id has changed; the facts are those from now on.
        GID_CHANGED,

        /// The name has changed, to [#comm()]. No watcher is told.
        RENAMED,

        /// A task begins to exit. For the first thread of a process this is not the end of the
        /// process: that comes with its last thread.
        EXITED,

        /// A process was reaped: its pid may be used again. Not told of other threads: they are gone
        /// with their exit, which may be told a little later than this. Told with its start, it may
        /// also come when the pid has another owner already.
        FREED
    }

    /// Makes one to be begun.
    public TaskRecord() {}

    /// Begins a record, without any fact.
    ///
    /// @param what has happened
    /// @param when in nanoseconds of CLOCK_MONOTONIC, the clock of [System#nanoTime]
    /// @param itsTid the tid of the task
    /// @param itsPid its pid, equal to the tid for a process
    /// @return this
    public TaskRecord begin(Kind what, long when, int itsTid, int itsPid) {
        kind = what;
        nanos = when;
        tid = itsTid;
        pid = itsPid;
        isRepaired = false;
        present = 0;
        if (hasDetails) {
            forgetDetails();
        }
        return this;
    }

    private void forgetDetails() {
        comm = null;
        executable = null;
        arguments = null;
        workingDirectory = null;
        cgroup = null;
        namespaces = null;
        hasDetails = false;
    }

    /// {@return what has happened}
    public Kind kind() {
        return kind;
    }

    /// {@return when, in nanoseconds of CLOCK_MONOTONIC}
    public long nanos() {
        return nanos;
    }

    /// {@return the tid of the task}
    public int tid() {
        return tid;
    }

    /// {@return its pid}
    public int pid() {
        return pid;
    }

    /// {@return whether the task is a thread other than the first of its process}
    public boolean isThread() {
        return tid != pid;
    }

    /// {@return whether nobody has seen it happen: it was found out later, by a comparison}
    ///
    /// Of a local source, which the table itself compares with `/proc`, no record is. One that is, is true
    /// as it stands: CLONED, EXECUTED, EXITED and FREED of processes and threads alike are reported at once.
    public boolean isRepaired() {
        return isRepaired;
    }

    /// Marks it as found out later.
    ///
    /// @return this
    public TaskRecord repaired() {
        isRepaired = true;
        return this;
    }

    /// {@return whether a fact is known}
    ///
    /// @param fact which
    public boolean has(Fact fact) {
        return (present & fact.bit()) != 0;
    }

    /// {@return whether all facts of a set are known}
    ///
    /// @param bits of the facts, see [Fact#bit]
    public boolean hasAll(long bits) {
        return (present & bits) == bits;
    }

    /// {@return the number of a fact}
    ///
    /// @param fact which
    /// @throws NoSuchElementException if it is not known
    public long get(Fact fact) {
        if (!has(fact)) {
            throw new NoSuchElementException(fact + " is not known of " + this);
        }
        return numbers[fact.ordinal()];
    }

    /// {@return the number of a fact}
    ///
    /// @param fact which
    /// @param absent what to return if it is not known
    public long get(Fact fact, long absent) {
        return has(fact) ? numbers[fact.ordinal()] : absent;
    }

    /// Adds a fact.
    ///
    /// @param fact which
    /// @param number its number
    /// @return this
    public TaskRecord set(Fact fact, long number) {
        present |= fact.bit();
        numbers[fact.ordinal()] = number;
        return this;
    }

    /// {@return whether any of the facts below is known, which are no numbers}
    public boolean hasDetails() {
        return hasDetails;
    }

    /// {@return the name, null if the source does not say}
    public @Nullable Detail<String> comm() {
        return comm;
    }

    /// Adds the name.
    ///
    /// @param name of the task
    /// @return this
    public TaskRecord comm(Detail<String> name) {
        comm = name;
        hasDetails = true;
        return this;
    }

    /// {@return the path of the program, null if the source does not say}
    public @Nullable Detail<String> executable() {
        return executable;
    }

    /// Adds the program.
    ///
    /// @param path of the file
    /// @return this
    public TaskRecord executable(Detail<String> path) {
        executable = path;
        hasDetails = true;
        return this;
    }

    /// {@return the arguments of the program, its name first; null if the source does not say}
    public @Nullable Detail<Arguments> arguments() {
        return arguments;
    }

    /// Adds the arguments.
    ///
    /// @param words all of them, the name of the program first
    /// @return this
    public TaskRecord arguments(Detail<Arguments> words) {
        arguments = words;
        hasDetails = true;
        return this;
    }

    /// {@return the working directory, null if the source does not say}
    public @Nullable Detail<String> workingDirectory() {
        return workingDirectory;
    }

    /// Adds the working directory.
    ///
    /// @param path of the directory
    /// @return this
    public TaskRecord workingDirectory(Detail<String> path) {
        workingDirectory = path;
        hasDetails = true;
        return this;
    }

    /// {@return the path of the control group, null if the source does not say}
    public @Nullable Detail<String> cgroup() {
        return cgroup;
    }

    /// Adds the control group.
    ///
    /// @param path of the group in its hierarchy
    /// @return this
    public TaskRecord cgroup(Detail<String> path) {
        cgroup = path;
        hasDetails = true;
        return this;
    }

    /// {@return the ids of the namespaces by their types, null if the source does not say}
    public @Nullable Detail<Map<String, Long>> namespaces() {
        return namespaces;
    }

    /// Adds the namespaces.
    ///
    /// @param ids the numbers of their inodes by their types, as `/proc/PID/ns` has them
    /// @return this
    public TaskRecord namespaces(Detail<Map<String, Long>> ids) {
        namespaces = ids;
        hasDetails = true;
        return this;
    }

    @Override
    public String toString() {
        return kind + " of tid " + tid + ", pid " + pid;
    }
}
