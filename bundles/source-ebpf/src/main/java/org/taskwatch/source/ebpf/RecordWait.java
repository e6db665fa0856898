// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Waiter;
import org.taskwatch.source.Demand;

/// How the pump waits for records. For the pump thread only.
///
/// A record that somebody is in a hurry for ends the wait. Others are given time to become more: the wait ends
/// when they had it, or when half the ring is used. To wait for that from the moment the first of them comes
/// would cost a wake more. So while they come all the time, it waits like that again and again, and is not
/// woken by the first one.
final class RecordWait {
    private final Control control;
    private final Waiter waiter;
    private final Stream stream;
    private long hurried = Control.ANY_KIND;
    private boolean hasCome; // at the last wait

    RecordWait(Control control, Waiter waiter, Stream stream) {
        this.control = control;
        this.waiter = waiter;
        this.stream = stream;
    }

    void demand(Demand demand) {
        hurried = demand.isUrgent() ? Control.ANY_KIND : 0;
        for (TaskEvent event : demand.hurried()) {
            hurried |= kinds(event);
        }
    }

    private static long kinds(TaskEvent event) {
        return switch (event) {
            case CLONE -> 1L << RecordLayout.CLONE;
            case EXEC -> 1L << RecordLayout.EXEC;
            case EXIT -> 1L << RecordLayout.EXIT;
            case FREE -> 1L << RecordLayout.FREE;
            case UID, GID -> 1L << RecordLayout.IDS; // or the connector wakes by itself
            case INIT -> 0; // no record tells it
        };
    }

    /// Waits.
    ///
    /// @param millis for how long at most until the first record; 0 not at all
    /// @return whether there is something to record
    boolean await(int millis) throws LinuxException {
        boolean isAwaited = hurried == Control.ANY_KIND || !hasCome;
        boolean isReported = isAwaited && sleep(Control.ANY_KIND, millis);
        boolean mayBecomeMore = isAwaited ? isReported && !waiter.wasWoken() : millis > 0;
        if (hurried != Control.ANY_KIND && mayBecomeMore) {
            sleep(hurried, Math.min(millis, Demand.SLACK_MILLIS));
        }
        hasCome = isReported || stream.isPending();
        return hasCome;
    }

    /// Sleeps until a record of some kinds is there, or it is woken. The ring reports each wake once, so that
    /// what lies in it does not end the next sleep; whether there is something to record is asked for here.
    ///
    /// @return whether anything but a wake has come
    private boolean sleep(long kinds, int millis) throws LinuxException {
        control.sleeping(kinds);
        int patience = stream.isPending(kinds) ? 0 : millis;
        boolean isReported = waiter.await(patience, (_, _) -> {}); // what has come is looked up
        control.awake();
        return isReported;
    }
}
