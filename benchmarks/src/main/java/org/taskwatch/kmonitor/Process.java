// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A process that events happen to. As in the table of tasks, no two are equal.
final class Process implements Task, TaskDetails {
    private static final int FIRST = 100;

    private final int pid;

    private Process(int pid) {
        this.pid = pid;
    }

    static List<Process> some(int count) {
        return IntStream.range(FIRST, FIRST + count).mapToObj(Process::new).toList();
    }

    @Override
    public int tid() {
        return pid;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public Instant start() {
        return Instant.EPOCH;
    }

    @Override
    public @Nullable Task parent() {
        return null;
    }

    @Override
    public TaskDetails details() {
        return this;
    }

    @Override
    public OptionalInt exitStatus() {
        return OptionalInt.empty();
    }

    @Override
    public boolean isFreed() {
        return false;
    }

    @Override
    public Detail<String> comm() {
        return Detail.unknown(Detail.Reason.NONE);
    }

    @Override
    public Detail<Credentials> credentials() {
        return Detail.of(new Credentials(0, 0, 0, 0));
    }
}
