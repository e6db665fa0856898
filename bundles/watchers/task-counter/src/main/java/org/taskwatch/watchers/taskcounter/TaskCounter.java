// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.taskcounter;

import org.taskwatch.api.LinkTask;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.util.concurrent.atomic.LongAdder;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/// Counts the forks and exits of processes, and shows the counts by JMX as `org.taskwatch:type=TaskCounter`
/// where JMX was switched on at the start (`-Dcom.sun.management.jmxremote`): to switch it on for two
/// counts would cost a tenth of the start.
///
/// Linked into the static table: called by every notifying thread, before all modules. As it is
/// always there, it leaves threads out: otherwise the kernel would report them even if nobody else
/// wants them.
@LinkTask(
        value = {TaskEvent.CLONE, TaskEvent.EXIT},
        threads = false,
        relaxed = true)
public final class TaskCounter implements TaskWatcher, TaskCounterMXBean {
    private static final String NAME = "org.taskwatch:type=TaskCounter";

    private final LongAdder forks = new LongAdder();
    private final LongAdder exits = new LongAdder();

    /// Made by the core. Takes the place of the counter of a core that ran before in this JVM.
    ///
    /// @throws JMException if the counts can't be shown
    public TaskCounter() throws JMException {
        ObjectName name = new ObjectName(NAME);
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(this, name);
        }
    }

    @Override
    public Verdict notify(TaskNotification n) {
        (n.event() == TaskEvent.CLONE ? forks : exits).increment();
        return Verdict.ALLOW;
    }

    @Override
    public long getForks() {
        return forks.sum();
    }

    @Override
    public long getExits() {
        return exits.sum();
    }
}
