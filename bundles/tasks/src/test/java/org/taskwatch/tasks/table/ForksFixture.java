// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.junit.Before;
import org.taskwatch.api.Gate;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.tasks.Fork;

import java.util.List;

/// A table with a gate, whose root is the process 10.
abstract class ForksFixture extends TableTest {
    static final int FLAGS = 0x1200011;

    final Gate gate = new Gate(1, 10, 1000, "build", "make");
    final TaskRecord record = new TaskRecord();

    @Before
    public void open() {
        forks.opened(gate, false);
    }

    Fork asked(int tid, long millis, long flags) {
        return forks.begin(gate, tid, flags, at(millis));
    }

    Fork allowed(int tid, long millis) {
        return allowed(tid, millis, FLAGS);
    }

    Fork allowed(int tid, long millis, long flags) {
        Fork fork = asked(tid, millis, flags);
        fork.allowed();
        return fork;
    }

    TaskRecord cloned(int pid, long millis, int creator, int parent) {
        return record.begin(Kind.CLONED, at(millis), pid, pid)
                .set(Fact.CREATOR_TID, creator)
                .set(Fact.PARENT_TID, parent)
                .set(Fact.PARENT_PID, parent)
                .set(Fact.START_NANOS, at(millis));
    }

    /// As the pump does when it has read its source.
    void look() {
        forks.matcher().look();
        forks.matcher().patience(1000);
    }

    List<String> ends() {
        return gateCore.notifications().stream()
                .map(free -> free.event() + " " + free.value() + " " + free.cause())
                .toList();
    }
}
